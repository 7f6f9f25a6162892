#include "crm/base/problem.hpp"
#include "crm/timeline_pages.hpp"
#include "tests/support/builders.hpp"

#include <catch2/catch.hpp>

using namespace crm;

TEST_CASE("a revision keeps what stood there before")
{
    test::house h;
    const auto talk = h.open(h.add(test::a_customer()));
    const auto said = h.answers(talk, "tommorow");
    h.run(h.by_agent(), [&](transaction& tx, context& as) {
        timeline::revise(tx, as, said.what->id, "tomorrow");
        timeline::revise(tx, as, said.what->id, "tomorrow");
    });
    const auto now = timeline::find(h.db(), said.what->id);
    REQUIRE(now);
    CHECK(now->text == "tomorrow");
    CHECK(now->revision == 1);
    const auto before = timeline::revisions(h.db(), said.what->id);
    REQUIRE(before.size() == 1);
    CHECK(before[0].text == "tommorow");
    CHECK(h.now(talk).preview == "tomorrow");
}

TEST_CASE("a redacted entry keeps its place and loses its words everywhere")
{
    test::house h;
    const auto talk = h.open(h.add(test::a_customer()));
    const auto said = h.says(talk, "my card is 4111-canary");
    h.run(h.by_agent(), [&](transaction& tx, context& as) {
        timeline::revise(tx, as, said.what->id, "my card is 4111-canary, really");
        timeline::redact(tx, as, said.what->id);
    });
    const auto now = timeline::find(h.db(), said.what->id);
    REQUIRE(now);
    CHECK(now->seq == 1);
    CHECK(now->text.empty());
    CHECK(now->redacted.is_set());
    for (const std::string table :
         {"entries", "conversations", "entry_revisions", "entry_bodies", "log_entries"})
        CHECK(h.rows_of(table).find("canary") == std::string::npos);
    CHECK_THROWS_AS(
        h.run([&](transaction& tx, context& as) { timeline::revise(tx, as, said.what->id, "x"); }),
        problem
    );
}

TEST_CASE("receipts move forward only")
{
    using enum delivery;
    const delivery all[] = {none, held, queued, sent, delivered, read, failed, uncertain};
    const auto may = [](delivery from, delivery to) {
        switch (from) {
        case none:
        case read:
            return false;
        case held:
            return to == queued || to == sent;
        case queued:
            return to == sent || to == delivered || to == read || to == failed || to == uncertain;
        case sent:
            return to == delivered || to == read || to == failed || to == uncertain;
        case delivered:
            return to == read;
        case failed:
            return to == queued || to == sent || to == delivered || to == read || to == uncertain;
        case uncertain:
            return to == queued || to == sent || to == delivered || to == read || to == failed;
        }
        return false;
    };
    test::house h;
    const auto talk = h.open(h.add(test::a_customer()));
    for (const delivery from : all)
        for (const delivery to : all) {
            const bool moved = h.run([&](transaction& tx, context& as) {
                new_entry wanted;
                wanted.conversation = talk.id;
                wanted.by.kind = author_kind::agent;
                wanted.text = "hello";
                wanted.delivery = from;
                const auto said = timeline::append(tx, as, wanted);
                return timeline::set_delivery(tx, as, said.what->id, to);
            });
            CAPTURE(word(from), word(to));
            CHECK(moved == may(from, to));
        }
}

TEST_CASE("a failed delivery marks the conversation until it got through")
{
    test::house h;
    const auto talk = h.open(h.add(test::a_customer()));
    const auto said = h.answers(talk, "hello");
    const auto set = [&](delivery to) {
        h.run([&](transaction& tx, context& as) {
            timeline::set_delivery(tx, as, said.what->id, to, "550 no such user");
        });
    };
    set(delivery::failed);
    CHECK(h.now(talk).failed);
    CHECK(timeline::find(h.db(), said.what->id)->delivery_detail == "550 no such user");
    set(delivery::queued);
    CHECK_FALSE(h.now(talk).failed);
}
