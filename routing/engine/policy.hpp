// All knobs of the value head start, in one place, with their meaning and default.
// A policy is immutable while an engine runs: a new policy starts a new engine from the tables.
#pragma once

#include "routing/engine/types.hpp"

#include <array>
#include <string>

namespace routing {

inline constexpr time_us one_second = 1'000'000;
inline constexpr time_us one_minute = 60 * one_second;
inline constexpr time_us one_hour = 60 * one_minute;

/// How one channel waits and what it costs an agent.
struct channel_policy
{
    /// τ: the wait that we aim for. Urgency is counted in targets waited.
    time_us target = one_minute;
    /// h: head start of a score-100 customer, in hundredths of the target. 0 is first come,
    /// first served; very large is strict priority by score.
    std::int64_t head_start_x100 = 500;
    /// δ: how many targets (hundredths) this work stands back against others.
    targets_x100 deferral = 0;
    /// κ: capacity units that one piece of work takes from an agent.
    int units = 4;
    /// Interruptible work fills spare capacity only and never blocks an offer of other work.
    bool interruptible = false;
    /// How long an offer rings. 0 means that the work is assigned without asking.
    time_us offer_time = 20 * one_second;
    /// Most pieces of this channel for one agent at once; 0 leaves it to the units.
    int most_at_once = 0;
    /// Longest hold for a preferred agent who is present but full.
    time_us longest_hold = 20 * one_second;
    /// How long an agent who declined or missed the request is not asked again. It ends so that
    /// a small team cannot starve a request by declining it once each.
    time_us pause_after_decline = one_minute;
    /// Wait in hundredths of the target after which the supervisor is alerted.
    targets_x100 overdue_after = 1'000;
    /// Handling time assumed until the channel has finished work of its own to learn from.
    time_us assumed_handle_time = 6 * one_minute;
};

/// The whole policy. `version` is stored with every decision.
struct policy
{
    std::int64_t version = 1;
    std::array<channel_policy, channel_count> channels = default_channels();
    /// η in thousandths: share of the channel's oldest wait that a score-100 customer may
    /// overtake. Below 1000, or a later arrival could pass an earlier one of equal score.
    int congestion_permille = 800;
    /// Waits (hundredths of the target) at which the ring widens: 1 forgets the preferred agent
    /// and asks for level 1 only, 2 gives up optional skills, 3 adds the backup teams.
    std::array<targets_x100, 3> ring_at{100, 200, 400};
    /// A new score re-keys a waiting request upwards when it is at least this much higher.
    score_t rescore_threshold = 1'000;
    /// Offers missed in a row before the agent is set to away.
    int misses_before_away = 2;
    /// Most boost that an escalation (safety, legal, complaint) may give.
    targets_x100 most_boost = 300;
    /// How long a customer who was handed on to a colleague waits for that one alone, and then how
    /// long before whoever handed on may be asked again.
    time_us transfer_hold = 5 * one_minute;
    /// Largest queue position told to a customer; counting stops there.
    int longest_position = 200;

    const channel_policy& of(channel c) const { return channels[index_of(c)]; }
    channel_policy& of(channel c) { return channels[index_of(c)]; }

    static std::array<channel_policy, channel_count> default_channels();
};

/// What is wrong with a policy and how to mend it, or nothing when it can be used.
std::optional<std::string> flaw_of(const policy& rules);

} // namespace routing
