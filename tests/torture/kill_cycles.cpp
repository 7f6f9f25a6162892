// Kills the server, its database, or the connection between them at random
// moments while twenty writers write and observers come and go, and holds every
// promise against the database: what was acknowledged is there exactly once,
// numbers have no gaps, every observer that resumed holds what the database
// holds, what was refused is absent, what was never answered is there at most
// once.
#include "tests/support/fault_proxy.hpp"
#include "tests/support/load_checks.hpp"
#include "tests/support/load_crew.hpp"
#include "tests/support/load_database.hpp"
#include "tests/support/load_options.hpp"
#include "tests/support/load_results.hpp"
#include "tests/support/load_server.hpp"
#include "tests/support/mariadb.hpp"

#include <fmt/format.h>
#include <iostream>
#include <thread>

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;
using std::chrono::milliseconds;

struct options
{
    fs::path binary;
    fs::path results = "build/torture/results.json";
    std::string store = "sqlite";
    std::string what = "server";
    std::uint32_t seed = 0;
    int cycles = 20;
    int visitors = 16;
    int check_every = 10;
    int longest_ms = 800;
};

constexpr int agent_sockets = 4; // with 16 visitors: twenty writers
constexpr int watchers = 2;

class torture
{
public:
    torture(const options& how, load::torture_run& run)
        : how_{how}, run_{run}, random_{run.seed * 7919U + static_cast<std::uint32_t>(run.cycles)}
    {
        open_database();
        server_ =
            std::make_unique<load::server>(load::server_settings{how.binary, server_url_, 2, {}, {}}
            );
        if (database_url_.empty())
            database_url_ = "sqlite:" + server_->database_file().string();
        server_->start();
        watch_ = std::make_unique<faults::proxy>(server_->where().port);
        load::crew_settings crew;
        crew.inbox = server_->inbox();
        crew.visitors = how.visitors;
        crew.seed = static_cast<std::uint32_t>(random_());
        for (int i = 0; i < agent_sockets; ++i)
            crew.agents.push_back(server_->log_in_agent(i % 2));
        for (int i = 0; i < watchers; ++i)
            crew.watchers.push_back(server_->log_in_agent(i % 2));
        crew_ = std::make_unique<load::crew>(io_, std::move(crew), history_);
        crew_->start(server_->where(), {watch_->port()});
    }

    int run()
    {
        const auto began = clock_type::now();
        const double before = run_.seconds;
        while (run_.cycles < run_.wanted) {
            const auto violations = run_.violations();
            cycle();
            const bool is_last = run_.cycles + 1 == run_.wanted;
            if ((run_.cycles + 1) % how_.check_every == 0 || is_last)
                check();
            ++run_.cycles;
            run_.seconds =
                before + std::chrono::duration<double>(clock_type::now() - began).count();
            run_.acknowledged = acknowledged_before_ + history_.count(load::outcome::ok);
            run_.refused = refused_before_ + history_.count(load::outcome::fail);
            load::save_run(how_.results, run_);
            checks_.that(run_.violations() == violations, line());
            if (run_.violations() > violations && !server_->is_running())
                break;
        }
        judge_can_fail();
        return checks_.conclude();
    }

private:
    void open_database()
    {
        if (how_.store != "mysql")
            return;
        maria_ = std::make_unique<crm::test::mariadb>();
        database_url_ = maria_->fresh_database();
        server_url_ = database_url_;
        if (how_.what != "proxy")
            return;
        between_ = std::make_unique<faults::proxy>(maria_->port());
        // The same database by way of the proxy.
        const std::string port = ":" + std::to_string(maria_->port());
        server_url_.replace(
            server_url_.find(port), port.size(), ":" + std::to_string(between_->port())
        );
    }

    [[nodiscard]] std::string line() const
    {
        return fmt::format(
            "{} {} seed {} cycle {}: {} acknowledged, {} lost, {} "
            "doubled, {} gaps, {} different, "
            "{} back from "
            "refusal, {} other; {} resumes, {} snapshots",
            run_.what,
            run_.store,
            run_.seed,
            run_.cycles,
            run_.acknowledged,
            run_.lost,
            run_.doubled,
            run_.gaps,
            run_.different,
            run_.resurrected,
            run_.other,
            crew_->resumes(),
            crew_->snapshots()
        );
    }

    int random(int from, int to) { return std::uniform_int_distribution<int>{from, to}(random_); }

    void let_pass(milliseconds time)
    {
        io_.restart();
        io_.run_for(time);
    }

    void cycle()
    {
        crew_->begin_writing();
        const auto strike_at = clock_type::now() + milliseconds{random(20, how_.longest_ms)};
        while (clock_type::now() < strike_at) {
            watch_->arm({faults::fault::cut_after_bytes, random(1, 60'000)});
            let_pass(std::min<milliseconds>(
                milliseconds{random(20, 150)},
                std::chrono::duration_cast<milliseconds>(strike_at - clock_type::now()) + 1ms
            ));
            if (random(0, 3) == 0)
                crew_->cut_somebody();
        }
        if (how_.what == "server")
            kill_server();
        else if (how_.what == "database")
            kill_database();
        else
            cut_around_commit();
    }

    void kill_server()
    {
        server_->kill_now();
        ++run_.strikes;
        start_server();
    }

    void start_server()
    {
        server_->start();
        watch_->forward_to(server_->where().port);
        crew_->move_to(server_->where(), {watch_->port()});
    }

    void kill_database()
    {
        maria_->kill();
        ++run_.strikes;
        let_pass(milliseconds{random(0, 200)});
        maria_->start();
        let_pass(50ms);
        server_must_live("the database was killed");
    }

    void cut_around_commit()
    {
        using faults::fault;
        constexpr std::array kinds{
            fault::cut_before_commit, fault::cut_after_commit, fault::cut_before_answer
        };
        const auto before = between_->struck();
        between_->arm({kinds[static_cast<std::size_t>(random(0, 2))]});
        const auto deadline = clock_type::now() + 5s;
        while (between_->struck() == before && clock_type::now() < deadline)
            let_pass(5ms);
        if (between_->struck() == before)
            complain("no COMMIT came to be cut within 5 s");
        run_.strikes += between_->struck() - before;
        let_pass(20ms);
        server_must_live("the connection to its database was cut");
    }

    void server_must_live(const std::string& why)
    {
        if (server_->is_running())
            return;
        complain("the server ended when " + why + ": " + load::tail_of(server_->log(), 1500));
        start_server();
    }

    void complain(const std::string& words)
    {
        ++run_.other;
        std::cout << "        " << words << std::endl;
    }

    void check()
    {
        watch_->arm({});
        crew_->stop_writing();
        const auto deadline = clock_type::now() + 30s;
        while (!crew_->is_answered() && clock_type::now() < deadline)
            let_pass(20ms);
        if (!crew_->is_answered())
            complain("somebody was not answered within 30 s:\n" + crew_->troubles());
        // News may still be on the way to an observer: only what stays different
        // is.
        load::verdict found;
        for (int patience = 0; patience < 50; ++patience) {
            let_pass(100ms);
            stored_ = load::read_entries(database_url_);
            found = load::judge(history_, stored_, crew_->views(stored_));
            if (found.violations() == 0)
                break;
        }
        for (const auto& words : found.complaints)
            std::cout << "        " << words << '\n';
        run_.count(found);
        run_.resumes = crew_->resumes();
        run_.snapshots = crew_->snapshots();
        if (crew_->gaps_seen() > gaps_seen_)
            complain(fmt::format(
                "{} events came over a gap:\n{}", crew_->gaps_seen() - gaps_seen_, crew_->troubles()
            ));
        gaps_seen_ = crew_->gaps_seen();
    }

    /// Spoils this very run in four ways; the judge must notice each, or it
    /// proves nothing.
    void judge_can_fail()
    {
        if (run_.violations() > 0 || stored_.empty())
            return;
        const auto views = crew_->views(stored_);
        const auto is_asked = [](const load::seen_entry& row) { return !row.cid.empty(); };
        const auto some = std::ranges::find_if(stored_, is_asked);
        auto spoilt = stored_;
        spoilt.erase(spoilt.begin() + (some - stored_.begin()));
        checks_.that(
            load::judge(history_, spoilt, views).lost > 0, "the judge notices a lost entry"
        );
        spoilt = stored_;
        spoilt.push_back(*some);
        const auto twice = load::judge(history_, spoilt, views);
        checks_.that(
            twice.doubled > 0 && twice.gaps > 0, "the judge notices an entry that is there twice"
        );
        spoilt = stored_;
        spoilt.front().seq += 1'000'000;
        checks_.that(load::judge(history_, spoilt, views).gaps > 0, "the judge notices a gap");
        auto blind = views;
        for (auto& one : blind)
            one.entries.clear();
        checks_.that(
            load::judge(history_, stored_, blind).different > 0,
            "the judge notices observers that saw nothing"
        );
    }

    const options& how_;
    load::torture_run& run_;
    std::mt19937 random_;
    boost::asio::io_context io_{1};
    load::history history_;
    load::checks checks_;
    std::unique_ptr<crm::test::mariadb> maria_;
    std::unique_ptr<faults::proxy> between_; // server and database
    std::unique_ptr<load::server> server_;
    std::unique_ptr<faults::proxy> watch_; // watchers and server
    std::unique_ptr<load::crew> crew_;
    std::string server_url_;
    std::string database_url_;
    std::vector<load::seen_entry> stored_;
    std::int64_t acknowledged_before_ = run_.acknowledged;
    std::int64_t refused_before_ = run_.refused;
    std::int64_t gaps_seen_ = 0;
};

int run_all(options& how)
{
    if (how.what != "server" && how.store != "mysql")
        throw std::runtime_error{"--what " + how.what + " needs --store mysql"};
    if (how.store == "mysql" && !crm::test::mariadb::is_installed()) {
        std::cout << "skipped: MariaDB is not installed\n0 passed, 0 failed" << std::endl;
        return 0;
    }
    load::torture_run run = load::find_run(how.results, how.what, how.store, how.seed, how.cycles);
    return torture{how, run}.run();
}

} // namespace

int main(int argc, char** argv)
{
    load::options app{"kills and cuts under load, and a judge"};
    options how;
    how.binary = fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "parley";
    app.add("--binary", how.binary, "the server");
    app.add("--cycles", how.cycles, "cycles of a new run");
    app.add("--seed", how.seed, "0: go on with the run that was stopped, or begin the next");
    app.add("--store", how.store, "database", {"sqlite", "mysql"});
    app.add("--what", how.what, "what is struck", {"server", "database", "proxy"});
    app.add("--results", how.results, "file that gathers the runs");
    app.add("--visitors", how.visitors, "customers that write; four agents write too");
    app.add("--check-every", how.check_every, "cycles between two checks");
    app.add("--longest-ms", how.longest_ms, "longest time of load before a strike");
    int code = 0;
    if (!app.parse(argc, argv, code))
        return code;
    try {
        return run_all(how);
    } catch (const std::exception& failed) {
        std::cout << "FAILED  " << failed.what() << "\n0 passed, 1 failed" << std::endl;
        return 1;
    }
}
