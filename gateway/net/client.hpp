// A plain WebSocket client, for the demo's simulated visitors. Loopback only, no TLS. Io thread of
// its own process.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>
#include <optional>
#include <string>

namespace gateway::net {

class websocket_client
{
public:
    /// Connects to ws://127.0.0.1:port/path with this Origin; null when it cannot.
    static boost::asio::awaitable<std::unique_ptr<websocket_client>>
    connect(boost::asio::io_context& io, unsigned short port, std::string path, std::string origin);
    virtual ~websocket_client() = default;
    /// False when the connection is gone.
    virtual boost::asio::awaitable<bool> send(std::string text) = 0;
    /// The next frame; nullopt when the connection is gone or nothing came for `patience_ms`.
    virtual boost::asio::awaitable<std::optional<std::string>> receive(std::int64_t patience_ms
    ) = 0;
    /// True when receive gave up waiting rather than losing the connection.
    [[nodiscard]] virtual bool is_open() const = 0;
};

} // namespace gateway::net
