#include "crm/erasure.hpp"
#include "crm/timeline_pages.hpp"
#include "routing/wheel.hpp"
#include "tests/store/routing/contact_center.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace routing;
using namespace routing::test;
using namespace std::chrono_literals;
using crm::conversation_status;
using crm::happening;

namespace {

/// A contact centre with its wheel, which the test may start late.
struct timed_center : contact_center
{
    explicit timed_center(crm::test::backend on = crm::test::backend::sqlite) : contact_center{on}
    {
        wheel = routing::wheel::make(base.io, base.store(), base.time, *board);
    }
    ~timed_center() { wheel->stop(); }

    void snooze(crm::agent_id who, crm::conversation_id where, std::chrono::microseconds length)
    {
        run(board->set_status(
            agent_actor(who), where, conversation_status::snoozed, base.time.now() + length
        ));
        settle();
    }
    crm::conversation state_of(crm::conversation_id which)
    {
        return base.read([which](crm::db::connection& on) {
            return crm::conversations::need(on, which);
        });
    }
    std::optional<crm::timer> timer_of(crm::conversation_id which)
    {
        return base.read([which](crm::db::connection& on) {
            return crm::agenda::find(on, crm::timer_kind::snooze_over, crm::raw(which));
        });
    }
    std::optional<crm::instant> next_due()
    {
        return base.read([](crm::db::connection& on) { return crm::agenda::next(on); });
    }
    /// True when the news shows the conversation open after being snoozed.
    bool told_open(crm::conversation_id which) const
    {
        bool snoozed = false;
        bool open = false;
        for (const crm::log_entry& one : base.news) {
            if (one.conversation != which)
                continue;
            if (one.what == happening::snoozed) {
                snoozed = true;
                open = false;
            } else if (one.what == happening::status_changed) {
                open = snoozed && one.number == static_cast<int>(conversation_status::open);
            }
        }
        return open;
    }
    void until_open(crm::conversation_id which)
    {
        base.run_until([&] { return told_open(which); });
        settle();
    }

    std::shared_ptr<routing::wheel> wheel;
};

} // namespace

TEST_CASE("a snoozed conversation opens again at its time, with the agent who had it")
{
    timed_center house{GENERATE(from_range(crm::test::backends()))};
    house.wheel->start();
    const auto ann = house.agent("ann");
    house.online(ann);
    const auto asked = house.say("ada", "Call me when it is in stock.");
    house.accept(ann, house.offers().at(0).request);
    house.snooze(ann, asked.conversation, 400ms);
    CHECK(house.state_of(asked.conversation).status == conversation_status::snoozed);
    CHECK(house.dispatcher->load_of(ann).used == 0);
    house.until_open(asked.conversation);
    const auto now = house.state_of(asked.conversation);
    CHECK(now.assignee == ann);
    CHECK(now.request_state == crm::request_state::active);
    CHECK_FALSE(now.snoozed_until.is_set());
    CHECK(house.dispatcher->load_of(ann).used == 4);
    CHECK_FALSE(house.timer_of(asked.conversation));
    const auto last = house.base.read([where = asked.conversation](crm::db::connection& on) {
        std::string details;
        for (const crm::entry& one : crm::timeline::before(on, where, std::nullopt, 50).entries)
            details += one.details;
        return details;
    });
    CHECK(last.find(R"("reason":"snooze_over")") != std::string::npos);
}

TEST_CASE("a snoozed conversation that nobody has goes into the line when it wakes")
{
    timed_center house;
    house.wheel->start();
    const auto ann = house.agent("ann");
    const auto asked = house.say("ada", "hello");
    house.snooze(ann, asked.conversation, 300ms);
    house.online(ann);
    CHECK(house.offers().empty());
    house.until_open(asked.conversation);
    house.until_offers(1);
    CHECK(house.offers().at(0).conversation == asked.conversation);
    CHECK(house.offers().at(0).agent == ann);
}

TEST_CASE("a customer's message, or an agent's hand, ends a snooze before its time")
{
    timed_center house;
    house.wheel->start();
    const auto ann = house.agent("ann");
    const auto asked = house.say("ada", "hello");
    house.snooze(ann, asked.conversation, 1h);
    REQUIRE(house.timer_of(asked.conversation));
    house.say("ada", "It has come, thank you!");
    CHECK(house.state_of(asked.conversation).status == conversation_status::open);
    CHECK_FALSE(house.timer_of(asked.conversation));
    house.snooze(ann, asked.conversation, 1h);
    house.resolve(ann, asked.conversation);
    CHECK_FALSE(house.timer_of(asked.conversation));
    CHECK(house.state_of(asked.conversation).status == conversation_status::resolved);
}

TEST_CASE("what fell due while nothing ran happens at the start, and an earlier timer goes first")
{
    timed_center house{GENERATE(from_range(crm::test::backends()))};
    const auto ann = house.agent("ann");
    const auto missed = house.say("ada", "hello");
    const auto later = house.say("bea", "hello");
    const auto sooner = house.say("cyd", "hello");
    house.snooze(ann, missed.conversation, 1ms);
    const auto due = house.timer_of(missed.conversation)->due;
    house.base.run_until([&] { return house.base.time.now() > due; });
    CHECK(house.state_of(missed.conversation).status == conversation_status::snoozed);
    house.wheel->start();
    house.until_open(missed.conversation);

    house.snooze(ann, later.conversation, 1h);
    CHECK(house.wheel->waits_for() == house.next_due());
    house.snooze(ann, sooner.conversation, 200ms);
    house.until_open(sooner.conversation);
    CHECK(house.state_of(later.conversation).status == conversation_status::snoozed);
    house.base.run_until([&] { return house.wheel->waits_for().has_value(); });
    CHECK(house.wheel->waits_for() == house.next_due());
    // Snoozed again for longer, the timer moves, and there is still one.
    house.snooze(ann, later.conversation, 2h);
    CHECK(
        house.timer_of(later.conversation)->due == house.state_of(later.conversation).snoozed_until
    );
}

TEST_CASE("a snooze whose agent is gone wakes in the line, not with the one who left")
{
    timed_center house;
    const auto ann = house.agent("ann");
    const auto bob = house.agent("bob");
    house.online(ann);
    const auto asked = house.say("ada", "hello");
    house.accept(ann, house.offers().at(0).request);
    house.snooze(ann, asked.conversation, 1ms);
    house.base.write([by = house.acting(), ann](crm::transaction& tx) {
        auto now = by;
        crm::staff::agent_change gone;
        gone.active = false;
        crm::staff::change_agent(tx, now, ann, gone);
    });
    house.online(bob);
    house.wheel->start();
    house.until_open(asked.conversation);
    house.until_offers(2);
    CHECK(house.offers().back().agent == bob);
    CHECK(crm::raw(house.state_of(asked.conversation).assignee) == 0);
}

TEST_CASE("a call-back is offered at its time and not before, also over a restart")
{
    timed_center house{GENERATE(from_range(crm::test::backends()))};
    const auto ann = house.agent("ann");
    house.online(ann);
    house.presence(ann, crm::presence::away);
    const auto asked = house.say("ada", "Please call me back.");
    const auto first = house.request_of(asked.conversation);
    const auto due = house.base.time.now() + 700ms;
    house.run(house.board->call_back(contact_center::agent_actor(ann), asked.conversation, due));
    house.online(ann);
    const auto waiting = house.request_of(asked.conversation);
    CHECK(waiting.id != first.id);
    CHECK(waiting.place_us == first.place_us);
    CHECK(waiting.due == due);
    CHECK_FALSE(house.dispatcher->place_of(asked.conversation));
    CHECK(house.dispatcher->lines().empty());
    house.restart();
    CHECK(house.offers().empty());
    CHECK(house.dispatcher->lines().empty());
    house.until_offers(1);
    CHECK(house.base.time.now() >= due);
    CHECK(house.offers().at(0).conversation == asked.conversation);
    CHECK(house.dispatcher->lines().size() == 1);
    CHECK_THROWS_AS(
        house.run(house.board->call_back(contact_center::agent_actor(ann), asked.conversation, due)
        ),
        crm::problem
    );
}

TEST_CASE("a timer whose effect is refused is tried again until it succeeds")
{
    timed_center house;
    const auto asked = house.say("ada", "hello");
    const auto rename = [&](const std::string& from, const std::string& to) {
        house.base.write([sql = "ALTER TABLE " + from + " RENAME TO " + to](crm::transaction& tx) {
            tx.exec(sql);
            tx.append({.what = happening::setting_changed}); // a batch without rows is not stored
        });
    };
    const auto timer = [&] {
        return house.base.read([whose = asked.customer](crm::db::connection& on) {
            return crm::agenda::find(on, crm::timer_kind::erasure, crm::raw(whose));
        });
    };
    rename("customer_tags", "lost_tags");
    house.base.write([by = house.acting(), whose = asked.customer](crm::transaction& tx) {
        auto now = by;
        crm::erasures::begin(tx, now, whose);
    });
    house.wheel->start();
    std::optional<crm::timer> failed;
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    while (!(failed && failed->attempts == 1) && std::chrono::steady_clock::now() < deadline)
        failed = timer();
    REQUIRE((failed && failed->attempts == 1));
    CHECK(failed->due > house.base.time.now() - 1s);
    CHECK(house.base.read([whose = asked.customer](crm::db::connection& on) {
        return crm::erasures::find(on, whose)->phase == crm::erasure_phase::people;
    }));
    rename("lost_tags", "customer_tags");
    house.base.run_until([&] {
        return std::ranges::any_of(house.base.news, [](const crm::log_entry& one) {
            return one.what == happening::customer_erased && one.number == 1;
        });
    });
    CHECK_FALSE(timer());
}

TEST_CASE("[V06] the nightly run gathers everybody's value before it writes, and goes on tomorrow")
{
    timed_center house{GENERATE(from_range(crm::test::backends()))};
    constexpr int everybody = 130;
    for (int i = 1; i <= everybody; ++i) {
        const auto who = house.base.write([by = house.acting()](crm::transaction& tx) {
            auto now = by;
            return crm::customers::create(tx, now, {}).id;
        });
        house.order(who, i * 1'000);
    }
    house.base.write([by = house.acting()](crm::transaction& tx) {
        auto now = by;
        crm::agenda::set(tx, now, crm::timer_kind::nightly_value, 0, now.now);
    });
    house.wheel->start();
    const auto timer = [&] {
        return house.base.read([](crm::db::connection& on) {
            return crm::agenda::find(on, crm::timer_kind::nightly_value, 0);
        });
    };
    const auto deadline = std::chrono::steady_clock::now() + 20s;
    auto now = timer();
    while ((!now || now->due < house.base.time.now()) && std::chrono::steady_clock::now() < deadline
    )
        now = timer();
    REQUIRE(now);
    CHECK(now->due > house.base.time.now());
    CHECK(now->number == 0);
    const auto cuts =
        house.base.read([](crm::db::connection& on) { return crm::value::present(on); });
    CHECK(cuts.customers == everybody);
    CHECK(cuts.vip_from_minor > cuts.major_from_minor);
    CHECK(cuts.v50_minor == 66'000);
}
