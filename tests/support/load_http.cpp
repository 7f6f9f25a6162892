#include "tests/support/load_http.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <boost/json.hpp>
#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace load {

namespace {

/// A connected stream with time-outs on both ways; closes itself.
class stream
{
public:
    stream(std::uint16_t port, std::chrono::milliseconds patience)
        : handle_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)}
    {
        const auto ms = patience.count();
        const timeval limit{ms / 1000, (ms % 1000) * 1000};
        ::setsockopt(handle_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        ::setsockopt(handle_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
        sockaddr_in to{};
        to.sin_family = AF_INET;
        to.sin_port = htons(port);
        to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(handle_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
            const std::string why = std::strerror(errno);
            ::close(handle_);
            throw std::runtime_error{"cannot reach port " + std::to_string(port) + ": " + why};
        }
    }
    ~stream() { ::close(handle_); }
    stream(const stream&) = delete;
    stream& operator=(const stream&) = delete;

    void write(std::string_view bytes) const
    {
        while (!bytes.empty()) {
            const auto sent = ::send(handle_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (sent <= 0)
                throw std::runtime_error{
                    "the server took no request: " + std::string{std::strerror(errno)}
                };
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        }
    }

    /// Appends what comes next; false at the end of the stream.
    bool read_more(std::string& into) const
    {
        char buffer[65536];
        const auto got = ::recv(handle_, buffer, sizeof buffer, 0);
        if (got < 0)
            throw std::runtime_error{"no answer: " + std::string{std::strerror(errno)}};
        into.append(buffer, static_cast<std::size_t>(got));
        return got > 0;
    }

private:
    int handle_;
};

std::string lower(std::string_view text)
{
    std::string made{text};
    std::ranges::transform(made, made.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    return made;
}

void read_head(std::string_view head, answer& into)
{
    if (!head.starts_with("HTTP/1.") || head.size() < 12)
        throw std::runtime_error{"not an HTTP answer: " + std::string{head.substr(0, 80)}};
    into.status = std::stoi(std::string{head.substr(9, 3)});
    for (auto line = head.find("\r\n"); line != std::string_view::npos;) {
        const auto next = head.find("\r\n", line + 2);
        const auto field =
            head.substr(line + 2, next == std::string_view::npos ? next : next - line - 2);
        const auto colon = field.find(':');
        if (colon != std::string_view::npos) {
            auto value = field.substr(colon + 1);
            value.remove_prefix(std::min(value.find_first_not_of(" \t"), value.size()));
            into.fields.emplace_back(lower(field.substr(0, colon)), value);
        }
        line = next;
    }
}

std::string read_chunked(const stream& from, std::string held)
{
    std::string body;
    std::size_t at = 0;
    for (;;) {
        auto line = held.find("\r\n", at);
        while (line == std::string::npos) {
            if (!from.read_more(held))
                throw std::runtime_error{"the answer ended in a chunk"};
            line = held.find("\r\n", at);
        }
        const auto size = std::stoul(held.substr(at, line - at), nullptr, 16);
        while (held.size() < line + 2 + size + 2)
            if (!from.read_more(held))
                throw std::runtime_error{"the answer ended in a chunk"};
        if (size == 0)
            return body;
        body.append(held, line + 2, size);
        at = line + 2 + size + 2;
    }
}

} // namespace

std::string answer::header(std::string_view name) const
{
    const auto found = std::ranges::find(fields, name, &headers::value_type::first);
    return found == fields.end() ? std::string{} : found->second;
}

boost::json::value answer::json() const
{
    boost::system::error_code failed;
    auto parsed = boost::json::parse(body, failed);
    if (failed)
        throw std::runtime_error{
            "status " + std::to_string(status) + ", not JSON: " + body.substr(0, 300)
        };
    return parsed;
}

answer call(
    const endpoint& where,
    const std::string& method,
    const std::string& target,
    const headers& extra,
    const std::string& body,
    std::chrono::milliseconds patience
)
{
    const stream to{where.port, patience};
    std::string request = method + " " + target + " HTTP/1.1\r\nHost: " + where.host + ":" +
                          std::to_string(where.port) + "\r\nConnection: close\r\n";
    for (const auto& [name, value] : extra)
        request += name + ": " + value + "\r\n";
    if (!body.empty() || method != "GET")
        request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    to.write(request + "\r\n" + body);

    std::string held;
    while (held.find("\r\n\r\n") == std::string::npos)
        if (!to.read_more(held))
            throw std::runtime_error{
                "the server closed without an answer to " + method + " " + target
            };
    answer got;
    const auto blank = held.find("\r\n\r\n");
    read_head(std::string_view{held}.substr(0, blank), got);
    std::string rest = held.substr(blank + 4);
    if (lower(got.header("transfer-encoding")) == "chunked") {
        got.body = read_chunked(to, std::move(rest));
        return got;
    }
    const std::string length = got.header("content-length");
    const std::size_t expected = length.empty() ? std::string::npos : std::stoul(length);
    while (rest.size() < expected)
        if (!to.read_more(rest)) {
            if (expected != std::string::npos)
                throw std::runtime_error{
                    "the answer to " + method + " " + target + " was cut short"
                };
            break;
        }
    got.body = std::move(rest);
    return got;
}

session log_in(const endpoint& where, const std::string& email, const std::string& password)
{
    const std::string body =
        boost::json::serialize(boost::json::object{{"email", email}, {"password", password}});
    const std::string origin = "http://" + where.host + ":" + std::to_string(where.port);
    const answer got = call(
        where,
        "POST",
        "/api/v1/session",
        {{"Content-Type", "application/json"}, {"Origin", origin}},
        body
    );
    if (got.status / 100 != 2)
        throw std::runtime_error{"log-in refused: " + std::to_string(got.status) + " " + got.body};
    session made;
    const std::string cookie = got.header("set-cookie");
    made.cookie = cookie.substr(0, cookie.find(';'));
    const auto answered = got.json();
    made.csrf = answered.at("csrf").as_string().c_str();
    made.agent = answered.at("me").at("id").as_string().c_str();
    return made;
}

headers session_headers(const endpoint& where, const session& who)
{
    return {
        {"Cookie", who.cookie},
        {"X-Parley-CSRF", who.csrf},
        {"Origin", "http://" + where.host + ":" + std::to_string(where.port)},
    };
}

} // namespace load
