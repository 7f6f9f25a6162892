// From the commit of a request to the commit of its offer, at about half load: customers arrive
// one after the other while agents answer and finish. The bound is two commits and 5 ms.
#include "crm/base/hash.hpp"
#include "crm/base/sodium.hpp"
#include "crm/channel_account.hpp"
#include "crm/inbox.hpp"
#include "crm/staff.hpp"
#include "routing/dispatcher.hpp"
#include "routing/switchboard.hpp"
#include "tests/support/load_options.hpp"
#include "tests/support/load_process.hpp"
#include "tests/support/load_report.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <map>

namespace {

using namespace std::chrono_literals;
using steady = std::chrono::steady_clock;

constexpr int agents = 20;
constexpr int customers = 600;
constexpr auto between_customers = 10ms;

struct office
{
    boost::asio::io_context io{1};
    crm::system_clock time;
    crm::id_source ids{time, 3};
    std::unique_ptr<crm::store> store;
    std::shared_ptr<routing::dispatcher> dispatcher;
    std::unique_ptr<routing::switchboard> board;
    crm::inbox_id inbox{};
    std::map<std::int64_t, steady::time_point> enqueued;
    std::vector<double> waits_ms;
    std::shared_ptr<void> listening;

    crm::context acting(int count = 64)
    {
        return {.who = {}, .now = time.now(), .ids = ids.reserve(count)};
    }
};

/// The agent takes the offer and closes the conversation, so that the next one can come.
routing::task<void> serve(office& in, crm::agent_id who, crm::log_entry offered)
{
    const crm::actor agent{
        .kind = crm::actor_kind::agent, .id = crm::raw(who), .by = crm::via::console, .address = {}
    };
    co_await in.board->accept(agent, crm::request_id{offered.subject});
    co_await in.board->set_status(
        agent, offered.conversation, crm::conversation_status::resolved, std::nullopt
    );
}

void hear(office& in, const crm::log_entry& one)
{
    if (one.what == crm::happening::request_enqueued)
        in.enqueued[one.subject] = steady::now();
    if (one.what != crm::happening::request_offered)
        return;
    const auto begun = in.enqueued.find(one.subject);
    if (begun == in.enqueued.end())
        return;
    const std::chrono::duration<double, std::milli> waited = steady::now() - begun->second;
    in.waits_ms.push_back(waited.count());
    in.enqueued.erase(begun);
    const auto who = crm::agent_id{one.number};
    boost::asio::co_spawn(in.io, serve(in, who, one), boost::asio::detached);
}

routing::task<void> open_office(office& in)
{
    const auto job = [by = in.acting(128)](crm::transaction& tx) {
        auto now = by;
        crm::inbox shop;
        shop.slug = "shop";
        shop.name = "Shop";
        const auto opened = crm::inboxes::create(tx, now, shop);
        crm::channel_account web;
        web.slug = "shop-web";
        web.inbox = opened.id;
        web.name = "Website";
        web.can = crm::usual_capabilities(crm::channel::web);
        crm::channel_accounts::create(tx, now, web);
        for (int i = 0; i < agents; ++i) {
            crm::agent one;
            one.name = "Agent " + std::to_string(i);
            one.email = "agent" + std::to_string(i) + "@example.com";
            one.roles = {{crm::role::agent, {}, {}}};
            const auto made = crm::staff::create_agent(tx, now, one);
            crm::staff::set_presence(tx, now, made.id, crm::presence::available);
        }
        return opened.id;
    };
    in.inbox = co_await in.store->write(job);
}

routing::task<void> run(office& in)
{
    co_await open_office(in);
    in.listening = in.store->on_news([&in](std::span<const crm::log_entry> news) {
        for (const crm::log_entry& one : news)
            hear(in, one);
    });
    boost::asio::steady_timer pace{in.io};
    for (int i = 0; i < customers; ++i) {
        routing::incoming what;
        what.inbox = in.inbox;
        what.who = {
            .kind = crm::actor_kind::customer, .id = 0, .by = crm::via::widget, .address = {}
        };
        what.visitor_key = crm::to_hex(crm::sha256("visitor " + std::to_string(i)));
        what.text = "Where is my order?";
        co_await in.board->receive(what);
        pace.expires_after(between_customers);
        co_await pace.async_wait(boost::asio::use_awaitable);
    }
    pace.expires_after(1s);
    co_await pace.async_wait(boost::asio::use_awaitable);
    in.dispatcher->stop();
    in.listening.reset();
}

} // namespace

int main(int argc, char** argv)
{
    load::options app{"from the commit of a request to its offer"};
    std::filesystem::path results = "build/bench/results.json";
    app.add("--results", results, "file that gathers the figures");
    int code = 0;
    if (!app.parse(argc, argv, code))
        return code;
    load::report into{results};
    const load::temp_dir folder{"parley-routing-offer"};
    office in;
    crm::store_settings how;
    how.url = "sqlite:" + (folder.path() / "parley.db").string();
    in.store = crm::store::open(in.io, in.time, how);
    in.dispatcher = routing::dispatcher::make(in.io, *in.store, in.time, in.ids, {});
    in.board = routing::make_switchboard(*in.store, in.time, in.ids, *in.dispatcher);
    in.dispatcher->start();
    bool over = false;
    bool failed = false;
    boost::asio::co_spawn(in.io, run(in), [&](const std::exception_ptr& why) {
        over = true;
        failed = why != nullptr;
    });
    const auto deadline = steady::now() + 120s;
    while (!over && steady::now() < deadline)
        in.io.run_one_for(1s);
    const double commit_ms = in.store->health().commit_p99_us / 1000.0;
    in.board.reset();
    in.dispatcher.reset();
    in.store->drain();
    if (in.waits_ms.size() < customers * 9UL / 10 || !over || failed) {
        std::cerr << "routing_offer: only " << in.waits_ms.size() << " offers were made\n";
        return 1;
    }
    std::sort(in.waits_ms.begin(), in.waits_ms.end());
    const auto at = [&](double share) {
        const auto last = static_cast<double>(in.waits_ms.size() - 1);
        return in.waits_ms[static_cast<std::size_t>(share * last)];
    };
    const std::string name = "routing: commit of a request to its offer, ";
    into.add({name + "p50", at(0.5), "ms", "", 0, 0, 0, false});
    const load::figure held{name + "p99", at(0.99), "ms", "", 0, 0, 2 * commit_ms + 5, false};
    into.add(held);
    return held.holds() ? 0 : 2;
}
