#include "crm/base/problem.hpp"
#include "crm/draft.hpp"
#include "crm/tag.hpp"
#include "crm/timeline_pages.hpp"
#include "tests/support/builders.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

using namespace crm;
using namespace std::chrono_literals;

namespace {

std::vector<conversation_id> ids_of(const std::vector<conversation>& of)
{
    std::vector<conversation_id> ids;
    for (const conversation& one : of)
        ids.push_back(one.id);
    return ids;
}

/// All ids of a view, page after page.
std::vector<conversation_id> all_of(test::house& h, const audience& who, list_query wanted)
{
    std::vector<conversation_id> ids;
    for (int pages = 0; pages < 50; ++pages) {
        const auto page = conversations::list(h.db(), who, wanted);
        for (const conversation& one : page.items)
            ids.push_back(one.id);
        if (page.next.empty())
            return ids;
        wanted.cursor = page.next;
    }
    FAIL("the pages do not end");
    return ids;
}

} // namespace

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

TEST_CASE("views show what they promise, newest activity first, page by page")
{
    test::house h;
    const auto bob = h.add_agent("Bob");
    const auto sales = h.add_inbox("sales");
    const auto team = h.run([&](transaction& tx, context& as) {
        return staff::create_team(tx, as, "Returns", {h.ann});
    });
    std::vector<conversation> made;
    for (int i = 0; i < 24; ++i) {
        h.pass(1s);
        made.push_back(h.open(h.add(test::a_customer()), i % 2 == 0 ? h.help : sales));
        h.says(made.back(), "hello");
        h.run([&](transaction& tx, context& as) {
            const auto id = made.back().id;
            if (i % 3 == 0)
                conversations::assign(tx, as, id, h.ann);
            if (i % 3 == 1)
                conversations::assign(tx, as, id, bob);
            if (i % 4 == 0)
                conversations::set_team(tx, as, id, team.id);
            if (i % 6 == 5)
                conversations::set_status(tx, as, id, conversation_status::resolved);
            if (i % 8 == 7)
                conversations::set_status(tx, as, id, conversation_status::snoozed, as.now + 1h);
        });
    }
    audience everything{.everything = true, .agent = h.ann, .inboxes = {}, .teams = {team.id}};
    const audience only_sales{.everything = false, .agent = bob, .inboxes = {sales}, .teams = {}};
    const audience nothing{.everything = false, .agent = agent_id{}, .inboxes = {}, .teams = {}};

    // The same answers, counted by hand over the states.
    const auto expected = [&](const audience& who, auto fits) {
        std::vector<conversation_id> ids;
        for (auto one = made.rbegin(); one != made.rend(); ++one)
            if (const auto now = h.now(*one); may_see(who, now) && fits(now))
                ids.push_back(now.id);
        return ids;
    };
    const auto live = [](const conversation& c) {
        return c.status == conversation_status::open || c.status == conversation_status::pending;
    };
    for (const audience& who : {everything, only_sales, nothing}) {
        const auto page_of = [&](view wanted) {
            list_query query;
            query.view = wanted;
            query.limit = 4;
            return all_of(h, who, query);
        };
        CHECK(page_of(view::all) == expected(who, live));
        CHECK(page_of(view::mine) == expected(who, [&](const conversation& c) {
                  return live(c) && raw(who.agent) != 0 && c.assignee == who.agent;
              }));
        CHECK(page_of(view::unassigned) == expected(who, [&](const conversation& c) {
                  return live(c) && raw(c.assignee) == 0;
              }));
        CHECK(page_of(view::team) == expected(who, [&](const conversation& c) {
                  return live(c) && !who.teams.empty() && c.team == team.id;
              }));
        CHECK(page_of(view::snoozed) == expected(who, [](const conversation& c) {
                  return c.status == conversation_status::snoozed;
              }));
        const auto counts = conversations::counts(h.db(), who);
        CHECK(counts.all == std::ssize(page_of(view::all)));
        CHECK(counts.mine == std::ssize(page_of(view::mine)));
        CHECK(counts.unassigned == std::ssize(page_of(view::unassigned)));
        CHECK(counts.team == std::ssize(page_of(view::team)));
        CHECK(counts.snoozed == std::ssize(page_of(view::snoozed)));
    }
    list_query resolved;
    resolved.view = view::all;
    resolved.status = conversation_status::resolved;
    CHECK(all_of(h, everything, resolved) == expected(everything, [](const conversation& c) {
              return c.status == conversation_status::resolved;
          }));
    CHECK_THROWS_AS(
        conversations::list(h.db(), everything, {.view = view::all, .cursor = "x"}), problem
    );
}

TEST_CASE("sorted by waiting, the longest waiting come first and those nobody waits in last")
{
    test::house h;
    std::vector<conversation> made;
    for (int i = 0; i < 6; ++i) {
        made.push_back(h.open(h.add(test::a_customer())));
        h.pass(1s);
    }
    for (const int i : {3, 1, 5, 0}) {
        h.says(made[static_cast<std::size_t>(i)], "waiting");
        h.pass(1s);
    }
    list_query query;
    query.view = view::all;
    query.order = view_order::waiting;
    query.limit = 2;
    const audience who{.everything = true, .agent = {}, .inboxes = {}, .teams = {}};
    CHECK(
        all_of(h, who, query) ==
        std::vector{made[3].id, made[1].id, made[5].id, made[0].id, made[2].id, made[4].id}
    );
}

TEST_CASE("drafts, mentions and failures have views and counts of their own")
{
    test::house h;
    const auto talk = h.open(h.add(test::a_customer()));
    const auto other = h.open(h.add(test::a_customer()));
    const audience who{.everything = true, .agent = h.ann, .inboxes = {}, .teams = {}};
    const auto said = h.notes(other, "@Ann look");
    const auto sent = h.answers(talk, "hello");
    h.run([&](transaction& tx, context& as) {
        conversations::mention(tx, as, h.ann, said.what->id, other.id);
        conversations::mention(tx, as, h.ann, said.what->id, other.id);
        drafts::save(tx, as, {.agent = h.ann, .conversation = talk.id, .text = "I wi"});
        timeline::set_delivery(tx, as, sent.what->id, delivery::uncertain);
    });
    const auto ids = [&](view wanted) {
        return ids_of(conversations::list(h.db(), who, {.view = wanted}).items);
    };
    CHECK(ids(view::mentions) == std::vector{other.id});
    CHECK(ids(view::drafts) == std::vector{talk.id});
    CHECK(ids(view::failed) == std::vector{talk.id});
    auto counts = conversations::counts(h.db(), who);
    CHECK(counts.mentions == 1);
    CHECK(counts.drafts == 1);
    CHECK(counts.failed == 1);
    h.run([&](transaction& tx, context& as) {
        conversations::mentions_seen(tx, as, h.ann, other.id);
        drafts::save(tx, as, {.agent = h.ann, .conversation = talk.id, .text = ""});
    });
    counts = conversations::counts(h.db(), who);
    CHECK(counts.mentions == 0);
    CHECK(counts.drafts == 0);
}

TEST_CASE("people copied in may leave and come back")
{
    test::house h;
    const auto talk = h.open(h.add(test::a_customer()));
    const identity_id cc{42};
    h.run([&](transaction& tx, context& as) {
        conversations::add_participant(tx, as, talk.id, cc, 1);
        conversations::remove_participant(tx, as, talk.id, cc);
    });
    CHECK(conversations::participants(h.db(), talk.id).at(0).left.is_set());
    h.run([&](transaction& tx, context& as) {
        conversations::add_participant(tx, as, talk.id, cc, 1);
    });
    const auto now = conversations::participants(h.db(), talk.id);
    REQUIRE(now.size() == 1);
    CHECK_FALSE(now[0].left.is_set());
}

TEST_CASE("a draft is one per agent, conversation and mode")
{
    test::house h;
    const auto talk = h.open(h.add(test::a_customer()));
    h.run([&](transaction& tx, context& as) {
        drafts::save(tx, as, {.agent = h.ann, .conversation = talk.id, .text = "a", .base = 3});
        drafts::save(
            tx,
            as,
            {.agent = h.ann,
             .conversation = talk.id,
             .text = "ab",
             .attachments = {attachment_id{5}, attachment_id{6}},
             .base = 4}
        );
        drafts::save(
            tx, as, {.agent = h.ann, .conversation = talk.id, .mode = draft_mode::note, .text = "n"}
        );
    });
    const auto reply = drafts::find(h.db(), h.ann, talk.id, draft_mode::reply);
    REQUIRE(reply);
    CHECK(reply->text == "ab");
    CHECK(reply->base == 4);
    CHECK(reply->attachments == std::vector{attachment_id{5}, attachment_id{6}});
    CHECK(drafts::of_agent_in(h.db(), h.ann, talk.id).size() == 2);
    CHECK(drafts::of_agent(h.db(), agent_id{1}, 10).empty());
}
