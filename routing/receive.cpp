// The one entry for what customers say.
#include "crm/arrivals.hpp"
#include "crm/base/json.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"
#include "crm/identity.hpp"
#include "crm/inbox.hpp"
#include "crm/order.hpp"
#include "routing/business_clock.hpp"
#include "routing/verbs.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <utility>

namespace routing::verbs {
namespace {

constexpr auto visitor_lifetime = std::chrono::hours{24 * 365};

constexpr auto seen_anew_after = std::chrono::hours{1};

struct writer
{
    crm::customer_id customer{};
    crm::identity_id identity{};
    bool is_alone = false; // known to be merged with nobody
};

void check(const incoming& what)
{
    if (what.visitor_key.empty() == what.identity_address.empty())
        throw std::logic_error{"exactly one of visitor_key and identity_address names the writer"};
    if (what.text.size() > crm::timeline::text_limit)
        throw crm::problem{
            crm::errc::too_large, "A text has at most 64 KiB: send the rest as a file.", "text"
        };
    const bool speaks = what.kind == crm::entry_kind::message;
    if (speaks && what.attachments.empty() && crm::trim(what.text).empty())
        throw crm::problem{crm::errc::invalid, "Write something or attach a file.", "text"};
}

crm::identity_kind kind_named(std::string_view word)
{
    // "external" is what integrations call the id of their own.
    return word == "external" ? crm::identity_kind::platform
                              : crm::from_word<crm::identity_kind>(word, "identity_kind");
}

crm::customer_id make_customer(crm::transaction& tx, crm::context& by, const incoming& what)
{
    crm::customer_change known;
    if (!what.name.empty())
        known.name = what.name;
    if (!what.locale.empty())
        known.locale = what.locale;
    return crm::customers::create(tx, by, known).id;
}

writer by_visitor_key(crm::transaction& tx, crm::context& by, const incoming& what)
{
    if (const auto known = crm::arrivals::of(tx).find(tx, what.visitor_key, by.now)) {
        if (known->last_seen < by.now - seen_anew_after)
            crm::visitors::touch(tx, by, known->token.id);
        return {known->token.customer, known->token.identity, known->is_alone};
    }
    const crm::customer_id made = make_customer(tx, by, what);
    crm::identity browser;
    browser.customer = made;
    browser.kind = crm::identity_kind::visitor;
    browser.address = what.visitor_key;
    browser.source = crm::source::observed;
    const auto added = crm::identities::add(tx, by, browser, true);
    const crm::instant expires = by.now + visitor_lifetime;
    crm::visitors::open(tx, by, what.visitor_key, made, added.id, what.inbox, expires);
    return {made, added.id};
}

writer by_address(crm::transaction& tx, crm::context& by, const incoming& what)
{
    const crm::identity_kind claimed = kind_named(what.identity_kind);
    const bool belongs_to_account =
        claimed == crm::identity_kind::platform || claimed == crm::identity_kind::group;
    // An address that nobody proved is proven only as "whoever writes to this account from it".
    const bool proven = what.verified || belongs_to_account;
    crm::identity wanted;
    wanted.kind = proven ? claimed : crm::identity_kind::platform;
    wanted.account = belongs_to_account || !proven ? what.account : crm::channel_account_id{};
    wanted.address = what.identity_address;
    wanted.display = what.identity_address;
    wanted.source = what.verified ? crm::source::signed_by_host : crm::source::observed;
    if (const auto known =
            crm::identities::find_proven(tx.db(), wanted.kind, wanted.account, wanted.address))
        return {known->customer, known->id};
    wanted.customer = make_customer(tx, by, what);
    const auto added = crm::identities::add(tx, by, wanted, true);
    if (!proven) {
        wanted.kind = claimed;
        wanted.account = {};
        wanted.source = crm::source::claimed;
        crm::identities::add(tx, by, wanted, false);
    }
    return {wanted.customer, added.id};
}

/// Name, mail and phone that the form asked for: claims of the customer's, until proven.
void take_form(crm::transaction& tx, crm::context& by, crm::customer_id who, const incoming& what)
{
    const auto details = crm::json::parse(what.details);
    const auto* fields = details.is_object() ? details.get_object().if_contains("fields") : nullptr;
    if (fields == nullptr || !fields->is_array())
        return;
    for (const auto& field : fields->get_array()) {
        const auto* object = field.if_object();
        const auto* label = object ? object->if_contains("label") : nullptr;
        const auto* content = object ? object->if_contains("value") : nullptr;
        if (!label || !content || !label->is_string() || !content->is_string())
            continue;
        const std::string name = crm::ascii_lower(label->get_string());
        crm::identity claim;
        claim.customer = who;
        claim.address = content->get_string();
        claim.display = claim.address;
        try {
            if (name == "email" || name == "phone") {
                claim.kind = crm::from_word<crm::identity_kind>(name);
                crm::identities::normalised(claim.kind, claim.address);
                crm::identities::add(tx, by, claim, false);
            }
        } catch (const crm::problem&) {
            continue; // what is no address stays in the form's entry for people to read
        }
    }
}

void link_order(
    crm::transaction& tx, crm::context& by, crm::conversation& where, const std::string& number
)
{
    if (number.empty() || crm::raw(where.order) != 0)
        return;
    // Only the customer's own: a page can name any number it likes.
    const auto order = crm::orders::find(tx.db(), number);
    if (order && crm::customers::root_of(tx.db(), order->customer) == where.shown.id)
        where = crm::conversations::link_order(tx, by, where.id, order->id);
}

received told(const crm::entry& what, bool repeated)
{
    return {what.customer, what.conversation, what.id, what.seq, what.public_seq, 0, repeated};
}

std::optional<crm::entry> first_of(
    crm::transaction& tx,
    const incoming& what,
    const crm::author& author,
    std::span<const crm::customer_id> members
)
{
    crm::db::connection& on = tx.db();
    if (!what.cid.empty()) {
        if (!crm::arrivals::of(tx).is_new(tx, crm::customer_id{author.id}, what.cid))
            return crm::timeline::find_repeated(on, author, what.cid);
        // Said before the customer was known to be another's, it stands under the other name.
        for (const auto member : members) {
            crm::author same = author;
            same.id = crm::raw(member);
            if (same.id != author.id)
                if (auto first = crm::timeline::find_repeated(on, same, what.cid))
                    return first;
        }
    }
    if (!what.platform_id.empty())
        return crm::timeline::find_by_platform(on, what.account, what.platform_id);
    return std::nullopt;
}

crm::conversation current_or_new(
    crm::transaction& tx,
    crm::context& by,
    const incoming& what,
    const writer& who,
    std::span<const crm::customer_id> members
)
{
    auto& shared = crm::arrivals::of(tx);
    auto current =
        who.is_alone
            ? shared.current(tx, who.customer, what.inbox, what.account, by.now)
            : crm::conversations::find_current(tx.db(), members, what.inbox, what.account, by.now);
    if (current)
        return std::move(*current);
    if (what.kind == crm::entry_kind::visit)
        throw crm::problem{crm::errc::not_found, "There is no conversation yet: write first."};
    crm::new_conversation wanted;
    wanted.inbox = what.inbox;
    wanted.customer = who.customer;
    wanted.account = what.account;
    wanted.identity = who.identity;
    wanted.channel = crm::from_word<crm::channel>(what.channel, "channel");
    wanted.locale = what.locale;
    if (const auto inbox = crm::inboxes::find(tx.db(), what.inbox))
        wanted.first_response_due = after_open_time(*inbox, by.now, inbox->first_response_target);
    return crm::conversations::open(tx, by, wanted);
}

} // namespace

void announce(crm::transaction& tx, const incoming& what)
{
    if (!what.visitor_key.empty())
        crm::arrivals::of(tx).announce(what.visitor_key, what.inbox, what.account, what.cid);
}

received receive(crm::transaction& tx, crm::context& by, const incoming& what, const terms& measure)
{
    check(what);
    // Addresses are kept, and erased, by their customer: until that is known none is noted.
    std::string from = std::exchange(by.who.address, {});
    const writer who =
        what.visitor_key.empty() ? by_address(tx, by, what) : by_visitor_key(tx, by, what);
    // The actor of what follows is the customer, also when a strange browser wrote the first word.
    if (by.who.kind == crm::actor_kind::customer)
        by.who.id = crm::raw(who.customer);
    by.who.address = std::move(from);
    const crm::author author{crm::author_kind::customer, crm::raw(who.customer), who.identity};
    const auto members =
        who.is_alone
            ? std::vector{who.customer}
            : crm::customers::members_of(tx.db(), crm::customers::root_of(tx.db(), who.customer));
    if (const auto first = first_of(tx, what, author, members))
        return told(*first, true);

    crm::conversation where = current_or_new(tx, by, what, who, members);
    link_order(tx, by, where, what.order_number);
    crm::new_entry entry;
    entry.conversation = where.id;
    entry.kind = what.kind;
    entry.by = author;
    entry.text = what.text;
    if (!what.details.empty())
        entry.details = what.details;
    entry.is_public = what.kind != crm::entry_kind::visit;
    entry.attachments = what.attachments;
    entry.cid = what.cid;
    entry.platform_id = what.platform_id;
    entry.account = what.account;
    entry.happened = what.happened;
    const crm::appended done = crm::arrivals::of(tx).append(tx, by, where, entry);
    if (what.kind == crm::entry_kind::form)
        take_form(tx, by, who.customer, what);
    const bool wants_answer =
        what.kind == crm::entry_kind::message || what.kind == crm::entry_kind::form;
    if (wants_answer && crm::raw(where.request) == 0)
        enqueue(tx, by, *done.where, done.where->assignee, measure);
    return told(*done.what, false);
}

} // namespace routing::verbs
