#include "crm/request.hpp"

#include "crm/base/problem.hpp"
#include "tests/support/builders.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace crm;
using namespace std::chrono_literals;

namespace {

/// A house with one conversation that waits for an answer.
struct waiting_house : test::house
{
    conversation talk = open(add(test::a_customer()));
    agent_id bob = add_agent("Bob");
    request_id one =
        run([&](transaction& tx, context& as) {
            request wanted;
            wanted.conversation = talk.id;
            wanted.place_us = as.now.us - 100;
            wanted.skills = {{.skill = skill_id{7}, .level = 2}, {.skill = skill_id{8}}};
            return requests::enqueue(tx, as, wanted);
        }).id;

    request state() { return *requests::find(db(), one); }
    bool offer(agent_id to, std::int64_t epoch = 0)
    {
        return run([&](transaction& tx, context& as) {
            decision why;
            why.agent = to;
            why.consumed = 12;
            why.policy = 3;
            why.score = 86;
            why.reasons = R"([{"code":"language"}])";
            return requests::offer(tx, as, one, why, as.now + 20s, epoch);
        });
    }
    bool accept(agent_id who)
    {
        return run([&](transaction& tx, context& as) { return requests::accept(tx, as, one, who); }
        );
    }
    bool decline(agent_id who, request_reason why = request_reason::declined)
    {
        return run([&](transaction& tx, context& as) {
            return requests::decline(tx, as, one, who, why);
        });
    }
};

} // namespace

TEST_CASE("a request waits, is offered, is accepted, and the conversation shows it")
{
    waiting_house h;
    CHECK(h.state().state == request_state::waiting);
    CHECK(h.state().skills == std::vector<needed_skill>{{skill_id{7}, 2}, {skill_id{8}, 1}});
    CHECK(h.now(h.talk).request_state == request_state::waiting);
    CHECK(h.offer(h.ann));
    CHECK(h.state().agent == h.ann);
    CHECK(h.state().offer_expires == h.time.now() + 20s);
    CHECK(requests::of_agent(h.db(), h.ann).size() == 1);
    CHECK(h.accept(h.ann));
    CHECK(h.state().state == request_state::active);
    CHECK(h.now(h.talk).assignee == h.ann);
    CHECK(h.now(h.talk).request_state == request_state::active);
    const auto why = requests::decisions(h.db(), h.talk.id, 10);
    REQUIRE(why.size() == 1);
    CHECK(why[0].outcome == request_reason::answered);
    CHECK(why[0].consumed == 12);
    CHECK(why[0].policy == 3);
    CHECK(why[0].reasons == R"([{"code":"language"}])");
    h.run([&](transaction& tx, context& as) {
        CHECK(requests::close(tx, as, h.one, request_reason::resolved));
    });
    CHECK_FALSE(h.now(h.talk).request_state);
    CHECK(requests::open(h.db(), {}, 10).empty());
}

TEST_CASE("a conversation has one request that is not over")
{
    waiting_house h;
    const auto again = [&] {
        return h.run([&](transaction& tx, context& as) {
            request wanted;
            wanted.conversation = h.talk.id;
            return requests::enqueue(tx, as, wanted).id;
        });
    };
    CHECK_THROWS_AS(again(), problem);
    h.run([&](transaction& tx, context& as) {
        requests::close(tx, as, h.one, request_reason::customer_left);
    });
    CHECK(h.state().state == request_state::abandoned);
    CHECK(again() != h.one);
}

TEST_CASE("only whom it is offered to may take it, and only once")
{
    waiting_house h;
    CHECK_FALSE(h.accept(h.ann));
    h.offer(h.ann);
    CHECK_FALSE(h.accept(h.bob));
    CHECK_FALSE(h.decline(h.bob));
    CHECK_FALSE(h.offer(h.bob));
    CHECK(h.accept(h.ann));
    CHECK_FALSE(h.accept(h.ann));
    CHECK_FALSE(h.decline(h.ann));
}

TEST_CASE("who declines or misses is left out, and the request keeps its place")
{
    waiting_house h;
    const auto place = h.state().place_us;
    h.offer(h.ann);
    CHECK(h.decline(h.ann));
    h.offer(h.bob);
    CHECK(h.decline(h.bob, request_reason::missed));
    const auto now = h.state();
    CHECK(now.state == request_state::waiting);
    CHECK(now.place_us == place);
    CHECK(now.offers == 2);
    CHECK(now.excluded.size() == 2);
    CHECK(h.base.news.back().what == happening::offer_expired);
    const auto why = requests::decisions(h.db(), h.talk.id, 10);
    REQUIRE(why.size() == 2);
    CHECK(why[0].outcome == request_reason::missed);
    CHECK(why[1].outcome == request_reason::declined);
}

TEST_CASE("a withdrawn offer leaves nobody out, a requeued one frees its agent")
{
    waiting_house h;
    h.offer(h.ann);
    h.run([&](transaction& tx, context& as) { CHECK(requests::withdraw(tx, as, h.one)); });
    CHECK(h.state().excluded.empty());
    h.offer(h.ann);
    h.accept(h.ann);
    h.run([&](transaction& tx, context& as) {
        CHECK(requests::requeue(tx, as, h.one, request_reason::agent_left));
    });
    CHECK(h.state().state == request_state::waiting);
    CHECK(raw(h.state().agent) == 0);
    CHECK(raw(h.now(h.talk).assignee) == 0);
}

TEST_CASE("a request is re-keyed upward only, and its ring only grows")
{
    waiting_house h;
    const auto place = h.state().place_us;
    const auto rekey = [&](std::int64_t to) {
        return h.run([&](transaction& tx, context& as) {
            return requests::rekey(tx, as, h.one, to, 5, 90, snapshot_id{4});
        });
    };
    const auto relax = [&](int ring) {
        return h.run([&](transaction& tx, context& as) {
            return requests::relax(tx, as, h.one, ring);
        });
    };
    CHECK_FALSE(rekey(place + 1));
    CHECK_FALSE(rekey(place));
    CHECK(rekey(place - 1));
    CHECK(h.state().score == 90);
    CHECK(relax(2));
    CHECK_FALSE(relax(1));
    h.offer(h.ann);
    CHECK_FALSE(rekey(place - 9));
    CHECK_FALSE(relax(3));
}

TEST_CASE("a dispatcher whose lease is past changes nothing")
{
    waiting_house h;
    const auto hold = [&](std::int64_t holder) {
        return h.run([&](transaction& tx, context& as) {
            return requests::hold(tx, as, "dispatcher", holder, 10s);
        });
    };
    const auto first = hold(1);
    REQUIRE(first);
    CHECK(first->epoch == 1);
    CHECK_FALSE(hold(2));
    h.pass(5s);
    CHECK(hold(1)->epoch == 1);
    h.pass(11s);
    const auto second = hold(2);
    REQUIRE(second);
    CHECK(second->epoch == 2);
    CHECK_FALSE(h.offer(h.ann, first->epoch));
    CHECK(h.state().state == request_state::waiting);
    CHECK(h.offer(h.ann, second->epoch));
}

TEST_CASE(
    "whatever is tried in whatever order, a request is in one state and at most one offer lives"
)
{
    waiting_house h;
    std::mt19937 random{5};
    for (int i = 0; i < 600; ++i) {
        const request before = h.state();
        const agent_id who = random() % 2 == 0 ? h.ann : h.bob;
        bool moved = false;
        switch (random() % 6) {
        case 0:
            moved = h.offer(who);
            CHECK(moved == (before.state == request_state::waiting));
            break;
        case 1:
            moved = h.accept(who);
            CHECK(moved == (before.state == request_state::offered && before.agent == who));
            break;
        case 2:
            moved = h.decline(who);
            CHECK(moved == (before.state == request_state::offered && before.agent == who));
            break;
        case 3:
            moved = h.run([&](transaction& tx, context& as) {
                return requests::withdraw(tx, as, h.one);
            });
            CHECK(moved == (before.state == request_state::offered));
            break;
        case 4:
            moved = h.run([&](transaction& tx, context& as) {
                return requests::requeue(tx, as, h.one, request_reason::agent_left);
            });
            CHECK(moved == (before.state == request_state::active));
            break;
        default:
            moved = h.run([&](transaction& tx, context& as) {
                return requests::take(tx, as, h.one, who);
            });
            CHECK(moved == (before.state == request_state::waiting));
        }
        const request after = h.state();
        if (!moved)
            CHECK(after.state == before.state);
        CHECK((after.state == request_state::waiting) == (raw(after.agent) == 0));
        CHECK(h.now(h.talk).request_state == after.state);
        CHECK(
            h.count("decisions", "outcome = 0") == (after.state == request_state::offered ? 1 : 0)
        );
    }
}
