// How long the server takes from exec to ready with the demo's data in its directory, and what it
// holds in memory when nobody does anything.
#include "tests/support/load_options.hpp"
#include "tests/support/load_process.hpp"
#include "tests/support/load_report.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <thread>

namespace {

namespace fs = std::filesystem;
namespace json = boost::json;
using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

struct options
{
    fs::path binary;
    fs::path results = "build/bench/results.json";
    int starts = 5;
};

/// The demo with its data in one directory: started, asked for its first line, stopped.
class demo
{
public:
    demo(const options& how, const fs::path& place) : output_{place / "output"}
    {
        fs::remove(output_);
        const auto began = clock_type::now();
        running_ = load::process{
            {{how.binary.string(),
              "demo",
              "--data",
              (place / "data").string(),
              "--port",
              "0",
              "--metrics-port",
              "0",
              "--visitors",
              "0",
              "--json"},
             output_,
             {},
             {},
             0,
             0}
        };
        const auto deadline = began + 60s;
        while (load::read_text(output_).find('\n') == std::string::npos) {
            if (!running_.is_running() || clock_type::now() > deadline)
                throw std::runtime_error{"the demo did not start: " + load::tail_of(output_, 2000)};
            std::this_thread::sleep_for(1ms);
        }
        const std::chrono::duration<double, std::milli> took = clock_type::now() - began;
        ready_ms_ = took.count();
        const std::string said = load::read_text(output_);
        const json::value first = json::parse(said.substr(0, said.find('\n')));
        serving_ = static_cast<pid_t>(first.at("pid").to_number<int>());
    }
    ~demo() { running_.stop(40s); }
    demo(const demo&) = delete;
    demo& operator=(const demo&) = delete;

    [[nodiscard]] double ready_ms() const { return ready_ms_; }
    [[nodiscard]] double rss_mib() const
    {
        return static_cast<double>(load::usage_of(serving_).rss_bytes) / (1024.0 * 1024);
    }

private:
    fs::path output_;
    load::process running_;
    double ready_ms_ = 0;
    pid_t serving_ = -1;
};

int measure(const options& how)
{
    load::report into{how.results};
    const load::temp_dir place{"parley-startup"};
    {
        const demo seeding{how, place.path()};
        into.add(
            {"first start, seeding the demo's data", seeding.ready_ms(), "ms", "", 0, 0, 0, false}
        );
    }
    double fastest = 1e9;
    double idle = 0;
    for (int i = 0; i < how.starts; ++i) {
        const demo again{how, place.path()};
        fastest = std::min(fastest, again.ready_ms());
        if (i + 1 == how.starts) {
            std::this_thread::sleep_for(3s);
            idle = again.rss_mib();
        }
    }
    const auto ready = load::plain("start to ready with the demo's data", fastest, "ms", 300);
    const auto memory = load::plain("idle resident memory with the demo's data", idle, "MiB", 60);
    into.add(ready);
    into.add(memory);
    return ready.holds() && memory.holds() ? 0 : 2;
}

} // namespace

int main(int argc, char** argv)
{
    load::options app{"time to ready and idle memory"};
    options how;
    how.binary = fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "parley";
    app.add("--binary", how.binary, "the server");
    app.add("--results", how.results, "file that gathers the figures");
    app.add("--starts", how.starts, "starts measured, the fastest counts");
    return app.run(argc, argv, "startup", [&] { return measure(how); });
}
