#include "crm/value.hpp"

#include "tests/support/builders.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <random>

using namespace crm;
using namespace std::chrono_literals;

TEST_CASE("[V06] the score is 0 for nothing, 100 at the top, and never falls with the value")
{
    const breakpoints cuts;
    CHECK(value::score_of(0, cuts) == 0);
    CHECK(value::score_of(-500, cuts) == 0);
    CHECK(value::score_of(cuts.v999_minor, cuts) == Approx(100));
    CHECK(value::score_of(cuts.v999_minor * 9, cuts) == 100);
    CHECK(value::score_of(cuts.v50_minor, cuts) == Approx(100 * std::log(2.0) / std::log(101.0)));
    double last = 0;
    for (std::int64_t minor = 0; minor < 600'000; minor += 997) {
        const double score = value::score_of(minor, cuts);
        CHECK(score >= last);
        last = score;
    }
}

TEST_CASE("[V06] the score does not care in which unit value is counted")
{
    const breakpoints cuts;
    breakpoints tenfold = cuts;
    tenfold.v50_minor *= 10;
    tenfold.v999_minor *= 10;
    for (const std::int64_t minor : {1, 40, 5'000, 77'777, 400'000})
        CHECK(value::score_of(minor * 10, tenfold) == Approx(value::score_of(minor, cuts)));
}

TEST_CASE("[V03] a customer with orders is worth their margin, and is shown with score and tier")
{
    test::house h;
    const auto who = h.add(test::a_customer());
    CHECK(h.now(who).tier == tier::none);
    h.buys(who, "A1", order_status::paid, 90'000, 30'000);
    CHECK(h.now(who).value_minor == 60'000);
    CHECK(h.now(who).tier == tier::major);
    CHECK(h.now(who).score > 50);
    h.buys(who, "A2", order_status::placed, 900'000);
    CHECK(h.now(who).value_minor == 60'000);
    CHECK(h.now(h.add(test::a_customer().worth(3'000))).tier == tier::vip);
    CHECK(h.now(h.add(test::a_customer().worth(60))).tier == tier::regular);
    CHECK(h.now(h.add(test::a_customer().worth(6))).tier == tier::small);
}

TEST_CASE("[V01] a customer who costs more than they bring scores 0 and stays small")
{
    test::house h;
    const auto who = h.add(test::a_customer());
    h.buys(who, "A1", order_status::paid, 1'000, 4'000);
    CHECK(h.now(who).value_minor == -3'000);
    CHECK(h.now(who).score == 0);
    CHECK(h.now(who).tier == tier::small);
}

TEST_CASE("[L05] the value as of any moment can be read")
{
    test::house h;
    const auto who = h.add(test::a_customer());
    const instant start = h.time.now();
    CHECK_FALSE(value::as_of(h.db(), who, start));
    h.pass(1h);
    const auto first = h.buys(who, "A1", order_status::paid, 10'000);
    h.pass(1h);
    h.buys(who, "A2", order_status::paid, 50'000);
    h.pass(1h);
    h.moves(first, order_status::refunded);
    CHECK_FALSE(value::as_of(h.db(), who, start + 59min));
    CHECK(value::as_of(h.db(), who, start + 1h)->value_minor == 10'000);
    CHECK(value::as_of(h.db(), who, start + 119min)->value_minor == 10'000);
    CHECK(value::as_of(h.db(), who, start + 2h)->value_minor == 60'000);
    CHECK(value::as_of(h.db(), who, start + 9h)->value_minor == 50'000);
    const auto all = value::history(h.db(), who, 10);
    REQUIRE(all.size() == 3);
    CHECK(all[0].cause == happening::order_changed);
    CHECK(all[0].cause_id == raw(first.id));
    CHECK(all[2].basis == value_basis::orders);
}

TEST_CASE("a snapshot is taken only when something differs")
{
    test::house h;
    const auto who = h.add(test::a_customer().worth(100));
    const auto taken = h.count("value_snapshots");
    h.run([&](transaction& tx, context& as) {
        value::refresh(tx, as, who, happening::setting_changed, 0);
    });
    CHECK(h.count("value_snapshots") == taken);
}

TEST_CASE("a pinned tier stays whatever the value")
{
    test::house h;
    const auto who = h.add(test::a_customer());
    h.run([&](transaction& tx, context& as) {
        customers::change(tx, as, who, {.pinned_tier = tier::vip}, source::agent);
    });
    CHECK(value::as_of(h.db(), who, h.time.now())->basis == value_basis::manual);
    h.buys(who, "A1", order_status::paid, 700);
    CHECK(h.now(who).tier == tier::vip);
    h.run([&](transaction& tx, context& as) {
        customers::change(tx, as, who, {.pinned_tier = tier::none}, source::agent);
    });
    CHECK(h.now(who).tier == tier::small);
}

TEST_CASE("[V06] tiers cut customers at 1, 5 and 20 per cent by rank")
{
    test::house h;
    std::vector<std::int64_t> values;
    for (int i = 1; i <= 400; ++i)
        values.push_back(std::int64_t{i} * i * 13);
    std::mt19937 random{7};
    std::ranges::shuffle(values, random);
    h.run([&](transaction& tx, context&) {
        // Placed directly: what counts here is the ranking, not four hundred orders.
        std::int64_t id = 1;
        for (const std::int64_t one : values)
            tx.exec(
                "INSERT INTO customers (id, anonymous, name, locale, timezone, company_id,"
                " owner_agent_id, merged_into, score, tier, tier_pinned, value_minor, currency,"
                " verified, profiling_opt_out, created_at, updated_at, last_seen_at, erased_at,"
                " revision) VALUES (?, 0, 'x', '', '', 0, 0, 0, 0, 4, 0, ?, 'EUR', 0, 0, 1, 1, 1, "
                "0, 1)",
                {id++, one}
            );
    });
    const auto cuts = h.run([](transaction& tx, context& as) { return value::recompute(tx, as); });
    CHECK(cuts.customers == 400);
    std::map<tier, int> sizes;
    for (const std::int64_t one : values)
        ++sizes[value::tier_of(one, 1, cuts)];
    CHECK(sizes[tier::vip] == 4);
    CHECK(sizes[tier::major] == 16);
    CHECK(sizes[tier::regular] == 60);
    CHECK(sizes[tier::small] == 320);
    CHECK(value::present(h.db()) == cuts);
    CHECK(value::score_of(cuts.v999_minor, cuts) == Approx(100));
}

TEST_CASE("with few customers the defaults stay, and the nightly walk ends")
{
    test::house h;
    for (int i = 0; i < 7; ++i)
        h.add(test::a_customer().worth(i * 100));
    CHECK(h.run([](transaction& tx, context& as) {
        return value::recompute(tx, as);
    }) == breakpoints{});
    customer_id at{};
    int steps = 0;
    for (; steps < 20; ++steps) {
        const auto last =
            h.run([&](transaction& tx, context& as) { return value::refresh_some(tx, as, at, 3); });
        if (!last)
            break;
        CHECK(*last > at);
        at = *last;
    }
    CHECK(steps == 3);
}
