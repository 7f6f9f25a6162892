#include "routing/engine/policy.hpp"

#include <fmt/format.h>

namespace routing {

std::array<channel_policy, channel_count> policy::default_channels()
{
    std::array<channel_policy, channel_count> table;
    auto row = [&table](channel c) -> channel_policy& { return table[index_of(c)]; };

    row(channel::messaging).target = 10 * one_minute;
    row(channel::messaging).units = 3;
    row(channel::messaging).offer_time = one_minute;

    row(channel::email).target = 4 * one_hour;
    row(channel::email).head_start_x100 = 100;
    row(channel::email).deferral = 100;
    row(channel::email).interruptible = true;
    row(channel::email).offer_time = 0;
    row(channel::email).longest_hold = 2 * one_hour;
    row(channel::email).pause_after_decline = 30 * one_minute;
    row(channel::email).assumed_handle_time = 10 * one_minute;

    row(channel::callback).target = one_hour;
    row(channel::callback).head_start_x100 = 200;
    row(channel::callback).units = 12;
    row(channel::callback).offer_time = one_minute;
    row(channel::callback).pause_after_decline = 5 * one_minute;

    row(channel::voice).units = 12;
    return table;
}

std::optional<std::string> flaw_of(const policy& rules)
{
    for (channel c : all_channels) {
        const channel_policy& row = rules.of(c);
        if (row.target <= 0 || row.target > 365 * 24 * one_hour)
            return fmt::format("target of {} must lie between 1 µs and a year", name_of(c));
        if (row.head_start_x100 < 0 || row.deferral < 0 || row.offer_time < 0)
            return fmt::format(
                "head start, deferral and offer time of {} must not be negative", name_of(c)
            );
        if (row.units <= 0)
            return fmt::format("units of {} must be at least 1", name_of(c));
        if (row.longest_hold < 0 || row.pause_after_decline <= 0 || row.overdue_after <= 0)
            return fmt::format(
                "hold of {} must not be negative, pause and alert age must be positive", name_of(c)
            );
        if (row.assumed_handle_time <= 0 || row.most_at_once < 0)
            return fmt::format(
                "assumed handle time of {} must be positive, its limit not negative", name_of(c)
            );
    }
    if (rules.congestion_permille < 0 || rules.congestion_permille >= 1000)
        return "congestion_permille must lie in 0 … 999, or equal customers could overtake each "
               "other";
    if (rules.ring_at[0] <= 0 || rules.ring_at[1] <= rules.ring_at[0] ||
        rules.ring_at[2] <= rules.ring_at[1])
        return "ring_at must rise strictly";
    if (rules.rescore_threshold <= 0 || rules.misses_before_away <= 0 ||
        rules.longest_position <= 0)
        return "rescore_threshold, misses_before_away and longest_position must be positive";
    if (rules.transfer_hold < 0)
        return "transfer_hold must not be negative";
    if (rules.most_boost < 0)
        return "most_boost must not be negative";
    return std::nullopt;
}

} // namespace routing
