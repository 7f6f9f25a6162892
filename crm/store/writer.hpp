// The writer: a thread, its two bounded queues, and group commit. `push` from the io thread.
// Background work waits for a quiet moment: a batch that carries some takes several times as long,
// and everybody who writes meanwhile waits for it.
#pragma once

#include "crm/store/group_commit.hpp"

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace crm::detail {

class writer
{
public:
    enum class lane
    {
        interactive,
        background
    };

    explicit writer(group_commit::surroundings in);
    /// Stops first.
    ~writer();
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;

    /// Connects and starts the thread. Throws what the database says.
    void start();
    /// True when one more job fits. Io thread; it is the only one that adds, so the room stays.
    [[nodiscard]] bool has_room(lane on) const;
    void push(pending_write job, lane on);
    [[nodiscard]] std::int64_t queued() const;
    /// Finishes what is queued and joins.
    void stop();

private:
    using steady = std::chrono::steady_clock;

    void loop();
    /// What goes into the next batch; empty: nothing waits (or it is time for upkeep).
    std::vector<pending_write> take(bool upkeep_due);
    /// When the first background job may run; the end of time if there is none. With the guard
    /// held.
    [[nodiscard]] steady::time_point background_due() const;
    [[nodiscard]] bool idle() const;
    [[nodiscard]] bool is_stopping() const;

    const store_settings& how_;
    db::backend& database_;
    mutable std::mutex guard_;
    std::condition_variable work_came_;
    std::deque<pending_write> interactive_;
    std::deque<pending_write> background_;
    steady::time_point last_interactive_{}; // when one was pushed last
    steady::time_point background_since_{}; // since when background_ has had its first job there
    bool stopping_ = false;
    group_commit commits_;
    std::thread thread_;
};

} // namespace crm::detail
