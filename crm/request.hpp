// Routing requests: somebody is to answer a conversation. Every move is a compare-and-set: it
// happens only from the state it expects, else it answers false and nothing changed. With a
// decision goes everything needed to decide again exactly. Also the dispatcher's lease. Verbs run
// in a store job.
#pragma once

#include "crm/context.hpp"
#include "crm/request_record.hpp"
#include "crm/store/transaction.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

/// One decision of the engine and what came of it.
struct decision
{
    std::int64_t id = 0;
    request_id request{};
    conversation_id conversation{};
    agent_id agent{};
    request_id runner_up{};
    instant decided{};
    std::int64_t consumed = 0; // the last log position the engine had consumed
    std::int64_t policy = 0;   // version
    std::int64_t epoch = 0;    // of the dispatcher's lease
    double urgency = 0;
    std::int64_t waited_us = 0;
    std::int64_t head_start_us = 0;
    double score = 0;
    std::int64_t ahead_of = 0;
    request_reason outcome = request_reason::none; // none while open; answered = accepted
    instant outcome_at{};
    std::string reasons = "[]"; // JSON array of {code, ...}
};

/// Who dispatches. A stale holder changes nothing: every offer checks the epoch by UPDATE.
struct lease
{
    std::int64_t holder = 0;
    std::int64_t epoch = 0;
    instant until{};
};

namespace requests {

/// Enqueues; id and state are given. A conversation has one request that is not over; throws
/// problem{conflict} when it has one already.
request enqueue(transaction& tx, context& by, request wanted);

/// waiting -> offered, with the decision. False when it is not waiting or the lease's epoch is
/// past.
bool offer(
    transaction& tx,
    context& by,
    request_id which,
    const decision& why,
    instant expires,
    std::int64_t epoch
);
/// offered -> active, only by the agent it was offered to; assigns the conversation.
bool accept(transaction& tx, context& by, request_id which, agent_id by_whom);
/// offered -> waiting with its place kept; the agent is left out from now on.
bool decline(transaction& tx, context& by, request_id which, agent_id by_whom, request_reason why);
/// offered -> waiting, nobody left out (the offer was withdrawn).
bool withdraw(transaction& tx, context& by, request_id which);
/// waiting -> active with an agent who took it without an offer.
bool take(transaction& tx, context& by, request_id which, agent_id by_whom);
/// active -> waiting with its first place (the agent went away).
bool requeue(transaction& tx, context& by, request_id which, request_reason why);
/// waiting, offered or active -> closed or abandoned.
bool close(transaction& tx, context& by, request_id which, request_reason why);
/// A new key, only upward: false unless it is waiting and `place_us` is smaller than before.
bool rekey(
    transaction& tx,
    context& by,
    request_id which,
    std::int64_t place_us,
    std::int64_t head_start_us,
    double score,
    snapshot_id value
);
/// A wider ring: false unless it is waiting and the ring grows.
bool relax(transaction& tx, context& by, request_id which, int ring);

std::optional<request> find(db::connection& on, request_id which);
/// The one of a conversation that is not over.
std::optional<request> of_conversation(db::connection& on, conversation_id which);
/// All that are not over after `after` in id order, for the dispatcher's start. limit 1..1000.
std::vector<request> open(db::connection& on, request_id after, int limit);
/// Requests active with an agent or offered to it.
std::vector<request> of_agent(db::connection& on, agent_id whom);

/// Decisions of a conversation, newest first: why this came to me now.
std::vector<decision> decisions(db::connection& on, conversation_id which, int limit);

/// True while the dispatcher's lease is of this epoch; locks its row until the commit.
bool leads(transaction& tx, std::int64_t epoch);

/// Takes or renews the named lease; nullopt while another holder's has not run out. A new holder
/// gets the next epoch. `now` is by.now.
std::optional<lease> hold(
    transaction& tx,
    const context& by,
    std::string_view name,
    std::int64_t holder,
    std::chrono::microseconds for_how_long
);

} // namespace requests
} // namespace crm
