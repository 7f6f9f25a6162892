// Doing something twice: every POST of the table, with the same key and with another body.
#include "crm/store/failpoint.hpp"
#include "gateway/routes.hpp"
#include "tests/support/server_people.hpp"

#include <catch2/catch.hpp>

using namespace tests;
namespace json = boost::json;

namespace {

/// A house with one of everything that a POST is about.
struct workshop
{
    running_server server{};
    staff_login owner_login = server.add_agent("owner");
    http_client owner = server.log_in(owner_login);
    std::string inbox = add_inbox(owner, "web");
    std::string colleague = server.add_agent("agent").id;
    std::string customer = made_by("/customers", {{"name", "Lin"}}, "id");
    std::string other = made_by("/customers", {{"name", "Lin too"}}, "id");
    std::string leaver = made_by("/customers", {{"name", "Leaver"}}, "id");
    std::string tag = made_by("/tags", {{"name", "late"}, {"color", "red"}}, "id");
    std::string conversation = begin();

    std::string made_by(const std::string& path, const json::object& body, const char* member) const
    {
        const auto made = owner.post("/api/v1" + path, body);
        INFO(made.body);
        REQUIRE(made.status == 201);
        return std::string{made.json().at(member).as_string()};
    }
    std::string begin() const
    {
        auto visitor = visitor_on(server, "web");
        say(visitor.socket, "c1", "Hello");
        const auto page = owner.get("/api/v1/conversations?view=all").json();
        REQUIRE(page.at("items").as_array().size() == 1);
        return text_at(page.at("items").at(0).as_object(), "id");
    }
    std::string path(std::string_view pattern) const
    {
        std::string made{pattern};
        if (const auto at = made.find("{id}"); at != std::string::npos)
            made.replace(
                at,
                4,
                made.starts_with("/agents")      ? colleague
                : made.starts_with("/inboxes")   ? inbox
                : pattern.ends_with("/erase")    ? leaver
                : made.starts_with("/customers") ? customer
                                                 : conversation
            );
        return made;
    }
    /// A body that the endpoint takes.
    json::object body(std::string_view shape) const
    {
        const json::array agent_role{json::object{{"role", "agent"}}};
        const std::map<std::string_view, json::object> known{
            {"", {}},
            {"new_invite", {{"email", "new@example.com"}, {"name", "New"}, {"roles", agent_role}}},
            {"new_team", {{"name", "Second line"}, {"members", json::array{}}}},
            {"new_skill", {{"name", "Returns"}}},
            {"new_inbox", {{"name", "Shop"}, {"slug", "shop"}}},
            {"new_tag", {{"name", "early"}, {"color", "green"}}},
            {"new_attribute",
             {{"about", "customer"}, {"name", "size"}, {"label", "Size"}, {"kind", "text"}}},
            {"new_conversation", {{"inbox", inbox}, {"customer", other}, {"text", "Hi"}}},
            {"new_reply", {{"text", "A reply"}}},
            {"new_note", {{"text", "A note"}}},
            {"assign", {{"agent", colleague}}},
            {"transfer", {{"agent", owner_login.id}, {"note", "yours"}}},
            {"set_status", {{"status", "pending"}}},
            {"mark_unread", {{"from", 1}}},
            {"set_priority", {{"priority", "high"}}},
            {"set_stage", {{"stage", "after_sale"}, {"reason", "returned"}}},
            {"set_tag", {{"tag", tag}}},
            {"call_back", {{"not_before", 4'102'444'800'000'000}}},
            {"new_customer", {{"name", "Wei"}}},
            {"merge", {{"other", other}}},
            {"new_order",
             {{"number", "A1"}, {"customer", customer}, {"currency", "EUR"}, {"total_minor", 1}}},
            {"new_token", {{"name", "t"}, {"scopes", json::array{"orders:read"}}}},
        };
        const auto found = known.find(shape);
        INFO("no body for " << shape);
        REQUIRE(found != known.end());
        return found->second;
    }
};

bool shows_a_secret(const gateway::operation& what)
{
    return what.answer == "created made_link" || what.answer == "created made_token" ||
           what.answer == "created made_identity_key";
}

} // namespace

TEST_CASE("every POST under a key is done once, answered alike, and refused with another body")
{
    const workshop at;
    int tried = 0;
    for (const auto& what : gateway::operations()) {
        if (what.method != gateway::verb::post)
            continue;
        const auto path = "/api/v1" + at.path(what.path);
        INFO(path);
        const http_headers key{{"Idempotency-Key", "key-" + std::to_string(++tried)}};
        if (!gateway::takes_key(what)) {
            const auto refused = at.owner.send("POST", path, "{}", key);
            CHECK(refused.status >= 400);
            continue;
        }
        auto body = what.body.empty() ? std::string{} : json::serialize(at.body(what.body));
        const auto first = at.owner.send("POST", path, body, key);
        INFO(first.body);
        REQUIRE((first.status == 200 || first.status == 201));
        const auto again = at.owner.send("POST", path, body, key);
        if (shows_a_secret(what)) {
            CHECK(again.status == 409);
        } else {
            CHECK(again.status == first.status);
            CHECK(again.body == first.body);
        }
        if (what.body.empty())
            continue;
        auto changed = at.body(what.body);
        changed["another"] = true;
        const auto other = at.owner.send("POST", path, json::serialize(changed), key);
        CHECK(other.status == 422);
        CHECK(other.json().at("field").as_string() == "Idempotency-Key");
    }
    CHECK(tried > 20);
    // Each was done once: one reply, two notes (one came with the transfer).
    const auto entries =
        at.owner.get("/api/v1/conversations/" + at.conversation + "/entries").json();
    std::map<std::string, int> words;
    for (const auto& each : entries.at("items").as_array())
        ++words[text_at(each.as_object(), "text")];
    CHECK(words["A reply"] == 1);
    CHECK(words["A note"] == 1);
    CHECK(words["yours"] == 1);
}

#if PARLEY_HAS_FAILPOINTS

TEST_CASE("killed between what a request did and its answer, the same key brings the answer and "
          "does nothing again")
{
    workshop at;
    const auto text = [&](const char* shape) { return json::serialize(at.body(shape)); };
    const std::string where = "/api/v1/conversations/" + at.conversation;
    const std::vector<std::array<std::string, 3>> requests{
        {where + "/replies", text("new_reply"), "A reply"},
        {where + "/notes", text("new_note"), "A note"},
        {where + "/transfer", text("transfer"), "yours"}
    };
    int number = 0;
    for (const auto& [path, body, words] : requests) {
        INFO(path);
        const http_headers key{{"Idempotency-Key", "cut-" + std::to_string(++number)}};
        at.server.kill_and_restart({{"PARLEY_FAILPOINT", "rest.written:kill:1"}});
        CHECK(at.owner.send("POST", path, body, key).status == 0);
        at.server.kill_and_restart({{"PARLEY_FAILPOINT", ""}});
        const auto again = at.owner.send("POST", path, body, key);
        INFO(again.body);
        CHECK((again.status == 200 || again.status == 201));
        CHECK(at.owner.send("POST", path, body, key).body == again.body);
        const auto entries = at.owner.get(where + "/entries").json();
        int told = 0;
        for (const auto& each : entries.at("items").as_array())
            told += text_at(each.as_object(), "text") == words;
        CHECK(told == 1);
    }
}

#endif
