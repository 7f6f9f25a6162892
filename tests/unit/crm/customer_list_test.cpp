// The archive's list, for those who see everything and those who see a part.
#include "crm/customer_list.hpp"
#include "crm/store/migrations.hpp"
#include "tests/support/builders.hpp"

#include <catch2/catch.hpp>

using namespace crm;
using namespace std::chrono_literals;

namespace {

const audience everybody{.everything = true};

audience only_in(inbox_id inbox)
{
    audience made;
    made.agent = agent_id{77};
    made.inboxes = {inbox};
    return made;
}

/// The pages one after another, as lists of ids.
std::vector<std::vector<customer_id>> pages_of(test::house& h, const audience& who, int limit)
{
    std::vector<std::vector<customer_id>> pages;
    std::optional<customers::list_place> from;
    for (int i = 0; i < 50; ++i) {
        auto page = customers::list(h.db(), who, from, limit);
        pages.push_back(std::move(page.customers));
        if (!page.next)
            return pages;
        from = page.next;
    }
    FAIL("the pages do not end");
    return pages;
}

using pages = std::vector<std::vector<customer_id>>;

// Customers who have bought, and are therefore no strangers, but stand in no inbox: 50,000 of them.
constexpr std::string_view make_figures = "CREATE TABLE figures (id {id})";
constexpr std::string_view insert_buyers =
    "INSERT INTO customers (id, anonymous, name, locale, timezone, company_id, owner_agent_id,"
    " merged_into, score, tier, tier_pinned, value_minor, currency, verified, profiling_opt_out,"
    " created_at, updated_at, last_seen_at, erased_at, revision)"
    " SELECT ? + a.id * 10000 + b.id * 1000 + c.id * 100 + d.id * 10 + e.id, 0, 'Buyer', '', '', 0,"
    " 0, 0, 0, 0, 0, 0, '', 0, 0, 0, ?, 0, 0, 1"
    " FROM figures a JOIN figures b JOIN figures c JOIN figures d JOIN figures e WHERE a.id < 5";
constexpr std::string_view insert_orders =
    "INSERT INTO orders (id, number, customer_id, conversation_id, status, currency, total_minor,"
    " cost_minor, refunded_minor, placed_at, paid_at, shipped_at, delivered_at, returned_at,"
    " refunded_at, cancelled_at, carrier, tracking, eta, created_at, updated_at, revision)"
    " SELECT id, id, id, 0, 1, 'EUR', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, '', '', 0, 0, 0, 1"
    " FROM customers WHERE name = 'Buyer'";

} // namespace

TEST_CASE("the list of customers shows those who stand for themselves, last changed first")
{
    test::house h;
    std::vector<customer_id> made;
    for (int i = 0; i < 5; ++i) {
        h.pass(1s);
        made.push_back(h.add(test::a_customer()));
    }
    h.run([&](transaction& tx, context& as) { customers::merge(tx, as, made[0], made[1]); });
    CHECK(pages_of(h, everybody, 2) == pages{{made[4], made[3]}, {made[2], made[0]}});
    CHECK(pages_of(h, everybody, 4) == pages{{made[4], made[3], made[2], made[0]}});
}

TEST_CASE("a page of customers is filled with those within sight, however many are not")
{
    test::house h;
    const auto sales = h.add_inbox("sales");
    const auto theirs = h.add(test::a_customer().named("In sales"));
    h.open(theirs, sales);
    h.pass(1s);
    // Seen by a conversation of somebody who was merged into somebody who was merged.
    const auto root = h.add(test::a_customer().named("Root"));
    const auto middle = h.add(test::a_customer());
    const auto leaf = h.add(test::a_customer());
    h.open(root, h.help);
    h.open(leaf, sales);
    h.run([&](transaction& tx, context& as) {
        customers::merge(tx, as, middle, leaf);
        customers::merge(tx, as, root, middle);
    });
    // Merged, too, but nobody of them was ever in sales.
    const auto hidden = h.add(test::a_customer());
    const auto part = h.add(test::a_customer());
    h.open(part, h.help);
    h.run([&](transaction& tx, context& as) { customers::merge(tx, as, hidden, part); });
    h.pass(1s);
    const auto stranger = h.add(test::a_customer().named("Nobody's yet"));
    for (int i = 0; i < 700; ++i) {
        h.pass(1s);
        h.open(h.add(test::a_customer()), h.help);
    }
    const auto newest = h.add(test::a_customer().named("In sales, too"));
    h.open(newest, sales);

    const auto seen = only_in(sales);
    const std::vector asked{theirs, root, middle, leaf, hidden, part, stranger, newest};
    CHECK(
        customers::seen_among(h.db(), seen, asked) ==
        std::set{theirs, root, middle, leaf, stranger, newest}
    );
    CHECK(customers::seen_among(h.db(), everybody, asked).size() == asked.size());
    CHECK(pages_of(h, seen, 2) == pages{{newest, stranger}, {root, theirs}});
    CHECK(pages_of(h, seen, 10) == pages{{newest, stranger, root, theirs}});
    CHECK(pages_of(h, only_in(h.add_inbox("new")), 10) == pages{{stranger}});
}

TEST_CASE("a list of customers looks past so many at most, and says where it goes on")
{
    test::house h;
    const auto far = h.add(test::a_customer().named("Far down"));
    const instant later = h.time.now() + 1h;
    h.db().run_once(db::in_dialect(make_figures, h.db().speaks()));
    h.base.write([&](transaction& tx) {
        for (int i = 0; i < 10; ++i)
            tx.exec("INSERT INTO figures (id) VALUES (?)", {i});
        tx.exec(insert_buyers, {1'000'000, later});
        tx.exec(insert_orders, {});
    });
    const auto all = pages_of(h, only_in(h.help), 10);
    h.db().run_once("DROP TABLE figures");
    // 50,000 lie before the one who may be seen.
    CHECK(all == pages{{}, {far}});
}
