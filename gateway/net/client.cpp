#include "gateway/net/client.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <deque>

namespace gateway::net {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;

namespace {

constexpr auto no_throw = asio::as_tuple(asio::use_awaitable);
using stream = websocket::stream<boost::beast::tcp_stream, false>;

/// Reads in the background into a queue, so that waiting for a frame can be given up without
/// touching the stream.
class plain_client final : public websocket_client,
                           public std::enable_shared_from_this<plain_client>
{
public:
    explicit plain_client(asio::io_context& io) : ws{io}, arrived_{io} {}

    void read()
    {
        ws.async_read(
            buffer_,
            [self = shared_from_this()](boost::system::error_code failed, std::size_t) {
                if (failed) {
                    self->open_ = false;
                } else {
                    self->frames_.push_back(boost::beast::buffers_to_string(self->buffer_.data()));
                    self->buffer_.consume(self->buffer_.size());
                    self->read();
                }
                self->arrived_.cancel();
            }
        );
    }

    asio::awaitable<bool> send(std::string text) override
    {
        auto [failed, size] = co_await ws.async_write(asio::buffer(text), no_throw);
        open_ = open_ && !failed;
        co_return open_;
    }

    asio::awaitable<std::optional<std::string>> receive(std::int64_t patience_ms) override
    {
        const auto until =
            std::chrono::steady_clock::now() + std::chrono::milliseconds{patience_ms};
        while (frames_.empty() && open_ && std::chrono::steady_clock::now() < until) {
            arrived_.expires_at(until);
            co_await arrived_.async_wait(no_throw);
        }
        if (frames_.empty())
            co_return std::nullopt;
        auto next = std::move(frames_.front());
        frames_.pop_front();
        co_return next;
    }

    [[nodiscard]] bool is_open() const override { return open_; }
    void cut()
    {
        open_ = false;
        boost::beast::get_lowest_layer(ws).close();
    }

    stream ws;

private:
    boost::beast::flat_buffer buffer_;
    asio::steady_timer arrived_;
    std::deque<std::string> frames_;
    bool open_ = true;
};

/// Owns the reading client and cuts it when let go.
class handle final : public websocket_client
{
public:
    explicit handle(std::shared_ptr<plain_client> of) : of_{std::move(of)} {}
    ~handle() override { of_->cut(); }
    handle(const handle&) = delete;
    handle& operator=(const handle&) = delete;
    asio::awaitable<bool> send(std::string text) override { return of_->send(std::move(text)); }
    asio::awaitable<std::optional<std::string>> receive(std::int64_t patience_ms) override
    {
        return of_->receive(patience_ms);
    }
    [[nodiscard]] bool is_open() const override { return of_->is_open(); }

private:
    std::shared_ptr<plain_client> of_;
};

} // namespace

asio::awaitable<std::unique_ptr<websocket_client>> websocket_client::connect(
    asio::io_context& io, unsigned short port, std::string path, std::string origin
)
{
    const auto made = std::make_shared<plain_client>(io);
    auto& lowest = boost::beast::get_lowest_layer(made->ws);
    lowest.expires_after(std::chrono::seconds{5});
    const asio::ip::tcp::endpoint where{asio::ip::address_v4::loopback(), port};
    auto [failed] = co_await lowest.async_connect(where, no_throw);
    if (failed)
        co_return nullptr;
    made->ws.set_option(websocket::stream_base::decorator([origin](websocket::request_type& asked) {
        asked.set(boost::beast::http::field::origin, origin);
    }));
    const auto host = origin.substr(origin.find("//") + 2);
    auto [refused] = co_await made->ws.async_handshake(host, path, no_throw);
    if (refused)
        co_return nullptr;
    lowest.expires_never();
    made->read();
    co_return std::make_unique<handle>(made);
}

} // namespace gateway::net
