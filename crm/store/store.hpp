// The store: one writer that groups commits, a few readers, and the news that follows a commit.
// `write` and `read` are the only asynchronous boundary to the database; call them from the io
// thread, their results come back on it. Rules: docs/architecture.md, "The store".
#pragma once

#include "crm/store/transaction.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <type_traits>

namespace crm {

/// How the store is set up; `[store]` in the settings.
struct store_settings
{
    std::string url;                          // "sqlite:PATH" or "mysql://user:password@host:port/name" (or ?socket=)
    int readers = 2;                          // read connections, one thread each
    int batch_jobs = 256;                     // most jobs in one commit
    int queue_jobs = 20'000;                  // queued jobs before `busy`
    std::chrono::microseconds linger{0};      // wait for company before a commit; 0 = none
    int node = 0;                             // 0..255
    bool rerun_every_batch = false;           // tests: every batch runs twice before its commit
};

/// What a readiness probe and the metrics want to know.
struct store_health
{
    bool writable = false;
    std::string reason;                 // why not
    instant last_commit;
    std::int64_t commits = 0;
    std::int64_t jobs = 0;
    std::int64_t queued = 0;
    std::int64_t reruns = 0;
    std::int64_t wal_bytes = 0;
    double commit_p50_us = 0;
    double commit_p99_us = 0;
};

class store
{
public:
    /// Opens the database, migrates it, starts the threads. Throws problem with what to do when the
    /// url is wrong, the schema is newer than this program, or another process owns the directory.
    static std::unique_ptr<store> open(boost::asio::io_context& io, const clock& time, store_settings how);
    virtual ~store() = default;

    /// Runs `job(transaction&) const` on the writer and returns its result once it is on disk. A job
    /// owns its inputs (by-value captures), may run more than once, and touches only the database and
    /// its own result. What it throws is rethrown here, after the commit of the batch it was in.
    /// Throws problem{busy} when the queue is full, problem{unavailable} when the store is down.
    template<class Job>
    boost::asio::awaitable<std::invoke_result_t<const Job&, transaction&>> write(Job job);

    /// Runs `job(db::connection&) const` on a reader inside one read transaction (at most 2 s).
    template<class Job>
    boost::asio::awaitable<std::invoke_result_t<const Job&, db::connection&>> read(Job job);

    /// The same as write, but takes at most one place in a batch while interactive work waits.
    template<class Job>
    boost::asio::awaitable<std::invoke_result_t<const Job&, transaction&>> write_background(Job job);

    /// Calls `listener` on the io thread once per commit with the batch's log entries in position
    /// order, before the callers of that batch complete. Returns a handle; destroying it ends it.
    using listener = std::function<void(std::span<const log_entry>)>;
    [[nodiscard]] virtual std::shared_ptr<void> on_news(listener heard) = 0;

    [[nodiscard]] virtual store_health health() const = 0;
    /// The last position whose news was posted. Io thread.
    [[nodiscard]] virtual std::int64_t position() const = 0;
    /// Changes when a backup was restored or the database itself crashed; stands in every `hello`.
    [[nodiscard]] virtual std::string epoch() const = 0;
    /// Finishes what is queued, then stops and joins the threads. Later calls answer `unavailable`.
    virtual void drain() = 0;
};

} // namespace crm
