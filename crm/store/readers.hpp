// The readers: threads with a read connection each. The first serves brief reads only, so that a
// search or an export never keeps a screen from loading. `push` from the io thread.
#pragma once

#include "crm/store/backend.hpp"
#include "crm/store/store.hpp"
#include "crm/store/waiting.hpp"

#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace crm::detail {

using pending_read = waiting<task<db::connection>>;

class readers
{
public:
    /// `deliver` posts a finished read to the io thread.
    readers(db::backend& database, int count, std::function<void(pending_read)> deliver);
    /// Stops first.
    ~readers();
    readers(const readers&) = delete;
    readers& operator=(const readers&) = delete;

    void start();
    [[nodiscard]] bool has_room() const;
    void push(pending_read job, read_length length);
    /// Finishes what is queued and joins.
    void stop();

private:
    void loop(bool brief_only);
    void serve(std::unique_ptr<db::connection>& on, pending_read job);
    void run_once(std::unique_ptr<db::connection>& on, pending_read& job);

    db::backend& database_;
    std::size_t count_;
    std::function<void(pending_read)> deliver_;
    mutable std::mutex guard_;
    std::condition_variable work_came_;
    std::deque<pending_read> brief_;
    std::deque<pending_read> extended_;
    bool stopping_ = false;
    std::vector<std::thread> threads_;
};

} // namespace crm::detail
