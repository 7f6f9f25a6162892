// One simulated visitor: a client of the public realtime protocol that connects when it must, sends
// again what was not answered, and remembers what was acknowledged.
#pragma once

#include "gateway/demo/personas.hpp"
#include "gateway/demo/visitors.hpp"
#include "gateway/net/client.hpp"

#include <boost/json/object.hpp>
#include <map>
#include <set>

namespace gateway::demo {

class simulated_visitor
{
public:
    simulated_visitor(boost::asio::io_context& io, unsigned short port, const persona& who);

    /// Says a line and waits until it is acknowledged, over lost connections too; false after 20 s.
    boost::asio::awaitable<bool> say(std::string text);
    /// Listens for so long.
    boost::asio::awaitable<void> stay(std::chrono::milliseconds how_long);
    /// Reads the whole conversation back and adds what it finds to `into`.
    boost::asio::awaitable<void> count(proof& into);

private:
    boost::asio::awaitable<bool> connect();
    boost::asio::awaitable<std::optional<boost::json::object>> frame(std::int64_t patience_ms);
    boost::asio::awaitable<std::optional<boost::json::object>>
    answer_to(std::string cid, std::int64_t patience_ms);

    boost::asio::io_context& io_;
    unsigned short port_;
    const persona& who_;
    std::string token_;
    std::unique_ptr<net::websocket_client> on_;
    std::vector<boost::json::object> unread_;
    boost::json::object welcome_;
    std::set<std::string> acknowledged_;
};

} // namespace gateway::demo
