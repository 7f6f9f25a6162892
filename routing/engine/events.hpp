// What the engine is told. Events come from committed log entries, in position order; time passes
// only by the `now` given with each event. Applying the same events again decides the same.
#pragma once

#include "routing/engine/types.hpp"

#include <variant>

namespace routing {

/// What a customer waits for. `score` and the rest of the value are frozen here.
struct request
{
    request_id id{};
    channel on = channel::chat;
    std::vector<requirement> needs;
    /// Only members of one of these teams may answer; empty means everyone.
    std::vector<team_id> teams;
    /// Teams that join at ring 3; ignored when `teams` is empty.
    std::vector<team_id> backup_teams;
    /// When the customer began to wait. The place in the line rests on it.
    time_us arrival = 0;
    /// Work that is not to be done before this time (a call-back); 0 means now.
    time_us not_before = 0;
    score_t score = 0;
    tier rank = tier::small;
    score_basis basis = score_basis::prior;
    /// Escalation in hundredths of the target, at most the policy's `most_boost`.
    targets_x100 boost = 0;
    /// The owner or last agent of the customer.
    std::optional<agent_id> preferred;
    /// `preferred` was named by a person: neither skills nor teams matter for that agent.
    bool directed = false;
    /// Until then it waits for `preferred` alone, present or not; 0: no such wait.
    time_us kept_until = 0;
    /// Agents who must not get it, for a while or as long as it waits.
    std::vector<agent_pause> excluded;
    /// The channel's congestion recorded at the first enqueue, when it is known already (restart).
    std::optional<time_us> congestion;
    /// When the present wait began, when it is known already (restart); else now.
    std::optional<time_us> waiting_since;
    /// Offers made so far (restart), so that attempts keep counting.
    int attempts = 0;
};

/// An agent is new, or its skills, teams, channels or units have changed.
struct agent_defined
{
    agent_id id{};
    std::vector<proficiency> skills;
    std::vector<team_id> teams;
    std::vector<channel> channels{all_channels.begin(), all_channels.end()};
    /// U: capacity units.
    int units = 12;
    friend bool operator==(const agent_defined&, const agent_defined&) = default;
};

struct agent_removed
{
    agent_id id{};
};
struct presence_changed
{
    agent_id id{};
    presence now = presence::offline;
};

struct request_queued
{
    request what;
};
/// A better score became known while waiting. Lower or hardly higher ones change nothing.
struct request_rescored
{
    request_id id{};
    score_t score = 0;
    tier rank = tier::small;
    score_basis basis = score_basis::prior;
};
struct request_escalated
{
    request_id id{};
    targets_x100 boost = 0;
};
/// The customer left before anyone answered.
struct request_abandoned
{
    request_id id{};
};
/// Resolved, snoozed or closed: the request is over, the agent has room again.
struct request_finished
{
    request_id id{};
};
/// A person gave the request to an agent, past the engine.
struct request_assigned
{
    request_id id{};
    agent_id to{};
};
/// Work that never waited (an agent began it), or that was under way before a restart.
struct work_started
{
    request what;
    agent_id by{};
    time_us since = 0;
};
/// Someone hands the request on; its place in the line (key) stays.
struct request_transferred
{
    request_id id{};
    /// Asked first whatever its skills; after the hold the others follow.
    std::optional<agent_id> to_agent;
    /// New teams; nothing keeps the old ones.
    std::optional<std::vector<team_id>> to_teams;
    /// New needs; nothing keeps the old ones.
    std::optional<std::vector<requirement>> needs;
    /// Who hands it on: not asked again for the policy's pause.
    std::optional<agent_id> by;
};

/// `attempt` tells a late answer to an older offer from one to the present offer.
struct offer_accepted
{
    request_id id{};
    agent_id by{};
    int attempt = 0;
};
struct offer_declined
{
    request_id id{};
    agent_id by{};
    int attempt = 0;
};
/// The compare-and-set behind an offer or assignment failed.
struct offer_lost
{
    request_id id{};
    int attempt = 0;
};
/// An offer that was ringing when the process stopped.
struct offer_restored
{
    request_id id{};
    agent_id to{};
    int attempt = 0;
    time_us expires = 0;
};

/// Between these two nothing is decided, so that the state of a restart can be laid out first.
struct restore_began
{
};
struct restore_ended
{
};

/// Time has passed: everything due at or before `now` happens.
struct time_advanced
{
};

using event = std::variant<
    agent_defined,
    agent_removed,
    presence_changed,
    request_queued,
    request_rescored,
    request_escalated,
    request_abandoned,
    request_finished,
    request_assigned,
    work_started,
    request_transferred,
    offer_accepted,
    offer_declined,
    offer_lost,
    offer_restored,
    restore_began,
    restore_ended,
    time_advanced>;

} // namespace routing
