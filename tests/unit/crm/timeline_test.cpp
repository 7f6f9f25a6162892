#include "crm/attachment.hpp"
#include "crm/base/problem.hpp"
#include "crm/timeline_pages.hpp"
#include "tests/support/builders.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace crm;
using namespace std::chrono_literals;

TEST_CASE("entries of a conversation count from 1, and what the customer sees counts apart")
{
    test::house h;
    const auto talk = h.open(h.add(test::a_customer()));
    h.says(talk, "hello");
    h.notes(talk, "a regular");
    h.answers(talk, "hi");
    const auto page = timeline::before(h.db(), talk.id, std::nullopt, 50);
    REQUIRE(page.entries.size() == 3);
    CHECK_FALSE(page.more);
    CHECK(page.entries[0].seq == 1);
    CHECK(page.entries[1].seq == 2);
    CHECK(page.entries[2].seq == 3);
    CHECK(page.entries[0].public_seq == 1);
    CHECK(page.entries[1].public_seq == 0);
    CHECK(page.entries[2].public_seq == 2);
    CHECK(page.entries[0].author_name == "Ada");
    CHECK(page.entries[2].author_name == "Ann");
}

TEST_CASE("a visitor's page holds no note, no event and no number of theirs")
{
    test::house h;
    const auto talk = h.open(h.add(test::a_customer()));
    h.says(talk, "one");
    h.notes(talk, "secret");
    h.run([&](transaction& tx, context& as) {
        conversations::set_priority(tx, as, talk.id, priority::high);
    });
    h.answers(talk, "two");
    const auto page = timeline::public_before(h.db(), talk.id, std::nullopt, 50);
    REQUIRE(page.entries.size() == 2);
    CHECK(page.entries[0].text == "one");
    CHECK(page.entries[1].text == "two");
    CHECK(page.entries[1].public_seq == 2);
    const auto later = timeline::public_after(h.db(), talk.id, 1, 50);
    REQUIRE(later.entries.size() == 1);
    CHECK(later.entries[0].text == "two");
}

TEST_CASE("the same client id twice changes nothing and brings the first entry")
{
    test::house h;
    const auto talk = h.open(h.add(test::a_customer()));
    const auto first = h.says(talk, "hello", "c1");
    const std::string rows = h.rows_of("entries") + h.rows_of("conversations");
    const std::size_t news = h.base.news.size();
    h.pass(5s);
    const auto again = h.says(talk, "hello, differently", "c1");
    CHECK(again.repeated);
    CHECK(again.what->id == first.what->id);
    CHECK(again.what->text == "hello");
    CHECK(h.rows_of("entries") + h.rows_of("conversations") == rows);
    CHECK(h.base.news.size() == news);
    CHECK_FALSE(h.answers(talk, "of another author", "c1").repeated);
}

TEST_CASE("the same platform message twice changes nothing, however long its id")
{
    test::house h;
    const auto talk = h.open(h.add(test::a_customer()));
    const std::string id(900, 'x');
    const auto arrive = [&](const std::string& platform_id) {
        return h.run([&](transaction& tx, context& as) {
            new_entry wanted;
            wanted.conversation = talk.id;
            wanted.by = {.kind = author_kind::customer, .id = raw(talk.customer), .identity = {}};
            wanted.text = "from afar";
            wanted.account = h.web;
            wanted.platform_id = platform_id;
            return timeline::append(tx, as, wanted);
        });
    };
    const auto first = arrive(id + "1");
    CHECK_FALSE(arrive(id + "2").repeated);
    const auto again = arrive(id + "1");
    CHECK(again.repeated);
    CHECK(again.what->id == first.what->id);
    CHECK(h.count("entries") == 2);
}

TEST_CASE("seq has no gaps whatever is refused in between")
{
    test::house h;
    const auto talk = h.open(h.add(test::a_customer()));
    std::mt19937 random{20261121};
    int kept = 0;
    for (int i = 0; i < 400; ++i) {
        switch (random() % 5) {
        case 0:
            CHECK_THROWS_AS(h.says(talk, "  "), problem);
            break;
        case 1:
            CHECK_THROWS_AS(
                h.run([&](transaction& tx, context& as) {
                    new_entry wanted;
                    wanted.conversation = talk.id;
                    wanted.text = "wrote, then refused";
                    timeline::append(tx, as, wanted);
                    throw problem{errc::conflict, "no"};
                }),
                problem
            );
            break;
        case 2:
            h.notes(talk, "note");
            ++kept;
            break;
        case 3:
            h.says(talk, "same", "c" + std::to_string(random() % 40));
            break;
        default:
            h.answers(talk, "text");
            ++kept;
        }
    }
    const auto now = h.now(talk);
    CHECK(h.count("entries") == now.seq);
    CHECK(now.seq >= kept);
    const auto scattered = [&](const std::string& column, const std::string& where) {
        db::rows row = h.db().query(
            "SELECT COUNT(*), COUNT(DISTINCT " + column + "), MIN(" + column + "), MAX(" + column +
            ") FROM entries WHERE " + where
        );
        row.next();
        CHECK(row.integer(0) == row.integer(1));
        CHECK(row.integer(2) == 1);
        CHECK(row.integer(3) == row.integer(0));
    };
    scattered("seq", "1 = 1");
    scattered("public_seq", "is_public = 1");
}

TEST_CASE("a platform's time is held between the last entry less 60 s and now")
{
    test::house h;
    const auto talk = h.open(h.add(test::a_customer()));
    const instant start = h.time.now();
    h.says(talk, "first");
    h.pass(10min);
    const auto arrive = [&](instant happened, bool imported = false) {
        return h
            .run([&](transaction& tx, context& as) {
                new_entry wanted;
                wanted.conversation = talk.id;
                wanted.by.kind = author_kind::customer;
                wanted.text = "late";
                wanted.happened = happened;
                wanted.imported = imported;
                return timeline::append(tx, as, wanted);
            })
            .what->happened;
    };
    CHECK(arrive(start - 1h) == start - 60s);
    CHECK(arrive(start + 5min) == start + 5min);
    CHECK(arrive(start + 20min) == h.time.now());
    CHECK(arrive(start - 1h, true) == start - 1h);
}

TEST_CASE("a first message may have waited at its platform for days")
{
    test::house h;
    const auto talk = h.open(h.add(test::a_customer()));
    const auto stored = h.run([&](transaction& tx, context& as) {
        new_entry wanted;
        wanted.conversation = talk.id;
        wanted.by.kind = author_kind::customer;
        wanted.text = "sent on Friday";
        wanted.happened = as.now - 72h;
        return timeline::append(tx, as, wanted);
    });
    CHECK(stored.what->happened == h.time.now() - 72h);
    CHECK(stored.what->received == h.time.now());
}

TEST_CASE("a customer's message counts as unread and as waiting until an agent answers")
{
    test::house h;
    auto talk = h.open(h.add(test::a_customer()));
    const instant asked = h.time.now();
    h.says(talk, "one");
    h.pass(30s);
    h.says(talk, "two 😀");
    talk = h.now(talk);
    CHECK(talk.unread == 2);
    CHECK(talk.waiting_since == asked);
    CHECK(talk.preview == "two 😀");
    CHECK_FALSE(talk.first_response.is_set());
    h.pass(30s);
    h.answers(talk, "here I am");
    talk = h.now(talk);
    CHECK(talk.unread == 0);
    CHECK_FALSE(talk.waiting_since.is_set());
    CHECK(talk.first_response == asked + 60s);
    CHECK(talk.preview_author == author_kind::agent);
}

TEST_CASE("the news of an entry carries entry and conversation as they now are")
{
    test::house h;
    const auto talk = h.open(h.add(test::a_customer().named("林晓雨")));
    h.says(talk, "你好");
    const log_entry& last = h.base.news.back();
    CHECK(last.what == happening::entry_added);
    REQUIRE(last.entry);
    CHECK(last.entry->text == "你好");
    REQUIRE(last.conversation_state);
    CHECK(last.conversation_state->seq == 1);
    CHECK(last.conversation_state->shown.name == "林晓雨");
    CHECK(last.conversation == talk.id);
    CHECK(last.seq == 1);
}

TEST_CASE("a message to a resolved conversation opens it again and says so")
{
    test::house h;
    const auto talk = h.open(h.add(test::a_customer()));
    h.says(talk, "help");
    h.run(h.by_agent(), [&](transaction& tx, context& as) {
        conversations::set_status(tx, as, talk.id, conversation_status::resolved);
    });
    h.says(talk, "it broke again");
    const auto now = h.now(talk);
    CHECK(now.status == conversation_status::open);
    CHECK(now.reopened == 1);
    CHECK_FALSE(now.resolved.is_set());
    const auto page = timeline::before(h.db(), talk.id, std::nullopt, 50);
    REQUIRE(page.entries.size() == 4);
    CHECK(page.entries[2].details.find("customer_wrote") != std::string::npos);
    CHECK(page.entries[3].text == "it broke again");
}

TEST_CASE("a customer's timeline runs over all conversations, page by page, newest first")
{
    test::house h;
    const auto lin = h.add(test::a_customer());
    const auto one = h.open(lin);
    const auto two = h.open(lin, h.add_inbox("sales"));
    for (int i = 0; i < 30; ++i) {
        h.pass(1s);
        h.says(i % 3 == 0 ? two : one, "message " + std::to_string(i));
    }
    std::vector<std::string> texts;
    std::optional<timeline::place> before;
    for (int pages = 0; pages < 10; ++pages) {
        const auto page = timeline::of_customer(h.db(), lin, before, 7);
        for (const entry& e : page.entries)
            texts.push_back(e.text);
        if (!page.more)
            break;
        before = timeline::place_from(
            timeline::to_cursor({page.entries.back().happened, page.entries.back().id})
        );
    }
    REQUIRE(texts.size() == 30);
    for (int i = 0; i < 30; ++i)
        CHECK(texts[static_cast<std::size_t>(i)] == "message " + std::to_string(29 - i));
    const audience mine{.everything = false, .agent = {}, .inboxes = {h.help}, .teams = {}};
    CHECK(timeline::of_customer(h.db(), lin, std::nullopt, 200, mine).entries.size() == 20);
    const audience of_team{.everything = false, .agent = {}, .inboxes = {}, .teams = {team_id{9}}};
    CHECK(timeline::of_customer(h.db(), lin, std::nullopt, 200, of_team).entries.empty());
    CHECK_THROWS_AS(timeline::place_from("12-"), problem);
}

TEST_CASE("uploads hang on one entry of their own author")
{
    test::house h;
    const auto talk = h.open(h.add(test::a_customer()));
    const auto file = h.run([&](transaction& tx, context& as) {
        attachment wanted;
        wanted.name = "../../etc/pass\u202Ewd.png";
        wanted.media_type = "image/png";
        wanted.size = 12;
        wanted.blob = "random-1";
        wanted.sha256 = std::string(64, 'a');
        wanted.owner_kind = author_kind::customer;
        wanted.owner = raw(talk.customer);
        return attachments::store(tx, as, wanted);
    });
    CHECK(file.name == "passwd.png");
    const auto send = [&](author_kind kind, std::int64_t id) {
        return h.run([&](transaction& tx, context& as) {
            new_entry wanted;
            wanted.conversation = talk.id;
            wanted.by = {.kind = kind, .id = id, .identity = {}};
            wanted.attachments = {file.id};
            return timeline::append(tx, as, wanted);
        });
    };
    CHECK_THROWS_AS(send(author_kind::agent, raw(h.ann)), problem);
    send(author_kind::customer, raw(talk.customer));
    CHECK_THROWS_AS(send(author_kind::customer, raw(talk.customer)), problem);
    const auto page = timeline::before(h.db(), talk.id, std::nullopt, 5);
    REQUIRE(page.entries.size() == 1);
    REQUIRE(page.entries[0].attachments.size() == 1);
    CHECK(page.entries[0].attachments[0].name == "passwd.png");
    CHECK(h.now(talk).seq == 1);
}

TEST_CASE("what is too large or malformed is refused by name")
{
    test::house h;
    const auto talk = h.open(h.add(test::a_customer()));
    const auto refused = [&](const std::string& field, auto change) {
        new_entry wanted;
        wanted.conversation = talk.id;
        wanted.text = "x";
        change(wanted);
        try {
            h.run([&](transaction& tx, context& as) { timeline::append(tx, as, wanted); });
            FAIL("was not refused: " << field);
        } catch (const problem& why) {
            CHECK(why.field() == field);
        }
    };
    refused("text", [](new_entry& e) { e.text.assign(64 * 1024 + 1, 'x'); });
    refused("html", [](new_entry& e) { e.html.assign(64 * 1024 + 1, 'x'); });
    refused("cid", [](new_entry& e) { e.cid.assign(65, 'x'); });
    refused("details", [](new_entry& e) { e.details = "[1]"; });
    refused("text", [](new_entry& e) { e.text = " \n "; });
    refused("attachments", [](new_entry& e) { e.attachments.resize(11); });
    CHECK(h.count("entries") == 0);
}
