// I-3, I-10, I-11: how the order answers to a change of values or policy.
#include "routing/engine/engine.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <random>

using namespace routing;

namespace {

struct customer
{
    time_us arrival = 0;
    score_t score = 0;
};

// One agent, one lane: everyone waits, then the agent serves one after the other.
std::vector<std::size_t>
order_of_service(const policy& rules, const std::vector<customer>& customers)
{
    engine e(rules);
    std::vector<decision> out;
    std::int64_t position = 0;
    e.apply(++position, 0, agent_defined{agent_id{1}, {}, {}, {channel::chat}, 4}, out);
    for (std::size_t i = 0; i < customers.size(); ++i) {
        request r;
        r.id = request_id{static_cast<std::int64_t>(i)};
        r.arrival = customers[i].arrival;
        r.score = customers[i].score;
        e.apply(++position, customers[i].arrival, request_queued{r}, out);
    }
    std::vector<std::size_t> order;
    time_us now = customers.back().arrival + one_second;
    out.clear();
    e.apply(++position, now, presence_changed{agent_id{1}, presence::online}, out);
    while (!out.empty()) {
        const offer made = std::get<offer>(out.at(0));
        order.push_back(static_cast<std::size_t>(crm::raw(made.id)));
        out.clear();
        std::vector<decision> rest;
        e.apply(
            ++position, now += one_second, offer_accepted{made.id, made.to, made.attempt}, rest
        );
        e.apply(++position, now += one_second, request_finished{made.id}, out);
    }
    return order;
}

std::vector<customer> some_customers(std::uint64_t seed, std::size_t count)
{
    std::mt19937_64 random(seed);
    std::vector<customer> made;
    time_us now = one_second;
    for (std::size_t i = 0; i < count; ++i) {
        now += static_cast<time_us>(random() % 20) * one_second;
        made.push_back({now, static_cast<score_t>(random() % 10'001)});
    }
    return made;
}

// The score formula: a share of the logarithmic way from the median to the top value.
score_t score_of(double value, double median, double top)
{
    const double share = std::log1p(value / median) / std::log1p(top / median);
    return static_cast<score_t>(std::lround(std::clamp(share, 0.0, 1.0) * top_score));
}

} // namespace

TEST_CASE("I-11: without head start it is first come, first served")
{
    policy rules;
    rules.of(channel::chat).head_start_x100 = 0;
    rules.congestion_permille = 0;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        auto customers = some_customers(seed, 100);
        const auto order = order_of_service(rules, customers);
        REQUIRE(order.size() == customers.size());
        for (std::size_t i = 1; i < order.size(); ++i)
            CHECK(customers[order[i - 1]].arrival <= customers[order[i]].arrival);
    }
}

TEST_CASE("I-11: with an endless head start it is strict priority by score")
{
    policy rules;
    rules.of(channel::chat).head_start_x100 = 1'000'000'000'000;
    for (std::uint64_t seed = 1; seed <= 20; ++seed) {
        const auto customers = some_customers(seed, 100);
        const auto order = order_of_service(rules, customers);
        REQUIRE(order.size() == customers.size());
        for (std::size_t i = 1; i < order.size(); ++i) {
            const customer& a = customers[order[i - 1]];
            const customer& b = customers[order[i]];
            CHECK(std::pair(-a.score, a.arrival) <= std::pair(-b.score, b.arrival));
        }
    }
}

TEST_CASE("I-3: of those who arrive together the higher score never waits longer")
{
    std::mt19937_64 random(7);
    std::vector<customer> together(200, customer{one_second, 0});
    for (customer& c : together)
        c.score = static_cast<score_t>(random() % 10'001);
    const auto order = order_of_service(policy{}, together);
    REQUIRE(order.size() == together.size());
    for (std::size_t i = 1; i < order.size(); ++i)
        CHECK(together[order[i - 1]].score >= together[order[i]].score);
}

TEST_CASE("I-10: a currency in which everything costs c times as much changes no decision")
{
    std::mt19937_64 random(11);
    std::lognormal_distribution<double> worth(5.0, 1.683);
    std::vector<double> values(300);
    for (double& v : values)
        v = worth(random);
    const auto served = [&](double factor) {
        std::vector<double> sorted;
        for (double v : values)
            sorted.push_back(v * factor);
        std::sort(sorted.begin(), sorted.end());
        auto customers = some_customers(3, values.size());
        for (std::size_t i = 0; i < values.size(); ++i)
            customers[i].score =
                score_of(values[i] * factor, sorted[sorted.size() / 2], sorted.back());
        return order_of_service(policy{}, customers);
    };
    const auto order = served(1.0);
    REQUIRE(order.size() == values.size());
    for (const double factor : {0.25, 7.8, 1000.0})
        CHECK(served(factor) == order);
}

TEST_CASE("congestion keeps the head start proportional to the backlog")
{
    // Half an hour of backlog: at η = 0.8 a top customer may pass 24 minutes of it, at η = 0 five.
    std::vector<customer> customers;
    for (int minute = 0; minute <= 30; ++minute)
        customers.push_back({(minute + 1) * one_minute, 0});
    customers.push_back({31 * one_minute + one_second, top_score});
    const auto place_of_last = [&](int permille) {
        policy rules;
        rules.congestion_permille = permille;
        const auto order = order_of_service(rules, customers);
        return std::find(order.begin(), order.end(), customers.size() - 1) - order.begin();
    };
    CHECK(place_of_last(0) == 26);
    CHECK(place_of_last(800) == 7);
}
