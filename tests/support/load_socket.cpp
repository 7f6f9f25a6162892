#include "tests/support/load_socket.hpp"

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <cstring>

namespace load {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr int opcode_continuation = 0;
constexpr int opcode_text = 1;
constexpr int opcode_close = 8;
constexpr int opcode_ping = 9;
constexpr int opcode_pong = 10;
constexpr int code_abnormal = 1006;

// The server cannot tell a constant key from a random one, and a load generator needs no secrecy.
constexpr std::array<unsigned char, 4> mask{0x37, 0xfa, 0x21, 0x3d};

// Idle sockets own no read buffer: all sockets of a thread read through this one.
std::array<char, 256 * 1024>& shared_buffer()
{
    static thread_local std::array<char, 256 * 1024> bytes;
    return bytes;
}

/// Adds a masked frame to what is to be sent.
void append_frame(std::string& to, int opcode, std::string_view payload)
{
    to.push_back(static_cast<char>(0x80 | opcode));
    if (payload.size() < 126) {
        to.push_back(static_cast<char>(0x80 | payload.size()));
    } else if (payload.size() <= 0xffff) {
        to.push_back(static_cast<char>(0x80 | 126));
        for (const int shift : {8, 0})
            to.push_back(static_cast<char>(payload.size() >> shift));
    } else {
        to.push_back(static_cast<char>(0x80 | 127));
        for (int shift = 56; shift >= 0; shift -= 8)
            to.push_back(static_cast<char>(payload.size() >> shift));
    }
    for (const unsigned char byte : mask)
        to.push_back(static_cast<char>(byte));
    const auto from = to.size();
    to.append(payload);
    for (std::size_t i = 0; i < payload.size(); ++i)
        to[from + i] = static_cast<char>(static_cast<unsigned char>(to[from + i]) ^ mask[i % 4]);
}

} // namespace

socket::socket(asio::io_context& io) : stream_{io} {}

std::shared_ptr<socket> socket::open(
    asio::io_context& io,
    const endpoint& where,
    const std::string& target,
    const headers& extra,
    listener heard
)
{
    auto made = std::make_shared<socket>(io);
    made->heard_ = std::move(heard);
    made->connect(where, target, extra);
    return made;
}

void socket::connect(const endpoint& where, const std::string& target, const headers& extra)
{
    out_ = "GET " + target + " HTTP/1.1\r\nHost: " + where.host + ":" + std::to_string(where.port) +
           "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
           "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    for (const auto& [name, value] : extra)
        out_ += name + ": " + value + "\r\n";
    out_ += "\r\n";
    const asio::ip::tcp::endpoint to{asio::ip::address_v4::loopback(), where.port};
    stream_.async_connect(to, [self = shared_from_this()](error_code failed) {
        if (self->ended_)
            return;
        if (failed)
            return self->end(code_abnormal, failed.message());
        self->stream_.set_option(asio::ip::tcp::no_delay{true});
        self->stream_.non_blocking(true);
        self->flush();
        self->wait_readable();
    });
}

void socket::send(std::string_view text)
{
    if (ended_)
        return;
    append_frame(upgraded_ ? out_ : early_, opcode_text, text);
    if (upgraded_)
        flush();
}

void socket::send_raw(std::string_view bytes)
{
    if (ended_)
        return;
    (upgraded_ ? out_ : early_).append(bytes);
    if (upgraded_)
        flush();
}

void socket::close(int code)
{
    if (ended_)
        return;
    const std::array<char, 2> body{static_cast<char>(code >> 8), static_cast<char>(code & 0xff)};
    append_frame(upgraded_ ? out_ : early_, opcode_close, {body.data(), body.size()});
    if (upgraded_)
        flush();
}

void socket::cut()
{
    error_code ignored;
    stream_.set_option(asio::socket_base::linger{true, 0}, ignored);
    end(code_abnormal, "cut");
}

void socket::hold_reading(bool held)
{
    held_ = held;
    if (!held && open_ && !reading_)
        wait_readable();
}

void socket::flush()
{
    if (waiting_to_write_ || ended_)
        return;
    while (sent_ < out_.size()) {
        error_code failed;
        sent_ += stream_.write_some(asio::buffer(out_.data() + sent_, out_.size() - sent_), failed);
        if (failed == asio::error::would_block) {
            waiting_to_write_ = true;
            stream_.async_wait(
                asio::ip::tcp::socket::wait_write,
                [self = shared_from_this()](error_code stopped) {
                    self->waiting_to_write_ = false;
                    if (!stopped)
                        self->flush();
                }
            );
            return;
        }
        if (failed) {
            end(code_abnormal, failed.message());
            return;
        }
    }
    out_.clear();
    sent_ = 0;
    if (out_.capacity() > 4096)
        out_.shrink_to_fit();
}

void socket::wait_readable()
{
    if (held_ || ended_ || reading_)
        return;
    reading_ = true;
    stream_.async_wait(
        asio::ip::tcp::socket::wait_read,
        [self = shared_from_this()](error_code stopped) {
            self->reading_ = false;
            if (!stopped && !self->held_)
                self->read_ready();
        }
    );
}

void socket::read_ready()
{
    auto& buffer = shared_buffer();
    error_code failed;
    const auto got = stream_.read_some(asio::buffer(buffer), failed);
    if (failed == asio::error::would_block)
        return wait_readable();
    if (failed)
        return end(code_abnormal, failed.message());
    take({buffer.data(), got});
    wait_readable();
}

void socket::take(std::string_view bytes)
{
    const bool kept = !in_.empty();
    if (kept)
        in_.append(bytes);
    std::string held = kept ? std::move(in_) : std::string{};
    in_.clear();
    std::string_view rest = kept ? std::string_view{held} : bytes;
    while (!ended_ && !rest.empty()) {
        const auto used = upgraded_ ? take_frame(rest) : take_upgrade(rest);
        if (used == 0)
            break;
        rest.remove_prefix(used);
    }
    if (!ended_)
        in_.assign(rest);
}

std::size_t socket::take_upgrade(std::string_view bytes)
{
    const auto blank = bytes.find("\r\n\r\n");
    if (blank == std::string_view::npos)
        return 0;
    if (!bytes.starts_with("HTTP/1.1 101")) {
        end(code_abnormal, bytes.substr(0, bytes.find("\r\n")));
        return bytes.size();
    }
    upgraded_ = true;
    open_ = true;
    out_ += std::exchange(early_, {});
    if (heard_.opened)
        heard_.opened();
    flush();
    return blank + 4;
}

std::size_t socket::take_frame(std::string_view bytes)
{
    if (bytes.size() < 2)
        return 0;
    const auto at = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const bool last = (at(0) & 0x80) != 0;
    const int opcode = at(0) & 0x0f;
    std::uint64_t length = at(1) & 0x7f;
    std::size_t header = 2;
    if (length >= 126) {
        const std::size_t wide = length == 126 ? 2 : 8;
        if (bytes.size() < 2 + wide)
            return 0;
        length = 0;
        for (std::size_t i = 0; i < wide; ++i)
            length = length << 8 | at(2 + i);
        header += wide;
    }
    if (bytes.size() - header < length)
        return 0;
    const std::string_view payload = bytes.substr(header, length);
    const bool is_data = opcode == opcode_text || opcode == opcode_continuation;
    if (is_data && (!last || opcode == opcode_continuation)) {
        fragments_.append(payload);
        if (last) {
            const std::string whole = std::move(fragments_);
            fragments_.clear();
            deliver(opcode_text, whole);
        }
    } else {
        deliver(opcode, payload);
    }
    return header + length;
}

void socket::deliver(int opcode, std::string_view payload)
{
    if (opcode == opcode_text) {
        if (heard_.text)
            heard_.text(payload);
    } else if (opcode == opcode_ping) {
        append_frame(out_, opcode_pong, payload);
        flush();
    } else if (opcode == opcode_close) {
        int code = 1005;
        if (payload.size() >= 2)
            code = static_cast<unsigned char>(payload[0]) << 8 |
                   static_cast<unsigned char>(payload[1]);
        end(code, payload.size() > 2 ? payload.substr(2) : std::string_view{});
    }
}

void socket::end(int code, std::string_view reason)
{
    if (ended_)
        return;
    ended_ = true;
    open_ = false;
    error_code ignored;
    stream_.close(ignored);
    // Told later, since one of the listener's own functions may be running now. The listener
    // usually owns us, so it is let go and the circle ends with the connection.
    asio::post(
        stream_.get_executor(),
        [self = shared_from_this(), code, why = std::string{reason}] {
            const listener last = std::move(self->heard_);
            self->heard_ = {};
            if (last.closed)
                last.closed(code, why);
        }
    );
}

} // namespace load
