#include "crm/demo/demo.hpp"

#include "crm/conversation_list.hpp"
#include "crm/customer.hpp"
#include "crm/timeline_pages.hpp"
#include "crm/value.hpp"
#include "tests/support/crm_database.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <iostream>

using namespace crm;

namespace {

struct seeded
{
    explicit seeded(const demo::story_size& size)
    {
        const demo::story told = demo::tell(size, time.now());
        for (int jobs = 0; jobs < 5'000 && !made.finished; ++jobs) {
            const context by{.who = {}, .now = time.now(), .ids = ids.reserve(128)};
            const std::size_t before = base.news.size();
            made = base.write([&](transaction& tx) { return demo::step(tx, by, told, made); });
            largest_job = std::max(largest_job, base.news.size() - before);
        }
    }

    std::int64_t count(const std::string& sql)
    {
        db::rows row = base.connection().query(sql);
        row.next();
        return row.integer(0);
    }
    std::string text_of(const std::string& sql)
    {
        std::string all;
        db::rows row = base.connection().query(sql);
        while (row.next())
            all += row.string(0) + "\n";
        return all;
    }

    manual_clock time{test::monday_nine};
    id_source ids{time, 1};
    test::in_memory_database base;
    demo::progress made;
    std::size_t largest_job = 0;
};

} // namespace

TEST_CASE("the demo is believable: every status, stage, tier and channel, and the hard names")
{
    const auto begin = std::chrono::steady_clock::now();
    seeded demo{{}};
    const auto took = std::chrono::steady_clock::now() - begin;
    std::cout << "demo seeded in "
              << std::chrono::duration_cast<std::chrono::milliseconds>(took).count() << " ms\n";
    REQUIRE(demo.made.finished);
    CHECK(demo.count("SELECT COUNT(*) FROM conversations") >= 480);
    CHECK(demo.count("SELECT COUNT(*) FROM orders") == 300);
    CHECK(demo.count("SELECT COUNT(*) FROM agents") == 12);
    CHECK(demo.count("SELECT COUNT(DISTINCT status) FROM conversations") == 4);
    CHECK(demo.count("SELECT COUNT(DISTINCT stage) FROM conversations") == 3);
    CHECK(demo.count("SELECT COUNT(DISTINCT stage) FROM entries") == 3);
    CHECK(demo.count("SELECT COUNT(DISTINCT channel) FROM conversations") == 5);
    CHECK(demo.count("SELECT COUNT(DISTINCT status) FROM orders") == 7);
    CHECK(demo.count("SELECT COUNT(DISTINCT tier) FROM customers") == 5);
    CHECK(demo.count("SELECT COUNT(*) FROM entries WHERE delivery = 6") == 1);
    CHECK(demo.count("SELECT COUNT(*) FROM entries WHERE delivery = 7") == 1);
    CHECK(demo.count("SELECT COUNT(*) FROM customers WHERE merged_into <> 0") == 1);
    CHECK(
        demo.count("SELECT COUNT(*) FROM conversations WHERE assignee_id = 0 AND status = 1") > 0
    );
    CHECK(demo.count("SELECT COUNT(*) FROM conversations WHERE stage_by_hand <> 0") == 1);
    // Every snooze ends in the hours to come, and has its timer.
    const std::string snoozed = "SELECT COUNT(*) FROM conversations WHERE status = 3";
    CHECK(demo.count(snoozed) >= 5);
    CHECK(
        demo.count(snoozed + " AND snoozed_until > " + std::to_string(demo.time.now().us)) ==
        demo.count(snoozed)
    );
    CHECK(demo.count("SELECT COUNT(DISTINCT due_at) FROM agenda") >= 4);
    CHECK(demo.count("SELECT COUNT(*) FROM agenda WHERE kind = 1") == demo.count(snoozed));
    // Each of those who answer finds a day's work, and somebody has waited for none of them yet.
    CHECK(
        demo.count("SELECT COUNT(DISTINCT assignee_id) FROM conversations "
                   "WHERE status <> 4"
                   " AND assignee_id <> 0") == 9
    );
    CHECK(
        demo.count("SELECT COUNT(*) FROM conversations WHERE assignee_id = 0 "
                   "AND status = 1"
                   " AND waiting_since > 0") >= 5
    );
    CHECK(
        demo.count("SELECT MAX(n) FROM (SELECT COUNT(*) AS n FROM entries WHERE kind = 1"
                   " AND conversation_id <> 0 GROUP BY conversation_id)") >= 300
    );
    CHECK(
        demo.text_of("SELECT name FROM customers").find("👩‍👩‍👧") != std::string::npos
    );
    CHECK(demo.text_of("SELECT name FROM customers").find("ليلى") != std::string::npos);
    CHECK(demo.text_of("SELECT html FROM entry_bodies").find("<script>") != std::string::npos);

    // Every conversation counts without gaps, as everywhere.
    CHECK(
        demo.count("SELECT COUNT(*) FROM conversations c WHERE c.last_seq <>"
                   " (SELECT COUNT(*) FROM entries e WHERE e.conversation_id = c.id)") == 0
    );
    CHECK(demo.largest_job <= 200);
    const auto logins = demo::logins(demo.base.connection());
    REQUIRE(logins.size() == 12);
    CHECK(logins[0].role == "admin");
    CHECK(logins[1].role == "supervisor");
    CHECK(demo::is_furnished(demo.base.connection()));
}

TEST_CASE("the same seed tells the same story, another seed another one")
{
    const demo::story_size small{.seed = 7, .customers = 40, .conversations = 60, .orders = 40};
    demo::story_size other = small;
    other.seed = 8;
    const std::string words = "SELECT content FROM entries ORDER BY id";
    seeded one{small};
    CHECK(one.made.finished);
    CHECK(one.text_of(words) == seeded{small}.text_of(words));
    CHECK(one.text_of(words) != seeded{other}.text_of(words));
}
