// Rows of several jobs that are written in one statement, on both databases.
#include "tests/store/notes.hpp"
#include "tests/support/store_fixture.hpp"

#include <catch2/catch.hpp>

using namespace crm;
using namespace crm::test;

namespace {

constexpr db::row_statement::text_of_many insert_notes{
    .head = "INSERT INTO idempotency_keys (principal, client_key, fingerprint, status, body, "
            "created) VALUES ",
    .first = "('note', ?, '', ?, '', 0)",
    .further = "('note', ?, '', ?, '', 0)",
    .between = ", ",
    .tail = ""
};
constexpr db::row_statement insert_note{.one = "", .sqlite = insert_notes, .mysql = insert_notes};
constexpr db::row_statement set_status{
    .one = "UPDATE idempotency_keys SET status = ? WHERE principal = 'note' AND client_key = ?",
    .sqlite = {},
    .mysql =
        {.head = "UPDATE idempotency_keys k JOIN (",
         .first = "SELECT ? AS status, ? AS note",
         .further = "SELECT ?, ?",
         .between = " UNION ALL ",
         .tail = ") v ON k.client_key = v.note SET k.status = v.status WHERE k.principal = 'note'"}
};

void put_later(transaction& in, const std::string& note, std::int64_t status = 0)
{
    auto kept = std::make_shared<const std::string>(note);
    db::later_row row{.key = 0, .values = {*kept, status}};
    in.exec_later(insert_note, std::move(row), kept);
}

void set_later(transaction& in, std::int64_t key, const std::string& note, std::int64_t status)
{
    auto kept = std::make_shared<const std::string>(note);
    db::later_row row{.key = key, .values = {status, *kept}};
    in.exec_later(set_status, std::move(row), kept);
}

std::int64_t status_of(db::connection& on, const std::string& note)
{
    db::rows row = on.query(
        "SELECT status FROM idempotency_keys WHERE principal = 'note' AND client_key = ?", {note}
    );
    return row.next() ? row.integer(0) : -1;
}

} // namespace

TEST_CASE("rows of a whole batch are written, each with its own values")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    store_fixture base{on};
    const auto gate = base.hold_writer();
    std::vector<std::shared_ptr<outcome<void>>> started;
    for (int i = 0; i < 90; ++i) // 64 + 16 + 4 + 4 + 1 + 1
        started.push_back(base.start([i](transaction& in) {
            put_later(in, "n" + std::to_string(i), i);
        }));
    gate->set_value();
    base.run_until([&] { return started.back()->is_done(); });
    const auto again = base.hold_writer();
    started.clear();
    for (int i = 0; i < 90; ++i)
        started.push_back(base.start([i](transaction& in) {
            set_later(in, i + 1, "n" + std::to_string(i), 1'000);
            set_later(in, i + 1, "n" + std::to_string(i), 2'000 + i); // in place of the first
        }));
    again->set_value();
    base.run_until([&] { return started.back()->is_done(); });
    for (int i = 0; i < 90; ++i)
        CHECK(base.read([i](db::connection& from) {
            return status_of(from, "n" + std::to_string(i));
        }) == 2'000 + i);
    CHECK(base.store().health().reruns == 0);
}

TEST_CASE("a statement sees the rows that wait, its own job's and the others'")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    store_fixture base{on};
    const auto gate = base.hold_writer();
    const auto first = base.start([](transaction& in) {
        put_later(in, "a", 1);
        const change_count before = in.changed();
        put_later(in, "b", 2);
        return in.changed().later - before.later;
    });
    const auto second = base.start([](transaction& in) {
        const auto seen = notes(in.db());
        in.exec("DELETE FROM idempotency_keys WHERE client_key = 'a'");
        return seen;
    });
    gate->set_value();
    base.run_until([&] { return second->is_done(); });
    CHECK(first->value == 1);
    CHECK(second->value == std::vector<std::string>{"a", "b"});
    CHECK(base.read([](db::connection& from) {
        return notes(from);
    }) == std::vector<std::string>{"b"});
}

TEST_CASE("one job's refused row costs no other job its own")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    store_fixture base{on};
    base.write([](transaction& in) { put(in, "taken"); });
    const auto gate = base.hold_writer();
    const auto before = base.start([](transaction& in) { put_later(in, "a"); });
    const auto refused = base.start([](transaction& in) { put_later(in, "taken"); });
    const auto after = base.start([](transaction& in) { put_later(in, "b"); });
    const auto last = base.start([](transaction& in) { put(in, "c"); });
    gate->set_value();
    base.run_until([&] { return last->is_done() && refused->is_done() && after->is_done(); });
    CHECK(before->value);
    CHECK(after->value);
    CHECK(last->value);
    REQUIRE(refused->failed);
    CHECK_THROWS_AS(std::rethrow_exception(refused->failed), problem);
    CHECK(base.read([](db::connection& from) {
        return notes(from);
    }) == std::vector<std::string>{"a", "b", "c", "taken"});
    CHECK(base.store().health().quarantined == 0);
}

TEST_CASE("rows of a job that throws afterwards are not written")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    store_fixture base{on};
    const auto gate = base.hold_writer();
    const auto first = base.start([](transaction& in) { put_later(in, "a"); });
    const auto failing = base.start([](transaction& in) {
        put_later(in, "never");
        throw problem{errc::invalid, "no"};
    });
    gate->set_value();
    base.run_until([&] { return first->is_done() && failing->is_done(); });
    CHECK(first->value);
    CHECK(failing->failed);
    CHECK(base.read([](db::connection& from) {
        return notes(from);
    }) == std::vector<std::string>{"a"});
}
