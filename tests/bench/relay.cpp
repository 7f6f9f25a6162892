// Durable chat relay: a customer's socket, the store, an agent's socket. Ours beside two bare
// programs (bare_relay.cpp) in the same run, on the same machine, with the same client. Figures:
// messages a second, the server's CPU for 100,000 of them, waits at 30 % and 70 % of its own most,
// memory of an idle socket. `--fsync-delay-us` repeats the waits on a slower disk.
#include "tests/support/load_options.hpp"
#include "tests/support/load_relay.hpp"
#include "tests/support/load_report.hpp"
#include "tests/support/load_server.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;
using load::relay_result;

// One program reads for two hundred customers and an agent, and may fall behind by more than a
// person's browser would; the server must not cut it off for that.
const std::string patience = "PARLEY_LIMITS__QUEUE_BYTES=67108864";

struct options
{
    fs::path binary;
    fs::path bare;
    fs::path preload;
    fs::path results;
    int rounds = 3;
    int senders = 200;
    int seconds = 4;
    int memory = 1;
};

/// A program under measurement, freshly started: how to reach it and what to watch.
struct subject
{
    load::endpoint where;
    std::vector<pid_t> pids;
    load::party receiver;
    std::vector<load::party> senders;
};

/// Starts a bare relay and keeps it for as long as it lives.
class bare_program
{
public:
    bare_program(const options& how, const std::string& sql)
    {
        const fs::path ports = place_.path() / "port";
        const fs::path log = place_.path() / "log";
        load::launch what;
        what.argv = {
            how.bare.string(),
            "--sql",
            sql,
            "--db",
            (place_.path() / "bare.db").string(),
            "--port-file",
            ports.string()
        };
        what.output = log;
        running_ = load::process{what};
        where_.port = load::wait_for_port(ports, running_, log, 10s);
    }

    [[nodiscard]] subject as_subject(int senders) const
    {
        const std::string hello = R"({"op":"hello","v":1})";
        subject made{where_, {running_.pid()}, {"/ws/agent", {}, hello}, {}};
        made.senders.assign(static_cast<std::size_t>(senders), {"/ws/chat", {}, hello});
        return made;
    }

private:
    load::temp_dir place_{"parley-bare"};
    load::process running_;
    load::endpoint where_;
};

subject subject_of(const load::server& running, int senders)
{
    subject made{
        running.where(), {running.pid()}, running.agent_party(running.log_in_agent(0)), {}
    };
    made.senders.assign(static_cast<std::size_t>(senders), running.visitor_party());
    return made;
}

double cpu_per_100k(const relay_result& got)
{
    return got.delivered > 0 ? got.cpu_s * 100'000 / static_cast<double>(got.delivered) : 0;
}

relay_result closed_run(const subject& what, const options& how)
{
    asio::io_context io{1};
    load::relay_load work{io, what.pids};
    work.connect(what.where, what.receiver, what.senders);
    return work.closed(1s, std::chrono::seconds{how.seconds});
}

relay_result open_run(const subject& what, double per_second, const options& how)
{
    asio::io_context io{1};
    load::relay_load work{io, what.pids};
    work.connect(what.where, what.receiver, what.senders);
    work.open(per_second, 500ms);
    return work.open(per_second, std::chrono::seconds{how.seconds});
}

/// The best of several rounds: noise of the machine only ever adds.
struct best
{
    double per_second = 0;
    double cpu = 1e9;
    void take(const relay_result& got)
    {
        per_second = std::max(per_second, got.per_second);
        cpu = std::min(cpu, cpu_per_100k(got));
    }
};

/// One commit as a lone customer feels it, and the waits at two loads.
void waits(
    load::report& into,
    const subject& what,
    double most,
    const options& how,
    const std::string& label
)
{
    subject alone = what;
    alone.senders.resize(1);
    options brief = how;
    brief.seconds = 1;
    const double commit = closed_run(alone, brief).p50_ms;
    into.add({"relay" + label + ": one message alone, p50", commit, "ms", "", 0, 0, 0, false});
    const relay_result low = open_run(what, most * 0.3, how);
    const relay_result high = open_run(what, most * 0.7, how);
    into.add({"relay" + label + ": p50 at 30 % of its most", low.p50_ms, "ms", "", 0, 0, 0, false});
    into.add(
        {"relay" + label + ": p99 at 30 % of its most",
         low.p99_ms,
         "ms",
         "",
         0,
         0,
         std::max(5.0, 3 * commit),
         false}
    );
    into.add({"relay" + label + ": p50 at 70 % of its most", high.p50_ms, "ms", "", 0, 0, 0, false}
    );
    into.add(
        {"relay" + label + ": p99 at 70 % of its most",
         high.p99_ms,
         "ms",
         "",
         0,
         0,
         std::max(20.0, 10 * commit),
         false}
    );
    if (low.missing + high.missing > 0)
        throw std::runtime_error{
            fmt::format("{} messages never arrived", low.missing + high.missing)
        };
}

/// What a bare program with the same SQL makes its customers wait at the same rates, on the same
/// disk: how much of a wait is ours.
void waits_of_bare(load::report& into, double most, const options& how)
{
    const bare_program program{how, "ours"};
    const subject what = program.as_subject(how.senders);
    for (const int percent : {30, 70}) {
        const relay_result got = open_run(what, most * percent / 100, how);
        const std::string at = fmt::format("at the rate of {} %", percent);
        into.add({"relay: bare, same SQL, p50 " + at, got.p50_ms, "ms", "", 0, 0, 0, false});
        into.add({"relay: bare, same SQL, p99 " + at, got.p99_ms, "ms", "", 0, 0, 0, false});
    }
}

/// Resident bytes for one of `count` idle customers' sockets.
double memory_per_socket(const subject& what, int count)
{
    asio::io_context io{1};
    load::relay_load work{io, what.pids};
    const std::int64_t before = load::usage_of(what.pids.front()).rss_bytes;
    work.connect(what.where, what.receiver, what.senders);
    const std::int64_t after = load::usage_of(what.pids.front()).rss_bytes;
    return static_cast<double>(after - before) / count / 1024;
}

void throughput(load::report& into, const options& how, double& most)
{
    best none;
    best one;
    best same;
    best ours;
    for (int round = 0; round < how.rounds; ++round) {
        for (const auto& [sql, kept] : {std::pair{"none", &none}, {"one", &one}, {"ours", &same}}) {
            const bare_program program{how, sql};
            kept->take(closed_run(program.as_subject(how.senders), how));
        }
        load::server running{{how.binary, {}, 1, {patience}, {}}};
        running.start();
        ours.take(closed_run(subject_of(running, how.senders), how));
    }
    most = ours.per_second;
    const std::string count = fmt::format("{} sockets", how.senders);
    into.add(
        {"relay: most messages a second, " + count,
         ours.per_second,
         "/s",
         "bare, one insert",
         one.per_second,
         ours.per_second / one.per_second,
         0,
         true}
    );
    into.add({"relay: bare without a store, CPU for 100k", none.cpu, "s", "", 0, 0, 0, false});
    into.add(load::compared(
        "relay: CPU for 100k messages", ours.cpu, "s", "bare, same SQL", same.cpu, 1.5
    ));
    into.add(load::compared(
        "relay: CPU for 100k messages (one insert)", ours.cpu, "s", "bare, one insert", one.cpu, 3
    ));
}

void memory(load::report& into, const options& how)
{
    for (const int count : {2'000, 10'000}) {
        const bare_program program{how, "one"};
        const double bare = memory_per_socket(program.as_subject(count), count);
        load::server running{{how.binary, {}, 1, {patience}, {}}};
        running.start();
        const double ours = memory_per_socket(subject_of(running, count), count);
        into.add(
            {fmt::format("relay: bare program's idle socket at {}", count),
             bare,
             "KiB",
             "",
             0,
             0,
             0,
             false}
        );
        into.add(
            {fmt::format("relay: idle visitor socket at {}", count),
             ours,
             "KiB",
             "",
             0,
             0,
             10,
             false}
        );
    }
}

int measure(const options& how)
{
    load::report into{how.results};
    double most = 0;
    throughput(into, how, most);
    {
        load::server running{{how.binary, {}, 1, {patience}, {}}};
        running.start();
        waits(into, subject_of(running, how.senders), most, how, "");
    }
    waits_of_bare(into, most, how);
    if (!how.preload.empty()) {
        load::server running{
            {how.binary,
             {},
             1,
             {"LD_PRELOAD=" + how.preload.string(), "PARLEY_FSYNC_DELAY_US=2000", patience},
             {}}
        };
        running.start();
        const subject what = subject_of(running, how.senders);
        const relay_result got = closed_run(what, how);
        into.add(
            {"relay, fsync + 2 ms: most messages a second", got.per_second, "/s", "", 0, 0, 0, true}
        );
        waits(into, what, got.per_second, how, ", fsync + 2 ms");
    }
    if (how.memory != 0)
        memory(into, how);
    const auto& all = into.figures();
    return std::ranges::all_of(all, &load::figure::holds) ? 0 : 2;
}

} // namespace

int main(int argc, char** argv)
{
    load::options app{"durable chat relay, ours beside bare programs"};
    options how;
    const fs::path here = fs::read_symlink("/proc/self/exe").parent_path();
    how.binary = here.parent_path() / "parley";
    how.bare = here / "bare_relay";
    how.preload = here / "libslow_fsync.so";
    how.results = "build/bench/results.json";
    app.add("--binary", how.binary, "the server");
    app.add("--results", how.results, "file that gathers the figures");
    app.add("--rounds", how.rounds, "rounds of the throughput comparison, the best counts");
    app.add("--seconds", how.seconds, "length of each measurement");
    app.add("--senders", how.senders, "customers that write");
    app.add("--memory", how.memory, "0 leaves out the idle sockets");
    return app.run(argc, argv, "relay", [&] { return measure(how); });
}
