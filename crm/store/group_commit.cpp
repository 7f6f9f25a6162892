#include "crm/store/group_commit.hpp"

#include "crm/base/log.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/random.hpp"
#include "crm/store/failpoint.hpp"

#include <algorithm>
#include <thread>
#include <utility>

namespace crm::detail {

namespace {

using kind = db::failure::kind;

constexpr int most_failures = 3;

/// The failures that say something about the database rather than about one job.
bool concerns_batch(kind what)
{
    return what == kind::lost || what == kind::contended || what == kind::full ||
           what == kind::corrupt;
}

/// What the caller of a job sees of a failed statement.
std::exception_ptr outcome_of(const db::failure& failed)
{
    switch (failed.what_kind()) {
    case kind::duplicate:
        return std::make_exception_ptr(problem{errc::conflict, "this exists already"});
    case kind::oversize:
        return std::make_exception_ptr(
            problem{errc::too_large, "this is larger than the database takes in one piece"}
        );
    default:
        return std::current_exception();
    }
}

std::chrono::milliseconds back_off(int failures)
{
    // Jitter keeps two nodes that met once from meeting again.
    const std::int64_t most = 5LL << std::min(failures, 5);
    return std::chrono::milliseconds{1 + random_number() % most};
}

} // namespace

group_commit::group_commit(surroundings in)
    : in_{std::move(in)}, incarnation_{random_number()}, last_position_{in_.start_position}
{
}

group_commit::~group_commit() = default;

void group_commit::run(std::vector<pending_write> jobs)
{
    in_.counters.jobs += static_cast<std::int64_t>(jobs.size());
    parts_.push_back({std::move(jobs)});
    while (!parts_.empty()) {
        part now = std::move(parts_.front());
        parts_.pop_front();
        attempt(std::move(now));
    }
}

void group_commit::attempt(part now)
{
    if (gave_up_)
        return refuse(std::move(now), errc::unavailable, "the server stops; try again");
    try {
        if (on_ == nullptr)
            connect();
        // After a failure each row is written by its own job, which then is known to be at fault.
        batch_->write_together(now.failures == 0);
        if (begin_and_run(now)) {
            commit(now);
            finish(now);
        }
    } catch (const db::failure& failed) {
        undo();
        recover(std::move(now), failed);
    } catch (const problem& failed) {
        // Only connecting throws these: a wrong password after a restart, a packet limit made
        // small.
        undo();
        refuse(std::move(now), errc::unavailable, failed.what());
    }
}

/// Runs the jobs in a fresh transaction until a pass has no offender. False: no job is left.
bool group_commit::begin_and_run(part& now)
{
    began_ = std::chrono::steady_clock::now();
    int passes = in_.how.rerun_every_batch ? 2 : 1;
    while (!now.jobs.empty()) {
        begin();
        if (const auto offender = run_all(now.jobs)) {
            undo();
            ++in_.counters.reruns;
            set_aside(now, *offender);
            continue;
        }
        if (--passes == 0)
            return true;
        undo();
        ++in_.counters.reruns;
    }
    return false;
}

void group_commit::begin()
{
    on_->begin_write();
    if (fence_ && fence_->enter(*on_) != fence::entered::ready)
        fatal("another process writes with this node's number; give each node its own store.node");
}

/// The place of the first job that threw after it had written; its work must be undone.
std::optional<std::size_t> group_commit::run_all(std::vector<pending_write>& jobs)
{
    for (const pending_write& one : jobs)
        one.work->announce(*batch_);
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        batch_->begin_job();
        jobs[i].was_duplicate = false;
        try {
            failpoint("store.before_job");
            jobs[i].work->run(*batch_);
            continue;
        } catch (const db::failure& failed) {
            if (concerns_batch(failed.what_kind()) || batch_->failed_together())
                throw;
            jobs[i].was_duplicate = failed.what_kind() == kind::duplicate;
            jobs[i].work->fail(outcome_of(failed));
        } catch (...) {
            jobs[i].work->fail(std::current_exception());
        }
        if (batch_->job_wrote())
            return i;
    }
    return std::nullopt;
}

/// A job that threw after writing runs once more on its own, so that its outcome rests on committed
/// rows only. If it was alone already the outcome stands; only a broken UNIQUE rule gets one more
/// run, which finds the row that was in the way.
void group_commit::set_aside(part& now, std::size_t offender)
{
    const bool alone = now.jobs.size() == 1;
    std::vector<pending_write> single;
    std::vector<pending_write> rest;
    // Rebuilt rather than erased from: what waits can be moved but not assigned.
    for (std::size_t i = 0; i < now.jobs.size(); ++i)
        (i == offender ? single : rest).push_back(std::move(now.jobs[i]));
    now.jobs = std::move(rest);
    pending_write& job = single.front();
    const bool again = !alone || (job.was_duplicate && !job.ran_alone);
    job.ran_alone = alone;
    if (again)
        parts_.push_back({std::move(single)});
    else
        in_.deliver({{}, std::move(single)});
}

void group_commit::commit(part&)
{
    failpoint("store.before_log");
    batch_->write_log();
    if (!batch_->wrote()) {
        // Refusals and lookups only: nothing has to become durable.
        on_->rollback();
        return;
    }
    failpoint("store.before_commit");
    try {
        in_doubt_ = fence_.has_value();
        on_->commit();
    } catch (const db::failure& failed) {
        const bool lost = failed.what_kind() == kind::lost;
        in_doubt_ = in_doubt_ && lost;
        // A full disk is refused by the write that comes before the sync, so the commit has not
        // happened. After anything else nobody knows what a later sync would make of it.
        if (!fence_ && failed.what_kind() != kind::full)
            fatal(std::string{"a commit failed: "} + failed.what());
        throw;
    }
    failpoint("store.after_commit");
    in_doubt_ = false;
    if (fence_)
        fence_->passed();
}

/// Tells the news of a batch that is on disk and answers its jobs.
void group_commit::finish(part& now)
{
    if (batch_->wrote()) {
        ++in_.counters.commits;
        in_.counters.last_commit_us = in_.time.now().us;
        in_.counters.took(std::chrono::duration_cast<std::chrono::microseconds>(
            std::chrono::steady_clock::now() - began_
        ));
        in_.counters.set_reason({});
    }
    std::vector<log_entry> entries = batch_->take_entries();
    if (!entries.empty())
        last_position_ = entries.back().position;
    batch_->clear();
    failpoint("store.before_deliver");
    in_.deliver({std::move(entries), std::move(now.jobs)});
}

void group_commit::undo()
{
    if (on_)
        on_->rollback();
    if (batch_ && !in_doubt_)
        batch_->clear();
}

void group_commit::recover(part now, const db::failure& failed)
{
    ++in_.counters.reruns;
    switch (failed.what_kind()) {
    case kind::full:
        refuse(
            std::move(now), errc::unavailable, "the disk is full or read-only; nothing was stored"
        );
        return;
    case kind::corrupt:
        refuse(std::move(now), errc::unavailable, "the database is damaged; restore a backup");
        return;
    case kind::lost:
        if (settle_lost(now))
            return;
        break;
    case kind::contended:
        std::this_thread::sleep_for(back_off(now.failures));
        break;
    default:
        break;
    }
    if (++now.failures < most_failures) {
        const bool halve = failed.what_kind() == kind::contended && now.jobs.size() > 1;
        split(std::move(now), halve ? 2 : 1);
    } else if (now.jobs.size() > 1) {
        now.failures = 0;
        const std::size_t each = now.jobs.size();
        split(std::move(now), each);
    } else if (failed.what_kind() == kind::contended) {
        refuse(std::move(now), errc::unavailable, "others hold the same rows; try again");
    } else {
        quarantine(std::move(now), failed);
    }
}

/// After a lost connection; true when the jobs were answered and nothing is left to run.
bool group_commit::settle_lost(part& now)
{
    const bool is_back = reconnect();
    if (!in_doubt_) {
        if (!is_back)
            refuse(std::move(now), errc::unavailable, "the database does not answer; try again");
        return !is_back;
    }
    switch (is_back ? fate_of_commit() : commit_fate::unknown) {
    case commit_fate::done:
        finish(now);
        return true;
    case commit_fate::undone:
        return false;
    case commit_fate::unknown:
        break;
    }
    refuse(
        std::move(now),
        errc::unavailable,
        "the server stops, and the database did not say whether this was stored: look, or send it "
        "again with the same id"
    );
    return true;
}

/// Puts the jobs back in front, in their order, as this many parts.
void group_commit::split(part now, std::size_t pieces)
{
    const std::size_t total = now.jobs.size();
    std::size_t end = total;
    for (std::size_t piece = pieces; piece > 0; --piece) {
        const std::size_t begin = total * (piece - 1) / pieces;
        part one{{}, now.failures};
        for (std::size_t i = begin; i < end; ++i)
            one.jobs.push_back(std::move(now.jobs[i]));
        end = begin;
        if (!one.jobs.empty())
            parts_.push_front(std::move(one));
    }
}

void group_commit::refuse(part now, errc code, const std::string& why)
{
    in_.counters.set_reason(why);
    logging::warning("store.refused", {{"jobs", now.jobs.size()}, {"reason", why}});
    {
        // Let go of before the callers have it: the last one to hold it is a caller.
        const auto outcome = std::make_exception_ptr(problem{code, why});
        for (pending_write& one : now.jobs)
            one.work->fail(outcome);
    }
    in_.deliver({{}, std::move(now.jobs)});
}

void group_commit::quarantine(part now, const db::failure& failed)
{
    ++in_.counters.quarantined;
    logging::error(
        "store.quarantined", {{"code", failed.native_code()}, {"reason", failed.what()}}
    );
    now.jobs.front().work->fail(std::make_exception_ptr(problem{
        errc::internal, "this could not be stored: it failed three times on its own; it is logged"
    }));
    in_.deliver({{}, std::move(now.jobs)});
}

} // namespace crm::detail
