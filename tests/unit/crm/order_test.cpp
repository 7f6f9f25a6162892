#include "crm/base/problem.hpp"
#include "crm/timeline_pages.hpp"
#include "tests/support/builders.hpp"

#include <catch2/catch.hpp>

using namespace crm;
using namespace std::chrono_literals;

TEST_CASE("the stage of each order status stands in one table")
{
    CHECK(stage_of(std::nullopt) == stage::pre_sale);
    CHECK(stage_of(order_status::placed) == stage::in_sale);
    CHECK(stage_of(order_status::paid) == stage::in_sale);
    CHECK(stage_of(order_status::shipped) == stage::in_sale);
    CHECK(stage_of(order_status::delivered) == stage::after_sale);
    CHECK(stage_of(order_status::returned) == stage::after_sale);
    CHECK(stage_of(order_status::refunded) == stage::after_sale);
    CHECK(stage_of(order_status::cancelled) == stage::pre_sale);
}

TEST_CASE("an entry keeps the stage its customer was in when it was written")
{
    test::house h;
    const auto who = h.add(test::a_customer());
    const auto talk = h.open(who);
    h.says(talk, "looking");
    auto order = h.buys(who, "A1", order_status::placed);
    h.says(talk, "bought");
    order = h.moves(order, order_status::delivered);
    h.says(talk, "broken");
    std::vector<stage> stages;
    for (const entry& one : timeline::before(h.db(), talk.id, std::nullopt, 50).entries)
        if (one.kind == entry_kind::message)
            stages.push_back(one.stage);
    CHECK(stages == std::vector{stage::pre_sale, stage::in_sale, stage::after_sale});
    CHECK(h.count("entries", "stage NOT IN (1, 2, 3)") == 0);
}

TEST_CASE("the newest order that is not cancelled decides")
{
    test::house h;
    const auto who = h.add(test::a_customer());
    h.moves(h.buys(who, "A1", order_status::paid), order_status::delivered);
    const auto talk = h.open(who);
    CHECK(talk.stage == stage::after_sale);
    h.pass(1h);
    const auto second = h.buys(who, "A2", order_status::placed);
    CHECK(h.now(talk).stage == stage::in_sale);
    h.moves(second, order_status::cancelled);
    CHECK(h.now(talk).stage == stage::after_sale);
}

TEST_CASE("the order that a conversation names decides before the newest")
{
    test::house h;
    const auto who = h.add(test::a_customer());
    const auto old = h.moves(h.buys(who, "A1", order_status::paid), order_status::delivered);
    h.pass(1h);
    const auto fresh = h.buys(who, "A2", order_status::placed);
    const auto talk = h.open(who);
    CHECK(talk.stage == stage::in_sale);
    h.run([&](transaction& tx, context& as) {
        const auto now = conversations::link_order(tx, as, talk.id, old.id);
        CHECK(now.stage == stage::after_sale);
        CHECK(now.order_number == "A1");
    });
    h.moves(fresh, order_status::paid);
    CHECK(h.now(talk).stage == stage::after_sale);
    const auto other = h.buys(h.add(test::a_customer()), "B1", order_status::placed);
    CHECK_THROWS_AS(
        h.run([&](transaction& tx, context& as) {
            conversations::link_order(tx, as, talk.id, other.id);
        }),
        problem
    );
}

TEST_CASE("a stage set by hand holds for the conversation and is logged")
{
    test::house h;
    const auto who = h.add(test::a_customer());
    const auto talk = h.open(who);
    h.run(h.by_agent(), [&](transaction& tx, context& as) {
        conversations::set_stage(tx, as, talk.id, stage::after_sale, "a repair of an old one");
    });
    const log_entry& line = h.base.news.back();
    CHECK(line.what == happening::stage_changed);
    CHECK(line.amount == 1);
    CHECK(line.actor_id == raw(h.ann));
    h.buys(who, "A1", order_status::placed);
    CHECK(h.now(talk).stage == stage::after_sale);
    CHECK(h.says(talk, "hello").what->stage == stage::after_sale);
    CHECK(h.open(who).stage == stage::in_sale);
    h.run(h.by_agent(), [&](transaction& tx, context& as) {
        conversations::set_stage(tx, as, talk.id, std::nullopt, "no, the new one");
    });
    CHECK(h.now(talk).stage == stage::in_sale);
}

TEST_CASE("orders move forward only")
{
    using enum order_status;
    const order_status all[] = {placed, paid, shipped, delivered, returned, refunded, cancelled};
    const std::string allowed =
        "placed>paid placed>shipped placed>delivered placed>cancelled "
        "paid>shipped paid>delivered paid>refunded paid>cancelled "
        "shipped>delivered shipped>returned shipped>refunded shipped>cancelled "
        "delivered>returned delivered>refunded returned>refunded ";
    for (const order_status from : all)
        for (const order_status to : all) {
            const std::string step = std::string{word(from)} + ">" + std::string{word(to)} + " ";
            CAPTURE(step);
            const std::size_t at = allowed.find(step);
            const bool named = at == 0 || (at != std::string::npos && allowed[at - 1] == ' ');
            CHECK(orders::may_follow(from, to) == named);
        }
}

TEST_CASE("each status of an order appends one entry to the customer's timeline")
{
    test::house h;
    const auto who = h.add(test::a_customer());
    auto order = h.buys(who, "A10293", order_status::placed);
    for (const order_status next :
         {order_status::paid, order_status::shipped, order_status::delivered, order_status::returned
         }) {
        h.pass(1h);
        order = h.moves(order, next);
        const auto revision = order.revision;
        order = h.moves(order, next);
        CHECK(order.revision == revision);
    }
    const auto page = timeline::of_customer(h.db(), who, std::nullopt, 50);
    REQUIRE(page.entries.size() == 5);
    for (const entry& one : page.entries) {
        CHECK(one.kind == entry_kind::order);
        CHECK(one.reference == raw(order.id));
        CHECK(one.details.find("A10293") != std::string::npos);
    }
    CHECK(page.entries[0].stage == stage::after_sale);
    CHECK(page.entries[4].stage == stage::in_sale);
    CHECK(order.placed < order.paid);
    CHECK(order.delivered < order.returned);
    const auto told =
        std::count_if(h.base.news.begin(), h.base.news.end(), [](const log_entry& one) {
            return one.what == happening::order_changed && one.order_state;
        });
    CHECK(told == 4);
}

TEST_CASE("the same number again is the same order, and nobody else's")
{
    test::house h;
    const auto who = h.add(test::a_customer());
    const auto first = h.buys(who, "A1", order_status::paid, 5'000);
    CHECK(h.buys(who, "A1", order_status::placed, 9'000).id == first.id);
    CHECK(h.count("orders") == 1);
    CHECK_THROWS_AS(h.buys(h.add(test::a_customer()), "A1", order_status::placed), problem);
}

TEST_CASE("totals come from the lines unless they are given")
{
    test::house h;
    const auto who = h.add(test::a_customer());
    const auto made = h.run([&](transaction& tx, context& as) {
        order wanted;
        wanted.number = "A1";
        wanted.customer = who;
        wanted.status = order_status::paid;
        wanted.lines = {
            {.sku = "tea",
             .name = "绿茶",
             .quantity = 3,
             .unit_minor = 1'200,
             .unit_cost_minor = 400},
            {.sku = "cup", .name = "Cup", .quantity = 1, .unit_minor = 900, .unit_cost_minor = 300}
        };
        return orders::place(tx, as, wanted);
    });
    CHECK(made.total_minor == 4'500);
    CHECK(made.cost_minor == 1'500);
    CHECK(made.margin_minor() == 3'000);
    CHECK(orders::find(h.db(), "A1")->lines == made.lines);
    const auto refunded = h.moves(made, order_status::refunded);
    CHECK(refunded.refunded_minor == 4'500);
    CHECK(refunded.margin_minor() == 0);
}

TEST_CASE("an order that cannot be is refused by the member at fault")
{
    test::house h;
    const auto who = h.add(test::a_customer());
    const auto refused = [&](const std::string& field, auto change) {
        order wanted;
        wanted.number = "A1";
        wanted.customer = who;
        change(wanted);
        try {
            h.run([&](transaction& tx, context& as) { orders::place(tx, as, wanted); });
            FAIL("was not refused: " << field);
        } catch (const problem& why) {
            CHECK(why.field() == field);
        }
    };
    refused("number", [](order& o) { o.number.clear(); });
    refused("total_minor", [](order& o) { o.total_minor = -1; });
    refused("lines[0].quantity", [](order& o) { o.lines = {{.name = "x", .quantity = 0}}; });
    refused("lines[0].name", [](order& o) { o.lines = {{.name = ""}}; });
    refused("lines", [](order& o) { o.lines.assign(201, {.name = "x"}); });
    refused("customer", [](order& o) { o.customer = customer_id{5}; });
    CHECK(h.count("orders") == 0);
}

namespace {

/// A transaction that counts the statements that write lines of orders.
class counting_lines final : public transaction, private db::connection
{
public:
    explicit counting_lines(transaction& of) : of_{of} {}
    [[nodiscard]] int statements() const { return statements_; }

    db::connection& db() override { return *this; }
    void append(log_entry happened) override { of_.append(std::move(happened)); }
    void exec_later(
        const db::row_statement& how, db::later_row row, std::shared_ptr<const void> owner
    ) override
    {
        of_.exec_later(how, std::move(row), std::move(owner));
    }
    [[nodiscard]] change_count changed() const override { return of_.changed(); }
    [[nodiscard]] std::any& shared() override { return of_.shared(); }

private:
    db::rows query_span(std::string_view sql, std::span<const db::value> args) override
    {
        return of_.db().query_span(sql, args);
    }
    std::int64_t exec_span(std::string_view sql, std::span<const db::value> args) override
    {
        statements_ += sql.starts_with("INSERT INTO order_lines") ? 1 : 0;
        return of_.db().exec_span(sql, args);
    }
    void run_once(std::string_view) override {}
    void begin_write() override {}
    void begin_read() override {}
    void commit() override {}
    void rollback() noexcept override {}
    [[nodiscard]] db::dialect speaks() const override { return of_.db().speaks(); }

    transaction& of_;
    int statements_ = 0;
};

} // namespace

TEST_CASE("the lines of an order are written many at once, as many as there may be")
{
    test::house h;
    const auto who = h.add(test::a_customer());
    for (const int lines : {1, 3, 21, 85, 200}) {
        INFO(lines << " lines");
        order wanted;
        wanted.number = "A" + std::to_string(lines);
        wanted.customer = who;
        for (int i = 0; i < lines; ++i)
            wanted.lines.push_back({.sku = std::to_string(i), .name = "x", .unit_minor = i});
        const auto statements = h.run([&](transaction& tx, context& as) {
            counting_lines counted{tx};
            orders::place(counted, as, wanted);
            return counted.statements();
        });
        CHECK(statements <= 5);
        CHECK(orders::find(h.db(), wanted.number)->lines == wanted.lines);
    }
    // The row limit of a job holds but for the order, its entry and what hangs on them.
    CHECK(h.base.rows_of_last_write() <= 200 + 20);
}
