// Signed identities of visitors: whose history a browser reads, also when several people use it.
#include "gateway/identity_token.hpp"
#include "tests/support/server_people.hpp"

#include <catch2/catch.hpp>
#include <chrono>

using namespace tests;
namespace json = boost::json;

namespace {

/// A house with one inbox whose site signs who its visitors are.
struct signing_site
{
    running_server server{};
    http_client owner = server.log_in(server.add_agent("owner"));
    std::string inbox = add_inbox(owner, "web");
    crm::identity_secret key = new_key();

    crm::identity_secret new_key() const
    {
        const auto made =
            owner.send("POST", "/api/v1/inboxes/" + inbox + "/identity-keys", "").json();
        return {
            std::string{made.at("kid").as_string()}, std::string{made.at("secret").as_string()}, {}
        };
    }

    std::string signed_as(const std::string& subject, const std::string& email = {}) const
    {
        using namespace std::chrono;
        const auto now = duration_cast<microseconds>(system_clock::now().time_since_epoch());
        return gateway::sign_identity(
            {.subject = subject, .name = "Customer " + subject, .email = email, .phone = {}},
            "web",
            key,
            crm::instant{now.count()}
        );
    }

    visitor_on_line browser(const std::string& token, const std::string& subject) const
    {
        json::object hello;
        if (!token.empty())
            hello["token"] = token;
        if (!subject.empty())
            hello["identity"] = signed_as(subject);
        return visitor_on(server, "web", hello);
    }
};

/// The texts of a welcome's entries, in order.
std::vector<std::string> words_in(const json::object& welcome)
{
    std::vector<std::string> made;
    for (const auto& each : welcome.at("entries").as_array())
        made.push_back(text_at(each.as_object(), "text"));
    return made;
}

bool is_verified(const json::object& welcome)
{
    return welcome.at("me").at("verified").as_bool();
}

void must_say(visitor_on_line& who, const std::string& text)
{
    REQUIRE(text_at(say(who.socket, "cid-" + text, text), "op") == "ok");
}

const std::vector<std::string> nothing;

} // namespace

TEST_CASE("who is signed for reads the own history on every browser, and nobody else does")
{
    const signing_site site;
    auto phone = site.browser({}, "u1");
    must_say(phone, "from my phone");
    auto desk = site.browser({}, "u1");
    CHECK(is_verified(desk.welcome));
    CHECK(words_in(desk.welcome) == std::vector<std::string>{"from my phone"});
    CHECK(words_in(site.browser({}, "u2").welcome) == nothing);
    CHECK(words_in(site.browser({}, {}).welcome) == nothing);
    // An old or a forged signature makes a visitor who is simply not verified.
    const auto forged = visitor_on(site.server, "web", {{"identity", site.signed_as("u1") + "x"}});
    CHECK_FALSE(is_verified(forged.welcome));
    CHECK(words_in(forged.welcome) == nothing);
}

TEST_CASE("what a browser wrote before its person signed in becomes that person's")
{
    const signing_site site;
    auto before = site.browser({}, {});
    must_say(before, "who am I");
    const auto after = site.browser(before.token, "u1");
    CHECK(is_verified(after.welcome));
    CHECK(words_in(after.welcome) == std::vector<std::string>{"who am I"});
    // And joins what the account wrote elsewhere.
    auto laptop = site.browser({}, {});
    must_say(laptop, "from the laptop");
    site.browser(laptop.token, "u1");
    const auto customers = site.owner.get("/api/v1/customers").json().at("items").as_array();
    CHECK(customers.size() == 1);
}

TEST_CASE("on a shared computer the next person does not read what the one before wrote")
{
    const signing_site site;
    const bool is_known_before = GENERATE(false, true);
    if (is_known_before) {
        auto elsewhere = site.browser({}, "u2");
        must_say(elsewhere, "second person");
    }
    auto first = site.browser({}, {});
    must_say(first, "a secret of the first");
    auto first_in = site.browser(first.token, "u1");
    REQUIRE(words_in(first_in.welcome) == std::vector<std::string>{"a secret of the first"});

    // The site forgot to call logout: the browser still holds the first one's token.
    auto second = site.browser(first.token, "u2");
    CHECK(is_verified(second.welcome));
    CHECK(
        words_in(second.welcome) ==
        (is_known_before ? std::vector<std::string>{"second person"} : nothing)
    );
    CHECK_FALSE(second.token == first.token);
    must_say(second, "I am the second");
    // The tab of the first is sent away, and its token leads nowhere any more.
    CHECK(first_in.socket.close_code() == 4002);
    const auto later = site.browser(first.token, {});
    CHECK(words_in(later.welcome) == nothing);
    CHECK_FALSE(text_at(later.welcome, "token").empty());
    CHECK(
        words_in(site.browser({}, "u1").welcome) ==
        std::vector<std::string>{"a secret of the first"}
    );
    CHECK(words_in(site.browser({}, "u2").welcome).back() == "I am the second");
}

TEST_CASE("a person who signs in on an open socket takes over nobody else's conversation")
{
    const signing_site site;
    auto first = site.browser({}, {});
    must_say(first, "mine");
    site.browser(first.token, "u1");
    auto open = site.browser(first.token, {});
    open.socket.send({{"op", "identify"}, {"cid", "i"}, {"identity", site.signed_as("u2")}});
    CHECK(text_at(open.socket.answer("i"), "op") == "ok");
    CHECK(open.socket.close_code() == 4002);
    CHECK(words_in(site.browser(first.token, "u2").welcome) == nothing);
    CHECK(words_in(site.browser({}, "u1").welcome) == std::vector<std::string>{"mine"});
}

TEST_CASE("an address that somebody only claims joins no histories")
{
    const signing_site site;
    const auto write = [&](const std::string& text) {
        auto one = site.browser({}, {});
        one.socket.send(
            {{"op", "leave_message"},
             {"cid", text},
             {"name", "Lin"},
             {"email", "lin@example.com"},
             {"text", text}}
        );
        REQUIRE(text_at(one.socket.answer(text), "op") == "ok");
        return words_in(site.browser(one.token, {}).welcome);
    };
    CHECK(write("one") == std::vector<std::string>{"one"});
    CHECK(write("two") == std::vector<std::string>{"two"});
}

TEST_CASE("who is signed for may send a picture first, and it is theirs")
{
    const signing_site site;
    const bool is_known_before = GENERATE(false, true);
    if (is_known_before) {
        auto elsewhere = site.browser({}, "u1");
        must_say(elsewhere, "hello");
    }
    auto visitor = site.browser({}, "u1");
    const auto stored = site.server.anonymous().send(
        "POST",
        "/w/attachments",
        "words",
        {{"Content-Type", "text/plain"},
         {"X-Parley-Filename", "a.txt"},
         {"Authorization", "Bearer " + visitor.token}}
    );
    REQUIRE(stored.status == 201);
    visitor.socket.send(
        {{"op", "say"},
         {"cid", "p"},
         {"text", "see this"},
         {"attachments", json::array{stored.json().at("id")}}}
    );
    CHECK(text_at(visitor.socket.answer("p"), "op") == "ok");
    CHECK(words_in(site.browser({}, "u1").welcome).back() == "see this");
    CHECK(site.owner.get("/api/v1/customers").json().at("items").as_array().size() == 1);
}
