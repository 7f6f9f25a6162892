// The small parts: rates, hours, hidden positions, signed addresses, request targets, headers, JSON
// text.
#include "crm/base/problem.hpp"
#include "gateway/live/positions.hpp"
#include "gateway/live/visitor_token.hpp"
#include "gateway/net/http.hpp"
#include "gateway/net/transport.hpp"
#include "gateway/passwords.hpp"
#include "gateway/signed_address.hpp"
#include "gateway/throttle.hpp"
#include "gateway/uploads.hpp"
#include "gateway/wire/json_text.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

using namespace gateway;
using namespace std::chrono_literals;

TEST_CASE("a throttle lets through its count, then says how long to wait")
{
    throttle five{{5, 1000ms}};
    for (int i = 0; i < 5; ++i)
        CHECK_NOTHROW(five.take("a", 0, "message"));
    try {
        five.take("a", 0, "message");
        FAIL("the sixth came through");
    } catch (const crm::problem& why) {
        CHECK(why.code() == crm::errc::rate_limited);
        CHECK(why.retry_after() == 200ms);
    }
    CHECK_NOTHROW(five.take("b", 0, "message"));
    CHECK_NOTHROW(five.take("a", 200, "message"));
    CHECK_THROWS_AS(five.take("a", 200, "message"), crm::problem);
}

TEST_CASE("what is charged without asking makes the next one wait longer")
{
    throttle two{{2, 1000ms}};
    for (int i = 0; i < 10; ++i)
        two.charge("a", 0);
    CHECK(two.wait("a", 0) == 1500ms); // debts go down to the count and no further
    two.forget("a");
    CHECK(two.wait("a", 0) == 0ms);
}

TEST_CASE("a charge that is given back leaves no trace")
{
    throttle two{{2, 1000ms}};
    two.charge("a", 0);
    two.charge("a", 0);
    CHECK(two.wait("a", 0) > 0ms);
    two.give_back("a", 0);
    CHECK(two.wait("a", 0) == 0ms);
    two.give_back("a", 0);
    two.give_back("a", 0);
    CHECK_NOTHROW(two.take("a", 0, "x"));
    CHECK_NOTHROW(two.take("a", 0, "x"));
    CHECK_THROWS_AS(two.take("a", 0, "x"), crm::problem); // and no more than the count is ever held
}

TEST_CASE("keys that somebody makes up fill no memory, and go when they are full again")
{
    throttle two{{2, 1000ms}};
    for (int i = 0; i < 150'000; ++i)
        two.charge("made up " + std::to_string(i), 0);
    CHECK(two.size() <= 100'001);
    CHECK(two.wait("made up 150001", 0) > 0ms); // they share what is left
    CHECK(two.wait("made up 1", 0) == 0ms);     // who was there before keeps the own bucket
    for (int i = 0; i < 100'000; ++i)
        two.charge("one", 10'000 + i * 1'000);
    CHECK(two.size() == 1);
    CHECK(two.wait("newcomer", 200'000'000) == 0ms);
}

TEST_CASE("an address is counted by what its holder was given: an IPv6 network, one IPv4 address")
{
    CHECK(net::rate_key("2001:db8:1:2:3:4:5:6") == net::rate_key("2001:db8:1:2:ffff::1"));
    CHECK(net::rate_key("2001:db8:1:2::1") != net::rate_key("2001:db8:1:3::1"));
    CHECK(net::rate_key("::ffff:192.0.2.7") == net::rate_key("192.0.2.7"));
    CHECK(net::rate_key("192.0.2.7") != net::rate_key("192.0.2.8"));
}

TEST_CASE("a hidden position is the same for the same customer, and another's for nobody else")
{
    const live::position_veil veil{"a key of the installation"};
    const auto mine = static_cast<crm::customer_id>(12);
    const auto text = veil.hide(8841, mine);
    CHECK(text.size() == 22);
    CHECK(veil.hide(8841, mine) == text);
    CHECK(veil.show(text, mine) == 8841);
    CHECK_FALSE(veil.show(text, static_cast<crm::customer_id>(13)));
    CHECK_FALSE(veil.show("8841", mine));
    CHECK_FALSE(veil.show(std::string(22, '!'), mine));
    const live::position_veil other{"another key"};
    CHECK_FALSE(other.show(text, mine));
}

TEST_CASE("a visitor's token is known as ours by its mark, and only under our key")
{
    const auto token = live::make_visitor_token("a key of the installation");
    CHECK(token.size() == 44);
    CHECK(live::looks_like_visitor_token(token));
    CHECK(live::is_our_visitor_token("a key of the installation", token));
    CHECK_FALSE(live::is_our_visitor_token("another key", token));
    for (std::size_t i = 0; i < token.size(); ++i) {
        auto changed = token;
        changed[i] = changed[i] == 'x' ? 'y' : 'x';
        CHECK_FALSE(live::is_our_visitor_token("a key of the installation", changed));
    }
    CHECK_FALSE(live::is_our_visitor_token("a key of the installation", token.substr(0, 22)));
    CHECK_FALSE(live::is_our_visitor_token("a key of the installation", {}));
    CHECK_FALSE(live::looks_like_visitor_token(std::string(22, '!')));
}

TEST_CASE("a signed address is good for one file, one customer and a while")
{
    const auto file = static_cast<crm::attachment_id>(5);
    const auto whose = static_cast<crm::customer_id>(12);
    const crm::instant ends{1'000'000};
    const auto address = sign_address("key", file, whose, ends);
    const auto sign = address.substr(address.find("sign=") + 5);
    CHECK(check_address("key", file, whose, ends, sign, crm::instant{999'999}));
    CHECK_FALSE(check_address("key", file, whose, ends, sign, ends));
    CHECK_FALSE(
        check_address("key", static_cast<crm::attachment_id>(6), whose, ends, sign, crm::instant{0})
    );
    CHECK_FALSE(
        check_address("key", file, static_cast<crm::customer_id>(13), ends, sign, crm::instant{0})
    );
    CHECK_FALSE(check_address("key", file, whose, crm::instant{2'000'000}, sign, crm::instant{0}));
    CHECK_FALSE(check_address("other", file, whose, ends, sign, crm::instant{0}));
}

TEST_CASE("request targets are decoded once and never leave the root")
{
    std::string path;
    std::string query;
    REQUIRE(net::read_target("/a%20b/%E4%BD%A0?x=1&y=%2F", path, query));
    CHECK(path == "/a b/你");
    CHECK(query == "x=1&y=%2F");
    CHECK(net::query_value(query, "y") == "/");
    CHECK_FALSE(net::query_value(query, "z"));
    for (const char* bad :
         {"",
          "a",
          "*",
          "http://x/",
          "/..",
          "/a/../b",
          "/%2e%2e/x",
          "/a%00",
          "/%zz",
          "/%4",
          "/a#b",
          "/a\\b",
          "/a/%5C"})
        CHECK_FALSE(net::read_target(bad, path, query));
}

TEST_CASE("a cookie that is there twice is nobody's")
{
    net::request asked;
    asked.headers = {{"cookie", "a=1; __Host-parley=x; b=2"}};
    CHECK(asked.cookie("__Host-parley") == "x");
    asked.headers.push_back({"cookie", "__Host-parley=y"});
    CHECK(asked.cookie("__Host-parley").empty());
}

TEST_CASE("header values cannot break out of their line")
{
    net::response made;
    CHECK_THROWS(made.set("x", "a\r\nset-cookie: b"));
    CHECK_THROWS(made.set("x", std::string{"a\0b", 3}));
    CHECK_NOTHROW(made.set("x", "plain"));
}

TEST_CASE("file names in Content-Disposition say no more than a name")
{
    CHECK(disposition("a.png", true) == "inline; filename=\"a.png\"; filename*=UTF-8''a.png");
    CHECK(
        disposition("x\"\r\ny.txt", false) ==
        "attachment; filename=\"x___y.txt\"; filename*=UTF-8''x%22%0D%0Ay.txt"
    );
    CHECK(
        disposition("你.txt", false) ==
        "attachment; filename=\"___.txt\"; filename*=UTF-8''%E4%BD%A0.txt"
    );
}

TEST_CASE("written JSON reads back as what was written")
{
    wire::json_text text;
    text.open_object()
        .member("quote", "a\"b\\c\n\x01")
        .member("number", std::int64_t{-5})
        .member("real", 0.1)
        .member("flag", true)
        .key("list")
        .open_list()
        .value(1)
        .null()
        .open_object()
        .close_object()
        .close_list()
        .close_object();
    const auto read = boost::json::parse(text.text());
    CHECK(read.at("quote").as_string() == "a\"b\\c\n\x01");
    CHECK(read.at("number").as_int64() == -5);
    CHECK(read.at("real").as_double() == 0.1);
    CHECK(read.at("list").as_array().size() == 3);
}

TEST_CASE("every byte and number is written as JSON reads it")
{
    for (int code = 0; code < 0x80; ++code) {
        const std::string around = "ab" + std::string(1, static_cast<char>(code)) + "\xE4\xBD\xA0";
        for (const std::string& text : {around, around.substr(0, 3)}) {
            std::string made;
            wire::append_quoted(made, text);
            CHECK(boost::json::parse(made).as_string() == text);
        }
    }
    for (const std::int64_t number : {INT64_MIN, std::int64_t{-1}, std::int64_t{0}, INT64_MAX}) {
        wire::json_text text;
        text.open_list().value(number).digits(number).close_list();
        const auto read = boost::json::parse(text.text());
        CHECK(read.at(0).as_int64() == number);
        CHECK(read.at(1).as_string() == std::to_string(number));
    }
}

TEST_CASE("malformed UTF-8 becomes a replacement, so that JSON stays JSON")
{
    std::string text;
    wire::append_quoted(
        text,
        "a\xFF"
        "b"
    );
    CHECK_NOTHROW(boost::json::parse(text));
}

TEST_CASE("passwords that are guessed first are refused")
{
    CHECK_NOTHROW(check_password("correct horse battery", "ana@example.com", "Ana Flores"));
    CHECK_NOTHROW(check_password("五个字的密码也可以用吗好", "ana@example.com", "Ana"));
    for (const char* weak :
         {"short",
          "password1234",
          "aaaaaaaaaaaaaaa",
          "123456789012345",
          "abcdefghijklmnop",
          "qwertyuiop123",
          "ana.flores2026!!!",
          "Parley2026!!!"})
        CHECK_THROWS_AS(check_password(weak, "ana.flores@example.com", "Ana Flores"), crm::problem);
}
