// The audit trail's index: it finds what looking through finds, and the databases use it.
#include "crm/audit.hpp"
#include "crm/audit_index.hpp"
#include "crm/log_floor.hpp"
#include "crm/search.hpp"
#include "crm/store/log_reader.hpp"
#include "tests/support/builders.hpp"

#include <catch2/catch.hpp>
#include <set>

using namespace crm;
using namespace std::chrono_literals;

namespace {

/// A house in which several customers write and two agents do things.
struct busy_house : test::house
{
    busy_house()
    {
        for (int i = 0; i < 6; ++i)
            talks.push_back(open(add(test::a_customer())));
        for (int round = 0; round < 12; ++round)
            for (const auto& talk : talks) {
                says(talk, "question");
                if (round % 3 == 0)
                    answers(talk, "answer");
            }
    }

    std::vector<std::int64_t> positions(audit::query wanted)
    {
        std::vector<std::int64_t> all;
        for (int pages = 0; pages < 500; ++pages) {
            const auto page = audit::search(db(), wanted);
            for (const log_entry& one : page.items)
                all.push_back(one.position);
            if (page.next == 0)
                return all;
            wanted.before = page.next;
        }
        FAIL("the pages do not end");
        return all;
    }

    std::vector<audit::query> questions()
    {
        audit::query none;
        none.limit = 3;
        std::vector<audit::query> all(7, none);
        all[0].conversation = talks[2].id;
        all[1].customer = talks[3].customer;
        all[2].actor = actor_kind::agent;
        all[2].actor_id = raw(ann);
        all[3].what = happening::entry_added;
        all[4] = all[0];
        all[4].what = happening::conversation_opened;
        all[5] = all[2];
        all[5].customer = talks[1].customer;
        all[6].customer = customer_id{1};
        return all;
    }

    std::vector<conversation> talks;
};

} // namespace

TEST_CASE(
    "[S22] the audit trail finds the same by its index, in part or whole, as by looking through"
)
{
    busy_house h;
    std::vector<std::vector<std::int64_t>> expected;
    for (const auto& each : h.questions())
        expected.push_back(h.positions(each));
    CHECK(expected[0].size() > 12);
    CHECK(expected[6].empty());
    int steps = 0;
    for (bool more = true; more; ++steps) {
        REQUIRE(steps < 100);
        more = h.run([](transaction& tx, context&) { return audit::index::follow(tx); });
        std::size_t at = 0;
        for (const auto& each : h.questions())
            CHECK(h.positions(each) == expected[at++]);
    }
    CHECK(steps >= 3);
    CHECK(audit::index::reaches(h.db()) == audit::last_position(h.db()));
    // What comes afterwards is found before what is in the index.
    h.says(h.talks[2], "one more");
    CHECK(h.positions(h.questions()[0]).size() == expected[0].size() + 1);
}

TEST_CASE("the audit trail's index is used by the databases")
{
    busy_house h;
    while (h.run([](transaction& tx, context&) { return audit::index::follow(tx); })) {
    }
    const bool sqlite = h.db().speaks() == db::dialect::sqlite;
    const std::string sql =
        (sqlite ? "EXPLAIN QUERY PLAN " : "EXPLAIN ") + std::string{audit::index::select_positions};
    db::rows row = h.db().query(
        sql, {audit::index::scope::customer, h.talks[0].customer, INT64_MAX, std::int64_t{50}}
    );
    REQUIRE(row.next());
    const std::string plan = row.string(sqlite ? 3 : 5);
    INFO(plan);
    if (sqlite)
        CHECK(plan.find("SEARCH audit_places USING COVERING INDEX") == 0);
    else
        CHECK(plan == "PRIMARY");
    CHECK_FALSE(row.next()); // nothing is sorted
}

TEST_CASE("what leaves the log leaves the audit trail's index, too")
{
    busy_house h;
    search::begin_anew(h.db());
    while (h.run([](transaction& tx, context&) {
        const bool more = search::follow(tx, 100);
        return audit::index::follow(tx) || more;
    })) {
    }
    REQUIRE(h.count("audit_places") > 0);
    for (int i = 0; i < 100; ++i)
        if (!h.run([](transaction& tx, context& by) { return log_floor::raise(tx, by.now + 24h); }))
            break;
    CHECK(read_log_bounds(h.db()).floor > 0);
    CHECK(
        h.count("audit_places", "position <= " + std::to_string(read_log_bounds(h.db()).floor)) == 0
    );
    CHECK(h.positions(h.questions()[3]).empty());
}
