// A WebSocket client as lean as a load generator needs: thousands of sockets on one thread, no
// buffer while a socket is idle, and the ill manners (cutting, not reading) that tests want. It
// does its own framing, so it neither shares code nor faults with the server it drives. One io
// thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace load {

/// A port on the loopback, where everything that tests start listens.
struct endpoint
{
    std::uint16_t port = 0;
    std::string host = "127.0.0.1"; // as sent in the Host header, without the port
};

/// Header lines of an upgrade or a request.
using headers = std::vector<std::pair<std::string, std::string>>;

class socket : public std::enable_shared_from_this<socket>
{
public:
    /// What the owner hears. `closed` comes exactly once, also when the connection never opened:
    /// code is the WebSocket close code, 1006 when the stream just ended.
    struct listener
    {
        std::function<void()> opened;
        std::function<void(std::string_view)> text;
        std::function<void(int code, std::string_view reason)> closed;
    };

    static std::shared_ptr<socket> open(
        boost::asio::io_context& io,
        const endpoint& where,
        const std::string& target,
        const headers& extra,
        listener heard
    );
    explicit socket(boost::asio::io_context& io);

    /// Sends one text frame; what the kernel does not take now is kept and sent in order.
    void send(std::string_view text);
    /// Sends bytes as they are, for frames that no honest client makes.
    void send_raw(std::string_view bytes);
    /// Sends a close frame; `closed` follows when the server answers or ends the stream.
    void close(int code);
    /// Ends the connection at once, with a reset; nothing is said to the server.
    void cut();
    /// Stops taking bytes from the kernel, as a suspended browser tab does, or begins again.
    void hold_reading(bool held);

    [[nodiscard]] bool is_open() const { return open_; }
    /// Bytes handed in that the kernel has not taken yet.
    [[nodiscard]] std::size_t unsent() const { return out_.size() - sent_ + early_.size(); }

private:
    void connect(const endpoint& where, const std::string& target, const headers& extra);
    void wait_readable();
    void read_ready();
    void flush();
    void take(std::string_view bytes);
    std::size_t take_upgrade(std::string_view bytes);
    std::size_t take_frame(std::string_view bytes);
    void deliver(int opcode, std::string_view payload);
    void end(int code, std::string_view reason);

    boost::asio::ip::tcp::socket stream_;
    listener heard_;
    std::string out_;
    std::string early_; // handed in before the upgrade was accepted
    std::size_t sent_ = 0;
    std::string in_;
    std::string fragments_;
    bool upgraded_ = false;
    bool open_ = false;
    bool ended_ = false;
    bool waiting_to_write_ = false;
    bool reading_ = false;
    bool held_ = false;
};

} // namespace load
