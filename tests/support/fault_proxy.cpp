#include "tests/support/fault_proxy.hpp"

#include <array>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cctype>
#include <optional>
#include <string>
#include <string_view>

namespace faults {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

constexpr auto nothrow = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t packet_header = 4;
constexpr std::string_view commit_word = "COMMIT";
constexpr char command_query = 3;

bool is_commit(std::string_view payload)
{
    if (payload.size() != commit_word.size() + 1 || payload[0] != command_query)
        return false;
    for (std::size_t i = 0; i < commit_word.size(); ++i)
        if (std::toupper(static_cast<unsigned char>(payload[i + 1])) != commit_word[i])
            return false;
    return true;
}

} // namespace

std::size_t commit_finder::find(const char* bytes, std::size_t count)
{
    std::size_t at = 0;
    while (at < count) {
        if (left_ > 0) {
            const std::size_t pass = std::min(left_, count - at);
            left_ -= pass;
            at += pass;
            continue;
        }
        // A client waits for each answer, so a command begins a segment and its header is whole.
        if (count - at < packet_header) {
            at = count;
            break;
        }
        const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[at + i]); };
        const std::size_t length = byte(0) | std::size_t{byte(1)} << 8 | std::size_t{byte(2)} << 16;
        const bool is_command = byte(3) == 0;
        if (is_command && count - at >= packet_header + length &&
            is_commit({bytes + at + packet_header, length}))
            return at;
        left_ = packet_header + length;
    }
    return npos;
}

/// One connection through the proxy and its other half.
class proxy::link : public std::enable_shared_from_this<link>
{
public:
    link(proxy& owner, tcp::socket client)
        : owner_{owner}, client_{std::move(client)}, server_{owner.io_}
    {
    }

    asio::awaitable<void> run()
    {
        const auto self = shared_from_this();
        const tcp::endpoint to{asio::ip::address_v4::loopback(), owner_.target_};
        const auto [failed] = co_await server_.async_connect(to, nothrow);
        if (failed)
            co_return cut();
        client_.set_option(tcp::no_delay{true});
        server_.set_option(tcp::no_delay{true});
        asio::co_spawn(owner_.io_, [self] { return self->upward(); }, asio::detached);
        co_await downward();
    }

    /// Ends both sides with a reset.
    void cut()
    {
        for (auto* side : {&client_, &server_}) {
            error_code ignored;
            side->set_option(asio::socket_base::linger{true, 0}, ignored);
            side->close(ignored);
        }
        owner_.links_.erase(shared_from_this());
    }

    void fall_silent(std::chrono::milliseconds lasting)
    {
        silent_ = true;
        auto timer = std::make_shared<asio::steady_timer>(owner_.io_, lasting);
        timer->async_wait([self = shared_from_this(), timer](error_code) { self->cut(); });
    }

    void delay_by(std::chrono::milliseconds each) { delay_ = each; }

private:
    asio::awaitable<void> upward()
    {
        const auto self = shared_from_this();
        std::array<char, 16384> bytes;
        for (;;) {
            const auto [failed, count] =
                co_await client_.async_read_some(asio::buffer(bytes), nothrow);
            if (failed)
                co_return cut();
            co_await pause();
            if (silent_)
                continue;
            const auto commit = finder_.find(bytes.data(), count);
            if (commit != commit_finder::npos && owner_.take(fault::cut_before_commit))
                co_return cut();
            hold_answer_ = commit != commit_finder::npos && owner_.take(fault::cut_before_answer);
            const auto [lost, sent] =
                co_await asio::async_write(server_, asio::buffer(bytes.data(), count), nothrow);
            if (lost)
                co_return cut();
            if (commit != commit_finder::npos && owner_.take(fault::cut_after_commit))
                co_return close_gently();
        }
    }

    asio::awaitable<void> downward()
    {
        const auto self = shared_from_this();
        std::array<char, 16384> bytes;
        for (;;) {
            const auto [failed, count] =
                co_await server_.async_read_some(asio::buffer(bytes), nothrow);
            if (failed || hold_answer_)
                co_return cut();
            co_await pause();
            if (silent_)
                continue;
            const auto last = last_bytes(count);
            const std::size_t pass = last.value_or(count);
            const auto [lost, sent] =
                co_await asio::async_write(client_, asio::buffer(bytes.data(), pass), nothrow);
            if (lost || last)
                co_return cut();
        }
    }

    /// Counts down the armed plan's bytes. When its limit falls into these `count`, the fault has
    /// struck: how many of them may still pass.
    std::optional<std::size_t> last_bytes(std::size_t count)
    {
        if (owner_.plan_.what != fault::cut_after_bytes)
            return std::nullopt;
        const std::int64_t left = owner_.plan_.after_bytes;
        owner_.plan_.after_bytes -= static_cast<std::int64_t>(count);
        if (owner_.plan_.after_bytes > 0)
            return std::nullopt;
        // Before anything is awaited, so that no other connection is struck by the same fault.
        owner_.take(fault::cut_after_bytes);
        return static_cast<std::size_t>(left);
    }

    asio::awaitable<void> pause()
    {
        if (delay_.count() == 0)
            co_return;
        asio::steady_timer timer{owner_.io_, delay_};
        co_await timer.async_wait(nothrow);
    }

    /// Without a reset, so that what was forwarded last is still read on the other side.
    void close_gently()
    {
        error_code ignored;
        server_.close(ignored);
        client_.close(ignored);
        owner_.links_.erase(shared_from_this());
    }

    proxy& owner_;
    tcp::socket client_;
    tcp::socket server_;
    commit_finder finder_;
    std::chrono::milliseconds delay_{0};
    bool silent_ = false;
    bool hold_answer_ = false;
};

proxy::proxy(std::uint16_t target)
    : acceptor_{io_, tcp::endpoint{asio::ip::address_v4::loopback(), 0}},
      port_{acceptor_.local_endpoint().port()}, target_{target}
{
    accept();
    thread_ = std::thread{[this] { io_.run(); }};
}

proxy::~proxy()
{
    io_.stop();
    thread_.join();
    links_.clear();
}

void proxy::accept()
{
    acceptor_.async_accept([this](error_code failed, tcp::socket client) {
        if (failed == asio::error::operation_aborted)
            return;
        if (!failed) {
            const auto made = std::make_shared<link>(*this, std::move(client));
            links_.insert(made);
            if (plan_.what == fault::delay)
                made->delay_by(plan_.lasting);
            asio::co_spawn(io_, [made] { return made->run(); }, asio::detached);
        }
        accept();
    });
}

bool proxy::take(fault what)
{
    if (plan_.what != what)
        return false;
    plan_ = {};
    armed_ = false;
    ++struck_;
    return true;
}

void proxy::arm(plan next)
{
    armed_ = next.what != fault::none;
    asio::post(io_, [this, next] {
        plan_ = next;
        const auto each = next.what == fault::delay ? next.lasting : std::chrono::milliseconds{0};
        for (const auto& one : links_)
            one->delay_by(each);
        if (next.what == fault::half_open && take(fault::half_open))
            for (const auto& one : links_)
                one->fall_silent(next.lasting);
    });
}

void proxy::cut_all()
{
    asio::post(io_, [this] {
        ++struck_;
        const auto now = links_;
        for (const auto& one : now)
            one->cut();
    });
}

} // namespace faults
