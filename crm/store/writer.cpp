#include "crm/store/writer.hpp"

#include <future>

namespace crm::detail {

namespace {

// A chain of background jobs has one in the queue at a time, so this many chains may run.
constexpr std::size_t most_background = 256;
constexpr std::chrono::milliseconds upkeep_pause{200};

} // namespace

writer::writer(group_commit::surroundings in)
    : how_{in.how}, database_{in.database}, commits_{[&] {
          in.stopping = [this] { return is_stopping(); };
          return std::move(in);
      }()}
{
}

writer::~writer()
{
    stop();
}

void writer::start()
{
    std::promise<void> opened;
    std::future<void> result = opened.get_future();
    thread_ = std::thread{[this, opened = std::move(opened)]() mutable {
        const db::on_thread scope{database_};
        try {
            commits_.open();
            opened.set_value();
        } catch (...) {
            opened.set_exception(std::current_exception());
            return;
        }
        loop();
        commits_.close();
    }};
    try {
        result.get();
    } catch (...) {
        thread_.join();
        throw;
    }
}

bool writer::has_room(lane on) const
{
    const std::scoped_lock held{guard_};
    return on == lane::interactive ? interactive_.size() < static_cast<std::size_t>(how_.queue_jobs)
                                   : background_.size() < most_background;
}

void writer::push(pending_write job, lane on)
{
    bool was_empty = false;
    {
        const std::scoped_lock held{guard_};
        was_empty = interactive_.empty() && background_.empty();
        (on == lane::interactive ? interactive_ : background_).push_back(std::move(job));
    }
    // The writer looks at the queues again before it sleeps, so only the first arrival wakes it.
    if (was_empty)
        work_came_.notify_one();
}

std::int64_t writer::queued() const
{
    const std::scoped_lock held{guard_};
    return static_cast<std::int64_t>(interactive_.size() + background_.size());
}

void writer::stop()
{
    {
        const std::scoped_lock held{guard_};
        stopping_ = true;
    }
    work_came_.notify_one();
    if (thread_.joinable())
        thread_.join();
}

void writer::loop()
{
    bool upkeep_due = false;
    for (;;) {
        std::vector<pending_write> jobs = take(upkeep_due);
        if (jobs.empty() && is_stopping())
            return;
        if (!jobs.empty())
            commits_.run(std::move(jobs));
        upkeep_due = commits_.tidy(idle());
    }
}

std::vector<pending_write> writer::take(bool upkeep_due)
{
    std::unique_lock held{guard_};
    const auto ready = [this] {
        return stopping_ || !interactive_.empty() || !background_.empty();
    };
    if (upkeep_due)
        work_came_.wait_for(held, upkeep_pause, ready);
    else
        work_came_.wait(held, ready);
    const auto most = static_cast<std::size_t>(how_.batch_jobs);
    if (how_.linger.count() > 0 && !interactive_.empty() && interactive_.size() < most &&
        !stopping_)
        work_came_.wait_for(held, how_.linger, [&] {
            return stopping_ || interactive_.size() >= most;
        });
    std::vector<pending_write> jobs;
    jobs.reserve(std::min(most, interactive_.size()) + 1);
    while (!interactive_.empty() && jobs.size() < most) {
        jobs.push_back(std::move(interactive_.front()));
        interactive_.pop_front();
    }
    if (!background_.empty()) {
        jobs.push_back(std::move(background_.front()));
        background_.pop_front();
    }
    return jobs;
}

bool writer::idle() const
{
    const std::scoped_lock held{guard_};
    return interactive_.empty() && background_.empty();
}

bool writer::is_stopping() const
{
    const std::scoped_lock held{guard_};
    return stopping_;
}

} // namespace crm::detail
