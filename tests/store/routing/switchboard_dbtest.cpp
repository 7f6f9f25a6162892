#include "crm/timeline_pages.hpp"
#include "tests/store/routing/contact_center.hpp"

#include <catch2/catch.hpp>
#include <functional>

using namespace routing;
using namespace routing::test;
using crm::happening;

namespace {

crm::conversation state_of(contact_center& house, crm::conversation_id which)
{
    return house.base.read([which](crm::db::connection& on) {
        return crm::conversations::need(on, which);
    });
}

crm::errc refused(const std::function<void()>& what)
{
    try {
        what();
    } catch (const crm::problem& why) {
        return why.code();
    }
    return crm::errc::internal;
}

} // namespace

TEST_CASE("a visitor is one customer with one conversation, and a message sent twice is one")
{
    contact_center house{GENERATE(from_range(crm::test::backends()))};
    const auto first = house.say("ada", "hello", "c1");
    const auto again = house.say("ada", "hello", "c1");
    CHECK(again.repeated);
    CHECK(again.entry == first.entry);
    CHECK(again.seq == first.seq);
    const auto more = house.say("ada", "and this", "c2");
    CHECK(more.customer == first.customer);
    CHECK(more.conversation == first.conversation);
    CHECK(more.public_seq == first.public_seq + 1);
    CHECK(more.position > first.position);
    CHECK(house.say("bea", "hello", "c1").customer != first.customer);
    CHECK(house.count(happening::request_enqueued) == 2);
    CHECK(refused([&] { house.say("ada", "  "); }) == crm::errc::invalid);
}

TEST_CASE("a reply that overlooks a colleague's is refused, and sent when insisted on")
{
    contact_center house;
    const auto ann = house.agent("ann");
    const auto bob = house.agent("bob");
    const auto asked = house.say("ada", "hello");
    const auto answered = house.reply(ann, asked.conversation, asked.seq);
    CHECK(state_of(house, asked.conversation).assignee == ann);
    CHECK(refused([&] {
              house.reply(bob, asked.conversation, asked.seq);
          }) == crm::errc::stale_reply);
    outgoing insisted;
    insisted.who = contact_center::agent_actor(bob);
    insisted.conversation = asked.conversation;
    insisted.text = "Still.";
    insisted.base = asked.seq;
    insisted.force = true;
    CHECK(house.run(house.board->reply(insisted)).public_seq == answered.public_seq + 1);
    CHECK(state_of(house, asked.conversation).assignee == ann);
}

TEST_CASE("a note is seen by nobody outside and takes no number there")
{
    contact_center house;
    const auto ann = house.agent("ann");
    const auto asked = house.say("ada", "hello");
    outgoing note;
    note.who = contact_center::agent_actor(ann);
    note.conversation = asked.conversation;
    note.text = "Looks like a loose cable.";
    note.mentions = {ann};
    const auto noted = house.run(house.board->note(note));
    CHECK(noted.public_seq == 0);
    CHECK(house.say("ada", "still there?").public_seq == asked.public_seq + 1);
}

TEST_CASE("who resolves has room again, and reopening brings the conversation back to its agent")
{
    contact_center house;
    const auto ann = house.agent("ann");
    house.online(ann);
    const auto asked = house.say("ada", "hello");
    house.accept(ann, house.offers().at(0).request);
    house.resolve(ann, asked.conversation);
    CHECK(house.dispatcher->load_of(ann).used == 0);
    house.say("ada", "it broke again");
    CHECK(state_of(house, asked.conversation).status == crm::conversation_status::open);
    CHECK(house.offers().at(1).agent == ann);
}

TEST_CASE("a transfer keeps the place in the line and asks the named agent first")
{
    contact_center house;
    const auto ann = house.agent("ann");
    const auto bob = house.agent("bob");
    house.online(ann);
    const auto asked = house.say("ada", "hello");
    house.accept(ann, house.offers().at(0).request);
    const auto before = house.request_of(asked.conversation);
    house.online(bob);
    house.run(house.board->transfer(
        contact_center::agent_actor(ann),
        asked.conversation,
        {.to_agent = bob, .to_team = {}, .note = "knows the model"}
    ));
    house.settle();
    const auto after = house.request_of(asked.conversation);
    CHECK(after.id != before.id);
    CHECK(after.place_us == before.place_us);
    CHECK(house.offers().at(1).agent == bob);
    CHECK(house.dispatcher->load_of(ann).used == 0);
    CHECK(crm::raw(state_of(house, asked.conversation).assignee) == 0);
    CHECK(refused([&] {
              house.run(
                  house.board->transfer(contact_center::agent_actor(ann), asked.conversation, {})
              );
          }) == crm::errc::invalid);
}

TEST_CASE("a customer handed on to somebody who is away waits for that one, not for the sender")
{
    contact_center house;
    const auto ann = house.agent("ann");
    const auto bob = house.agent("bob");
    house.online(ann);
    const auto asked = house.say("ada", "hello");
    house.accept(ann, house.offers().at(0).request);
    const auto before = house.request_of(asked.conversation);
    const auto hand_on = [&](bool only_if_free) {
        house.run(house.board->transfer(
            contact_center::agent_actor(ann),
            asked.conversation,
            {.to_agent = bob, .to_team = {}, .note = {}, .only_if_free = only_if_free}
        ));
        house.settle();
    };
    try {
        hand_on(true);
        FAIL("was not refused");
    } catch (const crm::problem& why) {
        CHECK(why.code() == crm::errc::conflict);
        CHECK(std::string{why.what()}.find("bob is offline now") == 0);
    }
    CHECK(house.request_of(asked.conversation).id == before.id);

    hand_on(false);
    const auto waits = house.request_of(asked.conversation);
    CHECK(waits.place_us == before.place_us);
    CHECK(house.offers().size() == 1);
    const auto shown = state_of(house, asked.conversation);
    CHECK(shown.waits_for == bob);
    CHECK(shown.waits_until == waits.hold_until);
    CHECK((waits.hold_until - waits.enqueued) == std::chrono::minutes{5});

    SECTION("the colleague comes")
    {
        house.online(bob);
        house.until_offers(2);
        CHECK(house.offers().at(1).agent == bob);
        CHECK(crm::raw(state_of(house, asked.conversation).waits_for) == 0);
    }
    SECTION("the house starts again meanwhile, and then the colleague comes")
    {
        house.restart();
        house.settle();
        CHECK(house.offers().size() == 1);
        house.online(bob);
        house.until_offers(2);
        CHECK(house.offers().at(1).agent == bob);
    }
}

TEST_CASE("nothing is handed on to somebody who could not see it")
{
    contact_center house;
    const auto ann = house.agent("ann");
    const auto nora = house.agent("nora");
    const auto ivan = house.agent("ivan");
    house.base.write([by = house.acting(), nora, ivan](crm::transaction& tx) {
        auto now = by;
        crm::inbox other;
        other.name = "Other";
        other.slug = "other";
        const auto elsewhere = crm::inboxes::create(tx, now, other).id;
        crm::staff::agent_change narrow;
        narrow.roles = {{.role = crm::role::agent, .inbox = elsewhere, .team = {}}};
        crm::staff::change_agent(tx, now, nora, narrow);
        narrow.roles = {{.role = crm::role::analyst, .inbox = {}, .team = {}}};
        crm::staff::change_agent(tx, now, ivan, narrow);
    });
    const auto asked = house.say("ada", "hello");
    const auto before = house.request_of(asked.conversation);
    for (const auto whom : {nora, ivan})
        CHECK(refused([&] {
                  house.run(house.board->transfer(
                      contact_center::agent_actor(ann),
                      asked.conversation,
                      {.to_agent = whom, .to_team = {}, .note = {}}
                  ));
              }) == crm::errc::conflict);
    CHECK(house.request_of(asked.conversation).id == before.id);
}

TEST_CASE("when the wait for a colleague is over somebody else is asked, not the sender")
{
    policy rules;
    rules.transfer_hold = one_second / 5;
    contact_center house{crm::test::backend::sqlite, rules};
    const auto ann = house.agent("ann");
    const auto bob = house.agent("bob");
    const auto eve = house.agent("eve");
    house.online(ann);
    const auto asked = house.say("ada", "hello");
    house.accept(ann, house.offers().at(0).request);
    const auto before = house.request_of(asked.conversation);
    house.online(eve);
    house.run(house.board->transfer(
        contact_center::agent_actor(ann),
        asked.conversation,
        {.to_agent = bob, .to_team = {}, .note = {}}
    ));
    house.until_offers(2);
    CHECK(house.offers().at(1).agent == eve);
    CHECK(house.request_of(asked.conversation).place_us == before.place_us);
}

TEST_CASE("assigning to nobody lets the conversation wait again")
{
    contact_center house;
    const auto ann = house.agent("ann");
    const auto bob = house.agent("bob");
    const auto asked = house.say("ada", "hello");
    const auto by = contact_center::agent_actor(ann);
    house.run(house.board->assign(by, asked.conversation, bob));
    house.settle();
    CHECK(house.request_of(asked.conversation).agent == bob);
    house.run(house.board->assign(by, asked.conversation, ann));
    house.settle();
    CHECK(house.request_of(asked.conversation).agent == ann);
    CHECK(house.dispatcher->load_of(bob).used == 0);
    house.run(house.board->assign(by, asked.conversation, std::nullopt));
    house.settle();
    CHECK(house.request_of(asked.conversation).state == crm::request_state::waiting);
    CHECK(crm::raw(state_of(house, asked.conversation).assignee) == 0);
}

TEST_CASE("a customer who ends the chat before anyone came has abandoned the line")
{
    contact_center house;
    const auto asked = house.say("ada", "hello");
    const crm::actor ada{
        .kind = crm::actor_kind::customer,
        .id = crm::raw(asked.customer),
        .by = crm::via::widget,
        .address = {}
    };
    house.run(house.board->set_status(
        ada, asked.conversation, crm::conversation_status::resolved, std::nullopt
    ));
    house.settle();
    CHECK(house.count(happening::request_abandoned) == 1);
    CHECK_FALSE(house.dispatcher->place_of(asked.conversation));
}

TEST_CASE("what a visitor said is not said again when it is sent again as somebody known")
{
    contact_center house{GENERATE(from_range(crm::test::backends()))};
    const auto first = house.say("ada", "hello", "c1");
    incoming known;
    known.inbox = house.inbox;
    known.who = {.kind = crm::actor_kind::customer, .by = crm::via::widget};
    known.identity_kind = "email";
    known.identity_address = "ada@example.com";
    known.verified = true;
    known.text = "hello";
    known.cid = "c0";
    const auto before = house.run(house.board->receive(known));
    CHECK(before.customer != first.customer);
    house.base.write(
        [by = house.acting(), one = before.customer, other = first.customer](crm::transaction& tx) {
            auto now = by;
            crm::customers::merge(tx, now, one, other);
        }
    );
    known.cid = "c1";
    const auto again = house.run(house.board->receive(known));
    CHECK(again.repeated);
    CHECK(again.entry == first.entry);
    known.cid = "c2";
    CHECK_FALSE(house.run(house.board->receive(known)).repeated);
    house.settle();
}

TEST_CASE("a conversation that the house begins is somebody's work at once, or waits in line")
{
    contact_center house{GENERATE(from_range(crm::test::backends()))};
    const auto ann = house.agent("ann");
    const auto asked = house.say("ada", "hello");
    house.resolve(ann, asked.conversation);
    const auto begin = [&](const std::string& text, crm::agent_id whose) {
        const auto job = [by = house.acting(),
                          text,
                          whose,
                          who = contact_center::agent_actor(ann),
                          inbox = house.inbox,
                          account = house.account,
                          customer = asked.customer,
                          measure = house.board->present_terms()](crm::transaction& tx) {
            auto now = by;
            now.who = who;
            crm::new_conversation wanted;
            wanted.inbox = inbox;
            wanted.customer = customer;
            wanted.account = account;
            return verbs::start(tx, now, wanted, text, whose, *measure);
        };
        const auto made = house.base.write(job);
        house.settle();
        return made;
    };
    const auto mine = begin("Your order is here.", ann);
    CHECK(mine.where.assignee == ann);
    CHECK(mine.where.request_state == crm::request_state::active);
    CHECK(mine.first->what->delivery == crm::delivery::sent);
    CHECK(house.dispatcher->load_of(ann).used == 4);
    const auto anybodys = begin("", {});
    CHECK_FALSE(anybodys.first);
    CHECK(crm::raw(anybodys.where.assignee) == 0);
    const auto bob = house.agent("bob");
    house.online(bob);
    REQUIRE(house.offers().size() == 1);
    CHECK(house.offers()[0].conversation == anybodys.where.id);
}
