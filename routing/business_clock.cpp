#include "routing/business_clock.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <memory>
#include <unicode/timezone.h>
#include <vector>

namespace routing {

namespace {

constexpr std::int64_t minute_us = 60'000'000;
constexpr std::int64_t day_us = 24 * 60 * minute_us;
constexpr int search_days = 14;
constexpr int most_days = 400; // an inbox that stays closed for longer has no clock

std::int64_t floor_div(std::int64_t value, std::int64_t by)
{
    return value / by - (value % by < 0 ? 1 : 0);
}

/// What a wall clock in the inbox's zone is ahead of UTC at a moment.
std::int64_t offset_us(const icu::TimeZone& zone, crm::instant at)
{
    std::int32_t raw = 0;
    std::int32_t summer = 0;
    UErrorCode failed = U_ZERO_ERROR;
    const auto whole_ms = at.us / 1000;
    zone.getOffset(static_cast<double>(whole_ms), false, raw, summer, failed);
    return U_FAILURE(failed) ? 0 : (static_cast<std::int64_t>(raw) + summer) * 1000;
}

std::unique_ptr<icu::TimeZone> zone_of(const crm::inbox& which)
{
    return std::unique_ptr<icu::TimeZone>{
        icu::TimeZone::createTimeZone(icu::UnicodeString::fromUTF8(which.timezone))
    };
}

/// The open spans, in minutes, of a local day counted from 1970-01-01.
std::vector<crm::open_span> spans_of(const crm::inbox& which, std::int64_t local_day)
{
    const std::chrono::year_month_day date{std::chrono::sys_days{std::chrono::days{local_day}}};
    const auto name = fmt::format(
        "{:04}-{:02}-{:02}",
        static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day())
    );
    std::vector<crm::open_span> made;
    bool is_exception = false;
    for (const auto& each : which.exceptions) {
        if (each.day != name)
            continue;
        is_exception = true;
        if (each.opens_minute < each.closes_minute)
            made.push_back({0, each.opens_minute, each.closes_minute});
    }
    if (is_exception)
        return made;
    const auto weekday = static_cast<int>((local_day % 7 + 10) % 7); // 1970-01-01 was a Thursday
    for (const auto& each : which.hours)
        if (each.weekday == weekday)
            made.push_back(each);
    return made;
}

/// A wall clock's time in the zone as a moment: by the offset at that moment, for a change of
/// clocks may lie between. What the clock skips counts from after the change.
crm::instant moment_of(const icu::TimeZone& zone, std::int64_t local_us)
{
    const crm::instant guess{local_us - offset_us(zone, {local_us})};
    return {local_us - offset_us(zone, guess)};
}

struct opening
{
    crm::instant from{};
    crm::instant to{};
};

/// When the inbox is open on a local day, in order; what overlaps is one.
std::vector<opening>
openings_of(const crm::inbox& which, const icu::TimeZone& zone, std::int64_t local_day)
{
    std::vector<crm::open_span> spans = spans_of(which, local_day);
    std::ranges::sort(spans, {}, &crm::open_span::opens_minute);
    std::vector<opening> made;
    const std::int64_t midnight = local_day * day_us;
    for (const auto& each : spans) {
        const auto from = moment_of(zone, midnight + each.opens_minute * minute_us);
        const auto to = moment_of(zone, midnight + each.closes_minute * minute_us);
        if (!made.empty() && from <= made.back().to)
            made.back().to = std::max(made.back().to, to);
        else if (from < to)
            made.push_back({from, to});
    }
    return made;
}

/// Calls `visit(opening)` for every opening that ends after `from`, in order, until it says stop or
/// `most_days` have passed.
template <class Visit>
void walk(const crm::inbox& which, crm::instant from, const Visit& visit)
{
    const auto zone = zone_of(which);
    const auto first = floor_div(from.us + offset_us(*zone, from), day_us);
    for (int ahead = 0; ahead <= most_days; ++ahead)
        for (const opening& each : openings_of(which, *zone, first + ahead))
            if (each.to > from && !visit(each))
                return;
}

} // namespace

bool is_open(const crm::inbox& which, crm::instant at)
{
    if (which.hours.empty())
        return true;
    const auto local = at.us + offset_us(*zone_of(which), at);
    const auto day = floor_div(local, day_us);
    const auto minute = static_cast<int>((local - day * day_us) / minute_us);
    for (const auto& each : spans_of(which, day))
        if (minute >= each.opens_minute && minute < each.closes_minute)
            return true;
    return false;
}

std::optional<crm::instant> next_opening(const crm::inbox& which, crm::instant after)
{
    if (is_open(which, after))
        return std::nullopt;
    const auto zone = zone_of(which);
    const auto today = floor_div(after.us + offset_us(*zone, after), day_us);
    std::optional<crm::instant> best;
    for (int ahead = 0; ahead <= search_days && !best; ++ahead)
        for (const auto& each : spans_of(which, today + ahead)) {
            const auto local = (today + ahead) * day_us + each.opens_minute * minute_us;
            // The offset at that moment, not now's: a change of clocks may lie between.
            const crm::instant guess{local - offset_us(*zone, after)};
            const crm::instant opens{local - offset_us(*zone, guess)};
            if (opens > after && (!best || opens < *best))
                best = opens;
        }
    return best;
}

std::chrono::microseconds open_time(const crm::inbox& which, crm::instant from, crm::instant to)
{
    if (to <= from)
        return std::chrono::microseconds{0};
    if (which.hours.empty())
        return to - from;
    std::chrono::microseconds sum{0};
    walk(which, from, [&](const opening& each) {
        if (each.from >= to)
            return false;
        sum += std::min(each.to, to) - std::max(each.from, from);
        return true;
    });
    return sum;
}

crm::instant
after_open_time(const crm::inbox& which, crm::instant from, std::chrono::microseconds length)
{
    const crm::instant always_open = from + length;
    crm::instant reached = always_open;
    if (which.hours.empty() || length <= std::chrono::microseconds{0})
        return always_open;
    walk(which, from, [&](const opening& each) {
        const crm::instant begin = std::max(each.from, from);
        reached = begin + length;
        length -= each.to - begin;
        return length > std::chrono::microseconds{0};
    });
    return length > std::chrono::microseconds{0} ? always_open : reached;
}

} // namespace routing
