#include "crm/api_token.hpp"
#include "crm/base/problem.hpp"
#include "crm/link.hpp"
#include "crm/session.hpp"
#include "tests/support/refusals.hpp"

#include <catch2/catch.hpp>

using namespace crm;
using namespace std::chrono_literals;

namespace {

const std::string a_hash = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g";

} // namespace

TEST_CASE("an agent's mail address is one, whatever its case")
{
    test::house h;
    CHECK(staff::find_agent(h.db(), " ANN@example.com ")->id == h.ann);
    CHECK(test::code_of(h, [](transaction& tx, context& as) {
              agent wanted;
              wanted.email = "Ann@Example.COM";
              wanted.name = "Other Ann";
              return staff::create_agent(tx, as, wanted);
          }) == errc::conflict);
}

TEST_CASE("teams, skills and roles hang on an agent and are checked")
{
    test::house h;
    h.run([&](transaction& tx, context& as) {
        const auto zh = staff::create_skill(tx, as, "chinese");
        const auto team = staff::create_team(tx, as, "Returns", {h.ann});
        staff::change_agent(
            tx,
            as,
            h.ann,
            {.units = 8,
             .roles = std::vector<grant>{{.role = role::lead, .inbox = {}, .team = team.id}},
             .skills =
                 std::vector<agent_skill>{{.skill = zh.id, .level = 5, .expires = as.now + 24h}}}
        );
    });
    const auto ann = *staff::find_agent(h.db(), h.ann);
    CHECK(ann.units == 8);
    CHECK(ann.teams.size() == 1);
    CHECK(ann.skills.at(0).level == 5);
    CHECK(ann.skills.at(0).expires == h.time.now() + 24h);
    CHECK(staff::teams(h.db()).at(0).members == std::vector{h.ann});
    const auto change = [&](staff::agent_change wanted) {
        return test::code_of(h, [&](transaction& tx, context& as) {
            staff::change_agent(tx, as, h.ann, wanted);
        });
    };
    CHECK(change({.units = 0}) == errc::invalid);
    CHECK(change({.name = " "}) == errc::invalid);
    CHECK(change({.preferences = "[]"}) == errc::invalid);
    CHECK(change({.teams = std::vector{team_id{9}}}) == errc::not_found);
    CHECK(
        change(
            {.skills = std::vector<agent_skill>{{.skill = skill_id{9}, .level = 3, .expires = {}}}}
        ) == errc::not_found
    );
}

TEST_CASE("what an agent may see follows from its roles and teams")
{
    agent who;
    who.id = agent_id{1};
    const inbox_id in{3};
    const team_id of{5};
    who.roles = {{.role = role::agent, .inbox = in, .team = {}}};
    who.teams = {of};
    auto seen = staff::audience_of(who);
    CHECK_FALSE(seen.everything);
    CHECK(seen.inboxes == std::vector{in});
    CHECK(seen.teams == std::vector{of});
    // Each grant for itself: running the house, or reading its reports and its log, shows nobody's
    // conversations, here or elsewhere.
    for (const role blind : {role::admin, role::analyst, role::auditor}) {
        who.roles = {
            {.role = blind, .inbox = {}, .team = {}},
            {.role = blind, .inbox = inbox_id{4}, .team = {}},
            {.role = role::agent, .inbox = in, .team = {}}
        };
        CHECK_FALSE(staff::audience_of(who).everything);
        CHECK(staff::audience_of(who).inboxes == std::vector{in});
    }
    who.roles = {{.role = role::lead, .inbox = {}, .team = {}}};
    CHECK(staff::audience_of(who).everything);
}

TEST_CASE("[S5] what may be seen is the same in the list and for one conversation")
{
    test::house h;
    const auto sales = h.add_inbox("sales");
    const auto talk = h.open(h.add(test::a_customer()), sales);
    const audience outside{.everything = false, .agent = h.ann, .inboxes = {h.help}, .teams = {}};
    CHECK_FALSE(may_see(outside, talk));
    CHECK(conversations::list(h.db(), outside, {.view = view::all}).items.empty());
    h.run([&](transaction& tx, context& as) { conversations::assign(tx, as, talk.id, h.ann); });
    CHECK(may_see(outside, h.now(talk)));
    CHECK(conversations::list(h.db(), outside, {.view = view::all}).items.size() == 1);
}

TEST_CASE("the last administrator cannot be taken away")
{
    test::house h;
    const auto boss = h.add_agent("Boss", {{.role = role::admin, .inbox = {}, .team = {}}});
    const auto lose = [&](staff::agent_change wanted) {
        return test::code_of(h, [&](transaction& tx, context& as) {
            staff::change_agent(tx, as, boss, wanted);
        });
    };
    CHECK(lose({.active = false}) == errc::conflict);
    CHECK(lose({.roles = std::vector<grant>{}}) == errc::conflict);
    h.add_agent("Second", {{.role = role::admin, .inbox = {}, .team = {}}});
    h.run([&](transaction& tx, context& as) {
        staff::change_agent(tx, as, boss, {.active = false});
    });
    CHECK_FALSE(staff::find_agent(h.db(), boss)->active);
}

TEST_CASE("[S3] a session lives by its token's hash, until it is idle, old or ended")
{
    test::house h;
    const session_limits limits;
    const std::string hash = token_hash("the token");
    CHECK(hash.size() == 64);
    const auto made = h.run([&](transaction& tx, context& as) {
        as.who.address = "203.0.113.9";
        return sessions::open(tx, as, h.ann, hash, "csrf", "Firefox\r\n", limits);
    });
    const auto found = [&](instant at) { return sessions::find(h.db(), hash, at, limits); };
    const instant start = h.time.now();
    REQUIRE(found(start));
    CHECK(found(start)->csrf == "csrf");
    CHECK(found(start)->user_agent == "Firefox");
    CHECK_FALSE(sessions::find(h.db(), token_hash("another"), start, limits));
    CHECK_FALSE(found(start + 13h));
    for (int i = 0; i < 20; ++i) {
        h.pass(10h);
        h.run([&](transaction& tx, context& as) {
            if (const auto now = found(as.now))
                sessions::touch(tx, as, *now);
        });
    }
    CHECK_FALSE(found(h.time.now()));
    CHECK(found(start + 24h * 6));
    CHECK(h.rows_of("sessions").find("the token") == std::string::npos);
    h.run([&](transaction& tx, context& as) { sessions::end(tx, as, h.ann, made.id); });
    CHECK_FALSE(found(start));
    CHECK(test::code_of(h, [&](transaction& tx, context& as) {
              sessions::end(tx, as, h.ann, made.id);
          }) == errc::not_found);
}

TEST_CASE("[S3] deactivating an agent ends its sessions and sets it offline")
{
    test::house h;
    const session_limits limits;
    h.run([&](transaction& tx, context& as) {
        sessions::open(tx, as, h.ann, token_hash("1"), "c", "", limits);
        staff::set_presence(tx, as, h.ann, presence::available);
        staff::change_agent(tx, as, h.ann, {.active = false});
    });
    CHECK_FALSE(sessions::find(h.db(), token_hash("1"), h.time.now(), limits));
    CHECK(staff::find_agent(h.db(), h.ann)->presence == presence::offline);
    CHECK(test::code_of(h, [&](transaction& tx, context& as) {
              return sessions::open(tx, as, h.ann, token_hash("2"), "c", "", limits);
          }) == errc::forbidden);
}

TEST_CASE("[S1] a new password ends every other session")
{
    test::house h;
    const session_limits limits;
    h.run([&](transaction& tx, context& as) {
        const auto mine = sessions::open(tx, as, h.ann, token_hash("1"), "c", "", limits);
        sessions::open(tx, as, h.ann, token_hash("2"), "c", "", limits);
        CHECK_FALSE(staff::password_hash(tx.db(), h.ann));
        staff::set_password(tx, as, h.ann, a_hash, mine.id);
    });
    CHECK(staff::password_hash(h.db(), h.ann) == a_hash);
    CHECK(sessions::find(h.db(), token_hash("1"), h.time.now(), limits));
    CHECK_FALSE(sessions::find(h.db(), token_hash("2"), h.time.now(), limits));
    CHECK(test::code_of(h, [&](transaction& tx, context& as) {
              staff::set_password(tx, as, h.ann, "secret");
          }) == errc::invalid);
}

TEST_CASE("[S9] failed log-ins are counted per address, known or not, and forgotten by a success")
{
    test::house h;
    const auto count = [&] {
        return sessions::failed_logins(h.db(), "nobody@example.com", h.time.now() - 15min);
    };
    for (int i = 0; i < 5; ++i)
        h.run([&](transaction& tx, context& as) {
            sessions::login_failed(tx, as, "Nobody@example.com", {}, as.now - 15min);
        });
    CHECK(count() == 5);
    h.pass(16min);
    CHECK(count() == 0);
    h.run([&](transaction& tx, context& as) {
        sessions::login_failed(tx, as, "nobody@example.com", {}, as.now - 15min);
    });
    CHECK(count() == 1);
    h.run([&](transaction& tx, context&) { sessions::login_succeeded(tx, "nobody@example.com"); });
    CHECK(count() == 0);
    CHECK(h.rows_of("login_failures").find("nobody") == std::string::npos);
    // What nobody ever succeeded with does not stay for ever.
    for (const char* typed : {"one@example.com", "two@example.com"})
        h.run([&](transaction& tx, context& as) {
            sessions::login_failed(tx, as, typed, {}, as.now - 15min);
        });
    h.pass(2h);
    std::int64_t gone = 0;
    h.run([&](transaction& tx, context& as) {
        gone = sessions::forget_failures(tx, as.now - 1h, 100);
    });
    CHECK(gone == 2);
}

TEST_CASE("[S2] an invitation makes an agent once, within 72 hours")
{
    test::house h;
    const session_limits limits;
    const auto invite = [&](const std::string& token, const std::string& mail) {
        h.run([&](transaction& tx, context& as) {
            links::invite(
                tx,
                as,
                token_hash(token),
                mail,
                "Bo",
                {{.role = role::agent, .inbox = h.help, .team = {}}},
                limits
            );
        });
    };
    const auto use = [&](const std::string& token) {
        return h.run([&](transaction& tx, context& as) {
            return links::use(tx, as, token_hash(token), "", a_hash);
        });
    };
    invite("one", "bo@example.com");
    invite("two", "late@example.com");
    CHECK(links::need(h.db(), token_hash("one"), h.time.now()).email == "bo@example.com");
    const auto bo = use("one");
    CHECK(bo.name == "Bo");
    CHECK(bo.has_password);
    CHECK(bo.roles == std::vector<grant>{{.role = role::agent, .inbox = h.help, .team = {}}});
    const auto refused = [&](const std::string& token) {
        try {
            use(token);
        } catch (const problem& why) {
            return why.code();
        }
        return errc::internal;
    };
    CHECK(refused("one") == errc::gone);
    h.pass(73h);
    CHECK(refused("two") == errc::gone);
    CHECK(refused("three") == errc::not_found);
}

TEST_CASE("[S2] a newer reset ends the older, and both end sessions when used")
{
    test::house h;
    const session_limits limits;
    h.run([&](transaction& tx, context& as) {
        sessions::open(tx, as, h.ann, token_hash("s"), "c", "", limits);
        links::reset(tx, as, token_hash("old"), h.ann, limits);
        links::reset(tx, as, token_hash("new"), h.ann, limits);
    });
    CHECK(test::code_of(h, [&](transaction& tx, context& as) {
              return links::use(tx, as, token_hash("old"), "", a_hash);
          }) == errc::gone);
    h.run([&](transaction& tx, context& as) {
        CHECK(links::use(tx, as, token_hash("new"), "", a_hash).id == h.ann);
    });
    CHECK_FALSE(sessions::find(h.db(), token_hash("s"), h.time.now(), limits));
}

TEST_CASE("[S7] an API token is scoped, hashed, and dead when revoked or too old")
{
    test::house h;
    const std::string token = "parley_" + std::string(43, 'x');
    const auto made = h.run([&](transaction& tx, context& as) {
        return api_tokens::create(
            tx, as, token, "shop", {"orders:write", "customers:read"}, as.now + 24h
        );
    });
    CHECK(made.hint == "parley_xxxxx");
    const auto found = [&] { return api_tokens::find(h.db(), token_hash(token), h.time.now()); };
    REQUIRE(found());
    CHECK(found()->scopes == std::vector<std::string>{"orders:write", "customers:read"});
    CHECK(h.rows_of("api_tokens").find(token) == std::string::npos);
    h.pass(25h);
    CHECK_FALSE(found());
    const auto refused = [&](const std::string& wanted, std::vector<std::string> scopes) {
        return test::code_of(h, [&](transaction& tx, context& as) {
            return api_tokens::create(tx, as, wanted, "x", scopes, {});
        });
    };
    CHECK(refused("short", {"orders:write"}) == errc::invalid);
    CHECK(refused(token, {}) == errc::invalid);
    CHECK(refused(token, {"orders write"}) == errc::invalid);
    const std::string forever = "parley_" + std::string(43, 'y');
    h.run([&](transaction& tx, context& as) {
        const auto second = api_tokens::create(tx, as, forever, "x", {"a"}, {});
        api_tokens::revoke(tx, as, second.id);
    });
    CHECK_FALSE(api_tokens::find(h.db(), token_hash(forever), h.time.now()));
    CHECK(api_tokens::all(h.db()).size() == 2);
}
