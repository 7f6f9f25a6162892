// HTTP as the rest of the gateway sees it: plain values, and the application that answers them. The
// sockets and Beast stay behind gateway/net/*.cpp. Io thread.
#pragma once

#include "gateway/net/socket.hpp"

#include <boost/asio/awaitable.hpp>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace gateway::net {

template <class T>
using task = boost::asio::awaitable<T>;

struct header
{
    std::string name; // lower case in requests
    std::string value;
};

/// What came in. `path` is percent-decoded, `query` is raw.
struct request
{
    std::string method; // "GET"
    std::string path;
    std::string query;
    std::string host;   // lower case, without the port
    std::string origin; // scheme://host[:port] under which the client reached us
    std::vector<header> headers;
    std::string body;
    std::string peer; // the client's address, behind a trusted proxy the one it names
    bool secure = false;
    std::string id; // for the log and for problem documents

    /// The value of a header by its lower-case name; empty when absent.
    [[nodiscard]] std::string_view header(std::string_view name) const;
    /// A cookie's value; empty when absent or when it is there twice.
    [[nodiscard]] std::string_view cookie(std::string_view name) const;
};

/// A body that is fetched while it is sent, so that a slow reader holds one piece of it in memory.
struct body_source
{
    std::int64_t size = 0;
    /// At most `most` bytes from `offset`; none when they are gone, which ends the connection.
    std::function<task<std::string>(std::int64_t offset, std::int64_t most)> read;
};

/// What goes out. The body is `bytes`, `shared` when several answers use the same bytes, or what
/// `source` brings.
struct response
{
    unsigned status = 200;
    std::vector<header> headers;
    std::string bytes;
    std::shared_ptr<const std::string> shared;
    std::optional<body_source> source;
    bool close = false;

    [[nodiscard]] std::string_view body() const
    {
        return shared ? *shared : std::string_view{bytes};
    }
    /// How long the body is, bytes.
    [[nodiscard]] std::int64_t length() const
    {
        return source ? source->size : static_cast<std::int64_t>(body().size());
    }
    /// Adds or replaces a header. Throws std::invalid_argument when the value holds CR, LF or NUL.
    response& set(std::string_view name, std::string value);
};

/// Says yes to a WebSocket: makes the user of the socket that is about to open.
using socket_opener = std::function<std::unique_ptr<socket_user>(const std::shared_ptr<socket>&)>;

/// Who answers.
class application
{
public:
    virtual ~application() = default;
    /// The largest body for this request, bytes; asked once its header is read.
    [[nodiscard]] virtual std::size_t body_limit(const request& head) const = 0;
    /// Asked before a body of some size is read: a refusal for whoever would be refused anyway, by
    /// credentials or rates, so that strangers can't make us read. Never throws.
    virtual task<std::optional<response>> admit(request& head);
    /// Answers; never throws.
    virtual task<response> answer(request& what) = 0;
    /// Answers an upgrade request: a refusal, or who will use the socket.
    virtual std::variant<response, socket_opener> upgrade(const request& head) = 0;
};

/// The reason phrase of a status, "Not Found".
std::string_view reason_phrase(unsigned status);

/// Splits, decodes and normalises a request target into path and query. False when it is not an
/// origin-form target, has a bad escape, a NUL, or steps out of the root.
bool read_target(std::string_view target, std::string& path, std::string& query);

/// The decoded value of a query parameter; nullopt when absent.
std::optional<std::string> query_value(std::string_view query, std::string_view name);

/// Decodes %XX (and + as a blank when asked). nullopt when an escape is broken.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank = false);

} // namespace gateway::net
