// The layer that gathers SQLite's writes to its log: fewer of them, and nothing else is different.
#include "tests/support/load_process.hpp"
#include "tests/support/sqlite_faults.hpp"

#include "crm/store/sqlite.hpp"

#include <catch2/catch.hpp>
#include <sqlite3.h>

using namespace crm;
using namespace crm::test;

namespace {

constexpr std::string_view insert_row = "INSERT INTO rows_ (id, word) VALUES (?, ?)";
constexpr std::string_view count_rows = "SELECT COUNT(*) FROM rows_";
constexpr std::string_view check_all = "PRAGMA integrity_check";

class gathered
{
public:
    gathered() : trouble{install_disk_trouble()}
    {
        on->run_once("CREATE TABLE rows_ (id INTEGER PRIMARY KEY, word TEXT NOT NULL)");
        on->run_once("PRAGMA wal_autocheckpoint=0"); // would write to the database beside the log
    }
    ~gathered()
    {
        trouble.is_full = false;
        trouble.write_fails = false;
    }
    gathered(const gathered&) = delete;
    gathered& operator=(const gathered&) = delete;

    void insert(int first, int count)
    {
        const std::string word(1'000, 'w');
        for (int i = first; i < first + count; ++i)
            on->exec(insert_row, {i, word});
    }
    /// What another connection sees, which knows nothing of the layer: it reads the files.
    [[nodiscard]] int seen_outside() const
    {
        sqlite3* other = nullptr;
        REQUIRE(sqlite3_open_v2(file.c_str(), &other, SQLITE_OPEN_READWRITE, "unix") == SQLITE_OK);
        sqlite3_stmt* count = nullptr;
        REQUIRE(sqlite3_prepare_v2(other, count_rows.data(), -1, &count, nullptr) == SQLITE_OK);
        REQUIRE(sqlite3_step(count) == SQLITE_ROW);
        const int found = sqlite3_column_int(count, 0);
        sqlite3_finalize(count);
        sqlite3_close(other);
        return found;
    }
    std::int64_t seen_inside()
    {
        db::rows row = on->query(count_rows);
        row.next();
        return row.integer(0);
    }
    std::string integrity()
    {
        db::rows row = on->query(check_all);
        row.next();
        return row.string(0);
    }

    load::temp_dir place{"parley-wal"};
    std::string file = (place.path() / "some.db").string();
    disk_trouble& trouble;
    std::unique_ptr<db::connection> on = db::open_sqlite(file, db::access::read_write);
};

} // namespace

TEST_CASE("a commit of many pages is few writes, and others see it at once")
{
    gathered base;
    base.on->begin_write();
    base.insert(0, 300); // about 100 pages: 200 writes of SQLite's
    const int before = base.trouble.writes;
    base.on->commit();
    const int writes = base.trouble.writes - before;
    CHECK(writes >= 300'000 / (120 * 1024));
    CHECK(writes < 20);
    CHECK(base.seen_outside() == 300);
}

TEST_CASE("a transaction larger than the cache reads its own pages back and can be taken back")
{
    gathered base;
    base.on->run_once("PRAGMA cache_size=8");
    base.on->begin_write();
    base.insert(0, 2'000);
    CHECK(base.seen_inside() == 2'000);
    CHECK(base.seen_outside() == 0);
    base.on->rollback();
    base.on->begin_write();
    base.insert(5'000, 700);
    base.on->commit();
    CHECK(base.seen_outside() == 700);
    base.on->begin_write();
    base.insert(0, 1'500);
    base.on->commit();
    CHECK(base.seen_inside() == 2'200);
    CHECK(base.seen_outside() == 2'200);
    CHECK(base.integrity() == "ok");
}

TEST_CASE("what the disk refused is not written later")
{
    gathered base;
    base.on->begin_write();
    base.insert(0, 500);
    base.trouble.is_full = true;
    try {
        base.on->commit();
        FAIL("the disk was full");
    } catch (const db::failure& refused) {
        CHECK(refused.what_kind() == db::failure::kind::full);
    }
    base.on->rollback();
    base.trouble.is_full = false;
    CHECK(base.seen_outside() == 0);
    base.on->begin_write();
    base.insert(1'000, 3);
    base.on->commit();
    CHECK(base.seen_outside() == 3);
    CHECK(base.integrity() == "ok");
}

TEST_CASE("a checkpoint brings home what was gathered")
{
    gathered base;
    base.on->begin_write();
    base.insert(0, 400);
    base.on->commit();
    base.on->run_once("PRAGMA wal_checkpoint(TRUNCATE)");
    CHECK(std::filesystem::file_size(base.file + "-wal") == 0);
    CHECK(base.seen_outside() == 400);
    CHECK(base.integrity() == "ok");
}
