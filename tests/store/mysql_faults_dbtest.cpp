// What happens to jobs when the connection to MySQL, or MySQL itself, fails around them.
#include "tests/store/notes.hpp"
#include "tests/support/fault_proxy.hpp"
#include "tests/support/store_fixture.hpp"

#include "crm/store/mysql.hpp"

#include <catch2/catch.hpp>
#include <thread>

using namespace crm;
using namespace crm::test;
using namespace std::chrono_literals;

namespace {

template <class Outcomes>
bool all_done(const Outcomes& all)
{
    return std::ranges::all_of(all, [](const auto& one) { return one->is_done(); });
}

bool skip()
{
    if (mariadb::is_installed())
        return false;
    WARN("skipped: MariaDB is not installed");
    return true;
}

} // namespace

TEST_CASE("a connection cut around COMMIT loses nothing and doubles nothing")
{
    if (skip())
        return;
    using faults::fault;
    const fault what =
        GENERATE(fault::cut_before_commit, fault::cut_after_commit, fault::cut_before_answer);
    INFO("fault " << static_cast<int>(what));
    faults::proxy proxy{mariadb::shared().port()};
    store_fixture base{mariadb::shared().fresh_database(proxy.port())};
    std::size_t stored = 0;
    for (int round = 0; round < 5; ++round) {
        const std::int64_t struck = proxy.struck();
        proxy.arm({.what = what});
        std::vector<std::shared_ptr<outcome<int>>> all;
        for (int i = 0; i < 20; ++i)
            all.push_back(base.start([name = std::to_string(stored + i), i](transaction& in) {
                put(in, name);
                return i;
            }));
        base.run_until([&] { return all_done(all); });
        for (int i = 0; i < 20; ++i) {
            REQUIRE(all[static_cast<std::size_t>(i)]->value);
            CHECK(*all[static_cast<std::size_t>(i)]->value == i);
        }
        stored += 20;
        CHECK(proxy.struck() == struck + 1);
    }
    CHECK(base.news.size() == stored);
    CHECK(base.read([](db::connection& from) { return positions(from); }) == one_to(stored));
    CHECK(base.read([](db::connection& from) { return notes(from); }).size() == stored);
    CHECK(base.store().health().quarantined == 0);
}

TEST_CASE("a connection cut in the middle of a batch runs the batch again")
{
    if (skip())
        return;
    faults::proxy proxy{mariadb::shared().port()};
    store_fixture base{mariadb::shared().fresh_database(proxy.port())};
    base.write([](transaction& in) { put(in, "first"); });
    auto once = std::make_shared<std::once_flag>();
    base.write([&proxy, once](transaction& in) {
        put(in, "second");
        std::call_once(*once, [&] { proxy.cut_all(); });
        put(in, "third");
    });
    CHECK(base.news.size() == 3);
    CHECK(base.read([](db::connection& from) { return positions(from); }) == one_to(3));
    CHECK(base.store().health().reruns >= 1);
}

TEST_CASE("a job that cuts the connection each time is set aside, and its neighbours are stored")
{
    if (skip())
        return;
    faults::proxy proxy{mariadb::shared().port()};
    store_fixture base{mariadb::shared().fresh_database(proxy.port())};
    const auto gate = base.hold_writer();
    const auto before = base.start([](transaction& in) { put(in, "a"); });
    const auto poison = base.start([&proxy](transaction& in) {
        proxy.cut_all();
        put(in, "never");
    });
    const auto after = base.start([](transaction& in) { put(in, "b"); });
    gate->set_value();
    base.run_until([&] { return before->is_done() && poison->is_done() && after->is_done(); });
    CHECK(before->value);
    CHECK(after->value);
    CHECK_THROWS_WITH(
        std::rethrow_exception(poison->failed), Catch::Matchers::Contains("three times")
    );
    CHECK(base.store().health().quarantined == 1);
    CHECK(base.read([](db::connection& from) {
        return notes(from);
    }) == std::vector<std::string>{"a", "b"});
    CHECK(base.news.size() == 2);
}

TEST_CASE("a deadlock with another connection runs the batch again")
{
    if (skip())
        return;
    const std::string url = mariadb::shared().fresh_database();
    store_fixture base{url};
    base.write([](transaction& in) {
        for (int i = 0; i < 50; ++i)
            put(in, "row" + std::to_string(i));
    });
    const std::string touch = "UPDATE idempotency_keys SET status = status + 1 WHERE principal = "
                              "'note' AND client_key = ?";
    const auto other = db::open_mysql(db::read_mysql_url(url), db::session::writer);
    // The one that changed less is chosen as the victim.
    for (int i = 1; i < 50; ++i)
        other->exec(touch, {"row" + std::to_string(i)});
    auto holds_first = std::make_shared<std::promise<void>>();
    auto once = std::make_shared<std::once_flag>();
    const auto job = base.start([touch, holds_first, once](transaction& in) {
        in.exec(touch, {"row0"});
        std::call_once(*once, [&] { holds_first->set_value(); });
        in.exec(touch, {"row1"});
        in.append({.what = happening::tag_created});
    });
    holds_first->get_future().wait();
    other->exec(touch, {"row0"});
    other->commit();
    base.run_until([&] { return job->is_done(); });
    CHECK(job->value);
    CHECK(base.store().health().reruns >= 1);
    CHECK(base.news.back().position == 51);
    const auto touched = base.read([](db::connection& from) {
        db::rows found = from.query("SELECT SUM(status) FROM idempotency_keys");
        found.next();
        return found.integer(0);
    });
    CHECK(touched == 50 + 2);
}

TEST_CASE("a value over the server's packet is refused by name, and its neighbours are stored")
{
    if (skip())
        return;
    store_fixture base{mariadb::shared().fresh_database()};
    const auto gate = base.hold_writer();
    const auto before = base.start([](transaction& in) { put(in, "a"); });
    const auto huge =
        base.start([](transaction& in) { put(in, "huge", std::string(17'000'000, 'x')); });
    gate->set_value();
    base.run_until([&] { return before->is_done() && huge->is_done(); });
    CHECK(before->value);
    try {
        std::rethrow_exception(huge->failed);
    } catch (const problem& refused) {
        CHECK(refused.code() == errc::too_large);
    }
    // Just below it is stored, and comes back whole.
    const std::string large(15'000'000, 'y');
    base.write([large](transaction& in) { put(in, "large", large); });
    const auto length = base.read([](db::connection& from) {
        db::rows found = from.query("SELECT body FROM idempotency_keys WHERE client_key = 'large'");
        found.next();
        return found.text(0).size();
    });
    CHECK(length == large.size());
}

TEST_CASE("a server that takes too small packets is refused at start with what to set")
{
    if (skip())
        return;
    mariadb small{{"--max-allowed-packet=1M", "--innodb-flush-method=nosync"}};
    boost::asio::io_context io{1};
    const system_clock time;
    const std::string url = [&] {
        try {
            return small.fresh_database();
        } catch (const problem&) {
            return "mysql://root@127.0.0.1:" + std::to_string(small.port()) + "/mysql";
        }
    }();
    CHECK_THROWS_WITH(
        store::open(io, time, {.url = url}), Catch::Matchers::Contains("max_allowed_packet = 16M")
    );
}

TEST_CASE("while the database is away callers are told, and it is found again when it is back")
{
    if (skip())
        return;
    mariadb server;
    store_fixture base{server.fresh_database()};
    base.write([](transaction& in) { put(in, "a"); });
    const std::string epoch = base.store().epoch();

    server.kill();
    const auto told = base.start([](transaction& in) { put(in, "b"); });
    base.run_until([&] { return told->is_done(); });
    REQUIRE(told->failed);
    CHECK_THROWS_WITH(
        std::rethrow_exception(told->failed), Catch::Matchers::Contains("does not answer")
    );
    CHECK_FALSE(base.store().health().writable);
    CHECK_THROWS_AS(base.write([](transaction& in) { put(in, "c"); }), problem);

    server.start();
    bool stored = false;
    for (int tries = 0; tries < 100 && !stored; ++tries) {
        try {
            base.write([](transaction& in) { put(in, "d"); });
            stored = true;
        } catch (const problem&) {
            std::this_thread::sleep_for(50ms);
        }
    }
    CHECK(stored);
    CHECK(base.store().health().writable);
    CHECK(base.read([](db::connection& from) {
        return notes(from);
    }) == std::vector<std::string>{"a", "d"});
    // What clients hold may rest on what a crashed database forgot.
    CHECK(base.store().epoch() != epoch);
}

TEST_CASE("a batch that waits while the database restarts is stored once")
{
    if (skip())
        return;
    mariadb server;
    store_fixture base{server.fresh_database()};
    base.write([](transaction& in) { put(in, "a"); });
    server.kill();
    const auto waiting = base.start([](transaction& in) { put(in, "b"); });
    server.start();
    base.run_until([&] { return waiting->is_done(); });
    CHECK(waiting->value);
    CHECK(base.read([](db::connection& from) { return positions(from); }) == one_to(2));
}

TEST_CASE("two nodes write one log without gaps, and one node's number is taken once")
{
    if (skip())
        return;
    const std::string url = mariadb::shared().fresh_database();
    store_fixture one{url, {.node = 0}};
    store_fixture other{url, {.node = 1}};
    std::vector<std::shared_ptr<outcome<void>>> all;
    for (int i = 0; i < 60; ++i) {
        all.push_back(one.start([i](transaction& in) { put(in, "one" + std::to_string(i)); }));
        all.push_back(other.start([i](transaction& in) { put(in, "other" + std::to_string(i)); }));
    }
    one.run_until([&] {
        other.io.restart();
        other.io.poll();
        return all_done(all);
    });
    CHECK(std::ranges::none_of(all, [](const auto& done) { return bool{done->failed}; }));
    CHECK(one.read([](db::connection& from) { return positions(from); }) == one_to(120));
    boost::asio::io_context io{1};
    const system_clock time;
    CHECK_THROWS_WITH(
        store::open(io, time, {.url = url, .node = 1}), Catch::Matchers::Contains("store.node")
    );
}
