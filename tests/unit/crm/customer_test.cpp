#include "crm/base/problem.hpp"
#include "crm/company.hpp"
#include "crm/tag.hpp"
#include "crm/timeline_pages.hpp"
#include "crm/value.hpp"
#include "tests/support/builders.hpp"

#include <catch2/catch.hpp>
#include <map>

using namespace crm;
using namespace std::chrono_literals;

namespace {

/// Everything of customers that a merge must leave alone, table by table.
std::map<std::string, std::string> everything(test::house& h)
{
    std::map<std::string, std::string> all;
    for (const std::string table :
         {"customers",
          "identities",
          "customer_fields",
          "customer_tags",
          "conversations",
          "orders",
          "order_lines",
          "visitor_tokens",
          "attribute_values"})
        all[table] = h.rows_of(table);
    all["entries"] = h.rows_of("entries");
    return all;
}

identity an_address(customer_id of, identity_kind kind, std::string address)
{
    identity made;
    made.customer = of;
    made.kind = kind;
    made.address = std::move(address);
    return made;
}

} // namespace

TEST_CASE("a visitor without a name is anonymous until somebody names it")
{
    test::house h;
    const auto who = h.add(test::a_customer().anonymous());
    CHECK(h.now(who).anonymous);
    h.run([&](transaction& tx, context& as) {
        customers::change(tx, as, who, {.name = "  Zoë\u202E  "}, source::claimed);
    });
    CHECK_FALSE(h.now(who).anonymous);
    CHECK(h.now(who).name == "Zoë");
}

TEST_CASE("the archive keeps every value a field ever had, with its source")
{
    test::house h;
    const auto who = h.add(test::a_customer());
    const auto set = [&](const std::string& role, source from) {
        h.pass(1h);
        h.run([&](transaction& tx, context& as) {
            customers::change(
                tx, as, who, {.fields = {{archive_field::decision_role, role}}}, from
            );
        });
    };
    set("uses", source::claimed);
    set("decides", source::agent);
    set("decides", source::api);
    const auto history = customers::history(h.db(), who);
    REQUIRE(history.size() == 2);
    CHECK(history[0].content == "decides");
    CHECK(history[0].source == source::agent);
    CHECK_FALSE(history[0].ended.is_set());
    CHECK(history[1].content == "uses");
    CHECK(history[1].ended == history[0].observed);
    CHECK(customers::archive(h.db(), who).fields.at(archive_field::decision_role) == "decides");
}

TEST_CASE("all ten fields of a customer file exist")
{
    test::house h;
    const auto who = h.add(test::a_customer().mailing_from("ada@example.com"));
    h.run([&](transaction& tx, context& as) {
        customer_change all;
        for (const auto& [field, name] : vocabulary<archive_field>::all)
            all.fields[field] = name;
        customers::change(tx, as, who, all, source::agent);
        identities::add(tx, as, an_address(who, identity_kind::phone, "+49 30 1234"), false);
        company wanted;
        wanted.name = "Acme";
        wanted.domain = "Acme.example";
        const auto acme = companies::create(tx, as, wanted);
        customers::change(tx, as, who, {.company = acme.id}, source::agent);
        CHECK(companies::find_by_domain(tx.db(), "ACME.example")->name == "Acme");
    });
    const auto archive = customers::archive(h.db(), who);
    CHECK(archive.fields.size() == 9);
    CHECK(archive.completeness == Approx(1.0));
    const auto bare = customers::archive(h.db(), h.add(test::a_customer().anonymous()));
    CHECK(bare.completeness == Approx(0.0));
}

TEST_CASE("a change against an older revision is refused")
{
    test::house h;
    const auto who = h.add(test::a_customer());
    const auto revision = h.now(who).revision;
    h.run([&](transaction& tx, context& as) {
        customers::change(tx, as, who, {.name = "One"}, source::agent, revision);
    });
    CHECK_THROWS_AS(
        h.run([&](transaction& tx, context& as) {
            customers::change(tx, as, who, {.name = "Two"}, source::agent, revision);
        }),
        problem
    );
    CHECK(h.now(who).name == "One");
}

TEST_CASE("two who claim the same address stay apart, one who proves it owns it")
{
    test::house h;
    const auto one = h.add(test::a_customer());
    const auto two = h.add(test::a_customer());
    h.run([&](transaction& tx, context& as) {
        identities::add(tx, as, an_address(one, identity_kind::email, "Ann@Example.com"), false);
        identities::add(tx, as, an_address(two, identity_kind::email, "ann@example.com"), false);
    });
    CHECK_FALSE(identities::find_proven(h.db(), identity_kind::email, {}, "ann@example.com"));
    CHECK_FALSE(h.now(one).verified);
    const auto mine = identities::of(h.db(), two).front();
    CHECK(identities::sharing(h.db(), mine.id, 10) == std::vector{one});
    h.run([&](transaction& tx, context& as) { identities::verify(tx, as, mine.id); });
    CHECK(
        identities::find_proven(h.db(), identity_kind::email, {}, "ANN@example.com")->customer ==
        two
    );
    CHECK(h.now(two).verified);
    const auto theirs = identities::of(h.db(), one).front();
    CHECK_THROWS_AS(
        h.run([&](transaction& tx, context& as) { identities::verify(tx, as, theirs.id); }), problem
    );
}

TEST_CASE(
    "an address added twice is one identity, and a platform id means something on its account only"
)
{
    test::house h;
    const auto who = h.add(test::a_customer());
    h.run([&](transaction& tx, context& as) {
        auto psid = an_address(who, identity_kind::platform, "12345");
        psid.account = channel_account_id{7};
        const auto first = identities::add(tx, as, psid, true);
        CHECK(identities::add(tx, as, psid, true).id == first.id);
        psid.account = channel_account_id{8};
        CHECK(identities::add(tx, as, psid, false).id != first.id);
    });
    CHECK(identities::of(h.db(), who).size() == 2);
    CHECK(identities::find_proven(h.db(), identity_kind::platform, channel_account_id{7}, "12345"));
    CHECK_FALSE(
        identities::find_proven(h.db(), identity_kind::platform, channel_account_id{8}, "12345")
    );
}

TEST_CASE("addresses are compared in one form and refused when they are none")
{
    using identities::normalised;
    CHECK(normalised(identity_kind::email, " Ann.B@EXAMPLE.com ") == "ann.b@example.com");
    CHECK(normalised(identity_kind::phone, "0049 (30) 123-456") == "+4930123456");
    CHECK(normalised(identity_kind::phone, "+86 138 0013 8000") == "+8613800138000");
    for (const char* bad : {"", "ann", "@x", "a@", "a b@c.de", "a@b\r\nBcc: x@y.z", "<a@b.c>"})
        CHECK_THROWS_AS(normalised(identity_kind::email, bad), problem);
    for (const char* bad : {"", "12", "call me", "1234567890123456", "+4+9"})
        CHECK_THROWS_AS(normalised(identity_kind::phone, bad), problem);
}

TEST_CASE("a merge makes one timeline of two, and taking it back restores every byte")
{
    test::house h;
    const auto lin = h.add(test::a_customer().named("林晓雨").mailing_from("lin@example.com"));
    const auto visitor = h.add(test::a_customer().anonymous());
    const auto known = h.open(lin);
    const auto unknown = h.open(visitor);
    h.says(known, "known");
    h.pass(1s);
    h.says(unknown, "anonymous");
    h.run([&](transaction& tx, context& as) {
        tags::put_on(tx, as, visitor, tags::create(tx, as, "blue", "blue").id);
        customers::change(
            tx, as, visitor, {.fields = {{archive_field::likes, "tea"}}}, source::agent
        );
    });
    const auto before = everything(h);

    h.run([&](transaction& tx, context& as) { customers::merge(tx, as, lin, visitor); });
    CHECK(customers::root_of(h.db(), visitor) == lin);
    CHECK(customers::members_of(h.db(), lin) == std::vector{lin, visitor});
    const auto page = timeline::of_customer(h.db(), lin, std::nullopt, 50);
    REQUIRE(page.entries.size() == 2);
    CHECK(page.entries[0].text == "anonymous");
    CHECK(page.entries[1].text == "known");
    CHECK(h.now(unknown).shown.name == "林晓雨");
    const auto archive = customers::archive(h.db(), visitor);
    CHECK(archive.who.id == lin);
    CHECK(archive.fields.at(archive_field::likes) == "tea");
    CHECK(archive.tags.size() == 1);
    CHECK(everything(h)["entries"] == before.at("entries"));

    h.run([&](transaction& tx, context& as) { customers::unmerge(tx, as, visitor); });
    CHECK(everything(h) == before);
}

TEST_CASE("a merge brings the order's stage and the value along, and back")
{
    test::house h;
    const auto buyer = h.add(test::a_customer().worth(900));
    const auto visitor = h.add(test::a_customer().anonymous());
    const auto talk = h.open(visitor);
    h.says(talk, "hello");
    const auto buyer_before = h.rows_of("customers");
    CHECK(h.now(talk).stage == stage::pre_sale);
    h.run([&](transaction& tx, context& as) { customers::merge(tx, as, buyer, visitor); });
    CHECK(h.now(talk).stage == stage::in_sale);
    CHECK(h.now(talk).shown.tier == h.now(buyer).tier);
    CHECK(timeline::before(h.db(), talk.id, std::nullopt, 1).entries[0].stage == stage::in_sale);
    h.run([&](transaction& tx, context& as) { customers::unmerge(tx, as, visitor); });
    CHECK(h.now(talk).stage == stage::pre_sale);
    CHECK(h.rows_of("customers") == buyer_before);
}

TEST_CASE("members of merged members are members, and only the merge that was made comes apart")
{
    test::house h;
    const auto a = h.add(test::a_customer());
    const auto b = h.add(test::a_customer());
    const auto c = h.add(test::a_customer());
    const auto merge = [&](customer_id into, customer_id other) {
        h.run([&](transaction& tx, context& as) { customers::merge(tx, as, into, other); });
    };
    merge(b, c);
    merge(a, b);
    CHECK(customers::root_of(h.db(), c) == a);
    CHECK(customers::members_of(h.db(), a).size() == 3);
    CHECK_THROWS_AS(merge(c, a), problem);
    CHECK_THROWS_AS(merge(a, a), problem);
    CHECK_THROWS_AS(merge(a, c), problem);
    h.run([&](transaction& tx, context& as) { customers::unmerge(tx, as, b); });
    CHECK(customers::root_of(h.db(), c) == b);
    CHECK(customers::members_of(h.db(), a).size() == 1);
    CHECK_THROWS_AS(
        h.run([&](transaction& tx, context& as) { customers::unmerge(tx, as, a); }), problem
    );
}

TEST_CASE("a visitor is known by its token until the token is closed or too old")
{
    test::house h;
    const auto who = h.add(test::a_customer().anonymous());
    const std::string hash(64, 'b');
    const auto token = h.run([&](transaction& tx, context& as) {
        return visitors::open(tx, as, hash, who, {}, h.help, as.now + 1h);
    });
    CHECK(visitors::find(h.db(), hash, h.time.now())->customer == who);
    CHECK_FALSE(visitors::find(h.db(), std::string(64, 'c'), h.time.now()));
    CHECK_FALSE(visitors::find(h.db(), hash, h.time.now() + 2h));
    CHECK_FALSE(visitors::is_spent(h.db(), hash, h.time.now()));
    CHECK_FALSE(visitors::is_spent(h.db(), std::string(64, 'c'), h.time.now()));
    CHECK(visitors::is_spent(h.db(), hash, h.time.now() + 2h));
    h.run([&](transaction& tx, context& as) { visitors::close(tx, as, token.id); });
    CHECK_FALSE(visitors::find(h.db(), hash, h.time.now()));
    CHECK(visitors::is_spent(h.db(), hash, h.time.now()));
}
