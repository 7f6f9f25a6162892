#include "routing/replay.hpp"
#include "tests/store/routing/contact_center.hpp"

#include <catch2/catch.hpp>
#include <functional>

using namespace routing;
using namespace routing::test;
using crm::happening;
using crm::test::backend;

namespace {

policy hasty_policy()
{
    policy rules;
    rules.of(channel::chat).offer_time = one_second / 4;
    rules.of(channel::chat).pause_after_decline = 2 * one_second;
    return rules;
}

std::string text_of(const std::vector<decision>& decisions)
{
    std::string text;
    for (const decision& one : decisions)
        text += to_text(one) + "\n";
    return text;
}

} // namespace

TEST_CASE("a message is offered at once to the agent who has room, and accepted it is theirs")
{
    contact_center house{GENERATE(from_range(crm::test::backends()))};
    const auto ann = house.agent("ann");
    house.online(ann);
    const auto first = house.say("ada", "Where is my order?");
    REQUIRE(house.offers().size() == 1);
    CHECK(house.offers()[0].agent == ann);
    CHECK(house.offers()[0].conversation == first.conversation);
    house.accept(ann, house.offers()[0].request);
    const auto where = house.base.read([&](crm::db::connection& on) {
        return crm::conversations::need(on, first.conversation);
    });
    CHECK(where.assignee == ann);
    CHECK(where.request_state == crm::request_state::active);
    CHECK(house.dispatcher->load_of(ann).used == 4);
    // Pressing the button twice is no mistake; somebody else's late press is.
    house.accept(ann, house.offers()[0].request);
    const auto bob = house.agent("bob");
    CHECK_THROWS_AS(house.accept(bob, house.offers()[0].request), crm::problem);
}

TEST_CASE("a customer with orders is served before one who came earlier without")
{
    contact_center house;
    const auto ann = house.agent("ann");
    house.online(ann);
    const auto busy = house.say("first", "hello");
    house.accept(ann, house.offers().at(0).request);
    const auto stranger = house.say("stranger", "anybody there?");
    const auto before = house.say("buyer", "just looking");
    house.resolve(ann, house.request_of(busy.conversation).conversation);
    // ann is offered the stranger first: nobody knew more than that both are new
    CHECK(house.offers().at(1).conversation == stranger.conversation);
    house.accept(ann, house.offers().at(1).request);

    house.order(before.customer, 200'000);
    const auto later = house.say("late stranger", "me too");
    CHECK(house.request_of(before.conversation).head_start_us > 60 * one_second);
    CHECK(house.request_of(later.conversation).head_start_us == 0);
    // known before the first word: an even greater head start, for a newcomer in the line
    house.resolve(ann, stranger.conversation);
    CHECK(house.offers().at(2).conversation == before.conversation);
    const auto why = house.base.read([&](crm::db::connection& on) {
        return crm::requests::decisions(on, before.conversation, 1);
    });
    REQUIRE(why.size() == 1);
    CHECK(why[0].score > 50);
    CHECK(why[0].runner_up == house.request_of(later.conversation).id);
    CHECK(why[0].consumed > 0);
    CHECK(why[0].policy == 1);
    CHECK(why[0].reasons.find("\"value\"") != std::string::npos);
    CHECK(house.count(happening::request_rekeyed) == 1);
}

TEST_CASE("declined goes to a colleague, ignored goes on and twice ignored sets away")
{
    contact_center house{backend::sqlite, hasty_policy()};
    const auto ann = house.agent("ann");
    const auto bob = house.agent("bob");
    house.online(ann);
    house.online(bob);
    const auto first = house.say("ada", "hello");
    REQUIRE(house.offers().size() == 1);
    CHECK(house.offers()[0].agent == ann);
    house.decline(ann, house.offers()[0].request);
    CHECK(house.offers().at(1).agent == bob);
    // bob does not look; nobody else may be asked until ann's pause is over
    house.base.run_until([&] { return house.count(happening::offer_expired) == 1; });
    house.until_offers(3);
    CHECK(
        house.request_of(first.conversation).place_us +
            house.request_of(first.conversation).head_start_us ==
        house.request_of(first.conversation).enqueued.us
    );
    house.base.run_until([&] { return house.count(happening::offer_expired) >= 3; });
    house.settle();
    const auto agents =
        house.base.read([](crm::db::connection& on) { return crm::staff::agents(on); });
    CHECK(std::any_of(agents.begin(), agents.end(), [](const crm::agent& one) {
        return one.presence == crm::presence::away;
    }));
}

TEST_CASE("an agent has as many chats as units allow, and the next comes when one is over")
{
    contact_center house;
    const auto ann = house.agent("ann", 8);
    house.online(ann);
    const auto one = house.say("v1", "hello");
    house.say("v2", "hello");
    const auto three = house.say("v3", "hello");
    REQUIRE(house.offers().size() == 2);
    house.accept(ann, house.offers()[0].request);
    house.accept(ann, house.offers()[1].request);
    const auto place = house.dispatcher->place_of(three.conversation);
    REQUIRE(place);
    CHECK(place->position == 1);
    CHECK(place->expected_wait);
    REQUIRE(house.dispatcher->lines().size() == 1);
    CHECK(house.dispatcher->lines()[0].waiting == 1);
    CHECK(house.dispatcher->anyone_for(house.inbox));
    house.resolve(ann, one.conversation);
    CHECK(house.offers().at(2).conversation == three.conversation);
    // The customer writes again: first to ann, who had the conversation.
    house.accept(ann, house.offers()[2].request);
    house.say("v1", "one more thing");
    CHECK(house.request_of(one.conversation).preferred == ann);
    CHECK(house.offers().size() == 3);
}

TEST_CASE("an offer that loses to an assignment by hand is taken back")
{
    contact_center house;
    const auto ann = house.agent("ann");
    const auto bob = house.agent("bob");
    const auto waiting = house.say("ada", "hello");
    // The assignment enters the writer's queue in the moment in which ann's presence is told,
    // before the dispatcher can store its offer.
    bool given = false;
    std::shared_ptr<crm::test::outcome<int>> assigned;
    const auto hook = house.base.store().on_news([&](std::span<const crm::log_entry> news) {
        for (const crm::log_entry& one : news) {
            if (one.what != happening::presence_changed || given)
                continue;
            given = true;
            assigned = house.base.start([by = house.acting(),
                                         where = waiting.conversation,
                                         bob,
                                         measure = house.dispatcher->present_terms(
                                         )](crm::transaction& tx) {
                auto now = by;
                verbs::assign(tx, now, where, bob, measure);
                return 1;
            });
        }
    });
    house.restart(); // so that the dispatcher hears after the hook
    house.online(ann);
    house.base.run_until([&] { return assigned && assigned->is_done(); });
    house.settle();
    CHECK(house.offers().empty());
    CHECK(house.count(happening::offer_withdrawn) == 1);
    CHECK(house.request_of(waiting.conversation).agent == bob);
    CHECK(house.dispatcher->load_of(ann).used == 0);
    CHECK(house.dispatcher->load_of(bob).used == 4);
    // ann is free for the next one
    house.say("eve", "hello");
    CHECK(house.offers().at(0).agent == ann);
}

TEST_CASE("a restart in the middle of an offer changes nothing for agent and customer")
{
    contact_center house;
    const auto ann = house.agent("ann");
    house.online(ann);
    const auto first = house.say("ada", "hello");
    const auto second = house.say("bea", "hello");
    REQUIRE(house.offers().size() == 1);
    house.restart();
    CHECK(house.offers().size() == 1);
    CHECK(house.dispatcher->load_of(ann).used == 4);
    CHECK(house.dispatcher->place_of(second.conversation)->position == 1);
    house.accept(ann, house.offers()[0].request);
    CHECK(house.request_of(first.conversation).state == crm::request_state::active);
    house.restart();
    house.resolve(ann, first.conversation);
    CHECK(house.offers().at(1).conversation == second.conversation);
}

TEST_CASE("after a restart an agent counts as here for the grace period, and then no more")
{
    contact_center house;
    const auto ann = house.agent("ann");
    const auto bob = house.agent("bob");
    house.online(ann);
    house.online(bob);
    house.how.presence_grace = std::chrono::milliseconds{200};
    house.restart();
    house.dispatcher->connected(ann, true);
    CHECK(house.count(happening::presence_changed) == 2);
    house.base.run_until([&] { return house.count(happening::presence_changed) == 3; });
    house.settle();
    house.say("ada", "hello");
    CHECK(house.offers().at(0).agent == ann);
    // coming back brings the presence back
    house.dispatcher->connected(bob, true);
    house.base.run_until([&] { return house.count(happening::presence_changed) == 4; });
    house.settle();
    house.say("eve", "hello");
    CHECK(house.offers().at(1).agent == bob);
}

TEST_CASE("the log decides again what was decided, to the last byte")
{
    contact_center house{backend::sqlite, hasty_policy()};
    const auto ann = house.agent("ann", 8);
    const auto bob = house.agent("bob", 4);
    house.online(ann);
    const auto one = house.say("v1", "hello");
    const auto two = house.say("v2", "hello");
    house.say("v3", "hello");
    house.accept(ann, house.offers().at(0).request);
    house.decline(ann, house.offers().at(1).request);
    house.order(two.customer, 300'000);
    house.online(bob);
    house.base.run_until([&] { return house.count(happening::offer_expired) >= 2; });
    house.resolve(ann, one.conversation);
    house.say("v4", "hello");
    house.settle();
    house.dispatcher->stop();

    const std::int64_t until = house.base.store().position();
    const auto again = house.base.read([&](crm::db::connection& on) {
        return replay(on, house.how.rules, until);
    });
    REQUIRE(house.decided.size() > 8);
    CHECK(text_of(again) == text_of(house.decided));
}

TEST_CASE("an agent who comes back while the absence is being stored is present again")
{
    contact_center house;
    house.how.presence_grace = std::chrono::milliseconds{50};
    house.restart();
    const auto ann = house.agent("ann");
    house.dispatcher->connected(ann, true);
    house.online(ann);
    const auto gate = house.base.hold_writer();
    house.dispatcher->connected(ann, false);
    const auto later = std::chrono::steady_clock::now() + std::chrono::milliseconds{200};
    house.base.run_until([&] { return std::chrono::steady_clock::now() > later; });
    house.dispatcher->connected(ann, true);
    gate->set_value();
    const auto is_back = [&] {
        // Gone and back again: twice told.
        return house.count(happening::presence_changed) >= 3;
    };
    house.base.run_until(is_back);
    house.settle();
    const auto now = house.base.read([ann](crm::db::connection& on) {
        return crm::staff::find_agent(on, ann)->presence;
    });
    CHECK(now == crm::presence::available);
    house.say("ada", "hello");
    REQUIRE(house.offers().size() == 1);
    CHECK(house.offers()[0].agent == ann);
}

TEST_CASE("who runs the house without answering customers is offered nothing")
{
    contact_center house;
    const auto boss = house.agent("boss");
    house.base.write([by = house.acting(), boss](crm::transaction& tx) {
        auto now = by;
        crm::staff::agent_change wanted;
        wanted.roles = std::vector<crm::grant>{{.role = crm::role::admin}};
        crm::staff::change_agent(tx, now, boss, wanted);
    });
    house.settle();
    house.online(boss);
    house.say("ada", "hello");
    CHECK(house.offers().empty());
    CHECK_FALSE(house.dispatcher->anyone_for(house.inbox));
    house.base.write([by = house.acting(), boss](crm::transaction& tx) {
        auto now = by;
        crm::staff::agent_change wanted;
        wanted.roles =
            std::vector<crm::grant>{{.role = crm::role::admin}, {.role = crm::role::agent}};
        crm::staff::change_agent(tx, now, boss, wanted);
    });
    house.until_offers(1);
    CHECK(house.offers()[0].agent == boss);
}

TEST_CASE("a restart reads a long line page by page, and loses nobody")
{
    contact_center house{GENERATE(from_range(crm::test::backends()))};
    constexpr int waiting = 1'100;
    for (int from = 1; from <= waiting; from += 100)
        house.base.write([from,
                          inbox = house.inbox,
                          now = house.base.time.now()](crm::transaction& tx) {
            for (int id = from; id < from + 100; ++id)
                tx.exec(
                    "INSERT INTO requests (id, conversation_id, inbox_id, customer_id, channel,"
                    " team_id, skills, preferred_agent_id, state, enqueued_at, due_at, place_us,"
                    " head_start_us, congestion_us, score, value_snapshot_id, boost, ring,"
                    " agent_id, offered_at, offer_expires_at, accepted_at, closed_at,"
                    " close_reason, offers, updated_at, revision) VALUES (?, ?, ?, ?, 1, 0, '', 0,"
                    " 1, ?, 0, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)",
                    {id, id, inbox, id, now, now}
                );
        });
    house.restart();
    REQUIRE(house.dispatcher->lines().size() == 1);
    CHECK(house.dispatcher->lines()[0].waiting == waiting);
}

TEST_CASE("offers that ring out at once end in several jobs, each of them once")
{
    policy rules = hasty_policy();
    rules.misses_before_away = 1'000;
    contact_center house{crm::test::backend::sqlite, rules};
    const auto ann = house.agent("ann", 100);
    house.online(ann);
    constexpr int customers = 25;
    for (int i = 0; i < customers; ++i)
        house.say("visitor " + std::to_string(i), "hello");
    house.presence(ann, crm::presence::away);
    // All at once: the first offers of a batch that is committed whole.
    house.online(ann);
    const auto before = house.count(happening::offer_expired);
    const auto gate = house.base.hold_writer();
    const auto later = std::chrono::steady_clock::now() + std::chrono::milliseconds{600};
    house.base.run_until([&] { return std::chrono::steady_clock::now() > later; });
    gate->set_value();
    house.base.run_until([&] { return house.count(happening::offer_expired) >= before + customers; }
    );
    house.presence(ann, crm::presence::away);
    const auto left =
        house.base.read([](crm::db::connection& on) { return crm::requests::open(on, {}, 100); });
    REQUIRE(left.size() == customers);
    for (const crm::request& one : left)
        CHECK(one.state == crm::request_state::waiting);
}
