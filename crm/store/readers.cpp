#include "crm/store/readers.hpp"

#include "crm/base/log.hpp"
#include "crm/base/problem.hpp"

#include <algorithm>

namespace crm::detail {

namespace {

constexpr std::size_t most_queued = 20'000;

std::exception_ptr outcome_of(const db::failure& failed)
{
    switch (failed.what_kind()) {
    case db::failure::kind::lost:
    case db::failure::kind::contended:
    case db::failure::kind::full:
        return std::make_exception_ptr(
            problem{errc::unavailable, "the database does not answer; try again"}
        );
    case db::failure::kind::overtime:
        return std::make_exception_ptr(problem{
            errc::unavailable, "this took longer than a read may take; narrow it and try again"
        });
    default:
        return std::current_exception();
    }
}

} // namespace

readers::readers(db::backend& database, int count, std::function<void(pending_read)> deliver)
    : database_{database}, count_{static_cast<std::size_t>(std::max(count, 1))},
      deliver_{std::move(deliver)}
{
}

readers::~readers()
{
    stop();
}

void readers::start()
{
    for (std::size_t i = 0; i < count_; ++i) {
        const bool brief_only = i == 0 && count_ > 1;
        threads_.emplace_back([this, brief_only] {
            const db::on_thread scope{database_};
            loop(brief_only);
        });
    }
}

bool readers::has_room() const
{
    const std::scoped_lock held{guard_};
    return brief_.size() + extended_.size() < most_queued;
}

void readers::push(pending_read job, read_length length)
{
    {
        const std::scoped_lock held{guard_};
        (length == read_length::brief ? brief_ : extended_).push_back(std::move(job));
    }
    // An extended read may not be taken by the reader that happens to wake.
    if (length == read_length::brief)
        work_came_.notify_one();
    else
        work_came_.notify_all();
}

void readers::stop()
{
    {
        const std::scoped_lock held{guard_};
        stopping_ = true;
    }
    work_came_.notify_all();
    for (std::thread& one : threads_)
        one.join();
    threads_.clear();
}

void readers::loop(bool brief_only)
{
    std::unique_ptr<db::connection> on;
    for (;;) {
        std::unique_lock held{guard_};
        work_came_.wait(held, [&] {
            return stopping_ || !brief_.empty() || (!brief_only && !extended_.empty());
        });
        std::deque<pending_read>& from = brief_.empty() && !brief_only ? extended_ : brief_;
        if (from.empty())
            return;
        pending_read job = std::move(from.front());
        from.pop_front();
        held.unlock();
        serve(on, std::move(job));
    }
}

void readers::serve(std::unique_ptr<db::connection>& on, pending_read job)
{
    try {
        const bool fresh = on == nullptr;
        try {
            run_once(on, job);
        } catch (const db::failure& failed) {
            // A connection that died while nobody used it is found out here: once more on a new
            // one.
            if (failed.what_kind() != db::failure::kind::lost || fresh)
                throw;
            on.reset();
            run_once(on, job);
        }
    } catch (const db::failure& failed) {
        job.work->fail(outcome_of(failed));
        logging::warning("store.read_failed", {{"reason", failed.what()}});
        on.reset();
    } catch (...) {
        job.work->fail(std::current_exception());
    }
    deliver_(std::move(job));
}

void readers::run_once(std::unique_ptr<db::connection>& on, pending_read& job)
{
    if (on == nullptr)
        on = database_.open_reader();
    on->begin_read();
    try {
        job.work->run(*on);
    } catch (...) {
        on->rollback();
        throw;
    }
    on->rollback();
}

} // namespace crm::detail
