// The realtime protocol against the real server: what docs/realtime.md promises.
#include "tests/support/server_people.hpp"

#include <catch2/catch.hpp>

using namespace tests;
namespace json = boost::json;

namespace {

/// A server with one inbox, a supervisor and two agents.
struct house
{
    running_server server;
    staff_login owner = server.add_agent("owner", "Olga Owner");
    staff_login ana = server.add_agent("agent", "Ana Flores");
    staff_login ben = server.add_agent("agent", "Ben Okafor");
    http_client admin = server.log_in(owner);
    std::string inbox = add_inbox(admin, "web");

    explicit house(server_options how = {}) : server{std::move(how)} {}
};

std::string conversation_of(const json::object& event)
{
    return text_at(event.at("conversation").as_object(), "id");
}

} // namespace

TEST_CASE("a visitor's word is acknowledged, shown to both sides once, and answered")
{
    house at;
    auto ana = agent_on(at.server, at.ana);
    CHECK(text_at(ana.welcome, "resume") == "snapshot");
    CHECK(text_at(ana.welcome.at("me").as_object(), "name") == "Ana Flores");
    auto visitor = visitor_on(at.server, "web", {{"locale", "zh-CN"}});
    CHECK(visitor.token.size() == 44);
    CHECK(visitor.welcome.at("conversation").is_null());

    const auto ok = say(visitor.socket, "c1", "你好");
    CHECK(text_at(ok, "op") == "ok");
    CHECK(ok.at("seq").as_int64() == 1);
    const auto own = visitor.socket.until_what("entry_added");
    CHECK(text_at(own, "after") == text_at(visitor.welcome, "as_of"));
    CHECK(text_at(own.at("entry").as_object(), "cid") == "c1");
    CHECK_FALSE(own.at("entry").as_object().contains("delivery_detail"));

    const auto seen = ana.socket.until_what("entry_added");
    CHECK(text_at(seen.at("entry").as_object(), "text") == "你好");
    ana.socket.send(
        {{"op", "reply"},
         {"cid", "r1"},
         {"conversation", conversation_of(seen)},
         {"text", "Hello!"},
         {"base", 99}}
    );
    const auto replied = ana.socket.answer("r1");
    CHECK(text_at(replied, "op") == "ok");
    const auto heard = visitor.socket.until([](const json::object& frame) {
        return text_at(frame, "what") == "entry_added" &&
               text_at(frame.at("entry").as_object(), "text") == "Hello!";
    });
    CHECK(heard.at("entry").at("seq").as_int64() == 2);
    CHECK(text_at(heard.at("entry").at("author").as_object(), "name") == "Ana Flores");
}

TEST_CASE("the same cid again brings the first answer and changes nothing")
{
    house at;
    auto visitor = visitor_on(at.server, "web");
    const auto first = say(visitor.socket, "same", "once");
    auto again = visitor_on(at.server, "web", {{"token", visitor.token}});
    const auto second = say(again.socket, "same", "once");
    CHECK(second.at("seq") == first.at("seq"));
    auto third = visitor_on(at.server, "web", {{"token", visitor.token}});
    CHECK(third.welcome.at("entries").as_array().size() == 1);
}

TEST_CASE("events form a chain without gaps, and notes leave none for the visitor")
{
    house at;
    auto ana = agent_on(at.server, at.ana);
    auto visitor = visitor_on(at.server, "web");
    say(visitor.socket, "c0", "first");
    const auto where = conversation_of(ana.socket.until_what("entry_added"));
    for (int i = 1; i <= 10; ++i) {
        const auto number = std::to_string(i);
        ana.socket.send(
            {{"op", "note"},
             {"cid", "n" + number},
             {"conversation", where},
             {"text", "secret " + number}}
        );
        ana.socket.answer("n" + number);
        say(visitor.socket, "c" + number, "line " + number);
    }
    auto fresh = visitor_on(at.server, "web", {{"token", visitor.token}});
    std::int64_t expected = 1;
    for (const auto& each : fresh.welcome.at("entries").as_array()) {
        CHECK(each.at("seq").as_int64() == expected++);
        CHECK(json::serialize(each).find("secret") == std::string::npos);
    }
    CHECK(expected == 12);
    auto here = text_at(visitor.welcome, "as_of");
    for (int i = 0; i <= 10; ++i) {
        const auto event = visitor.socket.until_op("event", 500);
        CHECK(text_at(event, "after") == here);
        CHECK(json::serialize(event).find("secret") == std::string::npos);
        here = text_at(event, "at");
    }
}

TEST_CASE("who comes back with a position gets exactly what was missed")
{
    house at;
    auto ana = agent_on(at.server, at.ana);
    auto visitor = visitor_on(at.server, "web");
    say(visitor.socket, "c1", "before");
    const auto where = conversation_of(ana.socket.until_what("entry_added"));
    auto again = visitor_on(at.server, "web", {{"token", visitor.token}});
    const auto here = text_at(again.welcome, "as_of");
    const auto epoch = text_at(again.welcome, "epoch");
    again.socket.close();
    const auto agent_here = std::to_string([&] {
        std::int64_t last = 0;
        while (auto frame = ana.socket.next(300))
            if (const auto position = text_at(*frame, "at"); text_at(*frame, "op") == "event")
                last = std::stoll(position);
        return last;
    }());
    ana.socket.close();
    auto ben = agent_on(at.server, at.ben);
    for (int i = 0; i < 5; ++i) {
        const auto cid = "r" + std::to_string(i);
        ben.socket.send(
            {{"op", "reply"},
             {"cid", cid},
             {"conversation", where},
             {"text", "missed " + cid},
             {"base", 99}}
        );
        CHECK(text_at(ben.socket.answer(cid), "op") == "ok");
    }
    SECTION("the visitor")
    {
        auto back = visitor_on(
            at.server, "web", {{"token", visitor.token}, {"epoch", epoch}, {"at", here}}
        );
        CHECK(text_at(back.welcome, "resume") == "replay");
        CHECK(text_at(back.welcome, "as_of") == here);
        auto stands = here;
        for (int i = 0; i < 5; ++i) {
            const auto event = back.socket.until_what("entry_added");
            CHECK(text_at(event.at("entry").as_object(), "text") == "missed r" + std::to_string(i));
            stands = text_at(event, "at");
        }
    }
    SECTION("the agent")
    {
        auto back = agent_on(at.server, at.ana, {{"epoch", epoch}, {"at", agent_here}});
        CHECK(text_at(back.welcome, "resume") == "replay");
        CHECK(text_at(back.welcome, "as_of") == agent_here);
        auto stands = agent_here;
        int replies = 0;
        while (replies < 5) {
            const auto event = back.socket.until_op("event");
            CHECK(text_at(event, "after") == stands);
            stands = text_at(event, "at");
            replies += text_at(event, "what") == "entry_added";
        }
    }
    SECTION("another epoch, another customer's position or nonsense bring a snapshot")
    {
        for (const json::object& hello :
             {json::object{{"token", visitor.token}, {"epoch", "other"}, {"at", here}},
              json::object{{"token", visitor.token}, {"epoch", epoch}, {"at", "nonsense"}},
              json::object{{"token", visitor.token}, {"epoch", epoch}, {"at", std::string(22, 'A')}}
             }) {
            auto back = visitor_on(at.server, "web", hello);
            CHECK(text_at(back.welcome, "resume") == "snapshot");
            CHECK(back.welcome.at("entries").as_array().size() == 6);
        }
        CHECK(
            text_at(
                agent_on(at.server, at.ana, {{"epoch", epoch}, {"at", "999999999"}}).welcome,
                "resume"
            ) == "snapshot"
        );
    }
}

TEST_CASE("a reply over a colleague's answer is refused with what was missed, and forced through "
          "on request")
{
    house at;
    auto ana = agent_on(at.server, at.ana);
    auto ben = agent_on(at.server, at.ben);
    auto visitor = visitor_on(at.server, "web");
    say(visitor.socket, "c1", "question");
    const auto seen = ana.socket.until_what("entry_added");
    const auto where = conversation_of(seen);
    const auto base = seen.at("conversation").at("seq").as_int64();
    ben.socket.send(
        {{"op", "reply"},
         {"cid", "b1"},
         {"conversation", where},
         {"text", "from Ben"},
         {"base", base}}
    );
    REQUIRE(text_at(ben.socket.answer("b1"), "op") == "ok");
    ana.socket.send(
        {{"op", "reply"},
         {"cid", "a1"},
         {"conversation", where},
         {"text", "from Ana"},
         {"base", base}}
    );
    const auto refused = ana.socket.answer("a1");
    CHECK(text_at(refused, "code") == "stale_reply");
    CHECK(json::serialize(refused.at("entries")).find("from Ben") != std::string::npos);
    CHECK(conversation_of(refused) == where);
    ana.socket.send(
        {{"op", "reply"},
         {"cid", "a2"},
         {"conversation", where},
         {"text", "from Ana"},
         {"base", base},
         {"force", true}}
    );
    CHECK(text_at(ana.socket.answer("a2"), "op") == "ok");
}

TEST_CASE("an agent of another inbox hears and may do nothing; a conversation enters and leaves "
          "sight by assignment")
{
    house at;
    const auto other = add_inbox(at.admin, "other");
    const auto narrow = somebody_in(at.server, at.admin, other);
    auto nora = agent_on(at.server, narrow);
    auto ana = agent_on(at.server, at.ana);
    auto visitor = visitor_on(at.server, "web");
    say(visitor.socket, "c1", "not for Nora");
    const auto where = conversation_of(ana.socket.until_what("entry_added"));
    nora.socket.send({{"op", "note"}, {"cid", "n1"}, {"conversation", where}, {"text", "peeking"}});
    const auto refused = nora.socket.answer("n1");
    CHECK(text_at(refused, "code") == "not_found");
    CHECK(nora.http.get("/api/v1/conversations/" + where).status == 404);

    ana.socket.send({{"op", "assign"}, {"cid", "a1"}, {"conversation", where}, {"agent", narrow.id}}
    );
    REQUIRE(text_at(ana.socket.answer("a1"), "op") == "ok");
    const auto entered = nora.socket.until_what("enter");
    CHECK(conversation_of(entered) == where);
    CHECK(nora.http.get("/api/v1/conversations/" + where).status == 200);
    ana.socket.send({{"op", "assign"}, {"cid", "a2"}, {"conversation", where}, {"agent", at.ana.id}}
    );
    REQUIRE(text_at(ana.socket.answer("a2"), "op") == "ok");
    CHECK(conversation_of(nora.socket.until_what("leave")) == where);
    CHECK(nora.http.get("/api/v1/conversations/" + where).status == 404);
}

TEST_CASE("a session that ends closes its socket with 4003 at once, changed rights with 4002")
{
    house at;
    auto ana = agent_on(at.server, at.ana);
    SECTION("log-out")
    {
        REQUIRE(ana.http.send("DELETE", "/api/v1/session", {}).status == 204);
        CHECK(ana.socket.close_code(5'000) == 4003);
        CHECK(ana.http.get("/api/v1/session").status == 401);
    }
    SECTION("deactivation by an administrator")
    {
        REQUIRE(
            at.admin.send("PATCH", "/api/v1/agents/" + at.ana.id, R"({"active":false})").status ==
            200
        );
        CHECK(ana.socket.close_code(5'000) == 4003);
        CHECK(ana.http.get("/api/v1/session").status == 401);
    }
    SECTION("deactivation on the command line")
    {
        at.server.command({"user", "deactivate", at.ana.email});
        CHECK(ana.socket.close_code(5'000) == 4003);
    }
    SECTION("other rights")
    {
        REQUIRE(
            at.admin
                .send("PATCH", "/api/v1/agents/" + at.ana.id, R"({"roles":[{"role":"auditor"}]})")
                .status == 200
        );
        CHECK(ana.socket.close_code(5'000) == 4002);
        CHECK(ana.http.get("/api/v1/conversations?view=all").status == 403);
    }
}

TEST_CASE("typing, viewing and reading reach the other side and nobody else")
{
    house at;
    auto ana = agent_on(at.server, at.ana);
    auto ben = agent_on(at.server, at.ben);
    auto visitor = visitor_on(at.server, "web");
    auto stranger = visitor_on(at.server, "web");
    say(visitor.socket, "c1", "hello");
    const auto where = conversation_of(ana.socket.until_what("entry_added"));
    ana.socket.send({{"op", "view"}, {"conversation", where}, {"composing", "reply"}});
    ben.socket.send({{"op", "view"}, {"conversation", where}});
    const auto viewing = ben.socket.until_what("viewing");
    CHECK(json::serialize(viewing).find("\"composing\":\"reply\"") != std::string::npos);
    ana.socket.send({{"op", "typing"}, {"conversation", where}, {"on", true}});
    const auto typing = visitor.socket.until_what("typing");
    CHECK(text_at(typing.at("who").as_object(), "name") == "Ana Flores");
    visitor.socket.send({{"op", "typing"}, {"on", true}, {"text", "half a wo"}});
    CHECK(text_at(ana.socket.until_what("typing"), "text") == "half a wo");
    ana.socket.send({{"op", "read"}, {"conversation", where}, {"seq", 50}});
    CHECK(visitor.socket.until_what("read").at("seq").as_int64() == 1);
    while (const auto frame = stranger.socket.next(200))
        CHECK(text_at(*frame, "what") != "typing");
}

TEST_CASE("a visitor who has not written leaves nothing behind, and keeps the name it was given")
{
    house at;
    const auto before = at.admin.get("/api/v1/audit?limit=1").json().at("as_of");
    for (int i = 0; i < 5; ++i)
        visitor_on(
            at.server, "web", {{"page", {{"url", "https://shop.example/"}, {"title", "Shop"}}}}
        );
    CHECK(at.admin.get("/api/v1/audit?limit=1").json().at("as_of") == before);
    // Its first message may be under way on another connection: a second name would store it twice.
    auto waiting = visitor_on(at.server, "web");
    auto unknown = visitor_on(at.server, "web", {{"token", waiting.token}});
    CHECK_FALSE(unknown.welcome.contains("token"));
    CHECK(unknown.welcome.at("entries").as_array().empty());
}

TEST_CASE("forgetting a browser ends its token")
{
    house at;
    auto visitor = visitor_on(at.server, "web");
    say(visitor.socket, "c1", "mine alone");
    visitor.socket.send({{"op", "rotate"}, {"cid", "x"}});
    CHECK(visitor.socket.close_code() == 4003);
    auto again = visitor_on(at.server, "web", {{"token", visitor.token}});
    CHECK(again.welcome.at("entries").as_array().empty());
    CHECK(again.token != visitor.token);
}

TEST_CASE("what was acknowledged is there after the server is killed, and sockets resume")
{
    house at;
    auto visitor = visitor_on(at.server, "web");
    for (int i = 0; i < 20; ++i)
        REQUIRE(
            text_at(
                say(visitor.socket, "c" + std::to_string(i), "line " + std::to_string(i)), "op"
            ) == "ok"
        );
    std::string here;
    for (int i = 0; i < 20; ++i)
        here = text_at(visitor.socket.until_what("entry_added"), "at");
    at.server.kill_and_restart();
    auto back = visitor_on(at.server, "web", {{"token", visitor.token}});
    CHECK(back.welcome.at("entries").as_array().size() == 20);
}

TEST_CASE("SIGTERM sends sockets away with 4000, refuses newcomers and ends cleanly")
{
    house at;
    auto ana = agent_on(at.server, at.ana);
    auto visitor = visitor_on(at.server, "web");
    say(visitor.socket, "c1", "hello");
    at.server.signal(15);
    const auto probed = at.server.anonymous();
    auto ready = probed.get("/readyz");
    for (int i = 0; i < 100 && ready.status == 200; ++i)
        ready = probed.get("/readyz");
    CHECK(ready.status == 503);
    CHECK(ana.socket.close_code(6'000) == 4000);
    CHECK(visitor.socket.close_code(6'000) == 4000);
    CHECK(at.server.wait(20'000 * slowness) == 0);
}
