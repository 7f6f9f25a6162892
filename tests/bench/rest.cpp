// What a REST read costs: ours, from the session check over the store to JSON, beside nginx sending
// a file of the same size. Both are driven by wrk; the CPU time of the servers is what counts.
#include "tests/support/load_options.hpp"
#include "tests/support/load_report.hpp"
#include "tests/support/load_server.hpp"

#include <fmt/format.h>
#include <regex>
#include <thread>
#include <unistd.h>

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

struct options
{
    fs::path binary;
    fs::path results = "build/bench/results.json";
    int seconds = 4;
    int connections = 32;
};

struct drive
{
    double per_second = 0;
    double cpu_per_100k = 0;
};

/// Runs wrk against one address and reads its summary. Throws when an answer was not 2xx.
drive run_wrk(
    const options& how,
    const load::endpoint& where,
    const std::string& target,
    const load::headers& extra,
    pid_t server
)
{
    load::launch what;
    what.argv = {
        "wrk",
        "-t1",
        "-c" + std::to_string(how.connections),
        "-d" + std::to_string(how.seconds) + "s"
    };
    for (const auto& [name, value] : extra) {
        what.argv.emplace_back("-H");
        what.argv.push_back(name + ": " + value);
    }
    what.argv.push_back(fmt::format("http://127.0.0.1:{}{}", where.port, target));
    const double before = load::usage_of(server).cpu_s;
    const std::string said = load::run_and_read(what, std::chrono::seconds{how.seconds + 20});
    const double used = load::usage_of(server).cpu_s - before;
    if (said.find("Non-2xx") != std::string::npos ||
        said.find("Socket errors") != std::string::npos)
        throw std::runtime_error{target + " was not always answered: " + said};
    std::smatch rate;
    std::smatch count;
    if (!std::regex_search(said, rate, std::regex{R"(Requests/sec:\s+([\d.]+))"}) ||
        !std::regex_search(said, count, std::regex{R"((\d+) requests in)"}))
        throw std::runtime_error{"wrk said something else: " + said};
    return {std::stod(rate[1]), used * 100'000 / std::stod(count[1])};
}

/// nginx as one process that sends one file.
class nginx
{
public:
    explicit nginx(const std::string& body) : where_{load::free_port()}
    {
        const fs::path home = place_.path();
        load::write_text(home / "file.json", body);
        const std::string user = ::geteuid() == 0 ? "user root;\n" : "";
        load::write_text(
            home / "nginx.conf",
            user + fmt::format(
                       R"(daemon off; master_process off; worker_processes 1;
pid {0}/pid; error_log {0}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 1000000000; default_type application/json;
  client_body_temp_path {0}/a; proxy_temp_path {0}/b; fastcgi_temp_path {0}/c; uwsgi_temp_path {0}/d; scgi_temp_path {0}/e;
  open_file_cache max=10;
  server {{ listen 127.0.0.1:{1}; root {0}; }}
}}
)",
                       home.string(),
                       where_.port
                   )
        );
        running_ = load::process{
            {{"nginx", "-p", home.string(), "-c", (home / "nginx.conf").string()},
             home / "output",
             {},
             {},
             0,
             0}
        };
        wait();
    }

    static bool is_installed()
    {
        return fs::exists("/usr/sbin/nginx") && fs::exists("/usr/bin/wrk");
    }
    [[nodiscard]] load::endpoint where() const { return where_; }
    [[nodiscard]] pid_t pid() const { return running_.pid(); }

private:
    void wait()
    {
        const auto deadline = std::chrono::steady_clock::now() + 5s;
        for (;;) {
            try {
                load::call(where_, "GET", "/file.json");
                return;
            } catch (const std::exception&) {
                if (!running_.is_running() || std::chrono::steady_clock::now() > deadline)
                    throw std::runtime_error{
                        "nginx did not start: " + load::tail_of(place_.path() / "error.log", 1000)
                    };
                std::this_thread::sleep_for(10ms);
            }
        }
    }
    load::temp_dir place_{"parley-nginx"};
    load::endpoint where_;
    load::process running_;
};

int measure(const options& how)
{
    load::report into{how.results};
    if (!nginx::is_installed()) {
        into.skip("REST: CPU for 100k reads", "nginx or wrk is not installed");
        return 0;
    }
    load::server ours{{how.binary, {}, 1, {}, {}}};
    ours.start();
    const load::session who = ours.log_in_agent(0);
    const load::headers extra = load::session_headers(ours.where(), who);
    for (const std::string target : {"/livez", "/api/v1/inboxes"}) {
        const load::answer once = load::call(ours.where(), "GET", target, extra);
        if (once.status != 200)
            throw std::runtime_error{target + " answered " + std::to_string(once.status)};
        const drive got = run_wrk(how, ours.where(), target, extra, ours.pid());
        const nginx other{once.body};
        const drive theirs = run_wrk(how, other.where(), "/file.json", {}, other.pid());
        const std::string beside = "nginx, a file of the same size";
        into.add(load::compared(
            "REST GET " + target + ": requests a second",
            got.per_second,
            "/s",
            beside,
            theirs.per_second,
            0
        ));
        into.add(load::compared(
            "REST GET " + target + ": CPU for 100k",
            got.cpu_per_100k,
            "s",
            beside,
            theirs.cpu_per_100k,
            0
        ));
    }
    return 0;
}

} // namespace

int main(int argc, char** argv)
{
    load::options app{"REST reads beside nginx"};
    options how;
    how.binary = fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "parley";
    app.add("--binary", how.binary, "the server");
    app.add("--results", how.results, "file that gathers the figures");
    app.add("--seconds", how.seconds, "length of each measurement");
    app.add("--connections", how.connections, "connections that wrk keeps busy");
    return app.run(argc, argv, "rest", [&] { return measure(how); });
}
