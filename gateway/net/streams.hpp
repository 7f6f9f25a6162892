// The concrete streams under HTTP and WebSocket, and the hand-over between the two. Only the Beast
// translation units include this.
#pragma once

#include "gateway/net/transport.hpp"

#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/message.hpp>
#include <boost/beast/http/string_body.hpp>

namespace gateway::net {

using timed_stream = boost::beast::basic_stream<boost::asio::ip::tcp, executor>;
using tls_stream = boost::asio::ssl::stream<timed_stream>;
using beast_request = boost::beast::http::request<boost::beast::http::string_body>;

/// Goes on as a WebSocket; the plain one leaves the stream with the timers behind.
void open_websocket(
    tcp_socket on,
    const beast_request& head,
    const socket_opener& open,
    std::shared_ptr<transport> of,
    std::unique_ptr<connection_slot> slot
);
void open_websocket(
    tls_stream on,
    const beast_request& head,
    const socket_opener& open,
    std::shared_ptr<transport> of,
    std::unique_ptr<connection_slot> slot
);

} // namespace gateway::net
