// What a durable write costs through the store, beside bare programs that do the same statements:
// one row a commit, and 64 rows a commit. SQLite, one process, no sockets. Prints its figures and
// leaves them in build/bench/results.json.
//     store_commit [--length-ms N] [--results FILE]
#include "tests/support/load_options.hpp"
#include "tests/support/load_process.hpp"
#include "tests/support/load_report.hpp"

#include "crm/base/time.hpp"
#include "crm/store/batch.hpp"
#include "crm/store/migrations.hpp"
#include "crm/store/sqlite.hpp"
#include "crm/store/store.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <ctime>
#include <iostream>
#include <string>

namespace {

using namespace crm;
using steady = std::chrono::steady_clock;

constexpr int writers = 64;
constexpr std::string_view insert_row =
    "INSERT INTO idempotency_keys (principal, client_key, fingerprint, status, body, created) "
    "VALUES ('bench', ?, '', 0, ?, 0)";

struct measured
{
    double per_second = 0;
    double cpu_s_per_100k = 0;
};

double cpu_seconds()
{
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

const std::string& message()
{
    static const std::string text(200, 'm');
    return text;
}

log_entry news()
{
    return {.what = happening::entry_added};
}

/// Runs `work` until the time is over; it returns how many rows it stored.
template <class Work>
measured measure(std::chrono::milliseconds length, Work work)
{
    const auto began = steady::now();
    const double cpu = cpu_seconds();
    std::int64_t rows = 0;
    while (steady::now() - began < length)
        rows += work();
    const std::chrono::duration<double> took = steady::now() - began;
    return {
        static_cast<double>(rows) / took.count(),
        (cpu_seconds() - cpu) / static_cast<double>(rows) * 100'000
    };
}

/// The same statements with nothing around them.
measured bare(std::chrono::milliseconds length, int rows_a_commit)
{
    const load::temp_dir place{"parley-bench"};
    const auto on = db::open_sqlite((place.path() / "bare.db").string(), db::access::read_write);
    db::migrate(*on, {1});
    address_book addresses;
    batch one{*on, addresses};
    std::int64_t next = 0;
    return measure(length, [&] {
        on->begin_write();
        for (int i = 0; i < rows_a_commit; ++i) {
            on->exec(insert_row, {std::to_string(++next), message()});
            one.append(news());
        }
        one.write_log();
        on->commit();
        static_cast<void>(one.take_entries());
        one.clear();
        return rows_a_commit;
    });
}

boost::asio::awaitable<void>
write_in_turn(store& into, std::int64_t& next, std::int64_t& stored, const bool& stop)
{
    while (!stop) {
        auto job = [key = std::to_string(++next), text = message()](transaction& in) {
            in.exec(insert_row, {key, text});
            in.append(news());
        };
        co_await into.write(std::move(job));
        ++stored;
    }
}

/// So many callers, each of which waits for its row to be durable before it writes the next.
measured through_store(std::chrono::milliseconds length, int callers, store_health& health)
{
    const load::temp_dir place{"parley-bench"};
    boost::asio::io_context io{1};
    const system_clock time;
    const auto opened =
        store::open(io, time, {.url = "sqlite:" + (place.path() / "store.db").string()});
    std::int64_t next = 0;
    std::int64_t stored = 0;
    bool stop = false;
    for (int i = 0; i < callers; ++i)
        boost::asio::co_spawn(
            io, write_in_turn(*opened, next, stored, stop), boost::asio::detached
        );
    const measured found = measure(length, [&] {
        const std::int64_t before = stored;
        io.run_one_for(std::chrono::milliseconds{10});
        return stored - before;
    });
    health = opened->health();
    stop = true;
    io.run();
    opened->drain();
    return found;
}

} // namespace

int main(int count, char** words)
{
    int length_ms = 3'000;
    std::filesystem::path results = "build/bench/results.json";
    load::options options{"Measures durable writes through the store beside bare programs."};
    options.add("--length-ms", length_ms, "how long each part runs");
    options.add("--results", results, "where the figures go");
    int code = 0;
    if (!options.parse(count, words, code))
        return code;
    const std::chrono::milliseconds length{length_ms};
    std::filesystem::create_directories(results.parent_path());
    load::report report{results};

    const measured single = bare(length, 1);
    const measured grouped = bare(length, writers);
    store_health health;
    const measured one_caller = through_store(length, 1, health);
    const measured many = through_store(length, writers, health);

    report.add(load::plain("store: bare, one row a commit", single.per_second, "rows/s"));
    report.add(load::plain("store: bare, 64 rows a commit", grouped.per_second, "rows/s"));
    report.add(load::plain("store: one caller", one_caller.per_second, "rows/s"));
    report.add(load::plain("store: 64 callers", many.per_second, "rows/s"));
    report.add(load::compared(
        "store: CPU of 100k durable rows, 64 callers",
        many.cpu_s_per_100k,
        "CPU s",
        "bare, 64 rows a commit",
        grouped.cpu_s_per_100k,
        1.5
    ));
    report.add(load::plain("store: commit p50", health.commit_p50_us, "us"));
    report.add(load::plain("store: commit p99", health.commit_p99_us, "us"));
    return 0;
}
