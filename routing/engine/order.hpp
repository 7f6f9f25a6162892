// The arithmetic of the value head start, in integers only. Cost of waiting w on a channel is
// v·θ·w + ½·φ·w²; its marginal divided by φ is seconds: w + v·θ/φ. So value is a head start:
//   H   = score/100 · max(h·τ, η·O)      fixed at enqueue
//   key = arrival − H                    static, hence an ordinary heap
//   u   = (now − key)/τ − δ + boost      "targets waited", comparable between channels
// Within a channel u falls as `place` = key + (δ − boost)·τ rises, so a heap on `place` is exact.
#pragma once

#include "routing/engine/policy.hpp"

namespace routing {

__extension__ typedef __int128 wide_int;

/// n hundredths of a target, in µs.
constexpr time_us in_targets(std::int64_t hundredths, time_us target)
{
    return static_cast<time_us>(static_cast<wide_int>(hundredths) * target / 100);
}

/// max(h·τ, η·O) [µs]: the head start of a score-100 customer.
constexpr time_us
full_head_start(const channel_policy& row, int congestion_permille, time_us congestion)
{
    const time_us fixed = in_targets(row.head_start_x100, row.target);
    const time_us scaled = congestion * congestion_permille / 1000;
    return fixed > scaled ? fixed : scaled;
}

/// H [µs] for a score.
constexpr time_us head_start(score_t score, time_us full)
{
    return static_cast<time_us>(static_cast<wide_int>(score) * full / top_score);
}

/// What orders two waiting requests of any two channels.
struct standing
{
    time_us place = 0;
    time_us target = 1;
    score_t score = 0;
    time_us arrival = 0;
    request_id id{};
};

/// True when `a` goes before `b` at `now`: urgency, then score, then arrival, then id. A strict
/// total order. The cross product keeps (now − place)/τ exact.
constexpr bool more_urgent(const standing& a, const standing& b, time_us now)
{
    const wide_int left = static_cast<wide_int>(now - a.place) * b.target;
    const wide_int right = static_cast<wide_int>(now - b.place) * a.target;
    if (left != right)
        return left > right;
    if (a.score != b.score)
        return a.score > b.score;
    if (a.arrival != b.arrival)
        return a.arrival < b.arrival;
    return a.id < b.id;
}

} // namespace routing
