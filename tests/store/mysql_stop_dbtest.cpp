// Stopping while MySQL is away, and how long a read of several statements may take there.
#include "tests/store/notes.hpp"
#include "tests/support/fault_proxy.hpp"
#include "tests/support/slowness.hpp"
#include "tests/support/store_fixture.hpp"

#include <catch2/catch.hpp>

using namespace crm;
using namespace crm::test;
using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

TEST_CASE("stopping ends in bounded time although nobody knows whether a COMMIT happened")
{
    if (!mariadb::is_installed()) {
        WARN("skipped: MariaDB is not installed");
        return;
    }
    const auto cut = GENERATE(
        faults::fault::cut_before_commit,
        faults::fault::cut_after_commit,
        faults::fault::cut_before_answer
    );
    INFO("fault " << static_cast<int>(cut));
    faults::proxy proxy{mariadb::shared().port()};
    // Nobody may be told what is not known, least of all by ending the process.
    store_settings how;
    how.fatal = [](std::string_view why) { FAIL(std::string{why}); };
    store_fixture base{mariadb::shared().fresh_database(proxy.port()), how};
    base.write([](transaction& in) { put(in, "before"); });
    proxy.forward_to(1); // from now on nobody answers
    proxy.arm({.what = cut});
    const auto doubtful = base.start([](transaction& in) { put(in, "doubtful"); });
    while (proxy.is_armed())
        std::this_thread::sleep_for(5ms);
    std::vector<std::shared_ptr<outcome<void>>> queued;
    for (int i = 0; i < 3; ++i)
        queued.push_back(base.start([](transaction& in) { put(in, "later"); }));

    const auto began = steady::now();
    base.store().drain();
    CHECK(steady::now() - began < 12s * tests::slowness);
    base.run_until([&] { return doubtful->is_done() && queued.back()->is_done(); });
    REQUIRE(doubtful->failed);
    CHECK_THROWS_WITH(
        std::rethrow_exception(doubtful->failed),
        Catch::Matchers::Contains("did not say whether this was stored")
    );
    for (const auto& each : queued)
        CHECK(each->failed);
    CHECK(base.news.size() == 1);
}

TEST_CASE("a read of several statements ends after two seconds, however short each is")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    store_fixture base{on};
    for (int i = 0; i < 300; ++i)
        base.write([i](transaction& in) { put(in, "row" + std::to_string(i)); });
    const auto began = steady::now();
    const auto slow = [](db::connection& from) {
        std::int64_t seen = 0;
        for (int i = 0; i < 100; ++i) {
            db::rows row = from.query(
                "SELECT COUNT(*) FROM log_entries a JOIN log_entries b JOIN log_entries c"
                " WHERE a.position + b.position + c.position > 0 AND c.position < 120"
            );
            row.next();
            seen += row.integer(0);
        }
        return seen;
    };
    CHECK_THROWS_WITH(base.read(slow), Catch::Matchers::Contains("longer than a read may take"));
    CHECK(steady::now() - began < 4s * tests::slowness);
    // The next read has its whole time again.
    CHECK(base.read([](db::connection& from) { return notes(from); }).size() == 300);
}
