// Log-in, sessions, cross-site requests, links, tokens, rates at their defaults.
#include "crm/store/failpoint.hpp"
#include "tests/support/server_people.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <thread>

using namespace tests;
namespace json = boost::json;

namespace {

json::value log_in_body(const std::string& email, const std::string& password)
{
    return {{"email", email}, {"password", password}};
}

} // namespace

TEST_CASE("a session is a cookie that scripts cannot read and other sites cannot send")
{
    running_server server;
    const auto ana = server.add_agent("agent");
    const auto client = server.anonymous();
    const auto answer = client.post("/api/v1/session", log_in_body(ana.email, ana.password));
    REQUIRE(answer.status == 200);
    const auto cookie = answer.header("set-cookie");
    CHECK(cookie.starts_with("__Host-parley="));
    for (const char* part : {"; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"})
        CHECK(cookie.find(part) != std::string::npos);
    CHECK(cookie.substr(14, cookie.find(';') - 14).size() == 43);
    CHECK(answer.body.find(cookie.substr(14, 43)) == std::string::npos);
    CHECK(answer.header("cache-control") == "no-store");
}

TEST_CASE("an unknown account and a wrong password are answered in the same words")
{
    running_server server;
    const auto ana = server.add_agent("agent");
    const auto client = server.anonymous();
    const auto wrong =
        client.post("/api/v1/session", log_in_body(ana.email, "wrong password here"));
    const auto unknown =
        client.post("/api/v1/session", log_in_body("nobody@example.com", "wrong password here"));
    CHECK(wrong.status == 401);
    CHECK(unknown.status == 401);
    CHECK(wrong.json().at("detail") == unknown.json().at("detail"));
}

TEST_CASE("the sixth wrong password of an account within 15 minutes waits, even if it is right")
{
    running_server server;
    const auto ana = server.add_agent("agent");
    const auto ben = server.add_agent("agent");
    const auto client = server.anonymous();
    for (int i = 0; i < 5; ++i)
        CHECK(
            client.post("/api/v1/session", log_in_body(ana.email, "wrong password here")).status ==
            401
        );
    const auto sixth = client.post("/api/v1/session", log_in_body(ana.email, ana.password));
    CHECK(sixth.status == 429);
    CHECK(std::stoi(sixth.header("retry-after")) > 60);
    CHECK(sixth.json().at("code").as_string() == "rate_limited");
    CHECK(client.post("/api/v1/session", log_in_body(ben.email, ben.password)).status == 200);
}

TEST_CASE("requests that change something need the header and the same site")
{
    running_server server;
    const auto ana = server.add_agent("agent");
    auto client = server.log_in(ana);
    const auto body = std::string{R"({"theme":"dark"})"};
    CHECK(client.send("PATCH", "/api/v1/me", body).status == 200);
    CHECK(
        client.send("PATCH", "/api/v1/me", body, {{"Sec-Fetch-Site", "same-origin"}}).status == 200
    );
    for (const char* site : {"cross-site", "same-site"})
        CHECK(client.send("PATCH", "/api/v1/me", body, {{"Sec-Fetch-Site", site}}).status == 403);
    CHECK(client.send("PATCH", "/api/v1/me", body, {{"Content-Type", "text/plain"}}).status == 415);
    CHECK(
        client
            .send(
                "PATCH", "/api/v1/me", body, {{"Content-Type", "application/x-www-form-urlencoded"}}
            )
            .status == 415
    );
    auto bare = client;
    bare.use_session(client.cookie(), "");
    CHECK(bare.send("PATCH", "/api/v1/me", body).status == 403);
    bare.use_session(client.cookie(), "guessed");
    CHECK(bare.send("PATCH", "/api/v1/me", body).status == 403);
    CHECK(bare.get("/api/v1/me").status == 200);
}

TEST_CASE("the console's socket opens only for the console's own origin")
{
    running_server server;
    const auto ana = server.add_agent("agent");
    const auto client = server.log_in(ana);
    const auto own = server.origin();
    for (const std::string& evil :
         {std::string{"https://evil.example"},
          std::string{"null"},
          std::string{""},
          std::string{"http://localhost"},
          std::string{"http://localhost:1337"},
          own + ".evil.example",
          "http://evil" + own.substr(7),
          own + "/",
          std::string{"HTTP://LOCALHOST:"} + std::to_string(server.port()),
          "https" + own.substr(4),
          "http://localhost.:" + std::to_string(server.port())}) {
        ws_client::headers headers{{"Cookie", client.cookie()}};
        if (!evil.empty())
            headers.emplace_back("Origin", evil);
        INFO(evil);
        CHECK(ws_client(server.port(), "/ws/agent", headers).refused_with() == 403);
        CHECK(ws_client(server.port(), "/ws/chat", headers).refused_with() == 403);
    }
    CHECK(ws_client(server.port(), "/ws/agent", {{"Origin", own}}).refused_with() == 0);
}

TEST_CASE("a hello without a live session or with another CSRF token is closed with 4003")
{
    running_server server;
    const auto ana = server.add_agent("agent");
    const auto client = server.log_in(ana);
    const auto greet = [&](const std::string& cookie, const std::string& csrf) {
        auto headers = own_origin(server);
        if (!cookie.empty())
            headers.emplace_back("Cookie", cookie);
        ws_client socket{server.port(), "/ws/agent", headers};
        socket.send({{"op", "hello"}, {"v", 1}, {"csrf", csrf}, {"client", "t"}});
        return socket.close_code();
    };
    CHECK(greet("", client.csrf()) == 4003);
    CHECK(greet(client.cookie(), "wrong") == 4003);
    CHECK(greet("__Host-parley=" + std::string(43, 'A'), client.csrf()) == 4003);
}

#if PARLEY_HAS_FAILPOINTS
TEST_CASE("who is shut out is out at once, also where the news of it cannot be read")
{
    running_server server{{.environment = {{"PARLEY_FAILPOINT", "hub.news:error:0"}}, .words = {}}};
    const auto ana = server.add_agent("agent");
    auto on_line = agent_on(server, ana);
    REQUIRE(on_line.http.get("/api/v1/me").status == 200); // and kept for a while
    server.command({"user", "deactivate", ana.email});
    CHECK(on_line.socket.close_code() != 0);
    const auto patience = std::chrono::steady_clock::now() + std::chrono::seconds{5};
    int status = 200;
    while (status == 200 && std::chrono::steady_clock::now() < patience) {
        status = on_line.http.get("/api/v1/me").status;
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
    CHECK(status == 401);
}
#endif

TEST_CASE("a new password needs the present one, and a wrong one ends no session")
{
    running_server server;
    const auto ana = server.add_agent("agent");
    const auto client = server.log_in(ana);
    const auto refused = client.post(
        "/api/v1/me/password",
        {{"current", "not this one"}, {"password", "a long and own password"}}
    );
    CHECK(refused.status == 422);
    CHECK(refused.json().at("field") == "current");
    CHECK(client.get("/api/v1/me").status == 200);
    CHECK(
        client
            .post(
                "/api/v1/me/password",
                {{"current", ana.password}, {"password", "a long and own password"}}
            )
            .status == 204
    );
    CHECK(client.get("/api/v1/me").status == 200);
    const auto anyone = server.anonymous();
    CHECK(anyone.post("/api/v1/session", log_in_body(ana.email, ana.password)).status == 401);
    CHECK(
        anyone.post("/api/v1/session", log_in_body(ana.email, "a long and own password")).status ==
        200
    );
}

TEST_CASE("an invite is a link that works once")
{
    running_server server;
    auto admin = server.log_in(server.add_agent("owner"));
    const auto made = admin.post(
        "/api/v1/agents/invites",
        {{"email", "New@Example.com"},
         {"name", "Nia"},
         {"roles", json::array{json::object{{"role", "agent"}}}}}
    );
    REQUIRE(made.status == 201);
    const std::string url{made.json().at("url").as_string()};
    const auto token = url.substr(url.rfind('/') + 1);
    CHECK(token.size() == 43);
    const auto anyone = server.anonymous();
    const auto shown = anyone.get("/api/v1/links/" + token);
    CHECK(shown.json().at("kind").as_string() == "invite");
    CHECK(shown.json().at("email").as_string() == "new@example.com");
    CHECK(anyone.post("/api/v1/links/" + token, {{"password", "short"}}).status == 422);
    const auto used = anyone.post(
        "/api/v1/links/" + token, {{"name", "Nia Long"}, {"password", "a long and own password"}}
    );
    CHECK(used.status == 200);
    CHECK(used.json().at("me").at("name").as_string() == "Nia Long");
    CHECK(
        anyone.post("/api/v1/links/" + token, {{"password", "a long and own password"}}).status ==
        410
    );
    CHECK(anyone.get("/api/v1/links/" + token).status == 410);
    CHECK(anyone.get("/api/v1/links/" + std::string(43, 'A')).status == 404);
    CHECK(
        anyone.post("/api/v1/session", log_in_body("new@example.com", "a long and own password"))
            .status == 200
    );
}

TEST_CASE("a reset link sets a new password and ends the old sessions")
{
    running_server server;
    auto admin = server.log_in(server.add_agent("owner"));
    const auto ana = server.add_agent("agent");
    const auto before = server.log_in(ana);
    const auto made = admin.send("POST", "/api/v1/agents/" + ana.id + "/reset", {});
    REQUIRE(made.status == 201);
    const std::string url{made.json().at("url").as_string()};
    const auto anyone = server.anonymous();
    REQUIRE(
        anyone
            .post(
                "/api/v1/links/" + url.substr(url.rfind('/') + 1),
                {{"password", "quite another password"}}
            )
            .status == 200
    );
    CHECK(before.get("/api/v1/me").status == 401);
    CHECK(anyone.post("/api/v1/session", log_in_body(ana.email, ana.password)).status == 401);
    CHECK(
        anyone.post("/api/v1/session", log_in_body(ana.email, "quite another password")).status ==
        200
    );
}

TEST_CASE("an API token does what its scopes say, and nothing in a URL or after it was revoked")
{
    running_server server;
    auto admin = server.log_in(server.add_agent("owner"));
    const auto made = admin.post(
        "/api/v1/tokens", {{"name", "shop"}, {"scopes", json::array{"orders:write", "orders:read"}}}
    );
    REQUIRE(made.status == 201);
    const std::string secret{made.json().at("secret").as_string()};
    CHECK(secret.starts_with("parley_"));
    CHECK(admin.get("/api/v1/tokens").body.find(secret) == std::string::npos);
    auto shop = server.anonymous();
    shop.use_token(secret);
    const json::value order{
        {"number", "A1"},
        {"email", "lin@example.com"},
        {"name", "Lin"},
        {"currency", "EUR"},
        {"total_minor", 4200}
    };
    const auto placed = shop.post("/api/v1/orders", order);
    CHECK(placed.status == 201);
    CHECK(shop.post("/api/v1/orders", order).json().at("id") == placed.json().at("id"));
    CHECK(shop.get("/api/v1/orders/A1").status == 200);
    CHECK(shop.get("/api/v1/customers").status == 403);
    CHECK(shop.get("/api/v1/session").status == 403);
    CHECK(server.anonymous().get("/api/v1/orders/A1?token=" + secret).status == 401);
    const std::string id{made.json().at("token").at("id").as_string()};
    REQUIRE(admin.send("DELETE", "/api/v1/tokens/" + id, {}).status == 204);
    CHECK(shop.get("/api/v1/orders/A1").status == 401);
}

TEST_CASE("the same Idempotency-Key brings the first answer, with another body an error")
{
    running_server server;
    auto admin = server.log_in(server.add_agent("owner"));
    const http_headers key{{"Idempotency-Key", "k-1"}};
    const auto first = admin.post("/api/v1/inboxes", {{"name", "Web"}, {"slug", "web"}}, key);
    REQUIRE(first.status == 201);
    const auto again = admin.post("/api/v1/inboxes", {{"name", "Web"}, {"slug", "web"}}, key);
    CHECK(again.status == 201);
    CHECK(again.body == first.body);
    CHECK(admin.post("/api/v1/inboxes", {{"name", "Other"}, {"slug", "other"}}, key).status == 422);
    CHECK(admin.post("/api/v1/inboxes", {{"name", "Web"}, {"slug", "web"}}).status == 409);
}

TEST_CASE("a visitor's 21st message within a minute is told to wait")
{
    running_server server;
    auto admin = server.log_in(server.add_agent("owner"));
    add_inbox(admin, "web");
    auto visitor = visitor_on(server, "web");
    for (int i = 0; i < 20; ++i)
        REQUIRE(text_at(say(visitor.socket, "c" + std::to_string(i), "x"), "op") == "ok");
    const auto refused = say(visitor.socket, "late", "x");
    CHECK(text_at(refused, "code") == "rate_limited");
    CHECK(refused.at("retryable").as_bool());
    CHECK(refused.at("retry_after_ms").as_int64() > 0);
    CHECK(refused.at("retry_after_ms").as_int64() <= 3'000);
}

TEST_CASE("a sixth stranger from one address within an hour is told to wait")
{
    running_server server;
    auto admin = server.log_in(server.add_agent("owner"));
    add_inbox(admin, "web");
    for (int i = 0; i < 5; ++i) {
        auto visitor = visitor_on(server, "web");
        REQUIRE(text_at(say(visitor.socket, "c", "x"), "op") == "ok");
    }
    auto sixth = visitor_on(server, "web");
    CHECK(text_at(say(sixth.socket, "c", "x"), "code") == "rate_limited");
}
