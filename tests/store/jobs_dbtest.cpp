// What a job may rely on, on both databases.
#include "tests/store/notes.hpp"
#include "tests/support/store_fixture.hpp"

#include "crm/store/log_reader.hpp"

#include <atomic>
#include <catch2/catch.hpp>
#include <chrono>

using namespace crm;
using namespace crm::test;

TEST_CASE("what a caller has seen return is on disk")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    store_fixture base{on};
    const int answer = base.write([](transaction& in) {
        put(in, "a");
        return 42;
    });
    CHECK(answer == 42);
    base.reopen();
    CHECK(base.read([](db::connection& from) { return stands(from, "a"); }));
    CHECK(base.store().position() == 1);
}

TEST_CASE("a batch that runs twice leaves its work once")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    store_fixture base{on, {.rerun_every_batch = true}};
    auto runs = std::make_shared<std::atomic<int>>(0);
    base.write([runs](transaction& in) {
        ++*runs;
        put(in, "a");
    });
    base.write([](transaction& in) { put(in, "b"); });
    CHECK(*runs == 2);
    CHECK(base.news.size() == 2);
    CHECK(base.read([](db::connection& from) { return positions(from); }) == one_to(2));
    CHECK(base.read([](db::connection& from) { return notes(from); }).size() == 2);
}

TEST_CASE("a job refused before it wrote disturbs nobody and is answered with its reason")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    store_fixture base{on};
    const auto gate = base.hold_writer();
    const auto first = base.start([](transaction& in) { put(in, "a"); });
    const auto refused = base.start([](transaction&) { throw problem{errc::conflict, "taken"}; });
    const auto last = base.start([](transaction& in) { put(in, "b"); });
    gate->set_value();
    base.run_until([&] { return last->is_done() && refused->is_done(); });
    CHECK(first->value);
    CHECK(last->value);
    CHECK_THROWS_AS(std::rethrow_exception(refused->failed), problem);
    CHECK(base.store().health().reruns == 0);
    CHECK(base.read([](db::connection& from) { return positions(from); }) == one_to(2));
}

TEST_CASE("a job that throws after it wrote is undone, and its neighbours are stored")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    store_fixture base{on};
    const auto gate = base.hold_writer();
    auto runs = std::make_shared<std::atomic<int>>(0);
    const auto first = base.start([](transaction& in) { put(in, "a"); });
    const auto failing = base.start([runs](transaction& in) {
        ++*runs;
        put(in, "never");
        throw problem{errc::invalid, "no"};
    });
    const auto last = base.start([](transaction& in) { put(in, "b"); });
    gate->set_value();
    base.run_until([&] { return last->is_done() && failing->is_done(); });
    CHECK(first->value);
    CHECK(last->value);
    CHECK_THROWS_WITH(std::rethrow_exception(failing->failed), "no");
    // Once in company, once alone: its outcome rests on committed rows.
    CHECK(*runs == 2);
    CHECK(base.read([](db::connection& from) {
        return notes(from);
    }) == std::vector<std::string>{"a", "b"});
    CHECK(base.read([](db::connection& from) { return positions(from); }) == one_to(2));
    CHECK(base.news.size() == 2);
}

TEST_CASE("a refusal that rests on a row of the batch is answered after that row is on disk")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    store_fixture base{on};
    const auto gate = base.hold_writer();
    const auto first = base.start([](transaction& in) { put(in, "a"); });
    const auto refused = base.start([](transaction& in) {
        if (stands(in.db(), "a"))
            throw problem{errc::conflict, "there already"};
    });
    gate->set_value();
    base.run_until([&] { return refused->is_done(); });
    CHECK(first->is_done());
    CHECK(first->order < refused->order);
    CHECK(refused->failed);
}

TEST_CASE("a broken UNIQUE rule means run again, and find what is there")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    store_fixture base{on};
    base.write([](transaction& in) { put(in, "a"); });
    auto runs = std::make_shared<std::atomic<int>>(0);
    const auto clashing = [runs](transaction& in) {
        // The first run does not look, as if another node had inserted in between.
        if ((*runs)++ > 0 && stands(in.db(), "a"))
            return std::string{"found"};
        put(in, "a");
        return std::string{"inserted"};
    };
    CHECK(base.write(clashing) == "found");
    CHECK(*runs == 2);
    CHECK_THROWS_AS(base.write([](transaction& in) { put(in, "a"); }), problem);
    CHECK(base.news.size() == 1);
}

TEST_CASE("positions have no gap and news comes in their order, before the callers complete")
{
    const backend on = GENERATE(from_range(backends()));
    const bool twice = GENERATE(false, true);
    INFO(name_of(on));
    store_fixture base{on, {.batch_jobs = 16, .rerun_every_batch = twice}};
    std::vector<std::shared_ptr<outcome<int>>> all;
    std::size_t stored = 0;
    for (int i = 0; i < 300; ++i) {
        const int fate = i * 7919 % 10; // a fixed mixture
        all.push_back(base.start([i, fate](transaction& in) {
            if (fate == 0)
                throw problem{errc::invalid, "before"};
            put(in, std::to_string(i));
            if (fate == 1)
                throw problem{errc::invalid, "after"};
            if (fate == 2)
                in.append({.what = happening::tag_created});
            return i;
        }));
        stored += fate == 0 || fate == 1 ? 0 : fate == 2 ? 2 : 1;
    }
    base.run_until([&] {
        return std::ranges::all_of(all, [](const auto& one) { return one->is_done(); });
    });
    REQUIRE(base.news.size() == stored);
    std::vector<std::int64_t> told;
    for (const log_entry& one : base.news)
        told.push_back(one.position);
    CHECK(told == one_to(stored));
    CHECK(base.read([](db::connection& from) { return positions(from); }) == one_to(stored));
    CHECK(base.store().position() == static_cast<std::int64_t>(stored));
}

TEST_CASE("a caller finds its news told when it completes")
{
    store_fixture base{backend::sqlite};
    bool told_first = false;
    const auto listening =
        base.store().on_news([&](std::span<const log_entry>) { told_first = true; });
    bool seen = false;
    const auto caller = [](store& in, const bool& told, bool& was_told
                        ) -> boost::asio::awaitable<void> {
        const auto job = [](transaction& tx) { put(tx, "a"); };
        co_await in.write(job);
        was_told = told;
    };
    boost::asio::co_spawn(base.io, caller(base.store(), told_first, seen), [](std::exception_ptr) {
    });
    base.run_until([&] { return base.news.size() == 1; });
    CHECK(seen);
}

TEST_CASE("a listener that throws or goes away keeps nobody from the news")
{
    store_fixture base{backend::sqlite};
    auto bad = base.store().on_news([](std::span<const log_entry>) {
        throw std::runtime_error{"listener"};
    });
    int heard = 0;
    auto good = base.store().on_news([&](std::span<const log_entry> told) {
        heard += static_cast<int>(told.size());
    });
    base.write([](transaction& in) { put(in, "a"); });
    good.reset();
    base.write([](transaction& in) { put(in, "b"); });
    CHECK(heard == 1);
    CHECK(base.news.size() == 2);
}

TEST_CASE("a full queue answers busy and loses nothing that it took")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    store_fixture base{on, {.queue_jobs = 10}};
    const auto gate = base.hold_writer();
    std::vector<std::shared_ptr<outcome<void>>> all;
    for (int i = 0; i < 15; ++i)
        all.push_back(base.start([i](transaction& in) { put(in, std::to_string(i)); }));
    gate->set_value();
    base.run_until([&] {
        return std::ranges::all_of(all, [](const auto& one) { return one->is_done(); });
    });
    const auto stored = std::ranges::count_if(all, [](const auto& one) { return !one->failed; });
    CHECK(stored == 10);
    try {
        std::rethrow_exception(all.back()->failed);
    } catch (const problem& refused) {
        CHECK(refused.code() == errc::busy);
        CHECK(is_retryable(refused.code()));
    }
    CHECK(base.read([](db::connection& from) { return notes(from); }).size() == 10);
}

TEST_CASE("background work takes one place in a batch")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    store_fixture base{on};
    const auto gate = base.hold_writer();
    std::vector<std::shared_ptr<outcome<void>>> background;
    for (int i = 0; i < 5; ++i)
        background.push_back(base.start_background([](transaction& in) {
            in.append({.what = happening::export_made});
        }));
    std::vector<std::shared_ptr<outcome<void>>> chat;
    for (int i = 0; i < 20; ++i)
        chat.push_back(base.start([](transaction& in) {
            in.append({.what = happening::entry_added});
        }));
    gate->set_value();
    base.run_until([&] { return background.back()->is_done(); });
    // All the chat went with the first background job; the other four waited their turn.
    for (const auto& one : chat)
        CHECK(one->order < background[1]->order);
    CHECK(base.news.size() == 25);
    CHECK(base.news[20].what == happening::export_made);
}

TEST_CASE("background work waits for a quiet moment, and not for ever")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    using steady = std::chrono::steady_clock;
    store_fixture base{on};
    const auto chat = [](transaction& in) { in.append({.what = happening::entry_added}); };
    const auto chore = [](transaction& in) { in.append({.what = happening::export_made}); };
    const auto began = steady::now();
    auto last = began;
    int quiet_moments = 0;
    auto work = base.start_background(chore);
    int done = 0;
    // Somebody writes all the time: whenever one message is stored the next is there.
    while (steady::now() - began < std::chrono::milliseconds{2'500}) {
        const auto message = base.start(chat);
        const auto now = steady::now();
        quiet_moments += now - last >= std::chrono::milliseconds{8} ? 1 : 0;
        last = now;
        base.run_until([&] { return message->is_done(); });
        if (work->is_done()) {
            ++done;
            work = base.start_background(chore);
        }
    }
    CHECK(done >= 1);
    // One before the first message was known, two by patience, and what the machine itself let in.
    CHECK(done <= 4 + quiet_moments);
    base.run_until([&] { return work->is_done(); });
}

TEST_CASE("draining finishes what is queued, then refuses")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    store_fixture base{on};
    std::vector<std::shared_ptr<outcome<void>>> all;
    for (int i = 0; i < 50; ++i)
        all.push_back(base.start([i](transaction& in) { put(in, std::to_string(i)); }));
    base.store().drain();
    base.run_until([&] {
        return std::ranges::all_of(all, [](const auto& one) { return one->is_done(); });
    });
    CHECK(std::ranges::none_of(all, [](const auto& one) { return bool{one->failed}; }));
    CHECK_THROWS_AS(base.write([](transaction& in) { put(in, "late"); }), problem);
    CHECK_FALSE(base.store().health().writable);
    base.reopen();
    CHECK(base.read([](db::connection& from) { return notes(from); }).size() == 50);
}

TEST_CASE("a job can't end the transaction of its batch")
{
    store_fixture base{backend::sqlite};
    CHECK_THROWS_AS(base.write([](transaction& in) { in.db().commit(); }), std::logic_error);
}

TEST_CASE("addresses stand beside the log once per actor and can be erased")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    store_fixture base{on};
    const auto login = [](transaction& in) {
        in.append(
            {.what = happening::logged_in,
             .actor = actor_kind::agent,
             .actor_id = 7,
             .address = "192.0.2.7"}
        );
    };
    base.write(login);
    base.write(login);
    CHECK(base.read([](db::connection& from) { return read_log_address(from, 2); }) == "192.0.2.7");
    const std::int64_t erased = base.write([](transaction& in) {
        return in.exec("DELETE FROM log_addresses WHERE actor_kind = 2 AND actor_id = 7");
    });
    CHECK(erased == 1);
    CHECK(base.read([](db::connection& from) { return read_log_address(from, 2); }).empty());
}

TEST_CASE("the log is read back as it was written, page by page")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    store_fixture base{on};
    base.write([](transaction& in) {
        for (int i = 0; i < 100; ++i)
            in.append(
                {.at = {1'000 + i},
                 .what = happening::entry_added,
                 .actor = actor_kind::customer,
                 .actor_id = 5,
                 .by = via::widget,
                 .customer = customer_id{5},
                 .conversation = conversation_id{6},
                 .inbox = inbox_id{7},
                 .entry_ref = entry_id{8},
                 .seq = i + 1,
                 .subject = 9,
                 .number = 10,
                 .amount = -11}
            );
    });
    const auto page = base.read([](db::connection& from) { return read_log(from, 60, 30); });
    REQUIRE(page.size() == 30);
    CHECK(page.front().position == 61);
    CHECK(page.front().seq == 61);
    CHECK(page.front().at == instant{1'060});
    CHECK(page.front().by == via::widget);
    CHECK(page.front().entry_ref == entry_id{8});
    CHECK(page.front().amount == -11);
    CHECK(base.read([](db::connection& from) { return read_log_bounds(from).head; }) == 100);
}

TEST_CASE("a read sees one moment of the database")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    store_fixture base{on};
    base.write([](transaction& in) { put(in, "a"); });
    auto looked = std::make_shared<std::promise<void>>();
    auto written = std::make_shared<std::promise<void>>();
    const auto moved = std::make_shared<std::shared_future<void>>(written->get_future().share());
    const auto both = base.start_read([looked, moved](db::connection& from) {
        const std::int64_t before = read_log_bounds(from).head;
        looked->set_value();
        moved->wait();
        return before == read_log_bounds(from).head && !stands(from, "b");
    });
    looked->get_future().wait();
    base.write([](transaction& in) { put(in, "b"); });
    written->set_value();
    base.run_until([&] { return both->is_done(); });
    CHECK(both->value == true);
}
