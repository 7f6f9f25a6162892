// Who may do what: every operation of the OpenAPI document, asked by everybody. A line for each
// operation is made from the document, so an operation without an expectation cannot exist.
#include "gateway/rights.hpp"
#include "gateway/routes.hpp"
#include "tests/support/server_people.hpp"

#include <catch2/catch.hpp>

using namespace tests;
namespace json = boost::json;
using gateway::permission;

namespace {

constexpr const char* methods[]{"GET", "POST", "PUT", "PATCH", "DELETE"};

/// The paths of a real house: members in braces filled with things that exist.
struct furnished
{
    running_server server{{.environment = {{"PARLEY_RATES__API_REQUESTS", "100000"}}, .words = {}}};
    staff_login owner = server.add_agent("owner", "Olga");
    http_client admin = server.log_in(owner);
    std::string inbox = add_inbox(admin, "web");
    std::string other_inbox = add_inbox(admin, "other");
    std::string conversation;
    std::string entry;
    std::string customer;

    furnished()
    {
        customer = std::string{
            admin.post("/api/v1/customers", {{"name", "Lin"}}).json().at("id").as_string()
        };
        const auto made = admin
                              .post(
                                  "/api/v1/conversations",
                                  {{"inbox", inbox},
                                   {"customer", customer},
                                   {"text", "Hello"},
                                   {"assign_me", false}}
                              )
                              .json();
        conversation = std::string{made.at("conversation").at("id").as_string()};
        entry = std::string{made.at("entry").at("id").as_string()};
        admin.post(
            "/api/v1/orders",
            {{"number", "A1"}, {"customer", customer}, {"currency", "EUR"}, {"total_minor", 1}}
        );
    }

    std::string path(std::string_view pattern) const
    {
        std::string made{pattern};
        const auto fill = [&](const std::string& name, const std::string& value) {
            if (const auto at = made.find("{" + name + "}"); at != std::string::npos)
                made.replace(at, name.size() + 2, value);
        };
        fill("number", "A1");
        fill("mode", "reply");
        fill("tag", "1");
        fill("token", std::string(43, 'A'));
        const auto id = made.starts_with("/conversations") ? conversation
                        : made.starts_with("/entries")     ? entry
                        : made.starts_with("/customers")   ? customer
                        : made.starts_with("/inboxes")     ? inbox
                        : made.starts_with("/agents")      ? owner.id
                                                           : std::string{"1"};
        fill("id", id);
        return made;
    }
};

/// Asks with an empty body: enough to learn whether one would be let in. What is let in fails on
/// the body or finds nothing; what is not is 401 or 403.
int ask(const http_client& by, const gateway::operation& what, const std::string& path)
{
    const std::string body = what.body.empty() ? "" : what.body == "bytes" ? "x" : "[]";
    const auto query = what.path == "/search" ? "?q=x" : "";
    return by.send(methods[static_cast<int>(what.method)], "/api/v1" + path + query, body).status;
}

bool is_let_in(int status)
{
    return status != 401 && status != 403;
}

} // namespace

TEST_CASE("every operation lets in whom its permission names, and nobody else")
{
    furnished at;
    // Every role, held everywhere and held in the one inbox that all of this is about.
    std::vector<std::pair<crm::grant, http_client>> people;
    for (const auto role : crm::vocabulary<crm::role>::all) {
        const auto word = std::string{role.second};
        people.emplace_back(
            crm::grant{.role = role.first, .inbox = {}, .team = {}},
            at.server.log_in(at.server.add_agent(word))
        );
        const auto local = somebody_in(at.server, at.admin, at.inbox, word);
        people.emplace_back(
            crm::grant{
                .role = role.first,
                .inbox = static_cast<crm::inbox_id>(crm::parse_id(at.inbox)),
                .team = {}
            },
            at.server.log_in(local)
        );
    }
    const auto gone = at.server.add_agent("agent");
    const auto disabled = at.server.log_in(gone);
    at.server.command({"user", "deactivate", gone.email});
    auto everything = at.server.anonymous();
    std::vector<std::string> scopes;
    for (const auto each : gateway::every_permission().words())
        scopes.emplace_back(each);
    everything.use_token(at.server.add_token(scopes));
    auto nothing = at.server.anonymous();
    nothing.use_token(at.server.add_token({"reports:read"}));

    for (const auto& what : gateway::operations()) {
        // These end the asker's session, or are open and have tests of their own.
        if (what.path == "/session" && what.method != gateway::verb::get)
            continue;
        const auto path = at.path(what.path);
        INFO(methods[static_cast<int>(what.method)] << " " << path << " needs " << what.permission);
        if (what.permission == "anyone") {
            CHECK(ask(at.server.anonymous(), what, path) != 403);
            continue;
        }
        CHECK(ask(at.server.anonymous(), what, path) == 401);
        CHECK(ask(disabled, what, path) == 401);
        const bool for_people = what.permission == "session";
        const bool removes = what.method == gateway::verb::remove;
        const bool own_draft = removes && what.path == "/conversations/{id}/drafts/{mode}";
        const bool others_words = removes && what.path == "/entries/{id}";
        // A draft belongs to a person, whatever a token may do.
        CHECK(is_let_in(ask(everything, what, path)) == !(for_people || own_draft));
        CHECK(ask(nothing, what, path) == 403);
        for (const auto& [grant, client] : people) {
            INFO("as " << crm::word(grant.role) << " in " << crm::raw(grant.inbox));
            const auto needed = gateway::permission_from(what.permission);
            // Redacting what somebody else wrote takes a supervisor.
            const bool may =
                for_people || gateway::permissions_of(grant).holds(
                                  others_words ? gateway::permission::supervise : *needed
                              );
            CHECK(is_let_in(ask(client, what, path)) == may);
        }
    }
}

TEST_CASE("what stands in another inbox does not exist for an agent, on any road")
{
    furnished at;
    const auto narrow = somebody_in(at.server, at.admin, at.other_inbox);
    const auto nora = at.server.log_in(narrow);
    for (const auto& what : gateway::operations()) {
        const bool about_it =
            what.path.starts_with("/conversations/{id}") || what.path == "/entries/{id}";
        if (!about_it)
            continue;
        const auto path = at.path(what.path);
        INFO(methods[static_cast<int>(what.method)] << " " << path);
        const std::map<std::string_view, std::string> bodies{
            {"new_reply", R"({"text":"x"})"},
            {"new_note", R"({"text":"x"})"},
            {"assign", R"({"agent":null})"},
            {"transfer", R"({"agent":")" + narrow.id + R"("})"},
            {"set_status", R"({"status":"open"})"},
            {"mark_unread", "{}"},
            {"set_priority", R"({"priority":"low"})"},
            {"call_back", R"({"not_before":4102444800000000})"},
            {"set_stage", R"({"stage":"pre_sale"})"},
            {"set_tag", R"({"tag":"1"})"},
            {"put_draft", R"({"text":"x"})"},
            {"revise_entry", R"({"text":"x"})"},
        };
        const auto body = bodies.find(what.body);
        const auto got = nora.send(
            methods[static_cast<int>(what.method)],
            "/api/v1" + path,
            body == bodies.end() ? "" : body->second
        );
        CHECK(got.status == 404);
    }
    CHECK(nora.get("/api/v1/conversations?view=all").json().at("items").as_array().empty());
    CHECK(nora.get("/api/v1/conversations/counts").json().at("all").as_int64() == 0);
    CHECK(nora.get("/api/v1/search?q=Hello").json().at("items").as_array().empty());
    for (const char* part : {"", "/timeline", "/conversations", "/orders"})
        CHECK(nora.get("/api/v1/customers/" + at.customer + part).status == 404);
    CHECK(nora.get("/api/v1/customers").json().at("items").as_array().empty());
    CHECK(nora.get("/api/v1/orders/A1").status == 404);
    CHECK(nora.get("/api/v1/inboxes/" + at.inbox).status == 404);
}

TEST_CASE("running the house does not include reading what customers write")
{
    furnished at;
    const auto admin = at.server.log_in(at.server.add_agent("admin"));
    CHECK(admin.get("/api/v1/conversations?view=all").status == 403);
    CHECK(admin.get("/api/v1/customers").status == 403);
    CHECK(admin.get("/api/v1/search?q=Hello").status == 403);
    CHECK(admin.get("/api/v1/agents").status == 200);
}

TEST_CASE("members that a body should not have are without effect")
{
    furnished at;
    const auto ana = at.server.add_agent("agent");
    const auto client = at.server.log_in(ana);
    REQUIRE(
        client
            .send(
                "PATCH",
                "/api/v1/me",
                R"({"theme":"dark","roles":[{"role":"admin"}],"units":99,"id":"1"})"
            )
            .status == 200
    );
    const auto me = client.get("/api/v1/me").json();
    CHECK(me.at("units").as_int64() == 12);
    CHECK(json::serialize(me.at("roles")).find("admin") == std::string::npos);
}

TEST_CASE("an attachment goes to whoever may see its conversation and to nobody else")
{
    furnished at;
    const auto narrow = somebody_in(at.server, at.admin, at.other_inbox);
    const auto nora = at.server.log_in(narrow);
    const auto stored = at.admin.send(
        "POST",
        "/api/v1/attachments",
        "words",
        {{"Content-Type", "text/plain"}, {"X-Parley-Filename", "..%2F..%2Fetc%2Fpass%22wd"}}
    );
    REQUIRE(stored.status == 201);
    const std::string id{stored.json().at("id").as_string()};
    CHECK(nora.get("/api/v1/attachments/" + id).status == 404);
    REQUIRE(
        at.admin
            .post(
                "/api/v1/conversations/" + at.conversation + "/notes",
                {{"text", "see file"}, {"attachments", json::array{id}}}
            )
            .status == 201
    );
    CHECK(nora.get("/api/v1/attachments/" + id).status == 404);
    CHECK(at.server.anonymous().get("/api/v1/attachments/" + id).status == 401);
    const auto got = at.admin.get("/api/v1/attachments/" + id);
    CHECK(got.body == "words");
    CHECK(got.header("content-security-policy").starts_with("sandbox"));
    CHECK(got.header("content-disposition").starts_with("attachment; filename="));
    CHECK(got.header("content-disposition").find("..") == std::string::npos);
    for (const auto& [name, bytes] : std::map<std::string, std::string>{
             {"a.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"},
             {"a.png", "<html><script>1</script>"},
             {"a.exe", "MZ\x90"},
             {"a.sh", "#!/bin/sh"}
         })
        CHECK(
            at.admin
                .send(
                    "POST",
                    "/api/v1/attachments",
                    bytes,
                    {{"Content-Type", "image/png"}, {"X-Parley-Filename", name}}
                )
                .status == 415
        );
}
