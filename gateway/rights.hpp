// The one place that says who may do what. A permission is a word such as "conversations:write"; it
// stands in the table of endpoints and is what an API token's scopes are made of. Roles give
// permissions, grants say where (everywhere, in an inbox, in a team): each grant for itself, so
// that two roles in different places never add up to one in both. What concerns the whole house
// comes from grants without a scope only. Nothing is allowed that is not said here. Any thread
// (plain data).
#pragma once

#include "crm/session.hpp"
#include "crm/staff.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

enum class permission : std::uint32_t
{
    conversations_read = 1U << 0U,
    conversations_write = 1U << 1U,
    customers_read = 1U << 2U,
    customers_write = 1U << 3U,
    orders_read = 1U << 4U,
    orders_write = 1U << 5U,
    staff_read = 1U << 6U,
    staff_write = 1U << 7U,
    inboxes_write = 1U << 8U,
    tokens_write = 1U << 9U,
    settings_write = 1U << 10U,
    audit_read = 1U << 11U,
    status_read = 1U << 12U,
    reports_read = 1U << 13U,
    supervise = 1U << 14U,
    customers_erase = 1U << 15U
};

/// A set of permissions.
class permissions
{
public:
    constexpr permissions() = default;
    constexpr permissions(std::initializer_list<permission> held)
    {
        for (const auto each : held)
            bits_ |= static_cast<std::uint32_t>(each);
    }
    [[nodiscard]] constexpr bool holds(permission one) const
    {
        return (bits_ & static_cast<std::uint32_t>(one)) != 0;
    }
    [[nodiscard]] constexpr bool holds_all(permissions others) const
    {
        return (bits_ & others.bits_) == others.bits_;
    }
    constexpr permissions& operator|=(permissions more)
    {
        bits_ |= more.bits_;
        return *this;
    }
    friend constexpr bool operator==(permissions, permissions) = default;
    /// The words of what is held, in the order of the enumeration.
    [[nodiscard]] std::vector<std::string_view> words() const;

private:
    std::uint32_t bits_ = 0;
};

/// The permission of a word; nullopt for a word we do not know.
std::optional<permission> permission_from(std::string_view word);
/// All of them.
permissions every_permission();
/// What a role allows when it is held everywhere.
permissions permissions_of(crm::role what);
/// What a grant allows within its scope. A role held in one inbox or team gives nothing that
/// concerns the house: an admin's tokens, settings and staff are those of every inbox.
permissions permissions_of(const crm::grant& given);

/// Somebody who asks: an agent with a session, or an API token.
struct viewer
{
    crm::actor_kind kind = crm::actor_kind::agent;
    crm::agent_id agent{};   // kind agent
    crm::token_id token{};   // kind token
    crm::token_id session{}; // kind agent
    std::string name;
    permissions may;             // somewhere
    permissions may_everywhere;  // in the whole house
    crm::audience sees;          // whose conversations
    crm::audience supervises;    // where the permission supervise holds
    bool runs_the_house = false; // a person with the role admin everywhere
    crm::via by = crm::via::console;

    [[nodiscard]] crm::actor as_actor(const std::string& address) const;
    /// Throws problem{forbidden} that names the permission.
    void need(permission one) const;
    /// Throws problem{not_found}: what one may not see does not exist.
    void need_sight_of(const crm::conversation& what) const;
    [[nodiscard]] bool sees_conversation(const crm::conversation& what) const;
    /// Throws problem{forbidden} where the permission supervise is not held over the conversation.
    void need_supervision_of(const crm::conversation& what) const;
    [[nodiscard]] bool sees_inbox(crm::inbox_id which) const;
};

/// The rights of an active agent, from its grants.
viewer viewer_of(const crm::agent& who, crm::token_id session);
/// The rights of a token, from its scopes. A token's sight is the whole installation.
viewer viewer_of(const crm::api_token& which);

// Nobody gives what is above their own, and nobody gets it by taking over somebody else's account.
// A person who runs the house may give every role; all others, and every token, only what they
// hold everywhere themselves. All throw problem{forbidden} that says what is missing.

/// `giver` hands out these grants, by an invitation or by changing an agent.
void check_grants(const viewer& giver, const std::vector<crm::grant>& given);
/// `by` sets a new password for the account, shuts it out or changes its roles.
void check_power_over(const viewer& by, const crm::agent& whom);
/// `giver` makes a token with these scopes. Throws problem{invalid} for a scope we do not know.
void check_scopes(const viewer& giver, const std::vector<std::string>& scopes);

} // namespace gateway
