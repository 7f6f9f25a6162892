// What happens to jobs when the disk under SQLite fails, fills up or is shared.
#include "tests/store/notes.hpp"
#include "tests/support/sqlite_faults.hpp"
#include "tests/support/store_fixture.hpp"

#include "crm/store/sqlite.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <sys/mount.h>
#include <thread>

using namespace crm;
using namespace crm::test;
using namespace std::chrono_literals;

namespace {

errc code_of(const std::exception_ptr& failed)
{
    try {
        std::rethrow_exception(failed);
    } catch (const problem& refused) {
        return refused.code();
    }
}

/// Runs one hidden test of this program in a process of its own; what it printed stands in
/// `output`.
int run_child(const std::string& test, const std::string& database, const load::temp_dir& in)
{
    load::launch child;
    child.argv = {std::filesystem::read_symlink("/proc/self/exe").string(), test};
    child.environment = {"PARLEY_TEST_DATABASE=" + database};
    child.output = in.path() / "output";
    load::process running{child};
    return running.wait(30s);
}

} // namespace

TEST_CASE("child: a commit whose sync fails", "[.child]")
{
    const char* url = std::getenv("PARLEY_TEST_DATABASE");
    REQUIRE(url != nullptr);
    disk_trouble& disk = install_disk_trouble();
    store_fixture base{std::string{url}};
    base.write([](transaction& in) { put(in, "a"); });
    std::cout << "a was answered" << std::endl;
    disk.sync_fails = true;
    try {
        base.write([](transaction& in) { put(in, "b"); });
    } catch (const std::exception&) {
        std::cout << "b was answered with an error" << std::endl;
    }
    std::cout << "b was answered" << std::endl;
}

TEST_CASE("a commit whose sync fails ends the process and answers nobody")
{
    const load::temp_dir place{"parley-fsync"};
    const std::string url = "sqlite:" + (place.path() / "parley.db").string();
    CHECK(run_child("child: a commit whose sync fails", url, place) == 70);
    const std::string printed = load::read_text(place.path() / "output");
    CHECK(printed.find("a was answered") != std::string::npos);
    CHECK(printed.find("b was answered") == std::string::npos);
    store_fixture base{url};
    CHECK(base.read([](db::connection& from) { return stands(from, "a"); }));
}

TEST_CASE("a full disk is told, and work goes on when there is room again")
{
    disk_trouble& disk = install_disk_trouble();
    store_fixture base{backend::sqlite};
    base.write([](transaction& in) { put(in, "a"); });
    disk.is_full = true;
    const auto refused = base.start([](transaction& in) { put(in, "b"); });
    base.run_until([&] { return refused->is_done(); });
    disk.is_full = false;
    REQUIRE(refused->failed);
    CHECK(code_of(refused->failed) == errc::unavailable);
    CHECK_FALSE(base.store().health().writable);
    CHECK(base.store().health().reason.find("disk is full") != std::string::npos);
    base.write([](transaction& in) { put(in, "c"); });
    CHECK(base.store().health().writable);
    CHECK(base.read([](db::connection& from) {
        return notes(from);
    }) == std::vector<std::string>{"a", "c"});
    CHECK(base.read([](db::connection& from) {
        return positions(from);
    }) == std::vector<std::int64_t>{1, 2});
    CHECK(base.news.size() == 2);
}

TEST_CASE("a probe finds a full disk, and finds it well again")
{
    disk_trouble& disk = install_disk_trouble();
    store_fixture base{backend::sqlite};
    base.write([](transaction& in) { put(in, "a"); });
    const auto position = base.store().position();
    disk.is_full = true;
    const auto refused = base.start([](transaction& in) { prove_writable(in); });
    base.run_until([&] { return refused->is_done(); });
    disk.is_full = false;
    REQUIRE(refused->failed);
    CHECK(code_of(refused->failed) == errc::unavailable);
    CHECK_FALSE(base.store().health().writable);
    const auto commits = base.store().health().commits;
    base.write([](transaction& in) { prove_writable(in); });
    CHECK(base.store().health().commits == commits + 1);
    CHECK(base.store().health().writable);
    CHECK(base.store().position() == position);
}

TEST_CASE("a small disk that really fills up refuses, and takes again after some was freed")
{
    const load::temp_dir place{"parley-tmpfs"};
    if (mount("tmpfs", place.path().c_str(), "tmpfs", 0, "size=6m") != 0) {
        WARN("skipped: mounting a small disk needs root");
        return;
    }
    {
        store_fixture base{"sqlite:" + (place.path() / "parley.db").string()};
        std::ofstream{place.path() / "ballast"} << std::string(2'000'000, 'x');
        std::size_t taken = 0;
        bool refused = false;
        for (int i = 0; i < 100 && !refused; ++i) {
            try {
                base.write([i](transaction& in) {
                    put(in, std::to_string(i), std::string(100'000, 'y'));
                });
                ++taken;
            } catch (const problem& full) {
                CHECK(full.code() == errc::unavailable);
                refused = true;
            }
        }
        CHECK(refused);
        std::filesystem::remove(place.path() / "ballast");
        base.write([](transaction& in) { put(in, "after"); });
        CHECK(base.read([](db::connection& from) { return notes(from); }).size() == taken + 1);
    }
    umount2(place.path().c_str(), MNT_DETACH);
}

TEST_CASE("a second process on the same directory is refused and told who is there")
{
    store_fixture base{backend::sqlite};
    boost::asio::io_context io{1};
    CHECK_THROWS_WITH(
        store::open(io, base.time, {.url = base.url()}),
        Catch::Matchers::Contains("in use by process " + std::to_string(getpid()))
    );
    base.store().drain();
    // Once the first has let go, the next may have it.
    CHECK_NOTHROW(store::open(io, base.time, {.url = base.url()})->drain());
}

TEST_CASE("a reader that stays makes the log grow; it is brought home when the reader has gone")
{
    store_fixture base{backend::sqlite};
    const std::string file = base.url().substr(std::string{"sqlite:"}.size());
    base.write([](transaction& in) { put(in, "first"); });
    const auto reader = db::open_sqlite(file, db::access::read_only);
    reader->begin_read();
    CHECK(stands(*reader, "first"));
    for (int i = 0; i < 80; ++i)
        base.write([i](transaction& in) { put(in, std::to_string(i), std::string(1'000'000, 'x')); }
        );
    CHECK(base.store().health().wal_bytes > 64 * 1024 * 1024);
    reader->rollback();
    base.run_until([&] { return base.store().health().wal_bytes < 1024 * 1024; });
    base.write([](transaction& in) { put(in, "last"); });
    CHECK(base.read([](db::connection& from) { return notes(from); }).size() == 82);
}

TEST_CASE("a read that lasts too long is ended, and the reader serves on")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    store_fixture base{on, {.readers = 1}};
    const std::string endless =
        on == backend::sqlite ? "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 "
                                "FROM n) SELECT COUNT(*) FROM n"
                              : "SELECT COUNT(*) FROM seq_1_to_100000000000 WHERE seq % 7 = 3";
    const auto reading = base.start_read([endless](db::connection& from) {
        db::rows found = from.query(endless);
        found.next();
    });
    base.run_until([&] { return reading->is_done(); });
    REQUIRE(reading->failed);
    CHECK(code_of(reading->failed) == errc::unavailable);
    CHECK(base.read([](db::connection& from) { return positions(from); }).empty());
}

TEST_CASE("the epoch stays the same when the program merely starts again")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    store_fixture base{on};
    const std::string epoch = base.store().epoch();
    CHECK(epoch.size() == 22);
    base.reopen();
    CHECK(base.store().epoch() == epoch);
}
