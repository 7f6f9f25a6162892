// Hand cases of the engine that are no story: numbers, records, restart, outlook.
#include "routing/engine/engine.hpp"

#include <catch2/catch.hpp>

using namespace routing;

namespace {

// An engine with a voice: applies events and keeps the last decisions.
struct desk
{
    explicit desk(policy rules = {}) : engine(std::move(rules)) {}

    const std::vector<decision>& at(time_us now, const event& what)
    {
        said.clear();
        engine.apply(++position, now, what, said);
        return said;
    }
    void agent(std::int64_t id, int units = 4)
    {
        at(0,
           agent_defined{agent_id{id}, {}, {}, {all_channels.begin(), all_channels.end()}, units});
    }
    void online(std::int64_t id, time_us now = 0)
    {
        at(now, presence_changed{agent_id{id}, presence::online});
    }
    static request chat(std::int64_t id, time_us arrival, int points = 0)
    {
        request r;
        r.id = request_id{id};
        r.arrival = arrival;
        r.score = points * 100;
        return r;
    }
    const offer& offered(std::size_t which = 0) const { return std::get<offer>(said.at(which)); }

    routing::engine engine;
    std::int64_t position = 0;
    std::vector<decision> said;
};

} // namespace

TEST_CASE("a score of 40 is worth two fifths of five targets")
{
    desk d;
    d.agent(1);
    d.online(1);
    d.at(10 * one_minute, request_queued{desk::chat(1, 10 * one_minute, 40)});
    const decision_record& why = d.offered().why;
    CHECK(why.head_start == 2 * one_minute);
    CHECK(why.key == 8 * one_minute);
    CHECK(why.full_head_start == 5 * one_minute);
    CHECK(why.score == 4'000);
    CHECK(why.waited == 0);
    CHECK(why.position == d.position);
    CHECK(why.now == 10 * one_minute);
    CHECK(why.policy_version == 1);
    CHECK(why.why_now == occasion::request_waits);
    CHECK_FALSE(why.runner_up);
    CHECK(d.offered().expires == 10 * one_minute + 20 * one_second);
}

TEST_CASE("the record names the request that would have been next")
{
    desk d;
    d.agent(1);
    d.at(one_minute, request_queued{desk::chat(1, one_minute, 10)});
    d.at(one_minute, request_queued{desk::chat(2, one_minute, 30)});
    d.at(one_minute, request_queued{desk::chat(3, one_minute, 20)});
    d.online(1, 2 * one_minute);
    CHECK(d.offered().id == request_id{2});
    CHECK(d.offered().why.runner_up == request_id{3});
    CHECK(d.offered().why.why_now == occasion::agent_has_room);
    CHECK(d.offered().why.waited == one_minute);
}

TEST_CASE("equal lanes have equal numbers whatever order the skills are named in")
{
    desk d;
    request a = desk::chat(1, 0);
    a.needs = {{skill_id{1}, 2}, {skill_id{2}, 1}};
    request b = desk::chat(2, 0);
    b.needs = {{skill_id{2}, 1}, {skill_id{1}, 1}, {skill_id{1}, 2}};
    d.at(0, request_queued{a});
    d.at(0, request_queued{b});
    const auto& seen = d.engine.requests();
    CHECK(seen[*seen.find(a.id)].lane == seen[*seen.find(b.id)].lane);
    CHECK(d.engine.who_may().lane_count() == 1);
}

TEST_CASE("a call from the past does not turn time back")
{
    desk d;
    d.agent(1);
    d.online(1, one_hour);
    d.at(one_minute, request_queued{desk::chat(1, one_minute)});
    CHECK(d.offered().why.now == one_hour);
}

TEST_CASE("the same request twice changes nothing")
{
    desk d;
    d.agent(1, 8);
    d.online(1);
    d.at(1, request_queued{desk::chat(1, 1)});
    CHECK(d.at(2, request_queued{desk::chat(1, 1)}).empty());
    CHECK(d.engine.requests().size() == 1);
}

TEST_CASE("an answer to an older offer is not taken for one to the present")
{
    desk d;
    d.agent(1);
    d.online(1);
    d.at(0, request_queued{desk::chat(1, 0)});
    d.at(20 * one_second, time_advanced{});
    d.at(80 * one_second, time_advanced{});
    REQUIRE(d.offered().attempt == 2);
    CHECK(d.at(81 * one_second, offer_accepted{request_id{1}, agent_id{1}, 1}).empty());
    const auto& seen = d.engine.requests();
    CHECK(seen[*seen.find(request_id{1})].is == phase::offered);
    d.at(82 * one_second, offer_accepted{request_id{1}, agent_id{1}, 2});
    CHECK(seen[*seen.find(request_id{1})].is == phase::active);
}

TEST_CASE("a late word about a lost assignment does not undo the one that overtook it")
{
    desk d;
    d.agent(1, 12);
    d.agent(2, 12);
    d.online(1);
    request mail = desk::chat(1, 0);
    mail.on = channel::email;
    d.at(0, request_queued{mail});
    REQUIRE_FALSE(d.offered().expires);
    d.at(1, request_assigned{request_id{1}, agent_id{2}});
    CHECK(d.at(2, offer_lost{request_id{1}, 1}).empty());
    const auto& seen = d.engine.requests();
    const request_state& r = seen[*seen.find(request_id{1})];
    CHECK(r.is == phase::active);
    CHECK(d.engine.agents()[r.agent].id == agent_id{2});
}

TEST_CASE("work that never waited fills the agent as well")
{
    desk d;
    d.agent(1);
    d.online(1);
    d.at(0, work_started{desk::chat(9, 0), agent_id{1}, 0});
    CHECK(d.at(1, request_queued{desk::chat(1, 1)}).empty());
    d.at(2, request_finished{request_id{9}});
    CHECK(d.offered().id == request_id{1});
}

TEST_CASE("an agent who is removed takes nothing along")
{
    desk d;
    d.agent(1);
    d.agent(2);
    d.online(1);
    d.at(0, request_queued{desk::chat(1, 0)});
    d.online(2);
    d.at(1, agent_removed{agent_id{1}});
    REQUIRE(d.said.size() == 2);
    CHECK(std::get<withdrawn>(d.said[0]).from == agent_id{1});
    CHECK(d.offered(1).to == agent_id{2});
    CHECK(d.at(2, presence_changed{agent_id{1}, presence::online}).empty());
    CHECK(d.at(3, request_queued{desk::chat(2, 3)}).empty());
}

TEST_CASE("after a restart the live offer rings on, the keys are the old ones, and nothing moves "
          "before the end")
{
    desk d;
    d.at(100 * one_minute, restore_began{});
    d.agent(1);
    d.agent(2);
    d.online(1, 100 * one_minute);
    d.online(2, 100 * one_minute);
    request ringing = desk::chat(1, 95 * one_minute, 100);
    ringing.congestion = 0;
    ringing.waiting_since = 95 * one_minute;
    ringing.attempts = 3;
    request waiting = desk::chat(2, 60 * one_minute, 50);
    waiting.congestion = 20 * one_minute;
    waiting.waiting_since = 60 * one_minute;
    CHECK(d.at(100 * one_minute, request_queued{ringing}).empty());
    CHECK(d.at(100 * one_minute, request_queued{waiting}).empty());
    CHECK(d.at(100 * one_minute,
               offer_restored{request_id{1}, agent_id{1}, 3, 100 * one_minute + 5 * one_second})
              .empty());
    d.at(100 * one_minute, restore_ended{});
    REQUIRE(d.said.size() == 1);
    CHECK(d.offered().id == request_id{2});
    CHECK(d.offered().to == agent_id{2});
    CHECK(d.offered().why.full_head_start == 16 * one_minute);
    CHECK(d.engine.next_due() == 100 * one_minute + 5 * one_second);
    d.at(100 * one_minute + 5 * one_second, time_advanced{});
    CHECK(std::get<withdrawn>(d.said[0]).attempt == 3);
}

TEST_CASE("a waiting customer is told a place and a wait")
{
    desk d;
    d.agent(1);
    d.agent(2);
    d.online(1);
    d.online(2);
    for (std::int64_t id = 1; id <= 12; ++id)
        d.at(id * one_second, request_queued{desk::chat(id, id * one_second)});
    // Two are offered, ten wait; two seats, six minutes each.
    const auto third = d.engine.outlook_of(request_id{3});
    REQUIRE(third);
    CHECK(third->position == 1);
    CHECK(third->expected_wait == 3 * one_minute);
    const auto last = d.engine.outlook_of(request_id{12});
    CHECK(last->position == 10);
    CHECK(last->expected_wait == 30 * one_minute);
    CHECK_FALSE(last->capped);
    // Quick work shortens the estimate; nobody online leaves none.
    d.at(20 * one_second, offer_accepted{request_id{1}, agent_id{1}, 1});
    d.at(20 * one_second, request_finished{request_id{1}});
    CHECK(d.engine.outlook_of(request_id{12})->expected_wait < 30 * one_minute);
    d.at(21 * one_second, presence_changed{agent_id{1}, presence::away});
    d.at(21 * one_second, presence_changed{agent_id{2}, presence::offline});
    CHECK_FALSE(d.engine.outlook_of(request_id{12})->expected_wait);
    CHECK_FALSE(d.engine.outlook_of(request_id{99}));
}

TEST_CASE("the place counts only those who compete for the same agents, and stops at the limit")
{
    policy rules;
    rules.longest_position = 5;
    desk d(rules);
    d.at(0, agent_defined{agent_id{1}, {{skill_id{1}, 1}}, {}, {channel::chat}, 4});
    d.at(0, agent_defined{agent_id{2}, {{skill_id{2}, 1}}, {}, {channel::chat}, 4});
    for (std::int64_t id = 1; id <= 20; ++id) {
        request r = desk::chat(id, id * one_second);
        r.needs = {{skill_id{id % 2 == 0 ? 2 : 1}, 1}};
        d.at(r.arrival, request_queued{r});
    }
    CHECK(d.engine.outlook_of(request_id{7})->position == 4);
    CHECK(d.engine.outlook_of(request_id{19})->position == 5);
    CHECK(d.engine.outlook_of(request_id{19})->capped);
}

TEST_CASE("a policy that cannot work is refused with what to mend")
{
    policy rules;
    rules.congestion_permille = 1000;
    CHECK_THROWS_WITH(engine(rules), Catch::Contains("congestion_permille must lie in"));
    rules = {};
    rules.of(channel::email).target = 0;
    CHECK_THROWS_WITH(engine(rules), Catch::Contains("target of email"));
    rules = {};
    rules.ring_at = {100, 100, 400};
    CHECK_THROWS_WITH(engine(rules), Catch::Contains("ring_at"));
}
