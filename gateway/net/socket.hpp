// A WebSocket as the rest of the gateway sees it. Each socket has one bounded queue and one writer;
// what is queued goes out as one frame. Io thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace gateway::net {

/// Close codes of docs/realtime.md, section 5.
enum class close_code : std::uint16_t
{
    normal = 1000,
    going_away = 1001,
    unsupported_data = 1003,
    bad_payload = 1007,
    too_big = 1009,
    draining = 4000,
    too_slow = 4001,
    epoch_changed = 4002,
    session_ended = 4003,
    protocol_fault = 4004,
    too_many = 4008,
    replaced = 4009
};

/// One JSON object on its way out: `head` is this socket's own, `tail` may be shared by many.
struct frame
{
    std::string head;
    std::shared_ptr<const std::string> tail;
    bool live = false; // may be dropped when the socket is slow

    [[nodiscard]] std::size_t size() const { return head.size() + (tail ? tail->size() : 0); }
};

class socket
{
public:
    virtual ~socket() = default;
    /// Queues a frame, which goes out with what else is queued in the same turn of the io thread. A
    /// full queue drops live frames, then closes with `too_slow`.
    virtual void send(frame what) = 0;
    /// Writes what is queued, unless a write is under way, which goes on with it.
    virtual void flush() = 0;
    /// Sends what is queued, then closes. Further calls and frames are ignored.
    virtual void close(close_code code, std::string_view reason) = 0;
    [[nodiscard]] virtual std::size_t queued_bytes() const = 0;
    /// Called about every 5 s: pings, and ends what is silent or does not finish closing. False
    /// when the socket is gone.
    virtual bool beat(std::int64_t now_ms) = 0;

    /// A whole object of its own.
    void send_text(std::string text, bool live = false)
    {
        send({.head = std::move(text), .tail = nullptr, .live = live});
    }
};

/// Who reads a socket. The socket owns it and destroys it after `closed`.
class socket_user
{
public:
    virtual ~socket_user() = default;
    /// One text frame, at most the size limit, valid UTF-8.
    virtual void received(std::string_view text) = 0;
    /// The socket is gone, whoever closed it.
    virtual void closed() = 0;
};

} // namespace gateway::net
