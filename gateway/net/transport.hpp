// What the connections of one server share, and the entry points that the Beast translation units
// provide. Only gateway/net/*.cpp includes this. Io thread.
#pragma once

#include "gateway/net/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace gateway::net {

/// The io_context's own executor type: no type erasure, smaller sockets.
using executor = boost::asio::io_context::executor_type;
using tcp_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, executor>;

class connection_slot;

/// Shared by everything a server has open; outlives it as long as a connection does.
struct transport : std::enable_shared_from_this<transport>
{
    transport(boost::asio::io_context& on, server_setup how, application& who)
        : io{on}, setup{std::move(how)}, app{who}, beat_timer{on}
    {
    }

    boost::asio::io_context& io;
    const server_setup setup;
    application& app;
    transport_counts counts;
    bool draining = false;
    std::size_t body_bytes = 0; // being received now
    std::map<std::string, int> per_address;
    std::shared_ptr<boost::asio::ssl::context> tls;

    /// Keeps a socket beating until it is gone.
    void watch(const std::shared_ptr<socket>& one);
    /// Flushes a socket when what the io thread is doing now is done: the event and the answer that
    /// one commit brings a client go out in one piece, and so does a batch of events.
    void flush_soon(std::shared_ptr<socket> one);
    /// Every connection's own way to end at once, by its slot.
    std::set<connection_slot*> slots;

    void start_beating();
    boost::asio::steady_timer beat_timer;
    std::vector<std::weak_ptr<socket>> watched;
    std::vector<std::shared_ptr<socket>> unflushed;
    std::size_t next_beat = 0;
};

/// One place among the allowed connections; gives it back when destroyed.
class connection_slot
{
public:
    connection_slot(std::shared_ptr<transport> of, std::string address, bool counted_by_address);
    ~connection_slot();
    connection_slot(const connection_slot&) = delete;
    connection_slot& operator=(const connection_slot&) = delete;

    /// How to end the connection at once; set by whoever owns the stream now.
    std::function<void()> cut;
    /// Counts a connection that came through a trusted proxy by its client's own address. False
    /// when that address has enough already.
    [[nodiscard]] bool count_as(const boost::asio::ip::address& client);
    /// Between two requests of a kept-alive connection.
    bool is_idle = false;

private:
    std::shared_ptr<transport> of_;
    std::string address_;
    bool by_address_;
};

/// Milliseconds of the steady clock.
std::int64_t steady_ms();

/// The key under which an address is counted: an IPv4 address, or the /64 of an IPv6 one.
std::string address_key(const boost::asio::ip::address& of);
/// The same for a request's peer: what everything that is counted by address is counted under. A
/// client may choose freely within its /64.
std::string rate_key(std::string_view peer);

/// True for the address of a proxy whose word about its clients is taken.
bool is_trusted(const boost::asio::ip::address& who, const std::vector<std::string>& proxies);

/// Fills host, origin, peer and secure from headers, believing a proxy only if it is trusted. False
/// when the Host header is missing, doubled or malformed.
bool read_origin(
    request& into, const boost::asio::ip::address& from, bool tls, const transport& of
);

/// The head of a response as it goes over the wire.
std::string head_text(const response& what, bool keep_alive, bool with_length = true);

/// Runs a connection until it ends (gateway/net/http_plain.cpp, http_tls.cpp).
task<void>
serve_plain(tcp_socket on, std::shared_ptr<transport> of, std::unique_ptr<connection_slot> slot);
task<void>
serve_tls(tcp_socket on, std::shared_ptr<transport> of, std::unique_ptr<connection_slot> slot);

} // namespace gateway::net
