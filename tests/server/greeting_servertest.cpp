// What a welcome contains and what is told after it; who is counted as whom.
#include "crm/store/failpoint.hpp"
#include "tests/support/server_people.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <thread>

using namespace tests;
namespace json = boost::json;

namespace {

const std::map<std::string, std::string> no_limits{
    {"PARLEY_RATES__VISITOR_MESSAGES", "100000"}, {"PARLEY_RATES__VISITOR_FRAMES", "100000"}
};

std::int64_t number_at(const json::object& from, const char* member)
{
    return std::stoll(text_at(from, member));
}

} // namespace

TEST_CASE("a greeting and what is told after it never overlap, however much happens meanwhile")
{
    running_server server{{.environment = no_limits, .words = {}}};
    const auto owner = server.add_agent("owner");
    auto admin = server.log_in(owner);
    add_inbox(admin, "web");
    auto visitor = visitor_on(server, "web");
    say(visitor.socket, "first", "hello");
    std::atomic<bool> is_done{false};
    std::thread chat{[&] {
        for (int i = 0; !is_done && i < 5'000; ++i) {
            say(visitor.socket, "m" + std::to_string(i), "more");
            // News of names is completed from the database first, so that what follows it waits.
            if (i % 5 == 0)
                admin.send(
                    "PATCH",
                    "/api/v1/agents/" + owner.id,
                    R"({"name":"Olga )" + std::to_string(i) + "\"}"
                );
        }
    }};
    const auto headers = [&] {
        auto made = own_origin(server);
        made.emplace_back("Cookie", admin.cookie());
        return made;
    }();
    int heard = 0;
    for (int tab = 0; tab < 30; ++tab) {
        ws_client socket{server.port(), "/ws/agent", headers};
        socket.send(
            {{"op", "hello"},
             {"v", 1},
             {"csrf", admin.csrf()},
             {"client", "tab" + std::to_string(tab)}}
        );
        const auto welcome = socket.until_op("welcome");
        const auto as_of = number_at(welcome, "as_of");
        auto stands = as_of;
        for (int i = 0; i < 4; ++i) {
            const auto event = socket.until_op("event");
            CHECK(number_at(event, "after") == stands);
            CHECK(number_at(event, "at") >= stands);
            CHECK(number_at(event, "at") > as_of);
            stands = number_at(event, "at");
            ++heard;
        }
    }
    is_done = true;
    chat.join();
    CHECK(heard == 120);
}

TEST_CASE("behind a trusted proxy every client has its own share of the connections")
{
    running_server server{
        {.environment =
             {{"PARLEY_HTTP__TRUSTED_PROXIES", "127.0.0.1"},
              {"PARLEY_LIMITS__CONNECTIONS_PER_ADDRESS", "2"}},
         .words = {}}
    };
    const auto from = [&](const std::string& client) {
        auto headers = own_origin(server);
        headers.emplace_back("X-Forwarded-For", client);
        return ws_client{server.port(), "/ws/chat", headers};
    };
    const auto first = from("192.0.2.1");
    CHECK(first.refused_with() == 0);
    auto second = from("192.0.2.1");
    CHECK(second.refused_with() == 0);
    CHECK(from("192.0.2.1").refused_with() == 503);
    const auto other = from("192.0.2.2");
    CHECK(other.refused_with() == 0);
    second.close();
    int status = 503;
    for (int i = 0; i < 100 && status != 0; ++i)
        status = from("192.0.2.1").refused_with();
    CHECK(status == 0);
}

TEST_CASE("a welcome tells the presence of this moment, not of when the session was last looked at")
{
    running_server server;
    const auto ana = server.add_agent("agent");
    auto first = agent_on(server, ana);
    for (const char* state : {"available", "away", "busy"}) {
        INFO(state);
        const std::string cid = std::string{"p-"} + state;
        first.socket.send({{"op", "presence"}, {"cid", cid}, {"presence", state}});
        REQUIRE(text_at(first.socket.answer(cid), "op") == "ok");
        auto headers = own_origin(server);
        headers.emplace_back("Cookie", first.http.cookie());
        ws_client again{server.port(), "/ws/agent", headers};
        again.send({{"op", "hello"}, {"v", 1}, {"csrf", first.http.csrf()}, {"client", "other tab"}}
        );
        CHECK(text_at(again.until_op("welcome"), "presence") == state);
    }
}

TEST_CASE("a waiting visitor hears its place, and hears it again when it moves up")
{
    running_server server;
    auto admin = server.log_in(server.add_agent("owner"));
    add_inbox(admin, "web");
    auto first = visitor_on(server, "web");
    REQUIRE(text_at(say(first.socket, "c1", "I was here first"), "op") == "ok");
    auto second = visitor_on(server, "web");
    REQUIRE(text_at(say(second.socket, "c1", "and I came later"), "op") == "ok");
    const auto at_place = [](std::int64_t place) {
        return [place](const json::object& frame) {
            return text_at(frame, "what") == "queue" && frame.at("place") == place;
        };
    };
    second.socket.until(at_place(2), 10'000);
    first.socket.send({{"op", "end"}, {"cid", "c2"}});
    first.socket.answer("c2");
    second.socket.until(at_place(1), 10'000);
}

TEST_CASE("the page and the product that a visitor looks at are shown to whoever answers")
{
    running_server server;
    const auto owner = server.add_agent("owner");
    auto admin = server.log_in(owner);
    add_inbox(admin, "web");
    auto agent = agent_on(server, owner);
    auto visitor = visitor_on(server, "web");
    say(visitor.socket, "c1", "is this one in stock?");
    visitor.socket.send(
        {{"op", "page"},
         {"url", "https://shop.example/cups/4"},
         {"title", "Cup"},
         {"product", "cup-4"}}
    );
    const auto shown = agent.socket.until([](const json::object& frame) {
        const auto* entry = frame.if_contains("entry");
        return entry && text_at(entry->as_object(), "kind") == "visit";
    });
    const auto& details = shown.at("entry").at("details");
    CHECK(details.at("url") == "https://shop.example/cups/4");
    CHECK(details.at("product") == "cup-4");
}

#if PARLEY_HAS_FAILPOINTS

TEST_CASE("a stranger's first word is told however much others write in that moment")
{
    running_server server{
        {.environment =
             {{"PARLEY_FAILPOINT", "visitor.become:delay:1500"},
              {"PARLEY_LIMITS__REPLAY_ENTRIES", "50"},
              {"PARLEY_RATES__VISITOR_MESSAGES", "100000"}},
         .words = {}}
    };
    const auto owner = server.add_agent("owner");
    auto admin = server.log_in(owner);
    add_inbox(admin, "web");
    auto busy = visitor_on(server, "web");
    REQUIRE(text_at(say(busy.socket, "c", "hello"), "op") == "ok");
    auto agent = agent_on(server, owner);
    auto stranger = visitor_on(server, "web");
    stranger.socket.send({{"op", "say"}, {"cid", "first"}, {"text", "my first word"}});
    // Answered by an agent while the server still looks for what it must tell the stranger of.
    const auto heard = agent.socket.until([](const json::object& frame) {
        const auto* entry = frame.if_contains("entry");
        return entry && text_at(entry->as_object(), "text") == "my first word";
    });
    const auto where = text_at(heard.at("entry").as_object(), "conversation");
    agent.socket.send(
        {{"op", "reply"}, {"cid", "r"}, {"conversation", where}, {"base", 1}, {"text", "welcome"}}
    );
    for (int i = 0; i < 60; ++i)
        REQUIRE(text_at(say(busy.socket, "b" + std::to_string(i), "more"), "op") == "ok");

    std::vector<std::string> told;
    std::string stands = text_at(stranger.welcome, "as_of");
    while (told.size() < 2) {
        const auto event = stranger.socket.until_op("event");
        CHECK(text_at(event, "after") == stands);
        stands = text_at(event, "at");
        if (const auto* entry = event.if_contains("entry"))
            told.push_back(text_at(entry->as_object(), "text"));
    }
    CHECK(told == std::vector<std::string>{"my first word", "welcome"});
    CHECK(text_at(stranger.socket.answer("first"), "op") == "ok");
    CHECK(text_at(say(stranger.socket, "second", "still here"), "op") == "ok");
}

#endif
