#include "tests/support/server_http.hpp"

#include "tests/support/slowness.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>

namespace tests {

namespace asio = boost::asio;

namespace {

constexpr timeval patience{10 * slowness, 0};

std::string lower(std::string text)
{
    for (char& each : text)
        each = static_cast<char>(each >= 'A' && each <= 'Z' ? each + 32 : each);
    return text;
}

http_answer read_answer(const std::string& text)
{
    http_answer made;
    const auto end = text.find("\r\n\r\n");
    if (end == std::string::npos || text.size() < 12)
        return made;
    made.status = std::stoi(text.substr(9, 3));
    for (auto from = text.find("\r\n") + 2; from < end;) {
        const auto line_end = std::min(text.find("\r\n", from), end);
        const auto line = text.substr(from, line_end - from);
        const auto colon = line.find(": ");
        if (colon != std::string::npos)
            made.headers.emplace(lower(line.substr(0, colon)), line.substr(colon + 2));
        from = line_end + 2;
    }
    made.body = text.substr(end + 4);
    return made;
}

} // namespace

std::string raw_exchange(unsigned short port, const std::string& bytes)
{
    asio::io_context io;
    asio::ip::tcp::socket on{io};
    boost::system::error_code failed;
    on.connect({asio::ip::address_v4::loopback(), port}, failed);
    if (failed)
        return {};
    setsockopt(on.native_handle(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    asio::write(on, asio::buffer(bytes), failed);
    std::string all;
    asio::read(on, asio::dynamic_buffer(all), failed);
    return all;
}

std::string http_answer::header(const std::string& name) const
{
    const auto found = headers.find(name);
    return found == headers.end() ? std::string{} : found->second;
}

boost::json::value http_answer::json() const
{
    boost::system::error_code failed;
    auto made = boost::json::parse(body, failed);
    if (failed)
        throw std::runtime_error{
            "not JSON (status " + std::to_string(status) + "): " + body.substr(0, 300)
        };
    return made;
}

http_answer http_client::send(
    const std::string& method,
    const std::string& path,
    const std::string& body,
    const http_headers& more
) const
{
    std::string text = method + " " + path +
                       " HTTP/1.1\r\nHost: localhost:" + std::to_string(port_) +
                       "\r\nConnection: close\r\n";
    bool has_type = false;
    for (const auto& [name, value] : more) {
        text += name + ": " + value + "\r\n";
        has_type = has_type || lower(name) == "content-type";
    }
    if (!cookie_.empty())
        text += "Cookie: " + cookie_ + "\r\n";
    if (!csrf_.empty())
        text += "X-Parley-CSRF: " + csrf_ + "\r\n";
    if (!token_.empty())
        text += "Authorization: Bearer " + token_ + "\r\n";
    if (!body.empty() && !has_type)
        text += "Content-Type: application/json\r\n";
    if (!body.empty())
        text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    return read_answer(raw_exchange(port_, text + "\r\n" + body));
}

http_answer http_client::get(const std::string& path, const http_headers& more) const
{
    return send("GET", path, {}, more);
}

http_answer http_client::post(
    const std::string& path, const boost::json::value& body, const http_headers& more
) const
{
    return send("POST", path, boost::json::serialize(body), more);
}

void http_client::use_session(std::string cookie, std::string csrf)
{
    cookie_ = std::move(cookie);
    csrf_ = std::move(csrf);
}

} // namespace tests
