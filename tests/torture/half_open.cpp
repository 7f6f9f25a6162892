// Ill manners at scale: thousands of connections that never finish their request or their greeting,
// readers that do not read, floods of frames no honest client sends. The server's memory must stay
// bounded, every offender must be closed, and a customer and an agent who behave must notice
// nothing.
#include "tests/support/load_checks.hpp"
#include "tests/support/load_options.hpp"
#include "tests/support/load_server.hpp"

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/write.hpp>
#include <fmt/format.h>

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;
using asio::ip::tcp;
using boost::system::error_code;

constexpr double mebibyte = 1024.0 * 1024;

struct options
{
    fs::path binary;
    int half_open = 10'000;
    int slow_readers = 20;
};

/// A connection that sends the first bytes of something and then nothing, and notices its end.
class idler : public std::enable_shared_from_this<idler>
{
public:
    idler(asio::io_context& io, int& open) : stream_{io}, open_{open} {}

    void start(std::uint16_t port, const std::string& first)
    {
        const tcp::endpoint to{asio::ip::address_v4::loopback(), port};
        stream_.async_connect(to, [self = shared_from_this(), first](error_code failed) {
            if (failed)
                return;
            ++self->open_;
            error_code ignored;
            asio::write(self->stream_, asio::buffer(first), ignored);
            self->wait();
        });
    }
    void end()
    {
        error_code ignored;
        stream_.close(ignored);
    }

private:
    void wait()
    {
        stream_.async_read_some(
            asio::buffer(bytes_),
            [self = shared_from_this()](error_code failed, std::size_t) {
                if (!failed)
                    return self->wait();
                --self->open_;
            }
        );
    }
    tcp::socket stream_;
    int& open_;
    std::array<char, 256> bytes_{};
};

/// The run: one server, one pair who behave, and whatever is done to the server meanwhile.
class trial
{
public:
    explicit trial(const options& how) : how_{how}, server_{{how.binary, {}, 1, {}, {}}}
    {
        server_.start();
        agent_ = server_.log_in_agent(0);
        good_ = std::make_unique<load::relay_load>(io_, std::vector<pid_t>{server_.pid()});
        good_->connect(server_.where(), server_.agent_party(agent_), {server_.visitor_party()});
        good_->open(50, 1s);
        calm_ms_ = good_->open(100, 2s).p99_ms;
        rss_before_ = rss();
    }

    int run()
    {
        half_open("GET /ws/chat HTTP/1.1\r\nHost: x", "never finish their request");
        half_open(
            "GET /ws/chat HTTP/1.1\r\nHost: 127.0.0.1:" + std::to_string(server_.where().port) +
                "\r\nOrigin: http://127.0.0.1:" + std::to_string(server_.where().port) +
                "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
            "are upgraded and never say hello"
        );
        slow_readers();
        floods();
        checks_.that(server_.is_running(), "the server is still running");
        checks_.that(rss() < rss_before_ + 96, fmt::format("memory at the end: {:.0f} MiB", rss()));
        return checks_.conclude();
    }

private:
    [[nodiscard]] double rss() const
    {
        return static_cast<double>(load::usage_of(server_.pid()).rss_bytes) / mebibyte;
    }

    void others_are_unaffected(const std::string& during)
    {
        const auto got = good_->open(100, 3s);
        const double bound = std::max(60.0, 4 * calm_ms_);
        checks_.that(
            got.missing == 0 && got.p99_ms <= bound,
            fmt::format(
                "during {}: chat p99 {:.1f} ms (calm {:.1f}, at most {:.0f}), {} missing",
                during,
                got.p99_ms,
                calm_ms_,
                bound,
                got.missing
            )
        );
    }

    void let_pass(std::chrono::milliseconds time)
    {
        io_.restart();
        io_.run_for(time);
    }

    void half_open(const std::string& first, const std::string& who)
    {
        int open = 0;
        std::vector<std::shared_ptr<idler>> all;
        for (int i = 0; i < how_.half_open; ++i) {
            all.push_back(std::make_shared<idler>(io_, open));
            all.back()->start(server_.where().port, first);
            if (i % 200 == 199)
                let_pass(10ms);
        }
        let_pass(100ms);
        const std::string label = fmt::format("{} connections that {}", how_.half_open, who);
        checks_.that(open > how_.half_open * 9 / 10, fmt::format("{}: {} are open", label, open));
        others_are_unaffected(label);
        checks_.that(
            rss() < rss_before_ + 256, fmt::format("{}: {:.0f} MiB resident", label, rss())
        );
        const auto deadline = clock_type::now() + 20s;
        while (open > 0 && clock_type::now() < deadline)
            let_pass(100ms);
        checks_.that(
            open == 0, fmt::format("{}: {} are still open after the time-out", label, open)
        );
        for (const auto& one : all)
            one->end();
        let_pass(50ms);
    }

    void slow_readers()
    {
        std::vector<std::shared_ptr<load::socket>> slow;
        int ended = 0;
        for (int i = 0; i < how_.slow_readers; ++i) {
            const load::party who = server_.agent_party(agent_, "slow" + std::to_string(i));
            load::socket::listener heard;
            heard.closed = [&ended](int, std::string_view) { ++ended; };
            slow.push_back(
                load::socket::open(io_, server_.where(), who.path, who.extra, std::move(heard))
            );
            slow.back()->send(who.hello);
        }
        let_pass(300ms);
        for (const auto& one : slow)
            one->hold_reading(true);
        // More than the kernel's buffers and the server's queue of a socket hold together.
        load::dialect words;
        words.name = "m"; // the good agent hears these too, and must not take them for its own
        load::relay_load many{io_, {server_.pid()}, words};
        many.connect(
            server_.where(),
            server_.agent_party(agent_, "flood"),
            std::vector<load::party>(50, server_.visitor_party())
        );
        many.closed(0ms, 6s);
        const std::string label = fmt::format("{} readers that do not read", how_.slow_readers);
        others_are_unaffected(label);
        const double queues = how_.slow_readers * 2.0;
        checks_.that(
            rss() < rss_before_ + queues + 128, fmt::format("{}: {:.0f} MiB resident", label, rss())
        );
        for (const auto& one : slow)
            one->hold_reading(false);
        const auto deadline = clock_type::now() + 10s;
        while (ended < how_.slow_readers && clock_type::now() < deadline)
            let_pass(50ms);
        checks_.that(ended == how_.slow_readers, fmt::format("{}: {} were cut off", label, ended));
        for (const auto& one : slow)
            one->cut();
        let_pass(50ms);
    }

    /// Opens sockets that send `bytes` again and again as soon as they are open.
    void flood(
        const std::string& name,
        const std::string& bytes,
        bool masked_text,
        int times,
        bool must_end
    )
    {
        constexpr int flooders = 20;
        int ended = 0;
        std::vector<std::shared_ptr<load::socket>> all(flooders);
        const load::party who = server_.visitor_party();
        for (auto& one : all) {
            load::socket::listener heard;
            heard.closed = [&ended](int, std::string_view) { ++ended; };
            one = load::socket::open(io_, server_.where(), who.path, who.extra, std::move(heard));
            one->send(who.hello);
            for (int i = 0; i < times; ++i)
                masked_text ? one->send(bytes) : one->send_raw(bytes);
        }
        others_are_unaffected(name);
        if (must_end)
            checks_.that(
                ended == flooders, fmt::format("{}: {} of {} were closed", name, ended, flooders)
            );
        for (const auto& one : all)
            one->cut();
        let_pass(50ms);
    }

    void floods()
    {
        using namespace std::string_literals;
        flood("frames of 1 MiB", std::string(1 << 20, 'x'), true, 4, true);
        flood("bytes that are no frames", std::string(4096, '\xff'), false, 10, true);
        flood("unmasked frames", "\x81\x02{}"s, false, 1000, true);
        flood("binary frames", "\x82\x84\0\0\0\0abcd"s, false, 1000, true);
        flood("text that is no UTF-8", "\x81\x84\0\0\0\0\xc3\x28\xc3\x28"s, false, 1000, true);
        flood("JSON 30,000 deep", std::string(30'000, '['), true, 20, false);
        flood("what is no JSON", "say hello", true, 2000, false);
        flood("ops nobody knows", R"({"op":"dance","cid":"x"})", true, 5000, false);
        flood("pings", "\x89\x80\0\0\0\0"s, false, 20'000, false);
        flood(
            "frame headers without a body",
            "\x81\xff\x00\x00\x00\x00\xff\xff\xff\xff\0\0\0\0"s,
            false,
            1,
            true
        );
    }

    const options& how_;
    asio::io_context io_{1};
    load::server server_;
    load::session agent_;
    std::unique_ptr<load::relay_load> good_;
    load::checks checks_;
    double calm_ms_ = 0;
    double rss_before_ = 0; // MiB
};

} // namespace

int main(int argc, char** argv)
{
    load::options app{"half-open connections, slow readers and floods against one server"};
    options how;
    how.binary = fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "parley";
    app.add("--binary", how.binary, "the server");
    app.add("--half-open", how.half_open, "connections that never finish");
    app.add("--slow-readers", how.slow_readers, "agents' sockets that do not read");
    int code = 0;
    if (!app.parse(argc, argv, code))
        return code;
    try {
        return trial{how}.run();
    } catch (const std::exception& failed) {
        std::cerr << "half_open: " << failed.what() << '\n';
        std::cout << "0 passed, 1 failed" << std::endl;
        return 1;
    }
}
