// What the engine decides, and why. Decisions are values; whoever carries them out comes back
// with an event (accepted, declined, lost).
#pragma once

#include "routing/engine/types.hpp"

#include <string>
#include <variant>

namespace routing {

/// What made the engine look for a pair.
enum class occasion : std::uint8_t
{
    request_waits,
    agent_has_room
};

/// The first rule of the agent order that told the chosen agent from the next one.
enum class agent_reason : std::uint8_t
{
    directed,
    preferred,
    only_one,
    fewest_skills,
    lowest_load,
    longest_idle,
    lowest_id
};

enum class withdrawal : std::uint8_t
{
    expired,
    declined,
    taken_over,
    agent_left,
    abandoned,
    finished,
    transferred,
    lost
};

/// Everything that explains one offer: enough to tell the customer and to decide it again.
struct decision_record
{
    /// a − H [µs]: the place in the line.
    time_us key = 0;
    /// H [µs]: what the value of the customer was worth.
    time_us head_start = 0;
    /// Head start at its largest, for the share shown to people: max(h·τ, η·O) [µs].
    time_us full_head_start = 0;
    score_t score = 0;
    tier rank = tier::small;
    score_basis basis = score_basis::prior;
    targets_x100 boost = 0;
    /// Stable hash of channel, needs and teams in force; equal lanes have equal numbers.
    std::uint64_t lane = 0;
    int ring = 0;
    /// now − arrival [µs].
    time_us waited = 0;
    /// Urgency in thousandths of a target waited.
    std::int64_t urgency_permille = 0;
    /// How many wait in the same lane and go later.
    std::int64_t ahead_of = 0;
    /// The request that this agent would have got instead.
    std::optional<request_id> runner_up;
    occasion why_now = occasion::request_waits;
    agent_reason why_agent = agent_reason::only_one;
    /// Last log position that the decision has seen.
    std::int64_t position = 0;
    time_us now = 0;
    std::int64_t policy_version = 0;
};

/// Ask `to`, until `expires`; nothing in `expires` assigns without asking.
struct offer
{
    request_id id{};
    agent_id to{};
    int attempt = 0;
    std::optional<time_us> expires;
    decision_record why;
};

/// The offer of this attempt is over; the request has its old place again, or is gone.
struct withdrawn
{
    request_id id{};
    agent_id from{};
    int attempt = 0;
    withdrawal why = withdrawal::expired;
};

struct ring_relaxed
{
    request_id id{};
    int ring = 0;
};
struct held
{
    request_id id{};
    agent_id waits_for{};
    time_us until = 0;
};
struct rekeyed
{
    request_id id{};
    score_t score = 0;
    time_us key = 0;
};
/// Waits longer than the policy allows: alert the supervisor, offer the customer a call-back.
struct overdue
{
    request_id id{};
    time_us waited = 0;
};
struct auto_away
{
    agent_id id{};
    int misses = 0;
};

using decision = std::variant<offer, withdrawn, ring_relaxed, held, rekeyed, overdue, auto_away>;

/// One line of text with every field, equal for equal decisions to the byte.
std::string to_text(const decision& what);
std::string_view name_of(agent_reason why);
std::string_view name_of(occasion why);
std::string_view name_of(withdrawal why);

} // namespace routing
