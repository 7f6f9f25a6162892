#include "crm/search_follower.hpp"

#include "crm/base/problem.hpp"
#include "crm/base/spawn.hpp"
#include "crm/search.hpp"
#include "crm/store/log_reader.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>

namespace crm::search {

namespace {

using steady = std::chrono::steady_clock;

constexpr int rows_in_job = 100; // keeps a job within 5 ms
// Gathers what comes together; a reader looks for a message later than that.
constexpr std::chrono::milliseconds gathering{250};
constexpr std::chrono::milliseconds pause_when_busy{500};

} // namespace

struct follower::state
{
    state(boost::asio::io_context& on, store& of) : io{on}, from{&of} {}

    boost::asio::io_context& io;
    store* from; // null once the follower has gone
    std::shared_ptr<void> listening;
    bool is_running = false;
    bool has_older = true;
    std::optional<steady::time_point> oldest_waiting;

    /// However a run ends, the next news may begin another.
    struct running
    {
        state& of;
        explicit running(state& which) : of{which} { of.is_running = true; }
        running(const running&) = delete;
        running& operator=(const running&) = delete;
        ~running() { of.is_running = false; }
    };

    static void wake(const std::shared_ptr<state>& self)
    {
        if (self->is_running || self->from == nullptr)
            return;
        self->is_running = true;
        spawn(self->io.get_executor(), "search.follower", run(self));
    }

    static boost::asio::awaitable<void>
    pause(const std::shared_ptr<state>& self, std::chrono::milliseconds length)
    {
        boost::asio::steady_timer timer{self->io, length};
        co_await timer.async_wait(boost::asio::use_awaitable);
    }

    struct outcome
    {
        bool did_something = false;
        std::int64_t position = 0; // how far the index has come
        bool ended_early = false;  // long texts: there is more to do at once
    };

    /// One background job. While the store is busy or away it counts as having done something.
    static boost::asio::awaitable<outcome> step(const std::shared_ptr<state>& self)
    {
        const auto job = [](transaction& in) {
            const std::int64_t before = read_progress(in.db()).position;
            const bool did = follow(in, rows_in_job);
            const std::int64_t now = read_progress(in.db()).position;
            const bool is_short = now > before && now - before < rows_in_job;
            return outcome{did, now, is_short && now < read_log_bounds(in.db()).head};
        };
        try {
            co_return co_await self->from->write_background(job);
        } catch (const problem& refused) {
            if (!is_retryable(refused.code()))
                throw;
        }
        co_await pause(self, pause_when_busy);
        co_return outcome{true};
    }

    static boost::asio::awaitable<void> run(std::shared_ptr<state> self)
    {
        const running mark{*self};
        while (self->from != nullptr) {
            const steady::time_point began = steady::now();
            const std::int64_t known = self->from->position();
            const outcome done = co_await step(self);
            if (self->from == nullptr)
                co_return;
            if (done.position >= known) {
                self->oldest_waiting = began; // what may still wait has come since
                self->has_older = false;
            }
            // A batch's own entries are written after its jobs, so news may have been told that the
            // last job could not see.
            if (done.did_something || done.position < self->from->position()) {
                // Each job costs the index a part of its own, however few words it brings.
                if (!done.ended_early && self->from->position() - done.position < rows_in_job)
                    co_await pause(self, gathering);
                continue;
            }
            self->oldest_waiting.reset();
            self->has_older = false;
            co_return;
        }
    }

    static boost::asio::awaitable<void> run_later(std::shared_ptr<state> self)
    {
        co_await pause(self, gathering);
        co_await run(self);
    }
};

follower::follower(boost::asio::io_context& io, store& from)
    : state_{std::make_shared<state>(io, from)}
{
    state_->listening = from.on_news([self = std::weak_ptr{state_}](std::span<const log_entry>) {
        const std::shared_ptr<state> here = self.lock();
        if (!here)
            return;
        if (!here->oldest_waiting)
            here->oldest_waiting = steady::now();
        if (here->is_running || here->from == nullptr)
            return;
        here->is_running = true;
        spawn(here->io.get_executor(), "search.follower", state::run_later(here));
    });
    state::wake(state_);
}

follower::~follower()
{
    state_->from = nullptr;
    state_->listening.reset();
}

std::chrono::milliseconds follower::lag() const
{
    if (!state_->oldest_waiting)
        return {};
    // Never 0 while something waits, however short a while.
    return std::chrono::ceil<std::chrono::milliseconds>(
        steady::now() - *state_->oldest_waiting + std::chrono::nanoseconds{1}
    );
}

bool follower::is_catching_up() const
{
    return state_->has_older;
}

} // namespace crm::search
