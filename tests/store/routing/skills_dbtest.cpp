#include "routing/wheel.hpp"
#include "tests/store/routing/contact_center.hpp"

#include <catch2/catch.hpp>

using namespace routing;
using namespace routing::test;
using namespace std::chrono_literals;

namespace {

/// Rings widen after 0.3, 0.6 and 1.2 s.
policy short_waits()
{
    policy rules;
    rules.of(channel::chat).target = 3 * one_second / 10;
    return rules;
}

struct skilled_center : contact_center
{
    explicit skilled_center(crm::test::backend on = crm::test::backend::sqlite)
        : contact_center{on, short_waits()}
    {
        std::tie(chinese, refunds) = base.write([by = acting()](crm::transaction& tx) {
            auto now = by;
            return std::tuple{
                crm::staff::create_skill(tx, now, "Chinese", "zh").id,
                crm::staff::create_skill(tx, now, "Refunds").id
            };
        });
        settle();
    }

    void teach(crm::agent_id who, std::vector<crm::agent_skill> skills)
    {
        base.write([by = acting(), who, skills](crm::transaction& tx) {
            auto now = by;
            crm::staff::agent_change wanted;
            wanted.skills = skills;
            crm::staff::change_agent(tx, now, who, wanted);
        });
        settle();
    }
    void need(std::vector<crm::inbox_skill> skills, crm::language_need language)
    {
        base.write([by = acting(), which = inbox, skills, language](crm::transaction& tx) {
            auto now = by;
            crm::inbox changed = *crm::inboxes::find(tx.db(), which);
            changed.skills = skills;
            changed.language = language;
            crm::inboxes::change(tx, now, changed, changed.revision);
        });
        settle();
    }
    received say_in(const std::string& locale, const std::string& visitor)
    {
        incoming what;
        what.inbox = inbox;
        what.who = {.kind = crm::actor_kind::customer, .by = crm::via::widget};
        what.visitor_key = crm::to_hex(crm::sha256(visitor));
        what.text = "你好";
        what.locale = locale;
        const received done = run(board->receive(what));
        settle();
        return done;
    }

    crm::skill_id chinese{};
    crm::skill_id refunds{};
};

} // namespace

TEST_CASE("who does not speak the customer's language is asked only when the wait has grown long")
{
    skilled_center house{GENERATE(from_range(crm::test::backends()))};
    house.need({}, crm::language_need::wanted);
    const auto ann = house.agent("ann");
    house.online(ann);
    const auto asked = house.say_in("zh-CN", "lin");
    CHECK(
        house.request_of(asked.conversation).skills ==
        std::vector<crm::needed_skill>{{house.chinese, 1, true}}
    );
    CHECK(house.offers().empty());
    // An English customer is hers at once.
    house.say_in("en-GB", "ada");
    REQUIRE(house.offers().size() == 1);
    CHECK(house.offers()[0].conversation != asked.conversation);
    house.accept(ann, house.offers()[0].request);
    const auto bob = house.agent("bob");
    house.online(bob);
    house.until_offers(2);
    CHECK(house.offers()[1].conversation == asked.conversation);
    CHECK(house.count(crm::happening::ring_relaxed) >= 1);
    CHECK(house.request_of(asked.conversation).ring >= 2);
}

TEST_CASE("a required skill is never given up, a level is")
{
    skilled_center house;
    house.need(
        {{.what = {.skill = house.refunds, .level = 4}, .over = crm::channel::web}},
        crm::language_need::required
    );
    const auto ann = house.agent("ann");
    const auto bob = house.agent("bob");
    house.teach(ann, {{.skill = house.chinese}});
    house.teach(bob, {{.skill = house.chinese}, {.skill = house.refunds, .level = 2}});
    house.online(ann);
    house.online(bob);
    const auto asked = house.say_in("zh-CN", "lin");
    CHECK(house.offers().empty());
    house.until_offers(1);
    CHECK(house.offers()[0].agent == bob);
    CHECK(house.request_of(asked.conversation).ring == 1);
}

TEST_CASE("a skill counts until it expires, and no longer")
{
    skilled_center house;
    house.need({{.what = {.skill = house.refunds}}}, crm::language_need::none);
    const auto wheel =
        routing::wheel::make(house.base.io, house.base.store(), house.base.time, *house.board);
    wheel->start();
    const auto ann = house.agent("ann", 8);
    const auto expires = house.base.time.now() + 600ms;
    house.teach(ann, {{.skill = house.refunds, .level = 3, .expires = expires}});
    const auto told = house.count(crm::happening::skill_changed);
    house.online(ann);
    house.say("ada", "hello");
    REQUIRE(house.offers().size() == 1);
    house.accept(ann, house.offers()[0].request);
    house.base.run_until([&] { return house.count(crm::happening::skill_changed) > told; });
    CHECK(house.base.time.now() >= expires);
    house.settle();
    house.say("bea", "hello");
    CHECK(house.offers().size() == 1);
    wheel->stop();
}
