#include "crm/attachment.hpp"
#include "crm/base/problem.hpp"
#include "crm/draft.hpp"
#include "tests/support/builders.hpp"

#include <catch2/catch.hpp>

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
    std::vector<attachment_id> files;
    h.run([&](transaction& tx, context& as) {
        for (const char* name : {"one.txt", "two.txt"}) {
            attachment wanted;
            wanted.owner_kind = author_kind::agent;
            wanted.owner = raw(h.ann);
            wanted.name = name;
            wanted.media_type = "text/plain";
            wanted.size = 3;
            wanted.blob = name;
            wanted.sha256 = std::string(64, 'a');
            files.push_back(attachments::store(tx, as, wanted).id);
        }
        drafts::save(tx, as, {.agent = h.ann, .conversation = talk.id, .text = "a", .base = 3});
        drafts::save(
            tx,
            as,
            {.agent = h.ann, .conversation = talk.id, .text = "ab", .attachments = files, .base = 4}
        );
        drafts::save(
            tx, as, {.agent = h.ann, .conversation = talk.id, .mode = draft_mode::note, .text = "n"}
        );
    });
    const auto reply = drafts::find(h.db(), h.ann, talk.id, draft_mode::reply);
    REQUIRE(reply);
    CHECK(reply->text == "ab");
    CHECK(reply->base == 4);
    CHECK(reply->attachments == files);
    const draft foreign{
        .agent = agent_id{1}, .conversation = talk.id, .text = "mine", .attachments = files
    };
    h.run([&](transaction& tx, context& as) {
        CHECK_THROWS_AS(drafts::save(tx, as, foreign), problem);
    });
    CHECK(drafts::of_agent_in(h.db(), h.ann, talk.id).size() == 2);
    CHECK(drafts::of_agent(h.db(), agent_id{1}, 10).empty());
}
