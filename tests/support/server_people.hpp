// Customers and agents for server tests, on sockets, greeted.
#pragma once

#include "tests/support/server.hpp"

namespace tests {

/// An agent's socket with its session, after the welcome.
struct agent_on_line
{
    http_client http;
    ws_client socket;
    boost::json::object welcome;
};
agent_on_line
agent_on(const running_server& at, const staff_login& who, const boost::json::object& hello = {});

/// A visitor's socket after the welcome.
struct visitor_on_line
{
    ws_client socket;
    boost::json::object welcome;
    std::string token;
};
visitor_on_line visitor_on(
    const running_server& at, const std::string& inbox, const boost::json::object& hello = {}
);

/// Somebody who holds a role in one inbox only.
staff_login somebody_in(
    running_server& at,
    const http_client& admin,
    const std::string& inbox,
    const std::string& role = "agent",
    const std::string& name = "Nora Narrow"
);

/// The Origin header of the console and the panel.
ws_client::headers own_origin(const running_server& at);

/// Says something and returns the answer.
boost::json::object say(ws_client& on, const std::string& cid, const std::string& text);

std::string text_at(const boost::json::object& from, const char* member);

} // namespace tests
