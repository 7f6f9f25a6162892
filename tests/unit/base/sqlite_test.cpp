#include "tests/support/crm_database.hpp"

#include "crm/base/problem.hpp"

#include <catch2/catch.hpp>

using namespace crm;

TEST_CASE("an in-memory database is migrated and gives positions from 1")
{
    test::in_memory_database base;
    base.write([](transaction& in) {
        in.append({.what = happening::setting_changed, .subject = 7});
        in.append({.what = happening::setting_changed, .subject = 8});
    });
    base.write([](transaction& in) { in.append({.what = happening::tag_created}); });
    REQUIRE(base.news.size() == 3);
    CHECK(base.news[0].position == 1);
    CHECK(base.news[2].position == 3);
    const std::int64_t stored = base.read([](db::connection& on) {
        db::rows found = on.query("SELECT SUM(position), COUNT(*) FROM log_entries");
        found.next();
        return found.integer(0) * 10 + found.integer(1);
    });
    CHECK(stored == 63);
}

TEST_CASE("a job that throws leaves nothing behind")
{
    test::in_memory_database base;
    const auto refused = [](transaction& in) {
        in.append({.what = happening::tag_created});
        throw problem{errc::conflict, "taken"};
    };
    CHECK_THROWS_AS(base.write(refused), problem);
    base.write([](transaction& in) { in.append({.what = happening::tag_created}); });
    CHECK(base.news.size() == 1);
    CHECK(base.news[0].position == 1);
}
