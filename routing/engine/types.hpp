// The words of the routing engine: ids, times, channels and what a request asks for.
// Plain values; any thread.
#pragma once

#include "crm/base/ids.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>
#include <vector>

namespace routing {

using crm::agent_id;
using crm::request_id;
using crm::skill_id;
using crm::team_id;

/// A point in time or a length of time, in microseconds (UTC for points).
using time_us = std::int64_t;

/// "Never" for a due time.
inline constexpr time_us never = std::numeric_limits<time_us>::max();

/// The kinds of work that compete for an agent; each has its own row in the policy.
enum class channel : std::uint8_t
{
    chat,
    messaging,
    email,
    callback,
    voice
};
inline constexpr std::size_t channel_count = 5;
inline constexpr std::array<channel, channel_count> all_channels{
    channel::chat, channel::messaging, channel::email, channel::callback, channel::voice
};

constexpr std::size_t index_of(channel c)
{
    return static_cast<std::size_t>(c);
}

/// The value tiers, for the record only: the order of the line rests on the score.
enum class tier : std::uint8_t
{
    small,
    regular,
    major,
    vip
};

/// Where a score came from, for the record.
enum class score_basis : std::uint8_t
{
    model,
    prior,
    contract,
    manual,
    neutral,
    orders
};

/// Whether an agent takes new work. Only `online` does.
enum class presence : std::uint8_t
{
    offline,
    away,
    busy,
    online
};

/// A score in hundredths of a point: 0 … 10000 means 0 … 100 points. Integers keep every
/// comparison exact, so that a replay decides alike to the last byte.
using score_t = std::int32_t;
inline constexpr score_t top_score = 10'000;

/// A boost or a deferral in hundredths of the channel's target (100 = one target waited).
using targets_x100 = std::int32_t;

/// A skill that the request needs, at least at `level`. Optional ones are given up at ring 2.
struct requirement
{
    skill_id skill{};
    std::uint8_t level = 1;
    bool optional = false;

    friend auto operator<=>(const requirement&, const requirement&) = default;
};

/// An agent who is not asked before `until`.
struct agent_pause
{
    agent_id who{};
    time_us until = never;
};

/// What an agent masters.
struct proficiency
{
    skill_id skill{};
    std::uint8_t level = 1;

    friend auto operator<=>(const proficiency&, const proficiency&) = default;
};

std::string_view name_of(channel c);
std::string_view name_of(tier t);
std::string_view name_of(score_basis b);
std::string_view name_of(presence p);

} // namespace routing
