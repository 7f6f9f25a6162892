// How the writer gets and keeps its connection, and what it checks when it had to make a new one.
#include "crm/base/log.hpp"
#include "crm/base/random.hpp"
#include "crm/store/failpoint.hpp"
#include "crm/store/group_commit.hpp"

#include <algorithm>
#include <cmath>
#include <exception>
#include <thread>
#include <unistd.h>

namespace crm::detail {

namespace {

constexpr std::string_view select_position = "SELECT at FROM log_head WHERE id = 1";
constexpr std::string_view update_epoch = "UPDATE log_head SET epoch = ? WHERE id = 1";

// How long a batch waits for the database to come back before its callers are told. One whose
// COMMIT is in doubt waits until it is known.
constexpr std::chrono::seconds patience{2};
constexpr std::chrono::seconds patience_when_stopping{5};
constexpr std::chrono::milliseconds longest_pause{500};
constexpr int status_of_fatal_end = 70; // EX_SOFTWARE

} // namespace

void group_commit::open()
{
    connect();
}

void group_commit::close()
{
    batch_.reset();
    on_.reset();
}

/// A new connection with everything that hangs on it. Throws what the database says.
void group_commit::connect()
{
    on_ = in_.database.open_writer();
    try {
        if (!fence_ && in_.database.speaks() == db::dialect::mysql)
            fence_.emplace(*on_, in_.how.node, incarnation_);
        notice_restart();
    } catch (...) {
        on_.reset();
        throw;
    }
    // What a batch in doubt held is moved over: its entries are still to be told.
    if (!in_doubt_)
        batch_.emplace(*on_, addresses_);
    else
        batch_->move_to(*on_);
    in_.counters.reachable = true;
}

/// Makes a new connection after the old one was lost. False: patience ran out; unless the batch is
/// in doubt it is known not to be on disk. One patience serves the whole way to a stop.
bool group_commit::reconnect()
{
    if (!fence_)
        return true; // a file is not lost; the batch simply runs again
    const auto began = std::chrono::steady_clock::now();
    std::chrono::milliseconds pause{20};
    on_.reset();
    for (;;) {
        try {
            connect();
            return true;
        } catch (const std::exception& failed) {
            on_.reset();
            in_.counters.reachable = false;
            in_.counters.set_reason(failed.what());
            logging::warning("store.unreachable", {{"reason", failed.what()}});
        }
        const auto now = std::chrono::steady_clock::now();
        if (!in_doubt_ && now - began > patience)
            return false;
        if (in_.stopping()) {
            if (!stop_seen_)
                stop_seen_ = now;
            gave_up_ = now - *stop_seen_ > patience_when_stopping;
            if (gave_up_)
                return false;
        }
        std::this_thread::sleep_for(pause);
        pause = std::min(pause * 2, longest_pause);
    }
}

/// Did that COMMIT happen? Connects again as often as needed, but not for ever once the store
/// stops.
group_commit::commit_fate group_commit::fate_of_commit()
{
    for (;;) {
        try {
            on_->begin_write();
            const fence::entered answer = fence_->enter(*on_);
            on_->rollback();
            if (answer == fence::entered::displaced)
                fatal("another process took this node's number while a commit was in doubt");
            in_doubt_ = false;
            if (answer == fence::entered::ready) {
                batch_->clear();
                return commit_fate::undone;
            }
            fence_->passed();
            check_not_rewound();
            return commit_fate::done;
        } catch (const db::failure& failed) {
            logging::warning("store.still_in_doubt", {{"reason", failed.what()}});
            if (!reconnect())
                return commit_fate::unknown;
        }
    }
}

/// A restarted database server may have lost what it had promised (or a backup was put in its
/// place): clients must load afresh, and a head below what we told means that this process knows
/// too much.
void group_commit::notice_restart()
{
    const std::string now = in_.database.run_of_server(*on_);
    const bool restarted = !run_of_server_.empty() && now != run_of_server_;
    run_of_server_ = now;
    if (!restarted)
        return;
    const std::string epoch = random_token();
    on_->begin_write();
    try {
        on_->exec(update_epoch, {epoch});
        on_->commit();
    } catch (...) {
        on_->rollback();
        // Without the mark nobody would know of the restart: the next connection must make it.
        run_of_server_ = "unmarked";
        throw;
    }
    in_.epoch_changed(epoch);
    logging::warning("store.server_restarted", {{"position", last_position_}});
    check_not_rewound();
}

void group_commit::check_not_rewound()
{
    db::rows head = on_->query(select_position);
    if (!head.next() || head.integer(0) < last_position_)
        fatal("the database has lost entries that were acknowledged; start again from what it has");
}

bool group_commit::tidy(bool idle)
{
    try {
        if (on_ == nullptr)
            connect();
        return in_.database.tidy(*on_, idle);
    } catch (const db::failure& failed) {
        if (!fence_)
            fatal(std::string{"a checkpoint failed: "} + failed.what());
        on_.reset();
        in_.counters.reachable = false;
        in_.counters.set_reason(failed.what());
        return true;
    } catch (const std::exception& failed) {
        in_.counters.set_reason(failed.what());
        return true;
    }
}

void group_commit::fatal(const std::string& why)
{
    logging::error("store.fatal", {{"reason", why}});
    if (in_.how.fatal)
        in_.how.fatal(why);
    // Nothing may run on: destructors and queued answers would tell what nobody knows.
    _exit(status_of_fatal_end);
}

void write_counters::took(std::chrono::microseconds duration)
{
    const std::scoped_lock held{guard_};
    durations_us_[measured_++ % durations_us_.size()] =
        static_cast<std::int32_t>(std::min<std::int64_t>(duration.count(), INT32_MAX));
}

double write_counters::percentile(double share) const
{
    std::vector<std::int32_t> sorted;
    {
        const std::scoped_lock held{guard_};
        const std::size_t count = std::min(measured_, durations_us_.size());
        sorted.assign(
            durations_us_.begin(), durations_us_.begin() + static_cast<std::ptrdiff_t>(count)
        );
    }
    if (sorted.empty())
        return 0;
    const auto place =
        static_cast<std::size_t>(std::lround(share * static_cast<double>(sorted.size() - 1)));
    std::nth_element(
        sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(place), sorted.end()
    );
    return sorted[place];
}

void write_counters::set_reason(std::string why)
{
    const std::scoped_lock held{guard_};
    reason_ = std::move(why);
}

std::string write_counters::reason() const
{
    const std::scoped_lock held{guard_};
    return reason_;
}

} // namespace crm::detail
