// I-1 and I-9: the engine decides as the plain router does, and always alike.
#include "tests/unit/routing/generator.hpp"
#include "tests/unit/routing/naive_router.hpp"

#include <catch2/catch.hpp>
#include <fmt/ranges.h>

using namespace routing;
using namespace routing::test;

namespace {

world small_world(std::uint64_t seed)
{
    world kind;
    kind.agents = 1 + static_cast<int>(seed % 10);
    kind.skills = 1 + static_cast<int>(seed / 10 % 4);
    kind.most_requests = 4 + static_cast<int>(seed / 40 % 47);
    kind.ties = seed % 4 != 0;
    return kind;
}

// Order among withdrawals of one event is the engine's own affair (latest ring first), so both
// sides are compared as: withdrawals as a set, everything else in order.
std::vector<std::string> canonical(const std::vector<std::string>& lines)
{
    std::vector<std::string> ordered;
    const auto back = [](const std::string& s) { return s.starts_with("back "); };
    std::copy_if(lines.begin(), lines.end(), std::back_inserter(ordered), back);
    std::sort(ordered.begin(), ordered.end());
    std::remove_copy_if(lines.begin(), lines.end(), std::back_inserter(ordered), back);
    return ordered;
}

// Number of events compared; the first difference ends the test.
int compare(std::uint64_t seed, int steps)
{
    const policy rules = lively_policy(seed);
    engine fast(rules);
    naive_router plain(rules);
    generator from(seed, small_world(seed));
    std::string history;
    const auto one = [&](const step& s) {
        std::vector<decision> decided;
        fast.apply(s.position, s.now, s.what, decided);
        std::vector<std::string> said;
        for (const decision& d : decided)
            said.push_back(naive_router::brief(d));
        const auto expected = canonical(plain.apply(s.now, s.what));
        said = canonical(said);
        history += fmt::format("{} event {}: {}\n", s.now, s.what.index(), fmt::join(said, ", "));
        if (said == expected)
            return true;
        INFO("seed " << seed << "\n" << history);
        CHECK(
            fmt::format("{}", fmt::join(said, ", ")) == fmt::format("{}", fmt::join(expected, ", "))
        );
        return false;
    };
    for (const step& s : from.opening())
        if (!one(s))
            return 0;
    for (int i = 0; i < steps; ++i)
        if (!one(from.next(fast)))
            return 0;
    return steps;
}

} // namespace

TEST_CASE("the engine decides as the plain router does on random small worlds")
{
    int compared = 0;
    for (std::uint64_t seed = 1; seed <= 2'000; ++seed) {
        const int more = compare(seed, 60);
        REQUIRE(more > 0);
        compared += more;
    }
    CHECK(compared >= 100'000);
}

TEST_CASE("the same history gives the same decisions to the last byte")
{
    for (std::uint64_t seed = 1; seed <= 50; ++seed) {
        std::vector<step> history;
        std::vector<decision> first;
        {
            engine told(lively_policy(seed));
            generator from(seed, small_world(seed));
            for (const step& s : from.opening()) {
                told.apply(s.position, s.now, s.what, first);
                history.push_back(s);
            }
            for (int i = 0; i < 300; ++i) {
                history.push_back(from.next(told));
                told.apply(history.back().position, history.back().now, history.back().what, first);
            }
        }
        std::vector<decision> second;
        engine again(lively_policy(seed));
        for (const step& s : history)
            again.apply(s.position, s.now, s.what, second);
        REQUIRE(text_of(first) == text_of(second));
        REQUIRE(first.size() > 20);
    }
}
