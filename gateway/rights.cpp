#include "gateway/rights.hpp"

#include "crm/base/problem.hpp"

#include <algorithm>
#include <array>

namespace gateway {

namespace {

using enum permission;

constexpr std::array<std::pair<permission, std::string_view>, 15> words_of_permissions{{
    {conversations_read, "conversations:read"},
    {conversations_write, "conversations:write"},
    {customers_read, "customers:read"},
    {customers_write, "customers:write"},
    {orders_read, "orders:read"},
    {orders_write, "orders:write"},
    {staff_read, "staff:read"},
    {staff_write, "staff:write"},
    {inboxes_write, "inboxes:write"},
    {tokens_write, "tokens:write"},
    {settings_write, "settings:write"},
    {audit_read, "audit:read"},
    {status_read, "status:read"},
    {reports_read, "reports:read"},
    {supervise, "supervise"},
}};

constexpr permissions content{
    conversations_read,
    conversations_write,
    customers_read,
    customers_write,
    orders_read,
    orders_write,
    staff_read
};

std::string_view word_of(permission one)
{
    for (const auto& [held, word] : words_of_permissions)
        if (held == one)
            return word;
    return "?";
}

} // namespace

std::vector<std::string_view> permissions::words() const
{
    std::vector<std::string_view> made;
    for (const auto& [held, word] : words_of_permissions)
        if (holds(held))
            made.push_back(word);
    return made;
}

std::optional<permission> permission_from(std::string_view word)
{
    for (const auto& [held, known] : words_of_permissions)
        if (known == word)
            return held;
    return std::nullopt;
}

permissions every_permission()
{
    permissions made;
    for (const auto& [held, word] : words_of_permissions)
        made |= {held};
    return made;
}

permissions permissions_of(crm::role what)
{
    permissions made;
    switch (what) {
    case crm::role::admin:
        // Running the house does not include reading what customers write: that is a role of its
        // own.
        return {
            staff_read,
            staff_write,
            inboxes_write,
            tokens_write,
            settings_write,
            audit_read,
            status_read
        };
    case crm::role::supervisor:
        made |= content;
        made |= {supervise, reports_read, status_read};
        return made;
    case crm::role::lead:
        made |= content;
        made |= {supervise};
        return made;
    case crm::role::agent:
        return content;
    case crm::role::analyst:
        return {reports_read, staff_read};
    case crm::role::auditor:
        return {audit_read, staff_read};
    }
    return made;
}

crm::actor viewer::as_actor(const std::string& address) const
{
    const auto id = kind == crm::actor_kind::agent ? crm::raw(agent) : crm::raw(token);
    return {.kind = kind, .id = id, .by = by, .address = address};
}

void viewer::need(permission one) const
{
    if (!may.holds(one))
        throw crm::problem{
            crm::errc::forbidden,
            "This needs the permission " + std::string{word_of(one)} +
                "; ask an administrator for a role that has it."
        };
}

bool viewer::sees_conversation(const crm::conversation& what) const
{
    return may.holds(conversations_read) && crm::may_see(sees, what);
}

void viewer::need_sight_of(const crm::conversation& what) const
{
    if (!sees_conversation(what))
        throw crm::problem{crm::errc::not_found, "There is no such conversation."};
}

bool viewer::sees_inbox(crm::inbox_id which) const
{
    return sees.everything || may.holds(inboxes_write) ||
           std::find(sees.inboxes.begin(), sees.inboxes.end(), which) != sees.inboxes.end();
}

viewer viewer_of(const crm::agent& who, crm::token_id session)
{
    viewer made;
    made.agent = who.id;
    made.session = session;
    made.name = who.name;
    for (const auto& each : who.roles)
        made.may |= permissions_of(each.role);
    made.sees = crm::staff::audience_of(who);
    made.sees.agent = who.id;
    return made;
}

viewer viewer_of(const crm::api_token& which)
{
    viewer made;
    made.kind = crm::actor_kind::token;
    made.token = which.id;
    made.name = which.name;
    made.by = crm::via::api;
    for (const auto& each : which.scopes)
        if (const auto one = permission_from(each))
            made.may |= {*one};
    made.sees.everything = true;
    return made;
}

void check_grants(const crm::agent& giver, const std::vector<crm::grant>& given)
{
    const auto is_admin = [](const crm::grant& each) {
        return each.role == crm::role::admin && crm::raw(each.inbox) == 0 &&
               crm::raw(each.team) == 0;
    };
    if (std::any_of(giver.roles.begin(), giver.roles.end(), is_admin))
        return;
    if (!given.empty())
        throw crm::problem{
            crm::errc::forbidden, "Only an administrator of the whole house gives roles."
        };
}

} // namespace gateway
