// A blocking HTTP client for what a load driver asks between its bursts: log-in, snapshots, set-up.
// One connection a call. Any thread.
#pragma once

#include "tests/support/load_socket.hpp"

#include <boost/json/value.hpp>
#include <chrono>
#include <string>

namespace load {

/// An answer, header names in lower case.
struct answer
{
    int status = 0;
    headers fields;
    std::string body;

    /// The first header of that (lower-case) name; empty when there is none.
    [[nodiscard]] std::string header(std::string_view name) const;
    /// The body as JSON; throws std::runtime_error with status and body when it is not.
    [[nodiscard]] boost::json::value json() const;
};

/// Sends one request and reads the whole answer. Throws std::runtime_error when the server cannot
/// be reached, answers no HTTP, or takes longer than `patience`.
answer call(
    const endpoint& where,
    const std::string& method,
    const std::string& target,
    const headers& extra = {},
    const std::string& body = {},
    std::chrono::milliseconds patience = std::chrono::seconds{10}
);

/// Who is logged in: what a socket and a request need to show.
struct session
{
    std::string cookie; // "name=value"
    std::string csrf;
    std::string agent; // id
};

/// Logs an agent in over `POST /api/v1/session`; throws std::runtime_error when refused.
session log_in(const endpoint& where, const std::string& email, const std::string& password);

/// The header lines that make a request one of the session's, from the console's own origin.
headers session_headers(const endpoint& where, const session& who);

} // namespace load
