// Listening, accepting, and the limits on connections. One server listens on one address, plain or
// with TLS, and hands requests to an application. Io thread.
#pragma once

#include "gateway/net/http.hpp"

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace gateway::net {

/// Bounds on what a client may do to the transport; `[limits]` in the settings.
struct limits
{
    int connections = 20'000;          // open at once, all clients
    int connections_per_address = 500; // open at once from one address (IPv6: one /64)
    std::size_t header_bytes = 16 * 1024;
    std::size_t body_bytes_in_flight = 256 * 1024 * 1024; // bodies being received, all together
    std::size_t frame_bytes = 64 * 1024;
    std::size_t queue_bytes = 1024 * 1024; // one socket's queue
    std::chrono::milliseconds header_time{10'000};
    std::chrono::milliseconds body_time{60'000};
    std::chrono::milliseconds write_time{30'000};
    std::chrono::milliseconds idle_time{60'000}; // keep-alive between two requests
    std::chrono::milliseconds ping_every{20'000};
    std::chrono::milliseconds silence_allowed{60'000};
    std::chrono::milliseconds close_time{5'000}; // for the other side to answer a close
};

/// Counters of a server; they only grow unless they say "open".
struct transport_counts
{
    std::int64_t accepted = 0;
    std::int64_t refused = 0; // over a connection limit
    std::int64_t accept_errors = 0;
    std::int64_t requests = 0;
    std::int64_t timeouts = 0;
    std::int64_t open = 0;         // connections of every kind
    std::int64_t sockets_open = 0; // WebSockets
    std::int64_t live_dropped = 0; // live frames dropped from full queues
    std::int64_t too_slow = 0;     // sockets closed with 4001
    std::int64_t frames_out = 0;
    std::int64_t frames_in = 0;
};

/// Certificates from files; see gateway/net/tls.cpp.
struct tls_files
{
    std::string certificate; // PEM chain
    std::string key;         // PEM
};

struct server_setup
{
    std::string host = "127.0.0.1";
    unsigned short port = 0; // 0 picks one
    tls_files tls;           // empty = plain
    net::limits limits;
    std::vector<std::string>
        trusted_proxies; // addresses or CIDR whose X-Forwarded-For/-Proto is believed
};

class server
{
public:
    /// Binds and listens. Throws problem{unavailable} that names the address when it cannot.
    static std::unique_ptr<server>
    start(boost::asio::io_context& io, server_setup how, application& app);
    server() = default;
    server(const server&) = delete;
    server& operator=(const server&) = delete;
    virtual ~server() = default;

    [[nodiscard]] virtual unsigned short port() const = 0;
    [[nodiscard]] virtual const transport_counts& counts() const = 0;
    /// Reads the certificate files again; open connections keep theirs. Throws problem{invalid}.
    virtual void reload_tls() = 0;
    /// Goes on answering, but every connection ends after its answer.
    virtual void begin_draining() = 0;
    /// Takes no further connections, and drains those that are open.
    virtual void stop_accepting() = 0;
    /// Ends connections that wait for a next request.
    virtual void close_idle() = 0;
    /// Ends every connection now.
    virtual void close_all() = 0;
};

} // namespace gateway::net
