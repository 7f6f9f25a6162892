// Bad input: a clear error or a clean close, bounded memory, and nobody else disturbed.
#include "crm/store/failpoint.hpp"
#include "tests/support/server_people.hpp"
#include "tests/support/slowness.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>
#include <thread>

using namespace tests;
namespace json = boost::json;
namespace asio = boost::asio;

namespace {

struct one_inbox
{
    running_server server;
    staff_login owner = server.add_agent("owner");
    http_client admin = server.log_in(owner);
    std::string inbox = add_inbox(admin, "web");

    explicit one_inbox(server_options how = {}) : server{std::move(how)} {}
};

std::int64_t resident_kib(pid_t of)
{
    std::ifstream in{"/proc/" + std::to_string(of) + "/status"};
    for (std::string line; std::getline(in, line);)
        if (line.starts_with("VmRSS:"))
            return std::stoll(line.substr(6));
    return 0;
}

/// What a greeted visitor's socket is closed with after one more frame.
int closed_after(const one_inbox& at, const std::string& text)
{
    auto visitor = visitor_on(at.server, "web");
    visitor.socket.send_text(text);
    return visitor.socket.close_code();
}

int status_of(const std::string& answer)
{
    return answer.size() > 12 ? std::stoi(answer.substr(9, 3)) : 0;
}

} // namespace

TEST_CASE("frames that are no frames close with the code that says why")
{
    one_inbox at;
    CHECK(closed_after(at, "{") == 4004);
    CHECK(closed_after(at, "[]") == 4004);
    CHECK(closed_after(at, "null") == 4004);
    CHECK(closed_after(at, "\"x\"") == 4004);
    CHECK(closed_after(at, std::string(40, '[') + std::string(40, ']')) == 4004);
    CHECK(
        closed_after(
            at, R"({"op":"say","x":)" + std::string(33, '[') + std::string(33, ']') + "}"
        ) == 4004
    );
    CHECK(closed_after(at, "{\"op\":\"hello\",\"v\":1,\"inbox\":\"web\"}") == 4004);
    CHECK(closed_after(at, std::string(64 * 1024 + 1, ' ')) == 1009);
    CHECK(closed_after(at, "{\"op\":\"say\",\"text\":\"\xFF\"}") == 1007);
    auto visitor = visitor_on(at.server, "web");
    visitor.socket.send_binary("{}");
    CHECK(visitor.socket.close_code() == 1003);
    auto raw = visitor_on(at.server, "web");
    raw.socket.send_raw(std::string{"\xC1\x80\x00\x00\x00\x00", 6}); // a reserved bit
    CHECK(raw.socket.close_code() != 0);
}

TEST_CASE("frames of the wrong shape are answered, and the socket lives on")
{
    one_inbox at;
    auto visitor = visitor_on(at.server, "web");
    const auto code = [&](const json::object& frame) {
        visitor.socket.send(frame);
        return text_at(visitor.socket.until_op("err"), "code");
    };
    CHECK(code({{"op", "nothing"}, {"cid", "1"}}) == "invalid");
    CHECK(code({{"op", "say"}, {"text", "no cid"}}) == "invalid");
    CHECK(code({{"op", "say"}, {"cid", "1"}, {"text", 5}}) == "invalid");
    CHECK(code({{"op", "say"}, {"cid", std::string(65, 'x')}, {"text", "x"}}) == "invalid");
    CHECK(code({{"op", "say"}, {"cid", "1"}, {"text", std::string(20'001, 'x')}}) == "invalid");
    CHECK(code({{"op", "say"}, {"cid", "1"}, {"text", "  "}}) == "invalid");
    CHECK(
        code({{"op", "say"}, {"cid", "1"}, {"text", "x"}, {"attachments", json::array{"999"}}}) ==
        "not_found"
    );
    CHECK(code({{"op", "form"}, {"cid", "1"}, {"fields", {{"a", 1}}}}) == "invalid");
    CHECK(code({{"op", "more"}, {"cid", "1"}, {"before", 5}}) == "not_found");
    CHECK(code({{"op", "identify"}, {"cid", "1"}, {"identity", "a.b.c"}}) == "unauthenticated");
    CHECK(text_at(say(visitor.socket, "good", "still here"), "op") == "ok");
}

TEST_CASE("a socket that does not say hello, or says it wrongly, is closed")
{
    one_inbox at;
    ws_client early{at.server.port(), "/ws/chat", own_origin(at.server)};
    early.send({{"op", "say"}, {"cid", "1"}, {"text", "x"}});
    CHECK(early.close_code() == 4004);
    ws_client nowhere{at.server.port(), "/ws/chat", own_origin(at.server)};
    nowhere.send({{"op", "hello"}, {"v", 1}, {"inbox", "nowhere"}});
    CHECK(nowhere.close_code() == 4004);
    ws_client future{at.server.port(), "/ws/chat", own_origin(at.server)};
    future.send({{"op", "hello"}, {"v", 2}, {"inbox", "web"}});
    CHECK(future.close_code() == 4004);
    ws_client app{at.server.port(), "/ws/channel/nowhere", {}};
    app.send({{"op", "hello"}, {"v", 1}, {"token", "x"}, {"user", "u"}});
    CHECK(app.close_code() == 4003);
    CHECK(ws_client(at.server.port(), "/ws/other", own_origin(at.server)).refused_with() == 404);
    ws_client silent{at.server.port(), "/ws/chat", own_origin(at.server)};
    CHECK(silent.close_code(13'000) == 4004);
}

TEST_CASE("too many frames close with 4008 and the seconds to wait")
{
    one_inbox at;
    auto visitor = visitor_on(at.server, "web");
    for (int i = 0; i < 300; ++i)
        visitor.socket.send({{"op", "ping"}, {"t", i}});
    CHECK(visitor.socket.close_code() == 4008);
    CHECK(std::stoi(visitor.socket.close_reason()) > 0);
}

TEST_CASE("requests that are no requests are refused, one by one")
{
    running_server server;
    const auto sent = [&](const std::string& bytes) {
        return status_of(raw_exchange(server.port(), bytes));
    };
    const std::string host = "Host: localhost\r\nConnection: close\r\n";
    CHECK(sent("nonsense\r\n\r\n") == 400);
    CHECK(sent("GET /livez HTTP/1.1\r\nConnection: close\r\n\r\n") == 400); // no Host
    CHECK(sent("GET /livez HTTP/1.1\r\nHost: a\r\n" + host + "\r\n") == 400);
    CHECK(sent("GET /../etc/passwd HTTP/1.1\r\n" + host + "\r\n") == 400);
    CHECK(sent("GET /%2e%2e/%2e%2e/etc/passwd HTTP/1.1\r\n" + host + "\r\n") == 400);
    CHECK(sent("GET /livez HTTP/1.1\r\nHost: a b\r\n\r\n") == 400);
    CHECK(
        sent("GET /livez HTTP/1.1\r\n" + host + "X: " + std::string(17'000, 'x') + "\r\n\r\n") ==
        431
    );
    CHECK(sent("GET /" + std::string(17'000, 'x') + " HTTP/1.1\r\n" + host + "\r\n") == 431);
    CHECK(sent("TRACE / HTTP/1.1\r\n" + host + "\r\n") == 405);
    CHECK(
        sent("POST /api/v1/session HTTP/1.1\r\n" + host + "Content-Length: 2000000\r\n\r\n") == 413
    );
    CHECK(
        sent(
            "POST /api/v1/session HTTP/1.1\r\n" + host +
            "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ) == 400
    );
    CHECK(
        sent(
            "POST /api/v1/session HTTP/1.1\r\n" + host +
            "Content-Length: 1\r\nContent-Length: 2\r\n\r\nx"
        ) == 400
    );
    CHECK(sent("POST /livez HTTP/1.1\r\n" + host + "Content-Length: 1\r\n\r\nx") == 413);
    CHECK(sent("GET /livez HTTP/1.1\r\n" + host + "\r\n") == 200);
}

TEST_CASE("bodies that are no bodies are refused with a problem document")
{
    running_server server;
    const auto client = server.anonymous();
    const auto post = [&](const std::string& body) {
        return client.send("POST", "/api/v1/session", body).status;
    };
    CHECK(post("{") == 400);
    CHECK(post("[]") == 422);
    CHECK(post(std::string(100, '[') + std::string(100, ']')) == 400);
    CHECK(post("{\"email\":\"\xFF\",\"password\":\"x\"}") == 400);
    CHECK(post(R"({"email":1,"password":"x"})") == 422);
    CHECK(post(R"({"password":"x"})") == 422);
    CHECK(
        client.send("POST", "/api/v1/session", "x", {{"Content-Type", "application/xml"}}).status ==
        415
    );
    const auto refused = client.send("POST", "/api/v1/session", R"({"password":"x"})");
    CHECK(refused.json().at("field").as_string() == "email");
    for (const char* path :
         {"/api/v1/agents/x", "/api/v1/conversations/99999999999999999999", "/api/v1/customers/-1"
         }) {
        const auto got = client.get(path);
        CHECK(got.status == 401);
        CHECK(got.body.find("select") == std::string::npos);
    }
}

TEST_CASE("a reader who does not read is cut off, and everybody else goes on")
{
    one_inbox at{
        {.environment =
             {{"PARLEY_RATES__VISITOR_MESSAGES", "100000"},
              {"PARLEY_RATES__VISITOR_FRAMES", "100000"}},
         .words = {}}
    };
    const auto ana = at.server.add_agent("agent", "Ana");
    const auto ben = at.server.add_agent("agent", "Ben");
    auto slow = agent_on(at.server, ana); // never reads again
    auto quick = agent_on(at.server, ben);
    auto visitor = visitor_on(at.server, "web");
    const auto before = resident_kib(at.server.pid());
    const std::string text(8'000, 'x');
    // About 16 MiB of events: beyond the socket's queue and the kernel's buffers together.
    constexpr int messages = 2'000;
    auto worst = std::chrono::steady_clock::duration::zero();
    for (int i = 0; i < messages; ++i) {
        const auto began = std::chrono::steady_clock::now();
        REQUIRE(text_at(say(visitor.socket, "c" + std::to_string(i), text), "op") == "ok");
        worst = std::max(worst, std::chrono::steady_clock::now() - began);
        while (quick.socket.next(0)) {
        }
    }
    CHECK(worst < std::chrono::seconds{2 * slowness});
    CHECK(resident_kib(at.server.pid()) - before < 64 * 1024 + overhead_kib);
    const auto metrics = http_client{at.server.metrics_port()}.get("/metrics").body;
    CHECK(metrics.find("parley_too_slow_total 1") != std::string::npos);
    // The slow one comes back to where it stood. That is more than a queue holds: a snapshot, and
    // not a replay that would cut it off again and again.
    auto back = agent_on(
        at.server, ana, {{"epoch", slow.welcome.at("epoch")}, {"at", slow.welcome.at("as_of")}}
    );
    CHECK(text_at(back.welcome, "resume") == "snapshot"); // 16 MiB do not fit into a socket's queue
    REQUIRE(text_at(say(visitor.socket, "last", "after the flood"), "op") == "ok");
    const auto event = back.socket.until_what("entry_added");
    CHECK(text_at(event, "after") == text_at(back.welcome, "as_of"));
}

TEST_CASE("who missed more than a socket's queue holds comes back to a snapshot, not to be cut off")
{
    one_inbox at{
        {.environment =
             {{"PARLEY_RATES__VISITOR_MESSAGES", "100000"},
              {"PARLEY_RATES__VISITOR_FRAMES", "100000"},
              {"PARLEY_LIMITS__QUEUE_BYTES", "65536"}},
         .words = {}}
    };
    const auto ana = at.server.add_agent("agent", "Ana");
    auto before = agent_on(at.server, ana);
    before.socket.close();
    auto visitor = visitor_on(at.server, "web");
    // More than the queue holds, and yet far fewer entries than a replay may have.
    for (int i = 0; i < 20; ++i)
        REQUIRE(
            text_at(say(visitor.socket, "c" + std::to_string(i), std::string(4'000, 'x')), "op") ==
            "ok"
        );
    auto back = agent_on(
        at.server, ana, {{"epoch", before.welcome.at("epoch")}, {"at", before.welcome.at("as_of")}}
    );
    CHECK(text_at(back.welcome, "resume") == "snapshot");
    REQUIRE(text_at(say(visitor.socket, "last", "and on"), "op") == "ok");
    const auto event = back.socket.until_what("entry_added");
    CHECK(text_at(event, "after") == text_at(back.welcome, "as_of"));
}

TEST_CASE("10,000 half-open connections cost little and keep nobody out")
{
    one_inbox at{{.environment = {{"PARLEY_LIMITS__CONNECTIONS_PER_ADDRESS", "20000"}}, .words = {}}
    };
    auto visitor = visitor_on(at.server, "web");
    const auto before = resident_kib(at.server.pid());
    asio::io_context io;
    std::vector<asio::ip::tcp::socket> half;
    boost::system::error_code failed;
    for (int i = 0; i < 10'000; ++i) {
        half.emplace_back(io);
        half.back().connect({asio::ip::address_v4::loopback(), at.server.port()}, failed);
        if (failed) {
            half.pop_back(); // this machine's own limit on descriptors
            break;
        }
        asio::write(half.back(), asio::buffer("GET / HTTP/1.1\r\nX: ", 19), failed);
    }
    INFO(half.size() << " half-open connections");
    CHECK(half.size() > 900);
    const auto began = std::chrono::steady_clock::now();
    CHECK(text_at(say(visitor.socket, "c1", "still served"), "op") == "ok");
    CHECK(at.server.anonymous().get("/readyz").status == 200);
    CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds{3 * slowness});
    CHECK(resident_kib(at.server.pid()) - before < 300 * 1024 + overhead_kib);
}

TEST_CASE("one address may not take all connections, and is let in again when it closes some")
{
    running_server server{
        {.environment = {{"PARLEY_LIMITS__CONNECTIONS_PER_ADDRESS", "20"}}, .words = {}}
    };
    asio::io_context io;
    std::vector<asio::ip::tcp::socket> held;
    boost::system::error_code failed;
    for (int i = 0; i < 20; ++i) {
        held.emplace_back(io);
        held.back().connect({asio::ip::address_v4::loopback(), server.port()}, failed);
    }
    CHECK(server.anonymous().get("/livez").status == 0);
    held.clear();
    int status = 0;
    for (int i = 0; i < 100 && status != 200; ++i)
        status = server.anonymous().get("/livez").status;
    CHECK(status == 200);
}

TEST_CASE("readiness and metrics tell the truth, and metrics are not public")
{
    running_server server;
    CHECK(server.anonymous().get("/readyz").body == "ready\n");
    CHECK(server.anonymous().get("/metrics").status != 200);
    const auto metrics = http_client{server.metrics_port()}.get("/metrics");
    CHECK(metrics.status == 200);
    for (const char* name :
         {"parley_build_info{",
          "parley_connections_open ",
          "parley_commits_total ",
          "parley_jobs_quarantined_total 0",
          "parley_search_lag_seconds ",
          "parley_event_loop_lag_seconds{quantile=\"0.999\"}",
          "parley_store_writable 1"})
        CHECK(metrics.body.find(name) != std::string::npos);
    server.signal(15);
    CHECK(server.wait(20'000 * slowness) == 0);
}

#if PARLEY_HAS_FAILPOINTS

TEST_CASE("whoever goes on asking it to end does not cut it off before its end")
{
    running_server server{{.environment = {{"PARLEY_LIMITS__DRAIN_SPREAD_MS", "0"}}, .words = {}}};
    auto admin = server.log_in(server.add_agent("owner"));
    add_inbox(admin, "web");
    auto visitor = visitor_on(server, "web");
    say(visitor.socket, "c1", "hello");
    visitor.socket.close();
    for (std::size_t words = 2; words <= 4; ++words) {
        server.kill_and_restart({{"PARLEY_FAILPOINT", "store.before_commit:delay:400"}});
        auto again = visitor_on(server, "web", {{"token", visitor.token}});
        CHECK(again.welcome.at("entries").as_array().size() == words - 1);
        const auto cid = "c" + std::to_string(words);
        again.socket.send({{"op", "say"}, {"cid", cid}, {"text", "the last word"}});
        again.socket.send({{"op", "ping"}});
        again.socket.until_op("pong"); // so the word is with the store
        int status = -1;
        for (int round = 0; round < 300 * slowness && status == -1; ++round) {
            for (int asked = 0; asked < 1'000; ++asked) {
                server.signal(15);
                std::this_thread::sleep_for(std::chrono::microseconds{20});
            }
            status = server.wait(1);
        }
        CHECK(status == 0);
    }
    server.kill_and_restart({{"PARLEY_FAILPOINT", ""}});
    const auto back = visitor_on(server, "web", {{"token", visitor.token}});
    CHECK(back.welcome.at("entries").as_array().size() == 4);
}

#endif
