// "parley demo": the serving process and the simulated visitors are children of this one, so that
// the server can be killed for show and come back.
#include "crm/base/json.hpp"
#include "crm/base/problem.hpp"
#include "gateway/cli/commands.hpp"
#include "gateway/demo/child.hpp"
#include "gateway/demo/visitors.hpp"
#include "gateway/members.hpp"
#include "gateway/wire/json_text.hpp"

#include <atomic>
#include <boost/json.hpp>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <poll.h>
#include <sstream>
#include <termios.h>
#include <thread>
#include <unistd.h>

namespace gateway::cli {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds start_patience{60};
constexpr int usual_visitors = 6;
constexpr int most_restarts = 5;

std::atomic<bool> asked_to_stop{false};

void stop_asked(int)
{
    asked_to_stop = true;
}

fs::path usual_directory()
{
    if (const char* state = std::getenv("XDG_STATE_HOME"); state && *state)
        return fs::path{state} / "parley-demo";
    if (const char* home = std::getenv("HOME"); home && *home)
        return fs::path{home} / ".local" / "state" / "parley-demo";
    return fs::temp_directory_path() / "parley-demo";
}

fs::path fresh_directory()
{
    auto name = (fs::temp_directory_path() / "parley-demo-XXXXXX").string();
    if (!mkdtemp(name.data()))
        throw crm::problem{
            crm::errc::unavailable,
            "Cannot make a directory in " + fs::temp_directory_path().string() + "."
        };
    return name;
}

std::string read_file(const fs::path& file)
{
    std::ifstream in{file};
    std::ostringstream all;
    all << in.rdbuf();
    return all.str();
}

/// Keys without Return and without echo, while it lives.
class raw_terminal
{
public:
    explicit raw_terminal(bool wanted)
        : on_{wanted && isatty(STDIN_FILENO) == 1 && tcgetattr(STDIN_FILENO, &before_) == 0}
    {
        if (!on_)
            return;
        auto raw = before_;
        raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
        tcsetattr(STDIN_FILENO, TCSANOW, &raw);
    }
    ~raw_terminal()
    {
        if (on_)
            tcsetattr(STDIN_FILENO, TCSANOW, &before_);
    }
    raw_terminal(const raw_terminal&) = delete;
    raw_terminal& operator=(const raw_terminal&) = delete;

    /// The next key within a tenth of a second; 0 for none.
    char key() const
    {
        pollfd waiting{STDIN_FILENO, POLLIN, 0};
        char pressed = 0;
        if (poll(on_ ? &waiting : nullptr, on_ ? 1 : 0, 100) > 0 &&
            read(STDIN_FILENO, &pressed, 1) == 1)
            return pressed;
        return 0;
    }

private:
    termios before_{};
    bool on_;
};

class supervisor
{
public:
    explicit supervisor(const demo_options& how)
        : how_{how}, directory_{
                         how.ephemeral      ? fresh_directory()
                         : how.data.empty() ? usual_directory()
                                            : fs::path{how.data}
                     }
    {
        if (how_.reset)
            fs::remove_all(directory_);
        fs::create_directories(directory_);
        // One machine plays many visitors here: the limits of one address are not meant for that.
        setenv("PARLEY_RATES__VISITOR_CONVERSATIONS", "100000", 0);
        setenv("PARLEY_RATES__VISITOR_SOCKETS", "100000", 0);
        setenv("PARLEY_RATES__VISITOR_MESSAGES", "100000", 0);
        setenv("PARLEY_LIMITS__CONNECTIONS_PER_ADDRESS", "20000", 0);
        setenv("PARLEY_LOG__LEVEL", "warning", 0);
    }

    ~supervisor()
    {
        visitors_.end();
        server_.end();
        std::error_code ignored;
        if (how_.ephemeral)
            fs::remove_all(directory_, ignored);
    }
    supervisor(const supervisor&) = delete;
    supervisor& operator=(const supervisor&) = delete;

    int run()
    {
        const auto began = std::chrono::steady_clock::now();
        start_server(
            how_.port,
            how_.metrics_port >= 0 ? how_.metrics_port
            : how_.port == 0       ? 0
                                   : 9090
        );
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
        const int wanted = how_.visitors >= 0 ? how_.visitors : how_.json ? 0 : usual_visitors;
        if (how_.json)
            std::cout << description() << std::endl;
        else
            greet(took.count(), wanted);
        if (wanted > 0)
            start_visitors(wanted);
        const raw_terminal terminal{!how_.json};
        while (!asked_to_stop) {
            if (const char key = terminal.key(); key != 0 && !pressed(key, wanted))
                break;
            if (!server_.is_running() && !recover())
                return 1;
        }
        return 0;
    }

private:
    void start_server(int port, int metrics_port)
    {
        const auto port_file = directory_ / "port";
        std::error_code ignored;
        fs::remove(port_file, ignored);
        std::vector<std::string> words{
            "parley",
            "serve",
            "--demo",
            "--data",
            directory_.string(),
            "--listen",
            "127.0.0.1:" + std::to_string(port),
            "--metrics",
            "127.0.0.1:" + std::to_string(metrics_port),
            "--port-file",
            port_file.string()
        };
        if (!how_.web.empty()) {
            words.emplace_back("--web");
            words.push_back(how_.web);
        }
        server_ = demo::child::start(words);
        const auto until = std::chrono::steady_clock::now() + start_patience;
        while (!fs::exists(port_file)) {
            if (!server_.is_running() || asked_to_stop || std::chrono::steady_clock::now() > until)
                throw crm::problem{
                    crm::errc::unavailable, "The server did not start; its log above says why."
                };
            std::this_thread::sleep_for(std::chrono::milliseconds{10});
        }
        port_ = std::stoi(read_file(port_file));
        metrics_port_ = std::stoi(read_file(port_file.string() + ".metrics"));
        notes_ = crm::json::parse(read_file(directory_ / "demo.json")).as_object();
    }

    void start_visitors(int per_minute)
    {
        visitors_ = demo::child::start(
            {"parley",
             "visitors",
             "--origin",
             "http://127.0.0.1:" + std::to_string(port_),
             "--per-minute",
             std::to_string(per_minute)}
        );
    }

    [[nodiscard]] std::string console() const
    {
        return "http://localhost:" + std::to_string(port_) + "/";
    }
    [[nodiscard]] std::string shop() const
    {
        return "http://shop.localhost:" + std::to_string(port_) + "/";
    }
    [[nodiscard]] std::string metrics() const
    {
        return "http://127.0.0.1:" + std::to_string(metrics_port_) + "/metrics";
    }

    [[nodiscard]] std::string description() const
    {
        wire::json_text text;
        text.open_object()
            .member("console", console())
            .member("supervisor", console() + "live")
            .member("shop", shop())
            .member("api", console() + "api/v1")
            .member("metrics", metrics())
            .member("token", text_of(notes_, "token"))
            .key("logins")
            .raw(boost::json::serialize(notes_.at("logins")))
            .member("pid", static_cast<std::int64_t>(server_.id()))
            .close_object();
        return text.take();
    }

    void greet(double seconds, int wanted) const
    {
        std::cout << "parley " PARLEY_VERSION " · demo mode · data: " << directory_.string()
                  << (how_.ephemeral ? " (gone when this ends)"
                                     : " (start afresh: parley demo --reset)")
                  << "\n\n"
                  << "  Agent console    " << console() << "\n"
                  << "  Demo shop        " << shop()
                  << "   chat bottom-right; try \"Where is order A10293?\"\n"
                  << "  API              " << console()
                  << "api/v1   token: " << text_of(notes_, "token") << "\n"
                  << "  Metrics          " << metrics() << "\n\n";
        for (const auto& each : notes_.at("logins").get_array()) {
            const auto& one = each.get_object();
            std::cout << "  " << text_of(one, "role")
                      << std::string(
                             12 - std::min<std::size_t>(11, text_of(one, "role").size()), ' '
                         )
                      << text_of(one, "email") << "   " << text_of(one, "password") << "\n";
        }
        std::cout << "\n  Simulated visitors: "
                  << (wanted > 0 ? std::to_string(wanted) + "/min" : "off")
                  << "   keys: [o] open browser  [v] visitors on/off  [b] burst 200  [k] kill -9 & "
                     "recover  [q] quit\n"
                  << "Ready in " << static_cast<int>(seconds * 10) / 10.0 << " s." << std::endl;
    }

    /// False when it is time to go.
    bool pressed(char key, int wanted)
    {
        if (key == 'q')
            return false;
        if (key == 'o') {
            if (std::system(("xdg-open " + console() + " >/dev/null 2>&1 &").c_str()) != 0)
                std::cout << "Open " << console() << " in a browser." << std::endl;
        } else if (key == 'v') {
            if (visitors_.is_running())
                visitors_.end();
            else
                start_visitors(wanted > 0 ? wanted : usual_visitors);
            std::cout << "Simulated visitors: " << (visitors_.is_running() ? "on" : "off")
                      << std::endl;
        } else if (key == 'b') {
            std::cout << "200 messages from 20 visitors... " << std::flush;
            std::cout << (demo::burst(static_cast<unsigned short>(port_)) == 0
                              ? "all acknowledged."
                              : "not all were acknowledged.")
                      << std::endl;
        } else if (key == 'k') {
            show();
        }
        return true;
    }

    /// Kills the server in the middle of its work and counts what is gone.
    void show()
    {
        std::cout << "20 visitors write; kill -9 in 2 s... " << std::flush;
        const auto found = demo::prove(static_cast<unsigned short>(port_), [this] {
            server_.signal(SIGKILL);
            server_.wait();
            start_server(port_, metrics_port_);
        });
        std::cout << "back. " << found.lost << " of " << found.acknowledged
                  << " acknowledged messages lost, " << found.doubled << " duplicates, "
                  << (found.gap_free ? "gap-free" : "WITH GAPS") << "." << std::endl;
    }

    bool recover()
    {
        if (++restarts_ > most_restarts) {
            std::cerr << "parley: the server ended too often; its log above says why" << std::endl;
            return false;
        }
        start_server(port_, metrics_port_);
        return true;
    }

    demo_options how_;
    fs::path directory_;
    demo::child server_;
    demo::child visitors_;
    boost::json::object notes_;
    int port_ = 0;
    int metrics_port_ = 0;
    int restarts_ = 0;
};

} // namespace

int demo(const demo_options& how)
{
    struct sigaction act = {};
    act.sa_handler = stop_asked;
    sigaction(SIGTERM, &act, nullptr);
    sigaction(SIGINT, &act, nullptr);
    supervisor one{how};
    return one.run();
}

int visitors(const std::string& origin, int per_minute, bool burst)
{
    const auto colon = origin.rfind(':');
    const auto port = read_listen("127.0.0.1" + origin.substr(std::min(colon, origin.size()))).port;
    return burst ? demo::burst(port) : demo::chatter(port, per_minute);
}

} // namespace gateway::cli
