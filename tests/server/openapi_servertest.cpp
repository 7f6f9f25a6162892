// The OpenAPI document against the program: what is served, what console types are made from, and
// whether real answers keep to it.
#include "gateway/api/openapi.hpp"
#include "gateway/api/shape.hpp"
#include "gateway/rest/dispatch.hpp"
#include "gateway/routes.hpp"
#include "tests/support/server_people.hpp"

#include <catch2/catch.hpp>
#include <fstream>
#include <set>
#include <sstream>

using namespace tests;
namespace json = boost::json;
namespace api = gateway::api;

namespace {

/// Holds an answer to the line of the table that made it.
void hold_to_shape(const std::string& method, const std::string& path, const http_answer& got)
{
    INFO(method << " " << path << " -> " << got.status << " " << got.body.substr(0, 400));
    const auto found = gateway::rest::match(method, path.substr(0, path.find('?')));
    REQUIRE(found.what);
    auto shape = found.what->answer;
    if (got.status >= 400) {
        CHECK_NOTHROW(api::catalogue::all().check_exactly("problem", got.json()));
        CHECK(got.header("content-type") == "application/problem+json");
        return;
    }
    if (shape.empty()) {
        CHECK(got.status == 204);
        return;
    }
    const bool created = shape.starts_with("created ");
    if (created)
        shape.remove_prefix(8);
    CHECK(got.status == (created ? 201 : 200));
    if (!shape.starts_with("page ")) {
        CHECK_NOTHROW(api::catalogue::all().check_exactly(shape, got.json()));
        return;
    }
    const auto page = got.json();
    CHECK(page.as_object().size() == 3);
    for (const auto& each : page.at("items").as_array())
        CHECK_NOTHROW(api::catalogue::all().check_exactly(shape.substr(5), each));
}

struct asker
{
    http_client http;
    std::set<std::string> asked;

    http_answer operator()(
        const std::string& method, const std::string& path, const json::value& body = nullptr
    )
    {
        const auto got =
            http.send(method, "/api/v1" + path, body.is_null() ? "" : json::serialize(body));
        hold_to_shape(method, path, got);
        const auto found = gateway::rest::match(method, path.substr(0, path.find('?')));
        if (found.what && got.status < 300)
            asked.insert(method + " " + std::string{found.what->path});
        return got;
    }
};

std::string id_of(const http_answer& from)
{
    return std::string{from.json().at("id").as_string()};
}

} // namespace

TEST_CASE("web/openapi.json is what the table says now: parley openapi > web/openapi.json")
{
    std::ifstream in{std::string{PARLEY_SOURCE_DIR} + "/web/openapi.json"};
    std::ostringstream held;
    held << in.rdbuf();
    CHECK(held.str() == api::openapi_document());
}

TEST_CASE("every reference of the document leads somewhere, every operation has its own name")
{
    const auto document = json::parse(api::openapi_document());
    const auto& schemas = document.at("components").at("schemas").as_object();
    const auto& text = api::openapi_document();
    for (auto at = text.find("#/components/schemas/"); at != std::string::npos;
         at = text.find("#/components/schemas/", at + 1)) {
        const auto name = text.substr(at + 21, text.find('"', at) - at - 21);
        CHECK(schemas.contains(name));
    }
    std::set<std::string> names;
    std::size_t operations = 0;
    for (const auto& [path, methods] : document.at("paths").as_object())
        for (const auto& [method, what] : methods.as_object()) {
            ++operations;
            names.insert(std::string{what.at("operationId").as_string()});
        }
    CHECK(operations == gateway::operations().size());
    CHECK(names.size() == operations);
}

TEST_CASE("real answers keep to the document, and the document is served")
{
    running_server server;
    const auto owner = server.add_agent("owner", "Olga Owner");
    const auto ana = server.add_agent("agent", "Ana Flores");
    asker as{server.log_in(owner), {}};
    CHECK(server.anonymous().get("/api/v1/openapi.json").body == api::openapi_document());

    as("GET", "/session");
    as("GET", "/sessions");
    as("GET", "/me");
    as("PATCH",
       "/me",
       {{"theme", "dark"}, {"density", "compact"}, {"locale", "zh-CN"}, {"preferences", {{"a", 1}}}}
    );
    as("GET", "/presence");
    as("PUT", "/presence", {{"presence", "available"}});
    as("GET", "/agents");
    as("GET", "/agents/" + ana.id);
    as("POST",
       "/agents/invites",
       {{"email", "x@example.com"},
        {"name", "X"},
        {"roles", json::array{json::object{{"role", "agent"}}}}});
    as("POST", "/agents/" + ana.id + "/reset");
    const auto skill = id_of(as("POST", "/skills", {{"name", "English"}}));
    as("GET", "/skills");
    as("PATCH",
       "/agents/" + ana.id,
       {{"units", 9}, {"skills", json::array{json::object{{"skill", skill}, {"level", 3}}}}});
    const auto team =
        id_of(as("POST", "/teams", {{"name", "Sales"}, {"members", json::array{ana.id}}}));
    as("GET", "/teams");
    as("PATCH", "/teams/" + team, {{"name", "Sales team"}});
    const auto inbox = id_of(as("POST", "/inboxes", {{"name", "Web"}, {"slug", "web"}}));
    as("GET", "/inboxes");
    as("GET", "/inboxes/" + inbox);
    as("PATCH",
       "/inboxes/" + inbox,
       {{"brand", "Tidewater"},
        {"hours",
         {{"timezone", "Asia/Shanghai"},
          {"week", json::array{json::object{{"day", 1}, {"from", "09:00"}, {"to", "18:30"}}}},
          {"exceptions", json::array{}}}},
        {"widget", {{"color", "#123456"}, {"origins", json::array{"https://shop.example"}}}}});
    as("POST", "/inboxes/" + inbox + "/identity-keys");
    const auto tag = id_of(as("POST", "/tags", {{"name", "gift"}, {"color", "red"}}));
    as("GET", "/tags");
    as("POST",
       "/attributes",
       {{"about", "customer"},
        {"name", "size"},
        {"label", "Size"},
        {"kind", "choice"},
        {"choices", json::array{"S", "M"}}});
    as("GET", "/attributes");

    const auto customer = id_of(
        as("POST",
           "/customers",
           {{"name", "Lin Xiaoyu"},
            {"locale", "zh-CN"},
            {"company", "Cloud Leaf"},
            {"attributes", {{"size", "M"}}},
            {"identities",
             json::array{json::object{{"kind", "email"}, {"address", "lin@example.com"}}}}})
    );
    const auto other = id_of(as("POST", "/customers", {{"name", "Lin X."}}));
    as("GET", "/customers");
    as("GET", "/customers/" + customer);
    as("PATCH",
       "/customers/" + customer,
       {{"fields", {{"likes", "oolong"}}}, {"tags", json::array{tag}}});
    as("POST", "/customers/" + customer + "/merge", {{"other", other}});
    as("POST", "/customers/" + customer + "/unmerge", {{"other", other}});
    as("POST",
       "/orders",
       {{"number", "A1"},
        {"customer", customer},
        {"currency", "EUR"},
        {"total_minor", 4200},
        {"status", "paid"},
        {"lines",
         json::array{
             json::object{{"sku", "t"}, {"name", "Tea"}, {"quantity", 2}, {"unit_minor", 2100}}
         }}});
    as("GET", "/orders/A1");
    as("PATCH", "/orders/A1", {{"status", "shipped"}, {"carrier", "SF"}, {"tracking", "1"}});
    as("GET", "/customers/" + customer + "/orders");

    const auto started =
        as("POST",
           "/conversations",
           {{"inbox", inbox}, {"customer", customer}, {"text", "Hello"}, {"subject", "About A1"}});
    const std::string where{started.json().at("conversation").at("id").as_string()};
    const auto at = "/conversations/" + where;
    as("GET", "/conversations?view=all");
    as("GET", "/conversations/counts");
    as("GET", at);
    as("GET", at + "/entries");
    as("GET", at + "/why");
    const auto reply = as("POST", at + "/replies", {{"text", "A reply"}});
    as("POST", at + "/notes", {{"text", "A note"}});
    as("POST", at + "/assign", {{"agent", ana.id}});
    as("POST", at + "/transfer", {{"team", team}, {"note", "please"}});
    as("POST", at + "/status", {{"status", "pending"}});
    as("POST", at + "/priority", {{"priority", "high"}});
    as("POST", at + "/stage", {{"stage", "after_sale"}, {"reason", "returns"}});
    as("POST", at + "/tags", {{"tag", tag}});
    as("POST", at + "/call-back", {{"not_before", 4'102'444'800'000'000}});
    auto visitor = visitor_on(server, "web");
    say(visitor.socket, "c1", "Is it here?");
    const auto all = as("GET", "/conversations?view=all").json();
    for (const auto& each : all.at("items").as_array())
        if (const auto id = text_at(each.as_object(), "id"); id != where)
            as("POST", "/conversations/" + id + "/unread", {{"from", 1}});
    as("DELETE", at + "/tags/" + tag);
    as("PUT", at + "/drafts/reply", {{"text", "half a"}});
    as("GET", "/drafts");
    as("DELETE", at + "/drafts/reply");
    const std::string entry{reply.json().at("entry").at("id").as_string()};
    as("PATCH", "/entries/" + entry, {{"text", "A better reply"}});
    as("DELETE", "/entries/" + entry);
    as("GET", "/customers/" + customer + "/timeline");
    as("GET", "/customers/" + customer + "/conversations");
    as("GET", "/search?q=Hello");
    const std::string leaver = id_of(as("POST", "/customers", {{"name", "Leaver"}}));
    as("POST", "/customers/" + leaver + "/erase");
    as("GET", "/customers/" + leaver + "/erasure");
    const auto upload = as.http.send(
        "POST",
        "/api/v1/attachments",
        "plain words",
        {{"Content-Type", "text/plain"}, {"X-Parley-Filename", "a.txt"}}
    );
    hold_to_shape("POST", "/attachments", upload);
    as.asked.insert("POST /attachments");
    CHECK(as.http.get("/api/v1/attachments/" + id_of(upload)).body == "plain words");
    as.asked.insert("GET /attachments/{id}");

    const auto token =
        as("POST", "/tokens", {{"name", "t"}, {"scopes", json::array{"orders:read"}}});
    as("GET", "/tokens");
    as("DELETE", "/tokens/" + std::string{token.json().at("token").at("id").as_string()});
    as("GET", "/audit?limit=200");
    as("GET", "/settings");
    as("PUT", "/settings", {{"values", {{"brand", "Tidewater"}}}});
    as("GET", "/status");
    as("POST", "/client-errors", {{"message", "x is undefined"}, {"source", "list.ts:4"}});
    as("POST", "/me/password", {{"current", owner.password}, {"password", "a new and own password"}}
    );
    const auto nobody = as("GET", "/conversations/1");
    CHECK(nobody.status == 404);
    const auto again = server.log_in({owner.email, "a new and own password", "owner", owner.id});
    const auto sessions = again.get("/api/v1/sessions").json();
    for (const auto& each : sessions.at("items").as_array())
        if (!each.at("current").as_bool())
            as("DELETE", "/sessions/" + std::string{each.at("id").as_string()});

    for (const auto& each : gateway::operations()) {
        static constexpr const char* words[]{"GET", "POST", "PUT", "PATCH", "DELETE"};
        const auto name =
            std::string{words[static_cast<int>(each.method)]} + " " + std::string{each.path};
        // Logging in and links are tried in session_servertest.cpp; a log-out would end this test's
        // session.
        const bool elsewhere = each.path == "/session" || each.path == "/links/{token}" ||
                               each.path == "/sessions/{id}";
        INFO(name);
        CHECK((elsewhere || as.asked.contains(name)));
    }
}

TEST_CASE("every answer carries the headers that keep a browser from guessing")
{
    running_server server;
    for (const char* path :
         {"/", "/api/v1/session", "/api/v1/nowhere", "/livez", "/w.js", "/nothing.js"}) {
        const auto got = server.anonymous().get(path);
        INFO(path);
        CHECK(got.header("x-content-type-options") == "nosniff");
        CHECK(got.header("referrer-policy") == "no-referrer");
        CHECK(got.header("content-security-policy").starts_with("default-src 'none'"));
        CHECK_FALSE(got.header("x-request-id").empty());
    }
}
