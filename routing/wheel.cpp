#include "routing/wheel.hpp"

#include "crm/base/log.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/spawn.hpp"

#include <algorithm>
#include <boost/asio/use_awaitable.hpp>

namespace routing {
namespace {

using namespace std::chrono_literals;

constexpr int at_once = 50;
// A machine that slept, or a clock that was set, makes a long wait end late by as much: no wait is
// longer than this.
constexpr std::chrono::microseconds longest_sleep = 1h;
constexpr std::chrono::microseconds first_retry = 1s;
constexpr std::chrono::microseconds last_retry = 1h;
/// After the store refused altogether.
constexpr std::chrono::microseconds breather = 5s;

std::chrono::microseconds retry_after(int attempts)
{
    constexpr int doublings = 12; // beyond the last retry
    return std::min(last_retry, first_retry * (1 << std::min(attempts, doublings)));
}

} // namespace

std::shared_ptr<wheel> wheel::make(
    boost::asio::io_context& io,
    crm::store& store,
    const crm::clock& time,
    switchboard& board,
    freed on_freed
)
{
    return std::shared_ptr<wheel>{new wheel{io, store, time, board, std::move(on_freed)}};
}

wheel::wheel(
    boost::asio::io_context& io,
    crm::store& store,
    const crm::clock& time,
    switchboard& board,
    freed on_freed
)
    : io_{io}, store_{store}, time_{time}, board_{board}, on_freed_{std::move(on_freed)}, timer_{io}
{
}

void wheel::start()
{
    running_ = true;
    // Listening begins before the agenda is read, so no timer can fall between the two.
    listening_ = store_.on_news([weak = weak_from_this()](std::span<const crm::log_entry> news) {
        if (const auto me = weak.lock())
            me->hear(news);
    });
    turn();
}

void wheel::stop()
{
    running_ = false;
    listening_.reset();
    timer_.cancel();
    armed_.reset();
}

void wheel::hear(std::span<const crm::log_entry> news)
{
    for (const crm::log_entry& one : news) {
        if (one.what != crm::happening::timer_set)
            continue;
        heard_ = true;
        const crm::instant due{one.amount};
        if (!turning_ && (!armed_ || due < *armed_))
            arm(due);
    }
}

void wheel::arm(std::optional<crm::instant> due)
{
    timer_.cancel();
    armed_ = due;
    if (!due || !running_)
        return;
    const auto wait = std::clamp(*due - time_.now(), std::chrono::microseconds{0}, longest_sleep);
    timer_.expires_after(wait);
    timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
        const auto me = weak.lock();
        if (!error && me)
            me->turn();
    });
}

void wheel::turn()
{
    if (turning_ || !running_)
        return;
    turning_ = true;
    armed_.reset();
    crm::spawn(io_.get_executor(), "wheel", fire_all());
}

task<wheel::outlook> wheel::look() const
{
    const auto job = [until = time_.now()](crm::db::connection& on) {
        return outlook{crm::agenda::due(on, until, at_once), crm::agenda::next(on)};
    };
    return store_.read(job);
}

// Ends when nothing is due: what a timer sets for now is fired in the next round, after all that
// was due before it.
task<void> wheel::fire_all()
{
    const auto me = shared_from_this();
    std::optional<crm::instant> next;
    try {
        if (!laid_out_) {
            co_await board_.lay_out_nights();
            laid_out_ = true;
        }
        for (bool done = false; running_ && !done;) {
            heard_ = false;
            const outlook now = co_await look();
            for (const crm::timer& one : now.due) {
                const bool fired = running_ && co_await fire(one);
                if (!fired)
                    break;
            }
            next = now.next;
            done = now.due.empty() && !heard_;
        }
    } catch (const std::exception& refused) {
        crm::logging::warning("wheel.behind", {{"why", refused.what()}});
        next = time_.now() + breather;
    }
    turning_ = false;
    arm(next);
}

/// False when the wheel was stopped meanwhile. A timer whose effect is refused is tried again
/// later.
task<bool> wheel::fire(crm::timer which)
{
    std::string why;
    try {
        std::vector<std::string> blobs = co_await board_.fire(which);
        if (!blobs.empty() && on_freed_ && running_)
            on_freed_(std::move(blobs));
        co_return running_;
    } catch (const std::exception& refused) {
        why = refused.what();
    }
    crm::logging::warning(
        "timer.failed",
        {{"kind", static_cast<std::int64_t>(which.kind)}, {"subject", which.subject}, {"why", why}}
    );
    const auto later = time_.now() + retry_after(which.attempts);
    const auto job = [which, later](crm::transaction& tx) {
        crm::agenda::postpone(tx, which, later);
    };
    co_await store_.write(job);
    co_return running_;
}

} // namespace routing
