// A small blocking HTTP client for tests: one connection a request, cookies kept. Nothing is hidden
// from the test: header names come back in lower case, bodies as they are.
#pragma once

#include <boost/json.hpp>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace tests {

struct http_answer
{
    int status = 0; // 0: the connection was closed without an answer
    std::multimap<std::string, std::string> headers;
    std::string body;

    [[nodiscard]] std::string header(const std::string& name) const;
    /// The body as JSON; fails the test when it is none.
    [[nodiscard]] boost::json::value json() const;
};

using http_headers = std::vector<std::pair<std::string, std::string>>;

class http_client
{
public:
    explicit http_client(unsigned short port) : port_{port} {}

    http_answer get(const std::string& path, const http_headers& more = {}) const;
    http_answer post(
        const std::string& path, const boost::json::value& body, const http_headers& more = {}
    ) const;
    /// Any method; a body that is not empty is sent as JSON unless a content type is given.
    http_answer send(
        const std::string& method,
        const std::string& path,
        const std::string& body,
        const http_headers& more = {}
    ) const;

    void use_session(std::string cookie, std::string csrf);
    void use_token(std::string token) { token_ = std::move(token); }
    [[nodiscard]] const std::string& cookie() const { return cookie_; }
    [[nodiscard]] const std::string& csrf() const { return csrf_; }
    [[nodiscard]] unsigned short port() const { return port_; }

private:
    unsigned short port_;
    std::string cookie_; // "name=value"
    std::string csrf_;
    std::string token_;
};

/// Sends bytes as they are and returns all that comes back until the other side closes or 5 s are
/// over.
std::string raw_exchange(unsigned short port, const std::string& bytes);

} // namespace tests
