#include "routing/business_clock.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace routing;
using namespace std::chrono_literals;

namespace {

crm::inbox shop_hours()
{
    crm::inbox made;
    made.timezone = "Europe/Berlin";
    for (int day = 0; day < 5; ++day)
        made.hours.push_back({day, 9 * 60, 18 * 60});
    made.exceptions.push_back({"2026-12-24", 0, 0, "Christmas Eve"});
    return made;
}

crm::instant at(const char* text)
{
    return crm::instant_from_rfc3339(text);
}

} // namespace

TEST_CASE("an inbox is open by its own clock, in summer and in winter")
{
    const auto shop = shop_hours();
    CHECK(is_open(shop, at("2026-01-05T08:00:00Z"))); // Monday 09:00 in Berlin
    CHECK_FALSE(is_open(shop, at("2026-01-05T07:59:59Z")));
    CHECK(is_open(shop, at("2026-07-06T07:00:00Z")));         // Monday 09:00, summer time
    CHECK_FALSE(is_open(shop, at("2026-07-06T16:00:00Z")));   // 18:00
    CHECK_FALSE(is_open(shop, at("2026-01-04T10:00:00Z")));   // Sunday
    CHECK_FALSE(is_open(shop, at("2026-12-24T10:00:00Z")));   // exception
    CHECK(is_open(crm::inbox{}, at("2026-01-04T03:00:00Z"))); // no hours: always
}

TEST_CASE("the next opening steps over weekends, exceptions and the change of "
          "clocks")
{
    const auto shop = shop_hours();
    CHECK(next_opening(shop, at("2026-01-02T20:00:00Z")) == at("2026-01-05T08:00:00Z"));
    CHECK(next_opening(shop, at("2026-12-23T20:00:00Z")) == at("2026-12-25T08:00:00Z"));
    CHECK(
        next_opening(shop, at("2026-03-27T20:00:00Z")) == at("2026-03-30T07:00:00Z")
    ); // clocks change on the 29th
    CHECK_FALSE(next_opening(shop, at("2026-01-05T09:00:00Z")));
}

TEST_CASE("a deadline counts the hours in which the inbox is open, and no others")
{
    const auto shop = shop_hours();
    // Friday 17:30 in Berlin: half an hour is left, the rest is due on Monday.
    CHECK(after_open_time(shop, at("2026-01-02T16:30:00Z"), 10min) == at("2026-01-02T16:40:00Z"));
    CHECK(after_open_time(shop, at("2026-01-02T16:30:00Z"), 30min) == at("2026-01-02T17:00:00Z"));
    CHECK(after_open_time(shop, at("2026-01-02T16:30:00Z"), 45min) == at("2026-01-05T08:15:00Z"));
    // Asked at night, the clock starts in the morning; the exception is stepped over.
    CHECK(after_open_time(shop, at("2026-12-23T20:00:00Z"), 5min) == at("2026-12-25T08:05:00Z"));
    CHECK(
        after_open_time(crm::inbox{}, at("2026-01-04T03:00:00Z"), 1h) == at("2026-01-04T04:00:00Z")
    );
    CHECK(after_open_time(shop, at("2026-01-04T03:00:00Z"), 0min) == at("2026-01-04T03:00:00Z"));
    crm::inbox closed = shop;
    closed.hours = {{.weekday = 0, .opens_minute = 540, .closes_minute = 541}};
    CHECK(after_open_time(closed, at("2026-01-04T03:00:00Z"), 90h) == at("2026-01-07T21:00:00Z"));
}

TEST_CASE("open time adds up, and a deadline is its inverse, over weekends and "
          "changes of clocks")
{
    const auto shop = shop_hours();
    std::mt19937_64 random{11};
    const auto somewhen = [&] {
        const std::int64_t year_us = std::chrono::microseconds{24h * 365}.count();
        return at("2026-01-01T00:00:00Z") + std::chrono::microseconds{static_cast<std::int64_t>(
                                                random() % static_cast<std::uint64_t>(year_us)
                                            )};
    };
    for (int round = 0; round < 200; ++round) {
        std::array<crm::instant, 3> when{somewhen(), somewhen(), somewhen()};
        std::ranges::sort(when);
        const auto [a, b, c] = when;
        CHECK(open_time(shop, a, c) == open_time(shop, a, b) + open_time(shop, b, c));
        const auto length = std::chrono::minutes{1 + random() % 3'000};
        const auto due = after_open_time(shop, a, length);
        CHECK(open_time(shop, a, due) == length);
    }
    CHECK(open_time(shop, at("2026-01-05T10:00:00Z"), at("2026-01-05T09:00:00Z")) == 0us);
    // A night shift over the change of clocks in spring is an hour shorter.
    crm::inbox night = shop;
    night.hours = {{.weekday = 6, .opens_minute = 0, .closes_minute = 6 * 60}};
    night.exceptions.clear();
    CHECK(open_time(night, at("2026-03-28T12:00:00Z"), at("2026-03-29T12:00:00Z")) == 5h);
    CHECK(open_time(night, at("2026-10-24T12:00:00Z"), at("2026-10-25T12:00:00Z")) == 7h);
}
