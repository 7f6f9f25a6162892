// How somebody proves who they are: sessions of agents, single-use links, API tokens. Only hashes
// of tokens are stored; tokens are made outside and shown once. Verbs run inside a store job.
#pragma once

#include "crm/api_token.hpp"
#include "crm/context.hpp"
#include "crm/link.hpp"
#include "crm/session_limits.hpp"
#include "crm/staff.hpp"
#include "crm/store/transaction.hpp"
#include "crm/words.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

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
/// Ends one session of an agent. Throws problem{not_found} when it has none such.
void end(transaction& tx, context& by, agent_id of, token_id which);
void end_all(transaction& tx, context& by, agent_id of, token_id but = {});
std::vector<session>
of_agent(db::connection& on, agent_id of, instant now, const session_limits& limits);

/// How many log-ins of a mail address failed since `since`. A series ends with a success or when
/// its first failure is older than that.
std::int64_t failed_logins(db::connection& on, std::string_view email, instant since);
/// Counts one more; a series that began before `since` starts over.
void login_failed(
    transaction& tx, context& by, std::string_view email, agent_id known, instant since
);
void login_succeeded(transaction& tx, std::string_view email);
/// Removes series that began before `before`, some at a time; returns how many. For a background
/// job.
std::int64_t forget_failures(transaction& tx, instant before, int most);

} // namespace sessions
} // namespace crm
