// Coming back when the server can no longer tell what was missed: everything is loaded afresh.
#include "crm/store/failpoint.hpp"
#include "crm/store/sqlite.hpp"
#include "tests/support/server_people.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

using namespace tests;
namespace json = boost::json;

namespace {

/// Cuts the log off below the head, `kept` entries under it stay.
void raise_floor(const running_server& of, std::int64_t kept)
{
    const auto on =
        crm::db::open_sqlite((of.data() / "parley.db").string(), crm::db::access::read_write);
    on->begin_write();
    std::int64_t head = 0;
    {
        auto row = on->query("SELECT at FROM log_head WHERE id = 1");
        REQUIRE(row.next());
        head = row.integer(0);
    }
    on->exec("DELETE FROM log_entries WHERE position <= ?", {head - kept});
    on->exec("UPDATE log_head SET floor_at = ? WHERE id = 1", {head - kept});
    on->commit();
}

} // namespace

TEST_CASE("who comes back from below the floor of the log gets a snapshot, and misses nothing")
{
    const std::int64_t kept = GENERATE(0, 2);
    INFO(kept << " entries kept");
    running_server server;
    auto admin = server.log_in(server.add_agent("owner", "Olga Owner"));
    add_inbox(admin, "web");
    const auto login = server.add_agent("agent", "Ana Flores");
    auto visitor = visitor_on(server, "web");
    say(visitor.socket, "c0", "before");
    auto ana = agent_on(server, login);
    auto also = visitor_on(server, "web", {{"token", visitor.token}});
    const auto epoch = text_at(ana.welcome, "epoch");
    const json::object ana_stands{{"epoch", epoch}, {"at", text_at(ana.welcome, "as_of")}};
    const json::object visitor_stands{
        {"token", visitor.token}, {"epoch", epoch}, {"at", text_at(also.welcome, "as_of")}
    };
    ana.socket.close();
    also.socket.close();
    for (int i = 1; i <= 6; ++i)
        say(visitor.socket, "c" + std::to_string(i), "missed");
    SECTION("as long as the log is whole, what was missed is told")
    {
        CHECK(text_at(agent_on(server, login, ana_stands).welcome, "resume") == "replay");
        CHECK(text_at(visitor_on(server, "web", visitor_stands).welcome, "resume") == "replay");
    }
    SECTION("cut off")
    {
        raise_floor(server, kept);
        auto back = agent_on(server, login, ana_stands);
        CHECK(text_at(back.welcome, "resume") == "snapshot");
        auto again = visitor_on(server, "web", visitor_stands);
        CHECK(text_at(again.welcome, "resume") == "snapshot");
        CHECK(again.welcome.at("entries").as_array().size() == 7);
        // The chain goes on from there.
        say(again.socket, "c7", "after");
        const auto told = back.socket.until_op("event");
        CHECK(text_at(told, "after") == text_at(back.welcome, "as_of"));
        CHECK(
            text_at(again.socket.until_what("entry_added"), "after") ==
            text_at(again.welcome, "as_of")
        );
    }
}

#if PARLEY_HAS_FAILPOINTS

TEST_CASE("while the database does not answer only so much news waits; then everybody loads again")
{
    running_server server;
    auto admin = server.log_in(server.add_agent("owner", "Olga Owner"));
    add_inbox(admin, "web");
    const auto login = server.add_agent("agent", "Ana Flores");
    server.kill_and_restart(
        {{"PARLEY_FAILPOINT", "hub.read:delay:1500"},
         {"PARLEY_LIMITS__BACKLOG_ENTRIES", "20"},
         {"PARLEY_RATES__VISITOR_MESSAGES", "1000"}}
    );
    auto ana = agent_on(server, login);
    auto visitor = visitor_on(server, "web");
    // News that must be completed from the database holds up what follows it.
    REQUIRE(admin.post("/api/v1/tags", {{"name", "t"}, {"color", "red"}}).status == 201);
    REQUIRE(
        admin.send("PATCH", "/api/v1/agents/" + login.id, R"({"name":"Ana F."})").status == 200
    );
    for (int i = 0; i < 40; ++i) {
        const auto cid = "c" + std::to_string(i);
        visitor.socket.send({{"op", "say"}, {"cid", cid}, {"text", "word " + cid}});
    }
    CHECK(ana.socket.close_code() == 4002);
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20 * slowness};
    std::size_t seen = 0;
    while (seen < 40 && std::chrono::steady_clock::now() < deadline) {
        auto back = visitor_on(server, "web", {{"token", visitor.token}});
        seen = back.welcome.at("entries").as_array().size();
        back.socket.close();
        std::this_thread::sleep_for(std::chrono::milliseconds{200});
    }
    CHECK(seen == 40);
    // And news is told again.
    auto back = agent_on(server, login);
    auto again = visitor_on(server, "web", {{"token", visitor.token}});
    say(again.socket, "last", "still there?");
    const auto told = back.socket.until([](const json::object& frame) {
        return text_at(frame, "what") == "entry_added" &&
               text_at(frame.at("entry").as_object(), "text") == "still there?";
    });
    CHECK(told.contains("at"));
}

TEST_CASE("what was not told of a conversation is known all the same: who lost it cannot answer it")
{
    running_server server;
    auto admin = server.log_in(server.add_agent("owner", "Olga Owner"));
    add_inbox(admin, "web");
    const auto other = add_inbox(admin, "other");
    const auto nora = somebody_in(server, admin, other);
    server.kill_and_restart(
        {{"PARLEY_FAILPOINT", "hub.read:delay:1500"},
         {"PARLEY_LIMITS__BACKLOG_ENTRIES", "20"},
         {"PARLEY_RATES__VISITOR_MESSAGES", "1000"}}
    );
    auto visitor = visitor_on(server, "web");
    say(visitor.socket, "c1", "hello");
    const auto listed = admin.get("/api/v1/conversations?view=all").json();
    const auto where = text_at(listed.at("items").at(0).as_object(), "id");
    const auto path = "/api/v1/conversations/" + where + "/assign";
    // Somebody else's inbox, but hers to answer.
    REQUIRE(admin.post(path, {{"agent", nora.id}}).status == 200);
    auto before = agent_on(server, nora);
    const json::object reply{
        {"op", "reply"}, {"cid", "r"}, {"conversation", where}, {"base", 100}, {"text", "yes?"}
    };
    before.socket.send(reply);
    REQUIRE(text_at(before.socket.answer("r", 10'000), "op") == "ok");
    // Reading takes long: that it is hers no more is given up with all that waits behind that.
    auto busy = visitor_on(server, "web");
    say(busy.socket, "c", "hello");
    REQUIRE(
        admin.send("PATCH", "/api/v1/agents/" + nora.id, R"({"name":"Nora N."})").status == 200
    );
    REQUIRE(admin.post(path, {{"agent", nullptr}}).status == 200);
    for (int i = 0; i < 40; ++i) {
        const auto cid = "c" + std::to_string(i);
        busy.socket.send({{"op", "say"}, {"cid", cid}, {"text", "word " + cid}});
    }
    CHECK(before.socket.close_code() == 4002);
    CHECK(busy.socket.close_code() == 4002); // and says no more
    auto after = agent_on(server, nora);
    after.socket.send(
        {{"op", "reply"}, {"cid", "s"}, {"conversation", where}, {"base", 100}, {"text", "and?"}}
    );
    const auto refused = after.socket.answer("s", 10'000);
    CHECK(text_at(refused, "op") == "err");
    CHECK(text_at(refused, "code") == "not_found");
}

#endif
