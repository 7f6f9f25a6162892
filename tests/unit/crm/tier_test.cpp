#include "crm/settings_table.hpp"
#include "crm/value.hpp"
#include "tests/support/builders.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <map>
#include <random>

using namespace crm;
using namespace std::chrono_literals;

namespace {

/// The cuts over these values, as the nightly run finds them.
breakpoints cuts_over(std::vector<std::int64_t> values, const tier_shares& shares = {})
{
    std::ranges::sort(values, std::greater{});
    return value::cuts_of(static_cast<std::int64_t>(values.size()), shares, [&](std::int64_t rank) {
        return values.at(static_cast<std::size_t>(rank));
    });
}

std::vector<std::int64_t> heavy_tail(std::size_t count)
{
    std::vector<std::int64_t> values;
    for (std::size_t rank = 1; rank <= count; ++rank)
        values.push_back(static_cast<std::int64_t>(50'000'000 / rank));
    return values;
}

/// Nights at these values, one after another, from a tier.
std::vector<tier>
tiers_through(tier from, const std::vector<std::int64_t>& nights, const breakpoints& cuts)
{
    tier_standing at{.now = from};
    std::vector<tier> seen;
    for (const std::int64_t worth : nights) {
        at = value::after_night(at, worth, 1, cuts);
        seen.push_back(at.now);
    }
    return seen;
}

breakpoints plain_cuts()
{
    breakpoints cuts;
    cuts.customers = 1'000;
    cuts.vip_from_minor = 1'000;
    cuts.vip_gain_minor = 1'100;
    cuts.vip_keep_minor = 900;
    cuts.major_from_minor = 500;
    cuts.major_gain_minor = 550;
    cuts.major_keep_minor = 450;
    cuts.regular_from_minor = 100;
    cuts.regular_gain_minor = 110;
    cuts.regular_keep_minor = 90;
    return cuts;
}

} // namespace

TEST_CASE("[V06] a customer rises after two nights beyond the cut and falls "
          "after three")
{
    using enum tier;
    const auto cuts = plain_cuts();
    CHECK(tiers_through(major, {1'200, 1'200}, cuts) == std::vector{major, vip});
    CHECK(tiers_through(vip, {800, 800, 800}, cuts) == std::vector{vip, vip, major});
    // Beyond the cut, but not far enough.
    CHECK(tiers_through(major, {1'050, 1'050, 1'050}, cuts) == std::vector{major, major, major});
    CHECK(tiers_through(vip, {950, 950, 950, 950}, cuts) == std::vector{vip, vip, vip, vip});
    // A night between begins the count anew; so does a night on the other side.
    CHECK(
        tiers_through(major, {1'200, 700, 1'200, 1'200}, cuts) ==
        std::vector{major, major, major, vip}
    );
    CHECK(tiers_through(major, {1'200, 300, 1'200}, cuts) == std::vector{major, major, major});
    // Two tiers at once only if every night said so.
    CHECK(tiers_through(small, {1'200, 600}, cuts) == std::vector{small, major});
    CHECK(tiers_through(small, {1'200, 1'200}, cuts) == std::vector{small, vip});
    CHECK(tiers_through(vip, {50, 50, 300}, cuts) == std::vector{vip, vip, regular});
    // The first tier is taken at once, and without orders there is none.
    CHECK(tiers_through(none, {1'050}, cuts) == std::vector{vip});
    CHECK(value::after_night({.now = vip}, 0, 0, cuts).now == none);
}

TEST_CASE("[V06] the cuts part customers by the shares that are set, and every "
          "one has one tier")
{
    const auto values = heavy_tail(1'000);
    for (const tier_shares shares : {tier_shares{}, tier_shares{10, 190, 300}}) {
        const auto cuts = cuts_over(values, shares);
        std::map<tier, int> sizes;
        for (const std::int64_t one : values)
            ++sizes[value::after_night({}, one, 1, cuts).now];
        CHECK(sizes[tier::vip] == shares.vip);
        CHECK(sizes[tier::major] == shares.major);
        CHECK(sizes[tier::regular] == shares.regular);
        CHECK(sizes[tier::small] == 1'000 - shares.vip - shares.major - shares.regular);
        CHECK(cuts.vip_gain_minor > cuts.vip_from_minor);
        CHECK(cuts.vip_keep_minor < cuts.vip_from_minor);
    }
}

TEST_CASE("[V06] thirty nights of five per cent noise make nobody flap between "
          "tiers")
{
    const auto worth = heavy_tail(1'000);
    std::mt19937 random{GENERATE(3U, 4U, 5U)};
    std::uniform_real_distribution<double> noise{0.95, 1.05};
    std::vector<tier_standing> standing(worth.size());
    std::vector<int> changes(worth.size(), 0);
    for (int night = 0; night < 30; ++night) {
        std::vector<std::int64_t> tonight;
        for (const std::int64_t one : worth)
            tonight.push_back(static_cast<std::int64_t>(static_cast<double>(one) * noise(random)));
        const auto cuts = cuts_over(tonight);
        for (std::size_t i = 0; i < worth.size(); ++i) {
            const tier before = standing[i].now;
            standing[i] = value::after_night(standing[i], tonight[i], 1, cuts);
            changes[i] += night > 0 && standing[i].now != before ? 1 : 0;
        }
    }
    // One step to where somebody near a cut belongs is no flapping; back again would be.
    CHECK(std::ranges::max(changes) <= 1);
    CHECK(std::ranges::count(changes, 1) < 20);
}

TEST_CASE("[V06] by day an order moves value and score; the tier follows at night")
{
    test::house h;
    std::vector<customer_id> all;
    for (int i = 1; i <= 120; ++i)
        all.push_back(h.add(test::a_customer().worth(i)));
    const auto night = [&] {
        h.pass(24h);
        h.run([](transaction& tx, context& as) { value::recompute(tx, as); });
        customer_id at{};
        for (int steps = 0; steps < 20; ++steps) {
            const auto last = h.run([&](transaction& tx, context& as) {
                return value::refresh_some(tx, as, at, 20);
            });
            if (!last)
                break;
            at = *last;
        }
    };
    for (int i = 0; i < 4; ++i)
        night();
    const auto riser = all[40];
    CHECK(h.now(riser).tier == tier::small);
    h.buys(riser, "BIG", order_status::paid, 9'000'000);
    CHECK(h.now(riser).tier == tier::small);
    CHECK(h.now(riser).score > 90);
    night();
    CHECK(h.now(riser).tier == tier::small);
    CHECK(h.count("tier_trends") >= 1);
    night();
    CHECK(h.now(riser).tier == tier::vip);
    CHECK(h.count("tier_trends", "customer_id = " + to_string(riser)) == 0);
}
