#include "gateway/demo/visitors.hpp"

#include "crm/base/random.hpp"
#include "gateway/demo/personas.hpp"
#include "gateway/demo/simulated_visitor.hpp"

#include <atomic>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <csignal>
#include <thread>

namespace gateway::demo {

namespace asio = boost::asio;

namespace {

constexpr int crowd = 20;
constexpr int burst_messages = 200;
constexpr std::chrono::seconds before_strike{2};
constexpr std::chrono::seconds after_strike{1};

asio::awaitable<void> pause(asio::io_context& io, std::chrono::milliseconds how_long)
{
    asio::steady_timer timer{io, how_long};
    co_await timer.async_wait(asio::use_awaitable);
}

/// One visitor after another walks in, says their lines with pauses as people make them, and
/// leaves.
asio::awaitable<void> walk_in(
    asio::io_context& io, unsigned short port, std::size_t which, std::chrono::milliseconds between
)
{
    simulated_visitor visitor{io, port, persona_at(which)};
    for (const auto line : persona_at(which).lines) {
        const bool said = co_await visitor.say(std::string{line});
        if (!said)
            co_return;
        const auto wait =
            between / 2 + std::chrono::milliseconds{crm::random_number() % (between.count() + 1)};
        co_await visitor.stay(wait);
    }
    co_await visitor.stay(between * 3);
}

asio::awaitable<void> keep_coming(asio::io_context& io, unsigned short port, int per_minute)
{
    // Three visitors at a time, so that there is a line to look at.
    constexpr int lanes = 3;
    const std::chrono::milliseconds between{60'000 * lanes / std::max(1, per_minute)};
    for (int lane = 0; lane < lanes; ++lane) {
        auto one_lane = [](asio::io_context& on,
                           unsigned short at,
                           std::size_t next,
                           std::chrono::milliseconds apart) -> asio::awaitable<void> {
            for (;;) {
                co_await walk_in(on, at, next, apart);
                next += lanes;
                co_await pause(on, apart);
            }
        };
        asio::co_spawn(
            io, one_lane(io, port, static_cast<std::size_t>(lane), between), asio::detached
        );
        co_await pause(io, between / lanes);
    }
}

} // namespace

int chatter(unsigned short port, int per_minute)
{
    asio::io_context io{1};
    asio::signal_set signals{io, SIGTERM, SIGINT};
    signals.async_wait([&](boost::system::error_code, int) { io.stop(); });
    asio::co_spawn(io, keep_coming(io, port, per_minute), asio::detached);
    io.run();
    return 0;
}

namespace {

asio::awaitable<void> talk(asio::io_context& on, unsigned short port, std::size_t which, int& said)
{
    simulated_visitor visitor{on, port, persona_at(which)};
    const auto& lines = persona_at(which).lines;
    for (std::size_t line = 0; line < burst_messages / crowd; ++line) {
        const bool done = co_await visitor.say(std::string{lines[line % lines.size()]});
        said += done ? 1 : 0;
    }
}

} // namespace

int burst(unsigned short port)
{
    asio::io_context io{1};
    int said = 0;
    for (int i = 0; i < crowd; ++i)
        asio::co_spawn(io, talk(io, port, static_cast<std::size_t>(i), said), asio::detached);
    io.run_for(std::chrono::seconds{30});
    return said == burst_messages ? 0 : 1;
}

namespace {

/// Waits, on a thread that has nothing else to do, until it holds or the time is over.
template <class Holds>
bool wait_until(Holds holds, std::chrono::seconds patience)
{
    const auto until = std::chrono::steady_clock::now() + patience;
    while (!holds() && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(std::chrono::milliseconds{10});
    return holds();
}

// What these refer to belongs to prove(), which outlives the io_context they run on.
asio::awaitable<void>
write_until(simulated_visitor& who, const std::atomic<bool>& stop, std::atomic<int>& finished)
{
    for (int number = 1; !stop; ++number)
        co_await who.say("message " + std::to_string(number));
    ++finished;
}

asio::awaitable<void> check(simulated_visitor& who, proof& found, std::atomic<int>& counted)
{
    co_await who.count(found);
    ++counted;
}

} // namespace

proof prove(unsigned short port, const std::function<void()>& strike)
{
    asio::io_context io{1};
    std::vector<std::unique_ptr<simulated_visitor>> visitors;
    std::atomic<bool> stop = false;
    std::atomic<int> finished = 0;
    for (std::size_t i = 0; i < crowd; ++i)
        visitors.push_back(std::make_unique<simulated_visitor>(io, port, persona_at(i)));
    for (auto& each : visitors)
        asio::co_spawn(io, write_until(*each, stop, finished), asio::detached);
    // The visitors have a thread of their own, so that they keep writing into the falling server.
    // Striking stays on this one: a child ends with the thread that started it.
    auto keep = asio::make_work_guard(io);
    std::thread writing{[&io] { io.run(); }};
    std::this_thread::sleep_for(before_strike);
    strike();
    std::this_thread::sleep_for(after_strike);
    stop = true;
    bool all_asked = wait_until([&] { return finished == crowd; }, std::chrono::seconds{30});

    proof found;
    std::atomic<int> counted = 0;
    for (auto& each : visitors)
        asio::co_spawn(io, check(*each, found, counted), asio::detached);
    all_asked = wait_until([&] { return counted == crowd; }, std::chrono::seconds{30}) && all_asked;
    keep.reset();
    io.stop();
    writing.join();
    found.gap_free = found.gap_free && all_asked;
    return found;
}

} // namespace gateway::demo
