#include "tests/support/server_people.hpp"

#include <stdexcept>

namespace tests {

std::string text_at(const boost::json::object& from, const char* member)
{
    const auto* found = from.if_contains(member);
    return found && found->is_string() ? std::string{found->get_string()} : std::string{};
}

staff_login somebody_in(
    running_server& at,
    const http_client& admin,
    const std::string& inbox,
    const std::string& role,
    const std::string& name
)
{
    auto made = at.add_agent(role, name);
    const boost::json::object grant{{"role", role}, {"inbox", inbox}};
    const auto patched = admin.send(
        "PATCH",
        "/api/v1/agents/" + made.id,
        boost::json::serialize(boost::json::object{{"roles", boost::json::array{grant}}})
    );
    if (patched.status != 200)
        throw std::runtime_error{"no role in one inbox: " + patched.body};
    return made;
}

ws_client::headers own_origin(const running_server& at)
{
    return {{"Origin", at.origin()}};
}

agent_on_line
agent_on(const running_server& at, const staff_login& who, const boost::json::object& hello)
{
    auto http = at.log_in(who);
    auto headers = own_origin(at);
    headers.emplace_back("Cookie", http.cookie());
    ws_client socket{at.port(), "/ws/agent", headers};
    boost::json::object first{
        {"op", "hello"}, {"v", 1}, {"csrf", http.csrf()}, {"client", "tab-" + who.id}
    };
    for (const auto& [name, value] : hello)
        first[name] = value;
    socket.send(first);
    auto welcome = socket.until_op("welcome");
    return {std::move(http), std::move(socket), std::move(welcome)};
}

visitor_on_line
visitor_on(const running_server& at, const std::string& inbox, const boost::json::object& hello)
{
    ws_client socket{at.port(), "/ws/chat", own_origin(at)};
    boost::json::object first{{"op", "hello"}, {"v", 1}, {"inbox", inbox}};
    for (const auto& [name, value] : hello)
        first[name] = value;
    socket.send(first);
    auto welcome = socket.until_op("welcome");
    auto token = text_at(welcome, "token");
    if (token.empty())
        token = text_at(hello, "token");
    return {std::move(socket), std::move(welcome), std::move(token)};
}

boost::json::object say(ws_client& on, const std::string& cid, const std::string& text)
{
    on.send({{"op", "say"}, {"cid", cid}, {"text", text}});
    return on.answer(cid);
}

} // namespace tests
