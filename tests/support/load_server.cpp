#include "tests/support/load_server.hpp"

#include <stdexcept>

namespace load {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

server::server(server_settings how) : how_{std::move(how)}
{
    write_settings();
    make_accounts();
}

double server::start()
{
    const fs::path ports = place_.path() / "port";
    fs::remove(ports);
    launch what;
    what.argv = {
        how_.binary.string(),
        "serve",
        "--config",
        (place_.path() / "parley.toml").string(),
        "--data",
        data().string(),
        "--listen",
        "127.0.0.1:0",
        "--port-file",
        ports.string()
    };
    what.output = log();
    what.environment = how_.environment;
    const auto began = std::chrono::steady_clock::now();
    running_ = process{what};
    where_.port = wait_for_port(ports, running_, log(), 30s);
    const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - began;
    if (!has_inbox_)
        make_inbox();
    return took.count();
}

session server::log_in_agent(int which) const
{
    const auto& who = accounts_.at(static_cast<std::size_t>(which));
    return log_in(where_, who.email, who.password);
}

party server::visitor_party() const
{
    return {
        "/ws/chat",
        {{"Origin", "http://" + where_.host + ":" + std::to_string(where_.port)}},
        R"({"op":"hello","v":1,"locale":"en","inbox":")" + inbox_ + "\"}"
    };
}

party server::agent_party(const session& who, const std::string& client) const
{
    headers extra = session_headers(where_, who);
    return {
        "/ws/agent",
        std::move(extra),
        R"({"op":"hello","v":1,"client":")" + client + R"(","csrf":")" + who.csrf + "\"}"
    };
}

void server::write_settings() const
{
    fs::create_directories(data());
    // Limits are for the wild; here one address plays hundreds of people.
    std::string text = R"([metrics]
listen = "127.0.0.1:0"
[limits]
connections = 40000
connections_per_address = 40000
[rates]
visitor_messages = 1000000000
visitor_frames = 1000000000
visitor_conversations = 1000000000
visitor_sockets = 1000000000
agent_frames = 1000000000
api_requests = 1000000000
)";
    if (!how_.store_url.empty())
        text += "[store]\nurl = \"" + how_.store_url + "\"\n";
    for (const auto& line : how_.extra)
        text += line + "\n";
    write_text(place_.path() / "parley.toml", text);
}

void server::make_accounts()
{
    for (int i = 0; i < how_.agents; ++i) {
        const std::string name = "agent" + std::to_string(i);
        const account made{name + "@example.com", "torture and bench, " + name};
        launch what;
        what.argv = {
            how_.binary.string(),
            "user",
            "add",
            made.email,
            "--name",
            name,
            "--role",
            "owner",
            "--password",
            made.password,
            "--config",
            (place_.path() / "parley.toml").string(),
            "--data",
            data().string()
        };
        run_and_read(what, 30s);
        accounts_.push_back(made);
    }
}

void server::make_inbox()
{
    headers extra = session_headers(where_, log_in_agent(0));
    extra.emplace_back("Content-Type", "application/json");
    const answer made = call(
        where_, "POST", "/api/v1/inboxes", extra, R"({"name":"Web","slug":")" + inbox_ + "\"}"
    );
    if (made.status != 201)
        throw std::runtime_error{
            "no inbox was made: " + std::to_string(made.status) + " " + made.body
        };
    has_inbox_ = true;
}

} // namespace load
