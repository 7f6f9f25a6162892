// Shortening the log, on both databases.
#include "crm/agenda.hpp"
#include "crm/log_floor.hpp"
#include "crm/search.hpp"
#include "crm/store/log_reader.hpp"
#include "tests/support/store_fixture.hpp"

#include <catch2/catch.hpp>

using namespace crm;
using namespace crm::test;
using namespace std::chrono_literals;

namespace {

constexpr instant day_one{1'772'442'000'000'000};

/// A log with one entry an hour.
struct hourly_log : store_fixture
{
    explicit hourly_log(backend on, int hours) : store_fixture{on}
    {
        for (int from = 0; from < hours; from += 100)
            write([from, to = std::min(from + 100, hours)](transaction& tx) {
                for (int i = from; i < to; ++i)
                    tx.append({.at = day_one + i * 1h, .what = happening::setting_changed});
            });
    }
    void follow_all()
    {
        while (write([](transaction& tx) { return search::follow(tx, 200); })) {
        }
    }
    int raise(instant older_than)
    {
        int pieces = 0;
        for (; pieces < 50; ++pieces)
            if (!write([older_than](transaction& tx) { return log_floor::raise(tx, older_than); }))
                break;
        return pieces;
    }
    log_bounds bounds()
    {
        return read([](db::connection& on) { return read_log_bounds(on); });
    }
    std::size_t entries()
    {
        return read([](db::connection& on) { return read_log(on, 0, 5'000).size(); });
    }
};

} // namespace

TEST_CASE("the floor of the log rises to the age that is asked for, in small "
          "pieces")
{
    hourly_log house{GENERATE(from_range(backends())), 400};
    house.follow_all();
    const auto head = house.bounds().head;
    const auto first = head - 400;
    CHECK(house.raise(day_one + 350h) >= 2);
    CHECK(house.bounds().floor == first + 350);
    CHECK(house.bounds().head == head);
    CHECK(house.entries() == 50);
    CHECK(house.raise(day_one + 350h) == 0);
    house.raise(day_one + 9'000h);
    CHECK(house.entries() == 0);
    // What comes now is numbered on.
    house.write([](transaction& tx) { tx.append({.what = happening::setting_changed}); });
    CHECK(house.bounds().head == head + 1);
    CHECK(house.bounds().floor == head);
}

TEST_CASE("the floor never rises past what the search has not read, nor past a "
          "timer or a request")
{
    hourly_log house{GENERATE(from_range(backends())), 100};
    // The search was laid out at the head of an empty log and has followed nothing yet.
    CHECK(house.raise(day_one + 100h) == 0);
    CHECK(house.entries() == 100);
    house.follow_all();
    house.write([](transaction& tx) {
        const system_clock time;
        id_source ids{time, 3};
        context by{.who = {}, .now = day_one + 60h, .ids = ids.reserve(4)};
        agenda::set(tx, by, timer_kind::snooze_over, 5, day_one + 9'000h);
    });
    house.follow_all();
    house.raise(day_one + 90h);
    const auto kept = house.entries();
    CHECK(kept >= 40);
    CHECK(kept <= 43);
    house.write([](transaction& tx) {
        agenda::cancel(tx, timer_kind::snooze_over, 5);
        tx.exec(
            "INSERT INTO requests (id, conversation_id, inbox_id, customer_id, "
            "channel, team_id,"
            " skills, preferred_agent_id, state, enqueued_at, due_at, "
            "place_us, head_start_us,"
            " congestion_us, score, value_snapshot_id, boost, ring, agent_id, "
            "offered_at,"
            " offer_expires_at, accepted_at, closed_at, close_reason, offers, "
            "updated_at, revision)"
            " VALUES (1, 1, 1, 1, 1, 0, '', 0, 1, ?, 0, 0, 0, 0, 0, 0, 0, 0, "
            "0, 0, 0, 0, 0, 0, 0, 0, 1)",
            {day_one + 75h}
        );
    });
    house.raise(day_one + 90h);
    CHECK(house.entries() < kept);
    CHECK(house.entries() >= 25);
}
