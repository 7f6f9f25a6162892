// The only instantiation of HTTP over TLS.
#include "gateway/net/http_session.hpp"

namespace gateway::net {

task<void>
serve_tls(tcp_socket on, std::shared_ptr<transport> of, std::unique_ptr<connection_slot> slot)
{
    const auto context = of->tls; // a reload must not take it away from an open connection
    tls_stream stream{timed_stream{std::move(on)}, *context};
    auto& lowest = boost::beast::get_lowest_layer(stream);
    slot->cut = [&lowest] { lowest.close(); };
    lowest.expires_after(of->setup.limits.header_time);
    auto [failed] =
        co_await stream.async_handshake(boost::asio::ssl::stream_base::server, no_throw);
    if (failed) {
        slot->cut = nullptr;
        co_return;
    }
    http_session<tls_stream> session{stream, *of, *slot, true};
    const auto last = co_await session.run();
    slot->cut = nullptr;
    if (last == next_step::websocket) {
        open_websocket(
            std::move(stream), session.handshake(), session.opener(), of, std::move(slot)
        );
        co_return;
    }
    lowest.expires_after(std::chrono::seconds{2});
    auto [unclean] = co_await stream.async_shutdown(no_throw);
    if (unclean)
        lowest.close();
}

} // namespace gateway::net
