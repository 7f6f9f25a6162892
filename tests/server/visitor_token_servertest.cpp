// Who a visitor is: by a token that only the server makes.
#include "tests/support/server_people.hpp"

#include <catch2/catch.hpp>

using namespace tests;
namespace json = boost::json;

TEST_CASE("nobody chooses the token they are known by: a made-up one is replaced, and works then")
{
    running_server server;
    auto admin = server.log_in(server.add_agent("owner"));
    add_inbox(admin, "web");
    const auto given = visitor_on(server, "web").token;
    auto forged = given;
    forged.back() = forged.back() == 'A' ? 'Q' : 'A';
    for (const std::string& token :
         {std::string(22, 'A'), std::string(44, 'A'), std::string{"not one of ours"}, forged}) {
        INFO(token);
        auto made_up = visitor_on(server, "web", {{"token", token}});
        REQUIRE(made_up.welcome.contains("token"));
        CHECK(made_up.token != token);
        CHECK(
            text_at(say(made_up.socket, "c-" + token.substr(0, 3), "typed before"), "op") == "ok"
        );
        // What was said is the new token's, and stays out of reach of the one that was made up.
        auto again = visitor_on(server, "web", {{"token", made_up.token}});
        CHECK(again.welcome.at("entries").as_array().size() == 1);
        auto chosen = visitor_on(server, "web", {{"token", token}});
        CHECK(chosen.welcome.at("entries").as_array().empty());
    }
}

TEST_CASE("a visitor who looked on for long is answered at the first word, however much happened")
{
    running_server server{{.environment = {{"PARLEY_LIMITS__REPLAY_ENTRIES", "20"}}, .words = {}}};
    auto admin = server.log_in(server.add_agent("owner"));
    add_inbox(admin, "web");
    auto onlooker = visitor_on(server, "web");
    auto second_tab = visitor_on(server, "web", {{"token", onlooker.token}});
    auto busy = visitor_on(server, "web");
    for (int i = 0; i < 15; ++i)
        REQUIRE(text_at(say(busy.socket, "b" + std::to_string(i), "more"), "op") == "ok");
    CHECK(text_at(say(onlooker.socket, "c1", "at last"), "op") == "ok");
    const auto told = onlooker.socket.until_what("entry_added");
    CHECK(text_at(told.at("entry").as_object(), "text") == "at last");
    CHECK_FALSE(second_tab.socket.until_what("entry_added").empty());
}
