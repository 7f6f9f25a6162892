// The only instantiation of HTTP over plain TCP.
#include "gateway/net/http_session.hpp"

namespace gateway::net {

namespace {

/// Reads what the client still sends for a moment, so that our last words are not lost to a reset.
task<void> linger(timed_stream& stream)
{
    boost::system::error_code ignored;
    stream.socket().shutdown(boost::asio::ip::tcp::socket::shutdown_send, ignored);
    stream.expires_after(std::chrono::seconds{1});
    std::array<char, 4096> waste{};
    std::size_t total = 0;
    while (total < 256 * 1024) {
        auto [failed, size] = co_await stream.async_read_some(boost::asio::buffer(waste), no_throw);
        if (failed)
            break;
        total += size;
    }
}

} // namespace

task<void>
serve_plain(tcp_socket on, std::shared_ptr<transport> of, std::unique_ptr<connection_slot> slot)
{
    timed_stream stream{std::move(on)};
    slot->cut = [&stream] { stream.close(); };
    http_session<timed_stream> session{stream, *of, *slot, false};
    const auto last = co_await session.run();
    if (last == next_step::websocket) {
        slot->cut = nullptr;
        stream.expires_never();
        open_websocket(
            stream.release_socket(), session.handshake(), session.opener(), of, std::move(slot)
        );
        co_return;
    }
    co_await linger(stream);
    slot->cut = nullptr;
}

} // namespace gateway::net
