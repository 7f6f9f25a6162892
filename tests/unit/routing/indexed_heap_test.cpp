#include "routing/engine/indexed_heap.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <set>

using routing::indexed_heap;

namespace {

struct table
{
    std::vector<std::uint32_t> positions;
    std::vector<int> ties;
};

struct table_links
{
    table* of;
    bool before(std::uint32_t a, std::uint32_t b) const
    {
        return std::pair(of->ties[a], a) < std::pair(of->ties[b], b);
    }
    std::uint32_t& position(std::uint32_t slot) const { return of->positions[slot]; }
};

} // namespace

TEST_CASE("the heap keeps order and positions through any push, erase and update")
{
    std::mt19937_64 random(5);
    constexpr std::uint32_t slots = 300;
    table members{std::vector<std::uint32_t>(slots, indexed_heap::absent), std::vector<int>(slots)};
    indexed_heap heap;
    std::set<std::tuple<std::int64_t, int, std::uint32_t>> expected;
    std::vector<std::int64_t> keys(slots);
    std::vector<std::uint32_t> frontier;
    for (int i = 0; i < 20'000; ++i) {
        const auto slot = static_cast<std::uint32_t>(random() % slots);
        const auto key = static_cast<std::int64_t>(random() % 50);
        if (members.positions[slot] == indexed_heap::absent) {
            members.ties[slot] = static_cast<int>(random() % 5);
            heap.push(key, slot, table_links{&members});
        } else {
            expected.erase({keys[slot], members.ties[slot], slot});
            if (random() % 2 == 0) {
                heap.erase(slot, table_links{&members});
                CHECK(members.positions[slot] == indexed_heap::absent);
                continue;
            }
            heap.update(slot, key, table_links{&members});
        }
        keys[slot] = key;
        expected.insert({key, members.ties[slot], slot});
        REQUIRE(heap.size() == expected.size());
        REQUIRE(heap.top().slot == std::get<2>(*expected.begin()));
    }
    auto next = expected.begin();
    heap.in_order(table_links{&members}, frontier, [&](const indexed_heap::node& n) {
        REQUIRE(next != expected.end());
        CHECK(n.slot == std::get<2>(*next++));
        return indexed_heap::visit::go_on;
    });
    CHECK(next == expected.end());
    int visited = 0;
    heap.in_order(table_links{&members}, frontier, [&](const indexed_heap::node&) {
        return ++visited == 3 ? indexed_heap::visit::stop : indexed_heap::visit::go_on;
    });
    CHECK(visited == 3);
}
