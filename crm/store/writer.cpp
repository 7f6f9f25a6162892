#include "crm/store/writer.hpp"

#include <algorithm>
#include <future>

namespace crm::detail {

namespace {

// A chain of background jobs has one in the queue at a time, so this many chains may run.
constexpr std::size_t most_background = 256;
constexpr std::chrono::milliseconds upkeep_pause{200};
// Nobody has written for so long: the moment is quiet.
constexpr std::chrono::milliseconds quiet{10};
// Where no moment is quiet, one background job is run this often all the same: each makes some 5 ms
// of messages wait, one in two hundred.
constexpr std::chrono::seconds patience{1};

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
        const steady::time_point now = steady::now();
        auto& queue = on == lane::interactive ? interactive_ : background_;
        was_empty = queue.empty();
        queue.push_back(std::move(job));
        if (on == lane::interactive)
            last_interactive_ = now;
        else if (was_empty)
            background_since_ = now;
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
    const steady::time_point pause_ends =
        upkeep_due ? steady::now() + upkeep_pause : steady::time_point::max();
    while (!stopping_ && interactive_.empty()) {
        const steady::time_point until = std::min(pause_ends, background_due());
        if (until == steady::time_point::max())
            work_came_.wait(held);
        else if (until <= steady::now())
            break;
        else
            work_came_.wait_until(held, until);
    }
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
    if (!background_.empty() && (stopping_ || background_due() <= steady::now())) {
        jobs.push_back(std::move(background_.front()));
        background_.pop_front();
        background_since_ = steady::now();
    }
    return jobs;
}

writer::steady::time_point writer::background_due() const
{
    if (background_.empty())
        return steady::time_point::max();
    return std::min(last_interactive_ + quiet, background_since_ + patience);
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
