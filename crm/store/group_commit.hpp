// How a group of jobs becomes one durable commit, and what happens when something fails on the way.
// The rules are in docs/architecture.md, "The store". The writer's thread only; `counters` is
// shared.
#pragma once

#include "crm/base/problem.hpp"
#include "crm/store/backend.hpp"
#include "crm/store/batch.hpp"
#include "crm/store/fence.hpp"
#include "crm/store/store.hpp"
#include "crm/store/waiting.hpp"

#include <array>
#include <atomic>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

namespace crm::detail {

using pending_write = waiting<task<transaction>>;

/// What the writer tells health(). Any thread.
struct write_counters
{
    std::atomic<std::int64_t> commits{0};
    std::atomic<std::int64_t> jobs{0};
    std::atomic<std::int64_t> reruns{0};
    std::atomic<std::int64_t> quarantined{0};
    std::atomic<std::int64_t> last_commit_us{0};
    std::atomic<bool> reachable{true};

    void took(std::chrono::microseconds duration);
    [[nodiscard]] double percentile(double share) const;
    /// Empty: writable.
    void set_reason(std::string why);
    [[nodiscard]] std::string reason() const;

private:
    mutable std::mutex guard_;
    std::array<std::int32_t, 1024> durations_us_{};
    std::size_t measured_ = 0;
    std::string reason_;
};

/// One commit's entries in position order and the jobs that are answered with it.
struct committed
{
    std::vector<log_entry> entries;
    std::vector<pending_write> done;
};

class group_commit
{
public:
    struct surroundings
    {
        db::backend& database;
        const clock& time;
        const store_settings& how;
        write_counters& counters;
        std::function<void(committed)> deliver; // posts to the io thread
        std::function<void(std::string)> epoch_changed;
        std::function<bool()> stopping;
        std::int64_t start_position = 0; // the log's head when the store was opened
    };

    explicit group_commit(surroundings in);
    ~group_commit();
    group_commit(const group_commit&) = delete;
    group_commit& operator=(const group_commit&) = delete;

    /// Connects for the first time. Throws what the database says.
    void open();
    /// Ends the connection, on the thread that used it.
    void close();
    /// Runs the jobs until each is delivered.
    void run(std::vector<pending_write> jobs);
    /// Upkeep between batches; true when it should be called again soon.
    bool tidy(bool idle);

private:
    struct part
    {
        std::vector<pending_write> jobs;
        int failures = 0;
    };
    struct unreachable
    {
        std::string why;
    };

    void attempt(part now);
    bool begin_and_run(part& now);
    void begin();
    std::optional<std::size_t> run_all(std::vector<pending_write>& jobs);
    void set_aside(part& now, std::size_t offender);
    void commit(part& now);
    void finish(part& now);
    void undo();
    void recover(part now, const db::failure& failed);
    bool settle_lost(part& now);
    void split(part now, std::size_t pieces);
    void refuse(part now, errc code, const std::string& why);
    void quarantine(part now, const db::failure& failed);

    void connect();
    bool reconnect();
    enum class commit_fate
    {
        done,
        undone,
        unknown
    };
    commit_fate fate_of_commit();
    void notice_restart();
    void check_not_rewound();
    [[noreturn]] void fatal(const std::string& why);

    surroundings in_;
    std::int64_t incarnation_;
    std::unique_ptr<db::connection> on_;
    address_book addresses_;
    std::optional<batch> batch_;
    std::optional<fence> fence_;
    std::deque<part> parts_;
    std::string run_of_server_;
    std::int64_t last_position_ = 0;
    std::optional<std::chrono::steady_clock::time_point> stop_seen_; // while reconnecting
    bool gave_up_ = false;  // stopping, and the database stays away
    bool in_doubt_ = false; // COMMIT was sent and not answered; batch_ keeps what it held
    std::chrono::steady_clock::time_point began_;
};

} // namespace crm::detail
