// Marking as unread: over REST, heard by the agents' other tabs, hidden from the customer.
#include "tests/support/server_people.hpp"

#include <catch2/catch.hpp>

using namespace tests;
namespace json = boost::json;

namespace {

/// The next change of this cause.
json::object until_cause(ws_client& on, const std::string& cause)
{
    return on.until([&](const json::object& frame) { return text_at(frame, "cause") == cause; });
}

} // namespace

TEST_CASE("a conversation marked as unread is so in every tab, and the customer's marks stay")
{
    running_server server;
    auto admin = server.log_in(server.add_agent("owner", "Olga Owner"));
    const auto inbox = add_inbox(admin, "web");
    const auto ana = server.add_agent("agent", "Ana Flores");
    auto here = agent_on(server, ana);
    auto other_tab = agent_on(server, ana, {{"client", "another tab"}});
    auto visitor = visitor_on(server, "web");
    say(visitor.socket, "c1", "one");
    say(visitor.socket, "c2", "two");
    const auto seen = here.socket.until_what("entry_added");
    const auto where = text_at(seen.at("conversation").as_object(), "id");
    here.socket.send({{"op", "read"}, {"conversation", where}, {"seq", 50}});
    CHECK(visitor.socket.until_what("read").at("seq").as_int64() == 2);
    const auto read = until_cause(other_tab.socket, "read").at("conversation").as_object();
    CHECK(read.at("unread").as_int64() == 0);
    const auto seq = read.at("seq").as_int64();

    const auto path = "/api/v1/conversations/" + where + "/unread";
    const auto marked = here.http.post(path, json::object{});
    INFO(marked.body);
    REQUIRE(marked.status == 200);
    CHECK(marked.json().at("unread").as_int64() == 1);
    const auto heard = until_cause(other_tab.socket, "read").at("conversation").as_object();
    CHECK(heard.at("unread").as_int64() == 1);
    CHECK(heard.at("agent_read_seq").as_int64() < seq);
    const auto again = here.http.post(path, json::object{});
    CHECK(again.status == 200);
    CHECK(again.json().at("unread").as_int64() == 1);
    CHECK(here.http.post(path, {{"from", 1}}).json().at("unread").as_int64() == 2);
    CHECK(here.http.post(path, {{"from", seq + 1}}).status == 409);
    CHECK(here.http.post(path, {{"from", 0}}).status == 422);
    CHECK(server.log_in(server.add_agent("analyst")).post(path, json::object{}).status == 403);

    while (const auto frame = visitor.socket.next(200))
        if (text_at(*frame, "op") == "event")
            CHECK(text_at(*frame, "what") == "entry_added");
    const auto back = visitor_on(server, "web", {{"token", visitor.token}}).welcome;
    CHECK(back.at("conversation").at("agent_read_seq").as_int64() == 2);

    // Where reading is not shown, no way of telling it is left.
    const auto hidden =
        admin.send("PATCH", "/api/v1/inboxes/" + inbox, R"({"widget":{"shows_read_marks":false}})");
    REQUIRE(hidden.status == 200);
    const auto silent = visitor_on(server, "web", {{"token", visitor.token}}).welcome;
    CHECK(silent.at("conversation").at("agent_read_seq").as_int64() == 0);
}
