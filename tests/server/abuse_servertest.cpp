// Rates by address, log-ins under attack, uploads and downloads of strangers and slow readers.
#include "tests/support/server_people.hpp"
#include "tests/support/slowness.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <catch2/catch.hpp>
#include <chrono>
#include <fstream>

using namespace tests;
using namespace std::chrono_literals;
namespace json = boost::json;
namespace asio = boost::asio;

namespace {

/// A server behind a proxy that names its clients: the tests are that proxy.
server_options behind_a_proxy()
{
    return {.environment = {{"PARLEY_HTTP__TRUSTED_PROXIES", "127.0.0.1,::1"}}, .words = {}};
}

http_headers from(const std::string& address)
{
    return {{"X-Forwarded-For", address}};
}

int try_log_in(
    const running_server& at,
    const std::string& email,
    const std::string& password,
    const std::string& address
)
{
    return at.anonymous()
        .post("/api/v1/session", {{"email", email}, {"password", password}}, from(address))
        .status;
}

std::string unknown_link()
{
    return "/api/v1/links/" + std::string(43, 'A');
}

/// Resident memory of a process, bytes.
std::size_t memory_of(pid_t pid)
{
    std::ifstream in{"/proc/" + std::to_string(pid) + "/status"};
    std::string word;
    std::size_t kib = 0;
    while (in >> word)
        if (word == "VmRSS:")
            in >> kib;
    return kib * 1024;
}

/// A large text file, uploaded.
std::string upload_of(const http_client& by, const std::string& bytes)
{
    const auto stored = by.send(
        "POST",
        "/api/v1/attachments",
        bytes,
        {{"Content-Type", "text/plain"}, {"X-Parley-Filename", "long.txt"}}
    );
    REQUIRE(stored.status == 201);
    return "/api/v1/attachments/" + std::string{stored.json().at("id").as_string()};
}

std::string numbered_lines(std::size_t bytes)
{
    std::string made;
    for (int i = 0; made.size() < bytes; ++i)
        made += "line " + std::to_string(i) + "\n";
    made.resize(bytes);
    return made;
}

} // namespace

TEST_CASE("whoever has an IPv6 network is one client, whatever address of it they use")
{
    const running_server server{behind_a_proxy()};
    const auto anyone = server.anonymous();
    for (int i = 0; i < 30; ++i)
        REQUIRE(
            anyone.get(unknown_link(), from("2001:db8:7:7::" + std::to_string(i + 1))).status == 404
        );
    CHECK(anyone.get(unknown_link(), from("2001:db8:7:7:aaaa:bbbb:cccc:1")).status == 429);
    CHECK(anyone.get(unknown_link(), from("2001:db8:7:8::1")).status == 404);
    CHECK(anyone.get(unknown_link(), from("192.0.2.1")).status == 404);
    // Only the last untrusted address counts: what a client writes before it is its own invention.
    CHECK(anyone.get(unknown_link(), from("192.0.2.9, 2001:db8:7:7::5")).status == 429);
}

TEST_CASE("without a trusted proxy nobody names another address than the own")
{
    const running_server server;
    const auto anyone = server.anonymous();
    for (int i = 0; i < 30; ++i)
        REQUIRE(anyone.get(unknown_link(), from("192.0.2." + std::to_string(i + 1))).status == 404);
    CHECK(anyone.get(unknown_link(), from("192.0.2.200")).status == 429);
}

TEST_CASE("logging in rightly uses up nothing")
{
    running_server server{{.environment = {{"PARLEY_RATES__LOGINS_PER_ADDRESS", "3"}}, .words = {}}
    };
    const auto ana = server.add_agent("agent");
    const auto client = server.anonymous();
    const json::value right{{"email", ana.email}, {"password", ana.password}};
    const json::value wrong{{"email", ana.email}, {"password", "wrong password here"}};
    for (int i = 0; i < 6; ++i)
        CHECK(client.post("/api/v1/session", right).status == 200);
    for (int i = 0; i < 3; ++i)
        CHECK(client.post("/api/v1/session", wrong).status == 401);
    CHECK(client.post("/api/v1/session", wrong).status == 429);
}

TEST_CASE("a stranger who guesses locks nobody out, and is slowed down from everywhere")
{
    running_server server{behind_a_proxy()};
    const auto ana = server.add_agent("agent");
    int failures = 0;
    for (int place = 1; failures < 22; ++place)
        for (int i = 0; i < 5 && failures < 22; ++i, ++failures)
            REQUIRE(
                try_log_in(
                    server, ana.email, "wrong password here", "192.0.2." + std::to_string(place)
                ) == 401
            );
    CHECK(try_log_in(server, ana.email, ana.password, "192.0.2.1") == 429);
    // The owner elsewhere gets in, after the pause that every attempt takes by now.
    const auto begun = std::chrono::steady_clock::now();
    CHECK(try_log_in(server, ana.email, ana.password, "198.51.100.1") == 200);
    CHECK(std::chrono::steady_clock::now() - begun >= 450ms);
    // Success ends the series.
    const auto again = std::chrono::steady_clock::now();
    CHECK(try_log_in(server, ana.email, ana.password, "198.51.100.1") == 200);
    CHECK(std::chrono::steady_clock::now() - again < 450ms);
}

TEST_CASE("who would be refused is refused before the body is read")
{
    running_server server;
    auto owner = server.log_in(server.add_agent("owner"));
    add_inbox(owner, "web");
    const auto announce = [&](const std::string& path, const std::string& more) {
        const auto answer = raw_exchange(
            server.port(),
            "POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5000000\r\n" + more +
                "\r\n"
        );
        return answer.substr(0, answer.find("\r\n"));
    };
    CHECK(announce("/api/v1/attachments", "") == "HTTP/1.1 401 Unauthorized");
    CHECK(announce("/w/attachments", "") == "HTTP/1.1 401 Unauthorized");
    const std::string unknown = "Authorization: Bearer " + std::string(22, 'A') + "\r\n";
    CHECK(announce("/w/attachments", unknown) == "HTTP/1.1 401 Unauthorized");
    const std::string narrow =
        "Authorization: Bearer " + server.add_token({"orders:read"}) + "\r\n";
    CHECK(announce("/api/v1/attachments", narrow) == "HTTP/1.1 403 Forbidden");
}

TEST_CASE("made-up visitor tokens are counted by the address that sends them")
{
    running_server server{behind_a_proxy()};
    auto owner = server.log_in(server.add_agent("owner"));
    add_inbox(owner, "web");
    const auto upload = [&](const std::string& token, const std::string& address) {
        return server.anonymous()
            .send(
                "POST",
                "/w/attachments",
                "",
                {{"Authorization", "Bearer " + token}, {"X-Forwarded-For", address}}
            )
            .status;
    };
    for (int i = 0; i < 100; ++i)
        REQUIRE(upload("made-up-" + std::to_string(i), "192.0.2.1") == 401);
    CHECK(upload("made-up-again", "192.0.2.1") == 429);
    CHECK(upload("made-up-again", "192.0.2.2") == 401);
}

TEST_CASE("a file comes whole or in the part that is asked for")
{
    running_server server;
    const auto owner = server.log_in(server.add_agent("owner"));
    const auto words = numbered_lines(300'000);
    const auto path = upload_of(owner, words);
    const auto whole = owner.get(path);
    CHECK(whole.status == 200);
    CHECK(whole.body == words);
    CHECK(whole.header("accept-ranges") == "bytes");
    const auto part = owner.get(path, {{"Range", "bytes=100000-250000"}});
    CHECK(part.status == 206);
    CHECK(part.body == words.substr(100'000, 150'001));
    CHECK(part.header("content-range") == "bytes 100000-250000/300000");
    CHECK(owner.get(path, {{"Range", "bytes=-5"}}).body == words.substr(299'995));
    CHECK(owner.get(path, {{"Range", "bytes=299990-"}}).body == words.substr(299'990));
    CHECK(owner.get(path, {{"Range", "bytes=0-1,5-6"}}).status == 200);
    const auto beyond = owner.get(path, {{"Range", "bytes=300000-"}});
    CHECK(beyond.status == 416);
    CHECK(beyond.header("content-range") == "bytes */300000");
    const auto head = owner.send("HEAD", path, "");
    CHECK(head.status == 200);
    CHECK(head.header("content-length") == "300000");
    CHECK(head.body.empty());
}

TEST_CASE("readers who take their time hold a piece of a file each, not the file")
{
    running_server server;
    const auto owner = server.log_in(server.add_agent("owner"));
    const auto path = upload_of(owner, numbered_lines(8'000'000));
    const auto before = memory_of(server.pid());
    asio::io_context io;
    std::vector<asio::ip::tcp::socket> slow;
    for (int i = 0; i < 60; ++i) {
        auto& one = slow.emplace_back(io);
        one.open(asio::ip::tcp::v4());
        one.set_option(asio::socket_base::receive_buffer_size{4096});
        one.connect({asio::ip::address_v4::loopback(), server.port()});
        asio::write(
            one,
            asio::buffer(
                "GET " + path + " HTTP/1.1\r\nHost: localhost\r\nCookie: " + owner.cookie() +
                "\r\n\r\n"
            )
        );
        char first = 0;
        one.read_some(asio::buffer(&first, 1)); // its answer has begun
        CHECK(first == 'H');
    }
    CHECK(memory_of(server.pid()) < before + 100'000'000 + overhead_kib * 1024);
    CHECK(owner.get("/api/v1/me").status == 200);
}

TEST_CASE("a webhook that nobody takes is told so, and gets no page for an acknowledgement")
{
    const running_server server;
    for (const char* method : {"GET", "POST"}) {
        const auto answer = server.anonymous().send(method, "/hooks/whatsapp-main", "");
        CHECK(answer.status == 404);
        CHECK(answer.header("content-type") == "application/problem+json");
    }
}
