// Roles in different places never add up, and nobody hands out or takes over more than they hold.
#include "tests/support/server_people.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

using namespace tests;
namespace json = boost::json;

namespace {

struct two_inboxes
{
    running_server server{};
    staff_login owner_login = server.add_agent("owner");
    http_client owner = server.log_in(owner_login);
    std::string here = add_inbox(owner, "here");
    std::string there = add_inbox(owner, "there");

    /// Somebody with these grants; "role" or "role@INBOX".
    staff_login somebody(const std::vector<std::pair<std::string, std::string>>& grants)
    {
        const auto made = server.add_agent("analyst");
        json::array roles;
        for (const auto& [role, inbox] : grants) {
            json::object one{{"role", role}};
            if (!inbox.empty())
                one["inbox"] = inbox;
            roles.push_back(one);
        }
        const json::object body{{"roles", roles}};
        REQUIRE(
            owner.send("PATCH", "/api/v1/agents/" + made.id, json::serialize(body)).status == 200
        );
        return made;
    }

    /// An entry of the owner's in a conversation of the inbox: conversation and entry.
    std::pair<std::string, std::string> entry_in(const std::string& inbox) const
    {
        const auto customer = owner.post("/api/v1/customers", {{"name", "Lin"}}).json();
        const auto made = owner
                              .post(
                                  "/api/v1/conversations",
                                  {{"inbox", inbox},
                                   {"customer", customer.at("id")},
                                   {"text", "Hello"},
                                   {"assign_me", false}}
                              )
                              .json();
        return {
            std::string{made.at("conversation").at("id").as_string()},
            std::string{made.at("entry").at("id").as_string()}
        };
    }
};

json::object invitation(const char* role)
{
    return {
        {"email", std::string{role} + ".new@example.com"},
        {"name", "New"},
        {"roles", json::array{json::object{{"role", role}}}}
    };
}

json::object token_with(const char* scope)
{
    return {{"name", "t"}, {"scopes", json::array{scope}}};
}

} // namespace

TEST_CASE("who runs the house and answers in one inbox does not read the others")
{
    two_inboxes at;
    const auto [mine, my_entry] = at.entry_in(at.here);
    const auto [other, other_entry] = at.entry_in(at.there);
    const auto both = at.server.log_in(at.somebody({{"admin", ""}, {"agent", at.here}}));
    CHECK(both.get("/api/v1/conversations/" + mine).status == 200);
    CHECK(both.get("/api/v1/conversations/" + other).status == 404);
    CHECK(both.get("/api/v1/conversations?view=all").json().at("items").as_array().size() == 1);
    CHECK(both.get("/api/v1/tokens").status == 200);
    // What is read in one inbox only, no token may read everywhere.
    CHECK(both.post("/api/v1/tokens", token_with("conversations:read")).status == 403);
}

TEST_CASE("supervising one inbox is not supervising another in which one only answers")
{
    two_inboxes at;
    const auto [mine, my_entry] = at.entry_in(at.here);
    const auto [other, other_entry] = at.entry_in(at.there);
    const auto both = at.server.log_in(at.somebody({{"supervisor", at.here}, {"agent", at.there}}));
    CHECK(both.get("/api/v1/conversations/" + other).status == 200);
    CHECK(both.send("DELETE", "/api/v1/entries/" + other_entry, "").status == 403);
    CHECK(both.send("DELETE", "/api/v1/entries/" + my_entry, "").status == 200);
    CHECK(both.get("/api/v1/status").status == 403);
}

TEST_CASE("an admin of one inbox holds nothing of the whole house")
{
    two_inboxes at;
    const auto local = at.server.log_in(at.somebody({{"admin", at.here}}));
    for (const char* path : {"/tokens", "/settings", "/audit", "/status"})
        CHECK(local.get(std::string{"/api/v1"} + path).status == 403);
    CHECK(local.post("/api/v1/tokens", token_with("tokens:write")).status == 403);
    CHECK(local.post("/api/v1/agents/invites", invitation("agent")).status == 403);
    CHECK(local.send("POST", "/api/v1/agents/" + at.owner_login.id + "/reset", "").status == 403);
    CHECK(
        local.send("PATCH", "/api/v1/agents/" + at.owner_login.id, R"({"active":false})").status ==
        403
    );
    CHECK(local.get("/api/v1/agents").status == 200);
}

TEST_CASE("a token is made with what its maker holds in the whole house, and no more")
{
    two_inboxes at;
    const auto admin = at.server.log_in(at.server.add_agent("admin"));
    CHECK(admin.post("/api/v1/tokens", token_with("settings:write")).status == 201);
    const auto refused = admin.post("/api/v1/tokens", token_with("conversations:read"));
    CHECK(refused.status == 403);
    CHECK(refused.json().at("field").as_string() == "scopes");
    CHECK(admin.post("/api/v1/tokens", token_with("nonsense")).status == 422);
    CHECK(at.owner.post("/api/v1/tokens", token_with("conversations:read")).status == 201);

    auto maker = at.server.anonymous();
    maker.use_token(at.server.add_token({"tokens:write"}));
    CHECK(maker.post("/api/v1/tokens", token_with("tokens:write")).status == 201);
    CHECK(maker.post("/api/v1/tokens", token_with("conversations:read")).status == 403);
}

TEST_CASE("a token gives no role and takes over no account above its scopes")
{
    two_inboxes at;
    auto staff = at.server.anonymous();
    staff.use_token(at.server.add_token({"staff:read", "staff:write"}));
    const auto auditor = at.server.add_agent("auditor");
    for (const char* role : {"admin", "supervisor", "agent", "analyst", "auditor"})
        CHECK(staff.post("/api/v1/agents/invites", invitation(role)).status == 403);
    const auto owner = "/api/v1/agents/" + at.owner_login.id;
    CHECK(staff.send("POST", owner + "/reset", "").status == 403);
    CHECK(staff.send("PATCH", owner, R"({"active":false})").status == 403);
    CHECK(staff.send("PATCH", owner, R"({"roles":[]})").status == 403);
    CHECK(
        staff.send("PATCH", "/api/v1/agents/" + auditor.id, R"({"roles":[{"role":"admin"}]})")
            .status == 403
    );
    CHECK(staff.send("PATCH", "/api/v1/agents/" + auditor.id, R"({"units":3})").status == 200);

    auto audited = at.server.anonymous();
    audited.use_token(at.server.add_token({"staff:read", "staff:write", "audit:read"}));
    CHECK(audited.post("/api/v1/agents/invites", invitation("auditor")).status == 201);
    CHECK(audited.send("POST", "/api/v1/agents/" + auditor.id + "/reset", "").status == 201);
}

TEST_CASE("a secret is shown once: the same Idempotency-Key neither repeats nor stores it")
{
    two_inboxes at;
    const auto colleague = at.server.add_agent("agent");
    const std::pair<std::string, std::string> makers[]{
        {"/tokens", json::serialize(token_with("orders:read"))},
        {"/agents/invites", json::serialize(invitation("agent"))},
        {"/agents/" + colleague.id + "/reset", ""},
        {"/inboxes/" + at.here + "/identity-keys", ""},
    };
    int number = 0;
    for (const auto& [path, body] : makers) {
        INFO(path);
        const http_headers key{{"Idempotency-Key", "once-" + std::to_string(++number)}};
        CHECK(at.owner.send("POST", "/api/v1" + path, body, key).status == 201);
        const auto again = at.owner.send("POST", "/api/v1" + path, body, key);
        CHECK(again.status == 409);
        CHECK(again.json().at("field").as_string() == "Idempotency-Key");
    }
    CHECK(at.owner.get("/api/v1/tokens").json().at("items").as_array().size() == 1);
}

TEST_CASE("a team's agent reads the whole of what the team is to answer, on every road")
{
    two_inboxes at;
    const auto [mine, my_entry] = at.entry_in(at.here);
    const auto [other, other_entry] = at.entry_in(at.there);
    const auto whose = [&](const std::string& conversation) {
        const auto found = at.owner.get("/api/v1/conversations/" + conversation).json();
        return std::string{found.at("conversation").at("customer").at("id").as_string()};
    };
    const auto nora = at.server.add_agent("analyst");
    const auto team = at.owner.post(
        "/api/v1/teams", {{"name", "Second line"}, {"members", json::array{nora.id}}}
    );
    const std::string team_id{team.json().at("id").as_string()};
    const json::object roles{
        {"roles", json::array{json::object{{"role", "agent"}, {"team", team_id}}}}
    };
    REQUIRE(
        at.owner.send("PATCH", "/api/v1/agents/" + nora.id, json::serialize(roles)).status == 200
    );
    const auto client = at.server.log_in(nora);
    REQUIRE(
        at.owner.post("/api/v1/conversations/" + mine + "/transfer", {{"team", team_id}}).status ==
        200
    );
    const auto timeline = "/api/v1/customers/" + whose(mine) + "/timeline";
    CHECK(client.get(timeline).body.find("Hello") != std::string::npos);
    // The search index follows the log by itself, a moment later.
    auto found = client.get("/api/v1/search?q=Hello&in=messages").json();
    for (int tries = 0; tries < 100 && found.at("items").as_array().empty(); ++tries) {
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
        found = client.get("/api/v1/search?q=Hello&in=messages").json();
    }
    REQUIRE(found.at("items").as_array().size() == 1);
    CHECK(found.at("items").as_array()[0].at("conversation").at("id").as_string() == mine);
    CHECK(client.get("/api/v1/customers/" + whose(other) + "/timeline").status == 404);
}

TEST_CASE("a customer is seen by whoever sees one of the conversations, and by nobody else")
{
    two_inboxes at;
    const auto [mine, my_entry] = at.entry_in(at.here);
    const auto [other, other_entry] = at.entry_in(at.there);
    const auto whose = [&](const std::string& conversation) {
        const auto found = at.owner.get("/api/v1/conversations/" + conversation).json();
        return std::string{found.at("conversation").at("customer").at("id").as_string()};
    };
    const auto seen = whose(mine);
    const auto hidden = whose(other);
    for (const auto& [number, customer] :
         {std::pair{"SEEN-1", seen}, std::pair{"HIDDEN-1", hidden}})
        REQUIRE(
            at.owner
                .post(
                    "/api/v1/orders",
                    {{"number", number},
                     {"customer", customer},
                     {"currency", "EUR"},
                     {"total_minor", 100}}
                )
                .status == 201
        );
    const auto nora_login = at.somebody({{"agent", at.here}});
    auto nora = agent_on(at.server, nora_login);
    const auto& client = nora.http;
    CHECK(client.get("/api/v1/customers/" + seen).status == 200);
    for (const char* part : {"", "/timeline", "/conversations", "/orders"})
        CHECK(client.get("/api/v1/customers/" + hidden + part).status == 404);
    CHECK(client.send("PATCH", "/api/v1/customers/" + hidden, R"({"name":"Mine"})").status == 404);
    for (const char* verb : {"/merge", "/unmerge"}) {
        const auto into = "/api/v1/customers/" + seen + verb;
        CHECK(client.post(into, {{"other", hidden}}).status == 404);
    }
    CHECK(client.get("/api/v1/orders/SEEN-1").status == 200);
    CHECK(client.get("/api/v1/orders/HIDDEN-1").status == 404);
    CHECK(client.send("PATCH", "/api/v1/orders/HIDDEN-1", R"({"status":"paid"})").status == 404);
    const auto all = client.get("/api/v1/customers?limit=1").json();
    REQUIRE(all.at("items").as_array().size() == 1);
    CHECK(all.at("items").as_array()[0].at("id").as_string() == seen);
    CHECK(client.get("/api/v1/search?q=HIDDEN").json().at("items").as_array().empty());
    // Nor does the socket tell: of two changes only the one within sight arrives.
    at.owner.send("PATCH", "/api/v1/orders/HIDDEN-1", R"({"status":"paid"})");
    at.owner.send("PATCH", "/api/v1/customers/" + hidden, R"({"name":"Hidden"})");
    at.owner.send("PATCH", "/api/v1/customers/" + seen, R"({"name":"Seen"})");
    const auto told = nora.socket.until([](const json::object& each) {
        const auto what = text_at(each, "what");
        return what == "customer_changed" || what == "order_changed";
    });
    CHECK(text_at(told, "what") == "customer_changed");
    CHECK(told.at("customer").at("name").as_string() == "Seen");
}

TEST_CASE("a first conversation may be begun with somebody who stands in no inbox yet")
{
    two_inboxes at;
    const auto nora = at.server.log_in(at.somebody({{"agent", at.here}}));
    const auto made = nora.post("/api/v1/customers", {{"name", "New"}}).json();
    const auto begun = nora.post(
        "/api/v1/conversations",
        {{"inbox", at.here}, {"customer", made.at("id")}, {"text", "Good morning"}}
    );
    CHECK(begun.status == 201);
}

TEST_CASE("a draft holds files of one's own, and tells nothing of those of others")
{
    two_inboxes at;
    const auto [mine, my_entry] = at.entry_in(at.here);
    const auto ana = at.server.log_in(at.server.add_agent("agent"));
    const auto ben = at.server.log_in(at.server.add_agent("agent"));
    const auto stored = ana.send(
        "POST",
        "/api/v1/attachments",
        "words",
        {{"Content-Type", "text/plain"}, {"X-Parley-Filename", "secret-name.txt"}}
    );
    REQUIRE(stored.status == 201);
    const json::object draft{{"text", "x"}, {"attachments", json::array{stored.json().at("id")}}};
    const auto path = "/api/v1/conversations/" + mine + "/drafts/note";
    CHECK(ben.send("PUT", path, json::serialize(draft)).status == 404);
    CHECK(ben.get("/api/v1/drafts").body.find("secret-name") == std::string::npos);
    CHECK(ana.send("PUT", path, json::serialize(draft)).status == 200);
    CHECK(ana.get("/api/v1/drafts").body.find("secret-name") != std::string::npos);
}

TEST_CASE("a number beside a view counts nothing that is out of sight")
{
    two_inboxes at;
    const auto [other, other_entry] = at.entry_in(at.there);
    const auto login = at.somebody({{"agent", at.there}});
    const auto nora = at.server.log_in(login);
    const json::object draft{{"text", "x"}};
    const auto path = "/api/v1/conversations/" + other;
    REQUIRE(nora.send("PUT", path + "/drafts/note", json::serialize(draft)).status == 200);
    REQUIRE(
        at.owner.post(
                    path + "/notes", {{"text", "look"}, {"mentions", json::array{login.id}}}
        ).status == 201
    );
    const auto counted = [&](const char* view) {
        return nora.get("/api/v1/conversations/counts").json().at(view).as_int64();
    };
    CHECK(counted("mentions") == 1);
    CHECK(counted("drafts") == 1);
    const json::object elsewhere{
        {"roles", json::array{json::object{{"role", "agent"}, {"inbox", at.here}}}}
    };
    REQUIRE(
        at.owner.send("PATCH", "/api/v1/agents/" + login.id, json::serialize(elsewhere)).status ==
        200
    );
    CHECK(counted("mentions") == 0);
    CHECK(counted("drafts") == 0);
}
