// The one place that says who may do what. A permission is a word such as "conversations:write"; it
// stands in the table of endpoints and is what an API token's scopes are made of. Roles give
// permissions, grants say where (everywhere, in an inbox, in a team); nothing is allowed that is
// not said here. Any thread (plain data).
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
    supervise = 1U << 14U
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
/// What a role allows within its scope.
permissions permissions_of(crm::role what);

/// Somebody who asks: an agent with a session, or an API token.
struct viewer
{
    crm::actor_kind kind = crm::actor_kind::agent;
    crm::agent_id agent{};   // kind agent
    crm::token_id token{};   // kind token
    crm::token_id session{}; // kind agent
    std::string name;
    permissions may;
    crm::audience sees;
    crm::via by = crm::via::console;

    [[nodiscard]] crm::actor as_actor(const std::string& address) const;
    /// Throws problem{forbidden} that names the permission.
    void need(permission one) const;
    /// Throws problem{not_found}: what one may not see does not exist.
    void need_sight_of(const crm::conversation& what) const;
    [[nodiscard]] bool sees_conversation(const crm::conversation& what) const;
    [[nodiscard]] bool sees_inbox(crm::inbox_id which) const;
};

/// The rights of an active agent, from its grants.
viewer viewer_of(const crm::agent& who, crm::token_id session);
/// The rights of a token, from its scopes. A token's sight is the whole installation.
viewer viewer_of(const crm::api_token& which);

/// Throws problem{forbidden} unless `giver` may hand out these grants: nobody gives what is above
/// their own.
void check_grants(const crm::agent& giver, const std::vector<crm::grant>& given);

} // namespace gateway
