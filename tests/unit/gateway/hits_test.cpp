// Pages of search hits, filled with what may be seen.
#include "gateway/rest/hits.hpp"
#include "tests/support/builders.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <set>

using namespace crm;
using ids = std::vector<std::int64_t>;

namespace {

struct found_page
{
    ids shown;
    std::int64_t next = 0;
};

found_page page_of(test::house& h, const std::set<std::int64_t>& seen, int limit, std::int64_t from)
{
    search::question asked{.words = "zed", .kind = search::document::customer};
    asked.before = from;
    gateway::wire::json_text items;
    items.open_list();
    const auto write = [&](gateway::wire::json_text& to, const search::hit& hit) {
        if (!seen.contains(hit.id))
            return false;
        to.digits(hit.id);
        return true;
    };
    found_page made;
    made.next = gateway::rest::write_hits(items, h.db(), asked, limit, write);
    items.close_list();
    const auto list = boost::json::parse(items.text());
    for (const auto& each : list.as_array())
        made.shown.push_back(parse_id(each.as_string()));
    return made;
}

} // namespace

TEST_CASE("a page of hits is full although most are out of sight, and knows whether more follow")
{
    test::house h;
    search::begin_anew(h.db());
    std::vector<std::int64_t> made;
    for (int i = 0; i < 320; ++i)
        made.push_back(raw(h.add(test::a_customer().named("Zed"))));
    while (h.base.write([](transaction& in) { return search::follow(in, 100); })) {
    }
    const std::set<std::int64_t> seen{made[1], made[2], made[5], made[310]};
    const auto first = page_of(h, seen, 2, 0);
    CHECK(first.shown == ids{made[310], made[5]});
    CHECK(first.next == made[5]);
    const auto second = page_of(h, seen, 2, first.next);
    CHECK(second.shown == ids{made[2], made[1]});
    CHECK(second.next == 0);
    CHECK(page_of(h, seen, 3, 0).next == made[2]);
    CHECK(page_of(h, {}, 2, 0).shown.empty());
}

TEST_CASE("customers out of sight are left out of a page of hits all at once")
{
    test::house h;
    search::begin_anew(h.db());
    const auto sales = h.add_inbox("sales");
    std::vector<customer_id> all;
    for (int i = 0; i < 250; ++i) {
        all.push_back(h.add(test::a_customer().named("Zed")));
        h.open(all.back(), i % 100 == 7 ? sales : h.help);
    }
    while (h.base.write([](transaction& in) { return search::follow(in, 100); })) {
    }
    search::question asked{.words = "zed", .kind = search::document::customer};
    asked.who = {.everything = false, .agent = agent_id{77}, .inboxes = {sales}, .teams = {}};
    ids shown;
    gateway::wire::json_text nowhere;
    const auto write = [&](gateway::wire::json_text&, const search::hit& hit) {
        shown.push_back(hit.id);
        return true;
    };
    const auto next = gateway::rest::write_hits(nowhere, h.db(), asked, 10, write);
    CHECK(shown == ids{raw(all[207]), raw(all[107]), raw(all[7])});
    CHECK(next == 0);
}
