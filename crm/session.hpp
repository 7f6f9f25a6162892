// How somebody proves who they are: sessions of agents, single-use links, API tokens. Only hashes
// of tokens are stored; tokens are made outside and shown once. Verbs run inside a store job.
#pragma once

#include "crm/context.hpp"
#include "crm/staff.hpp"
#include "crm/store/transaction.hpp"
#include "crm/words.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

/// How long sessions and links live.
struct session_limits
{
    std::chrono::microseconds idle{std::chrono::hours{12}};
    std::chrono::microseconds absolute{std::chrono::hours{24 * 7}};
    std::chrono::microseconds invite{std::chrono::hours{72}};
    std::chrono::microseconds reset{std::chrono::minutes{30}};
};

struct session
{
    token_id id{};
    agent_id agent{};
    std::string csrf{};
    instant created{};
    instant last_seen{};
    instant expires{};
    std::string address{};
    std::string user_agent{};
};

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

/// An API token. `hint` is its first characters, for recognising it in a list.
struct api_token
{
    token_id id{};
    std::string name{};
    std::string hint{};
    std::vector<std::string> scopes{};
    instant created{};
    instant expires{}; // not set: never
    instant last_used{};
    instant revoked{};
};

/// The form in which a token is stored: hex SHA-256.
std::string token_hash(std::string_view token);

namespace sessions {

/// Opens a session for an active agent; by.who.address and `user_agent` are shown to its owner.
session open(
    transaction& tx,
    context& by,
    agent_id of,
    std::string_view hash,
    std::string_view csrf,
    std::string_view user_agent,
    const session_limits& limits
);
/// The live session of a token: not ended, neither idle nor too old, its agent active.
std::optional<session>
find(db::connection& on, std::string_view hash, instant now, const session_limits& limits);
/// Notes that it was used; at most once a minute reaches the database.
void touch(transaction& tx, const context& by, const session& which);
/// Replaces the token after a change of rights.
void rotate(
    transaction& tx, context& by, token_id which, std::string_view hash, std::string_view csrf
);
/// Ends one session of an agent. Throws problem{not_found} when it has none such.
void end(transaction& tx, context& by, agent_id of, token_id which);
void end_all(transaction& tx, context& by, agent_id of, token_id but = {});
std::vector<session>
of_agent(db::connection& on, agent_id of, instant now, const session_limits& limits);

/// Failed log-ins of an address since `since`: how many, and the last one. A series ends with a
/// success or when its first failure is older than that.
struct failures
{
    std::int64_t count = 0;
    instant last{};
};
failures failed_logins(db::connection& on, std::string_view email, instant since);
/// Counts one more; a series that began before `since` starts over.
void login_failed(
    transaction& tx, context& by, std::string_view email, agent_id known, instant since
);
void login_succeeded(transaction& tx, std::string_view email);

} // namespace sessions

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

namespace api_tokens {

/// A new token: `parley_` and 43 characters. Scopes are words like "orders:write".
api_token create(
    transaction& tx,
    context& by,
    std::string_view token,
    std::string_view name,
    std::vector<std::string> scopes,
    instant expires
);
/// The token's rights, if it is neither revoked nor too old.
std::optional<api_token> find(db::connection& on, std::string_view hash, instant now);
/// Notes that it was used; at most once a minute reaches the database.
void touch(transaction& tx, const context& by, const api_token& which);
void revoke(transaction& tx, context& by, token_id which);
std::vector<api_token> all(db::connection& on);

} // namespace api_tokens
} // namespace crm
