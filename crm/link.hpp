// Single-use links: invitations, password resets, the first administrator. Only hashes are stored.
// Verbs run inside a store job.
#pragma once

#include "crm/context.hpp"
#include "crm/session_limits.hpp"
#include "crm/staff.hpp"
#include "crm/store/transaction.hpp"
#include "crm/words.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace crm {

/// Stored: never renumber.
enum class link_kind : std::int8_t
{
    invite = 1,
    reset = 2,
    setup = 3 // the first administrator
};
template <>
struct vocabulary<link_kind>
{
    static constexpr std::string_view what = "link kind";
    static constexpr auto all = words_of<link_kind>(
        {{link_kind::invite, "invite"}, {link_kind::reset, "reset"}, {link_kind::setup, "setup"}}
    );
};

struct link
{
    token_id id{};
    link_kind kind{};
    agent_id agent{}; // of resets
    std::string email{};
    std::string name{};
    std::vector<grant> roles{};
    instant expires{};
    instant used{};
};

namespace links {

/// A link to join with these roles. Throws problem{conflict} when an agent has the address.
link invite(
    transaction& tx,
    context& by,
    std::string_view hash,
    std::string_view email,
    std::string_view name,
    std::vector<grant> roles,
    const session_limits& limits,
    link_kind kind = link_kind::invite
);
/// A link to set a new password; earlier ones of the agent end.
link reset(
    transaction& tx, context& by, std::string_view hash, agent_id of, const session_limits& limits
);
/// The link, if it may still be used. Throws problem{gone} when it was used or is too old,
/// problem{not_found} when there is none.
link need(db::connection& on, std::string_view hash, instant now);
/// Uses a link up: makes the agent (invite, setup) or takes the present one (reset) and sets the
/// password.
agent use(
    transaction& tx,
    context& by,
    std::string_view hash,
    std::string_view name,
    std::string_view password_hash
);

} // namespace links
} // namespace crm
