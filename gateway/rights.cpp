#include "gateway/rights.hpp"

#include "crm/base/problem.hpp"

#include <algorithm>
#include <array>

namespace gateway {

namespace {

using enum permission;

constexpr std::array<std::pair<permission, std::string_view>, 16> words_of_permissions{{
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
    {customers_erase, "customers:erase"},
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

/// What may be held in an inbox or a team: it is about what stands there.
constexpr std::array within_a_scope{
    conversations_read,
    conversations_write,
    customers_read,
    customers_write,
    orders_read,
    orders_write,
    staff_read,
    supervise
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
            status_read,
            customers_erase
        };
    case crm::role::supervisor:
        made |= content;
        made |= {supervise, reports_read, status_read, customers_erase};
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

permissions permissions_of(const crm::grant& given)
{
    const auto whole = permissions_of(given.role);
    if (crm::is_everywhere(given))
        return whole;
    permissions made;
    for (const auto one : within_a_scope)
        if (whole.holds(one))
            made |= {one};
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

void viewer::need_supervision_of(const crm::conversation& what) const
{
    if (!may.holds(supervise) || !crm::may_see(supervises, what))
        throw crm::problem{
            crm::errc::forbidden,
            "This needs the permission supervise in the conversation's inbox or team; ask a "
            "supervisor of it."
        };
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
    for (const auto& each : who.roles) {
        const auto gives = permissions_of(each);
        made.may |= gives;
        if (crm::is_everywhere(each))
            made.may_everywhere |= gives;
        if (gives.holds(supervise))
            crm::staff::widen(made.supervises, each);
        made.runs_the_house =
            made.runs_the_house || (each.role == crm::role::admin && crm::is_everywhere(each));
    }
    made.sees = crm::staff::audience_of(who);
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
    made.may_everywhere = made.may;
    made.sees.everything = true;
    made.supervises.everything = made.may.holds(supervise);
    return made;
}

void check_grants(const viewer& giver, const std::vector<crm::grant>& given)
{
    if (giver.runs_the_house)
        return;
    for (const auto& each : given)
        if (!giver.may_everywhere.holds_all(permissions_of(each)))
            throw crm::problem{
                crm::errc::forbidden,
                "The role " + std::string{crm::word(each.role)} +
                    " allows more than you may yourself; ask an administrator of the whole house.",
                "roles"
            };
}

void check_power_over(const viewer& by, const crm::agent& whom)
{
    if (by.runs_the_house)
        return;
    for (const auto& each : whom.roles)
        if (!by.may_everywhere.holds_all(permissions_of(each)))
            throw crm::problem{
                crm::errc::forbidden,
                "This account may do more than you; ask an administrator of the whole house."
            };
}

void check_scopes(const viewer& giver, const std::vector<std::string>& scopes)
{
    for (const auto& each : scopes) {
        const auto one = permission_from(each);
        if (!one)
            throw crm::problem{crm::errc::invalid, "There is no scope \"" + each + "\".", "scopes"};
        if (!giver.may_everywhere.holds(*one))
            throw crm::problem{
                crm::errc::forbidden,
                "A token acts in the whole house, and you do not hold " + each +
                    " there yourself; ask for a role that has it.",
                "scopes"
            };
    }
}

} // namespace gateway
