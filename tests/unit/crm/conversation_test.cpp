#include "crm/base/problem.hpp"
#include "crm/tag.hpp"
#include "crm/timeline_pages.hpp"
#include "tests/support/builders.hpp"

#include <catch2/catch.hpp>

using namespace crm;
using namespace std::chrono_literals;

TEST_CASE("a conversation opens with the inbox's target and in no inbox that is not there")
{
    test::house h;
    const auto who = h.add(test::a_customer());
    const auto talk = h.open(who);
    CHECK(talk.status == conversation_status::open);
    CHECK(talk.first_response_due == h.time.now() + 5min);
    CHECK(h.base.news.back().what == happening::conversation_opened);
    CHECK(h.base.news.back().conversation_state);
    CHECK_THROWS_AS(h.open(who, inbox_id{9}), problem);
    CHECK_THROWS_AS(h.open(customer_id{9}), problem);
}

TEST_CASE("each change of a conversation is logged with its actor and shown in the timeline")
{
    test::house h;
    const auto talk = h.open(h.add(test::a_customer()));
    const auto tag =
        h.run([](transaction& tx, context& as) { return tags::create(tx, as, "vip", "gold"); });
    const auto team = h.run([&](transaction& tx, context& as) {
        return staff::create_team(tx, as, "Returns", {h.ann});
    });
    h.base.news.clear();
    h.run(h.by_agent(), [&](transaction& tx, context& as) {
        using namespace conversations;
        set_priority(tx, as, talk.id, priority::urgent);
        assign(tx, as, talk.id, h.ann);
        set_team(tx, as, talk.id, team.id);
        set_subject(tx, as, talk.id, "  Broken\r\ncup ");
        add_tag(tx, as, talk.id, tag.id);
        set_status(tx, as, talk.id, conversation_status::pending);
        set_status(tx, as, talk.id, conversation_status::snoozed, as.now + 1h);
        set_status(tx, as, talk.id, conversation_status::resolved);
        remove_tag(tx, as, talk.id, tag.id);
    });
    std::vector<happening> what;
    for (const log_entry& one : h.base.news) {
        if (one.what == happening::timer_set)
            continue;
        CHECK(one.actor_id == raw(h.ann));
        CHECK(one.conversation == talk.id);
        CHECK(one.conversation_state);
        if (one.what != happening::entry_added)
            what.push_back(one.what);
    }
    using enum happening;
    CHECK(
        what ==
        std::vector{
            priority_changed,
            assigned,
            team_changed,
            subject_changed,
            tagged,
            status_changed,
            snoozed,
            status_changed,
            untagged
        }
    );
    const auto now = h.now(talk);
    CHECK(now.subject == "Broken cup");
    CHECK(now.assignee_name == "Ann");
    CHECK(now.tags.empty());
    CHECK(now.resolved == h.time.now());
    CHECK(now.seq == 9);
    CHECK(now.public_seq == 0);
}

TEST_CASE("a change to what it already is changes nothing")
{
    test::house h;
    const auto talk = h.open(h.add(test::a_customer()));
    const std::string rows = h.rows_of("conversations") + h.rows_of("entries");
    h.base.news.clear();
    h.run(h.by_agent(), [&](transaction& tx, context& as) {
        using namespace conversations;
        set_priority(tx, as, talk.id, priority::none);
        assign(tx, as, talk.id, agent_id{});
        set_status(tx, as, talk.id, conversation_status::open);
        set_stage(tx, as, talk.id, std::nullopt, "");
        read_by_agent(tx, as, talk.id, 0);
    });
    CHECK(h.rows_of("conversations") + h.rows_of("entries") == rows);
    CHECK(h.base.news.empty());
}

TEST_CASE("what cannot be is refused with advice")
{
    test::house h;
    const auto talk = h.open(h.add(test::a_customer()));
    const auto refused = [&](errc code, auto verb) {
        try {
            h.run(verb);
            FAIL("was not refused");
        } catch (const problem& why) {
            CHECK(why.code() == code);
            CHECK(std::string{why.what()}.size() > 10);
        }
    };
    using namespace conversations;
    refused(errc::invalid, [&](transaction& tx, context& as) {
        set_status(tx, as, talk.id, conversation_status::snoozed);
    });
    refused(errc::invalid, [&](transaction& tx, context& as) {
        set_status(tx, as, talk.id, conversation_status::snoozed, as.now);
    });
    refused(errc::not_found, [&](transaction& tx, context& as) {
        assign(tx, as, talk.id, agent_id{9});
    });
    refused(errc::not_found, [&](transaction& tx, context& as) {
        set_team(tx, as, talk.id, team_id{9});
    });
    refused(errc::not_found, [&](transaction& tx, context& as) {
        add_tag(tx, as, talk.id, tag_id{9});
    });
    refused(errc::not_found, [&](transaction& tx, context& as) {
        set_priority(tx, as, conversation_id{9}, priority::low);
    });
    const auto bob = h.add_agent("Bob");
    h.run([&](transaction& tx, context& as) { staff::change_agent(tx, as, bob, {.active = false}); }
    );
    refused(errc::conflict, [&](transaction& tx, context& as) { assign(tx, as, talk.id, bob); });
}

TEST_CASE("reading moves forward and counts what is left")
{
    test::house h;
    const auto talk = h.open(h.add(test::a_customer()));
    for (const char* text : {"one", "two", "three"})
        h.says(talk, text);
    h.answers(h.open(talk.customer), "elsewhere");
    const auto read = [&](std::int64_t seq) {
        return h.run(h.by_agent(), [&](transaction& tx, context& as) {
            return conversations::read_by_agent(tx, as, talk.id, seq);
        });
    };
    CHECK(read(1).unread == 2);
    CHECK(read(99).unread == 0);
    CHECK(h.now(talk).agent_read_seq == 3);
    CHECK(read(1).agent_read_seq == 3);
    h.answers(talk, "answer");
    h.run(h.by_customer(talk.customer), [&](transaction& tx, context& as) {
        CHECK(conversations::read_by_customer(tx, as, talk.id, 99).customer_read_seq == 4);
    });
}

TEST_CASE("what was read counts as unread again, and stays read in what the customer is told")
{
    test::house h;
    const auto talk = h.open(h.add(test::a_customer()));
    const auto unread = [&](std::optional<std::int64_t> from) {
        return h.run(h.by_agent(), [&](transaction& tx, context& as) {
            return conversations::unread_by_agent(tx, as, talk.id, from);
        });
    };
    const auto refused = [&](std::optional<std::int64_t> from) {
        try {
            unread(from);
            return false;
        } catch (const problem& why) {
            CHECK(why.field() == "from");
            return why.code() == errc::conflict;
        }
    };
    h.answers(talk, "we begin");
    CHECK(refused(std::nullopt));
    h.says(talk, "one");
    h.says(talk, "two");
    h.answers(talk, "answer");
    CHECK(refused(4));
    CHECK(h.now(talk).agent_read_seq == 4);
    h.base.news.clear();

    CHECK(unread(std::nullopt).unread == 1);
    CHECK(h.now(talk).agent_read_seq == 2);
    REQUIRE(h.base.news.size() == 1);
    CHECK(h.base.news.front().what == happening::unread_by_agent);
    CHECK(h.base.news.front().conversation_state->unread == 1);
    // A second time, or less than is unread already: nothing to do.
    CHECK(unread(std::nullopt).unread == 1);
    CHECK(unread(3).unread == 1);
    CHECK(h.base.news.size() == 1);
    CHECK(unread(1).unread == 2);
    CHECK(h.now(talk).agent_read_seq == 0);
    CHECK(conversations::told_read_seq(h.db(), h.now(talk)) == 4);

    h.says(talk, "three");
    CHECK(h.now(talk).unread == 3);
    h.run(h.by_agent(), [&](transaction& tx, context& as) {
        CHECK(conversations::read_by_agent(tx, as, talk.id, 2).unread == 2);
        CHECK(conversations::read_by_agent(tx, as, talk.id, 5).unread == 0);
    });
    CHECK(conversations::told_read_seq(h.db(), h.now(talk)) == 5);
}

TEST_CASE("the next message belongs to the newest live conversation of the inbox")
{
    test::house h;
    const auto who = h.add(test::a_customer());
    const auto current = [&] {
        return conversations::find_current(h.db(), who, h.help, h.web, h.time.now());
    };
    CHECK_FALSE(current());
    const auto talk = h.open(who);
    CHECK(current()->id == talk.id);
    CHECK_FALSE(conversations::find_current(h.db(), who, h.add_inbox("sales"), h.web, h.time.now())
    );
    h.run([&](transaction& tx, context& as) {
        conversations::set_status(tx, as, talk.id, conversation_status::resolved);
    });
    h.pass(24h * 6);
    CHECK(current()->id == talk.id);
    h.pass(24h * 2);
    CHECK_FALSE(current());
    const auto root = h.add(test::a_customer());
    const auto fresh = h.open(who);
    h.run([&](transaction& tx, context& as) { customers::merge(tx, as, root, who); });
    CHECK(conversations::find_current(h.db(), root, h.help, h.web, h.time.now())->id == fresh.id);
}

TEST_CASE("an answer to an old view is refused when a colleague was first")
{
    test::house h;
    const auto talk = h.open(h.add(test::a_customer()));
    const auto bob = h.add_agent("Bob");
    h.says(talk, "question");
    const auto stale = [&](agent_id replying, std::int64_t base) {
        try {
            conversations::check_fresh(h.db(), talk.id, replying, base);
            return false;
        } catch (const problem& why) {
            CHECK(why.code() == errc::stale_reply);
            return true;
        }
    };
    CHECK_FALSE(stale(bob, 1));
    h.says(talk, "hello?");
    h.notes(talk, "only a note");
    CHECK_FALSE(stale(bob, 1));
    h.answers(talk, "answer");
    CHECK(stale(bob, 1));
    CHECK_FALSE(stale(h.ann, 1));
    CHECK_FALSE(stale(bob, 4));
    CHECK_FALSE(stale(bob, -1));
    h.run(h.by_agent(), [&](transaction& tx, context& as) {
        conversations::set_status(tx, as, talk.id, conversation_status::pending);
    });
    CHECK(stale(bob, 4));
    CHECK_FALSE(stale(bob, 5));
}

TEST_CASE("an answer to an old view is refused when an integration or the house changed hands")
{
    test::house h;
    const auto talk = h.open(h.add(test::a_customer()));
    const auto bob = h.add_agent("Bob");
    const auto stale = [&](agent_id replying, std::int64_t base) {
        try {
            conversations::check_fresh(h.db(), talk.id, replying, base);
            return false;
        } catch (const problem&) {
            return true;
        }
    };
    const auto seq = [&] { return h.now(talk).seq; };
    const auto integration = h.by({.kind = actor_kind::token, .id = 77, .by = via::api});
    const auto before_token = seq();
    h.run(integration, [&](transaction& tx, context& as) {
        conversations::set_status(tx, as, talk.id, conversation_status::pending);
    });
    CHECK(stale(bob, before_token));
    const auto before_house = seq();
    h.run([&](transaction& tx, context& as) { conversations::assign(tx, as, talk.id, bob); });
    CHECK_FALSE(stale(bob, before_house));
    CHECK(stale(h.ann, before_house));
    const auto before_wake = seq();
    h.run([&](transaction& tx, context& as) {
        conversations::set_status(tx, as, talk.id, conversation_status::open);
    });
    CHECK_FALSE(stale(bob, before_wake));
}
