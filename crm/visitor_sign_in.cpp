#include "crm/visitor_sign_in.hpp"

#include "crm/base/problem.hpp"
#include "crm/customer.hpp"
#include "crm/identity.hpp"

#include <algorithm>

namespace crm::visitors {
namespace {

/// True when the address is one that the site names as the person's.
bool is_named(const identity& one, const vouched_person& who)
{
    const auto same = [&](std::string_view named) {
        try {
            return !named.empty() && identities::normalised(one.kind, named) == one.address;
        } catch (const problem&) {
            return false; // what is no address is nobody's
        }
    };
    switch (one.kind) {
    case identity_kind::account:
        return same(who.account);
    case identity_kind::email:
        return same(who.email);
    case identity_kind::phone:
        return same(who.phone);
    case identity_kind::visitor:
    case identity_kind::group:
        return true; // says nothing about who sits before the browser
    case identity_kind::platform:
        break;
    }
    return false;
}

bool is_proven_to_be_another(db::connection& on, customer_id root, const vouched_person& who)
{
    return std::ranges::any_of(customers::members_of(on, root), [&](customer_id member) {
        return std::ranges::any_of(identities::of(on, member), [&](const identity& one) {
            return one.verified.is_set() && !is_named(one, who);
        });
    });
}

} // namespace

sign_in_outcome
sign_in(transaction& tx, context& by, std::string_view token_hash, const vouched_person& who)
{
    using enum sign_in_outcome::kind;
    const auto token = find(tx.db(), token_hash, by.now);
    if (!token)
        return {};
    const auto root = customers::root_of(tx.db(), token->customer);
    const auto known = identities::find_proven(tx.db(), identity_kind::account, {}, who.account);
    const auto owner = known ? customers::root_of(tx.db(), known->customer) : customer_id{};
    if (owner == root)
        return {same_person, root};
    if (is_proven_to_be_another(tx.db(), root, who)) {
        close(tx, by, token->id);
        return {somebody_else, root};
    }
    if (known) {
        customers::merge(tx, by, owner, root);
        return {same_person, root};
    }
    identity proven;
    proven.customer = root;
    proven.kind = identity_kind::account;
    proven.address = who.account;
    proven.source = source::signed_by_host;
    identities::add(tx, by, proven, true);
    return {same_person, root};
}

} // namespace crm::visitors
