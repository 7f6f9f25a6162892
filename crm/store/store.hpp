// The store: one writer that groups commits, a few readers, and the news that follows a commit.
// `write` and `read` are the only asynchronous boundary to the database; call them from the io
// thread, their results come back on it. Rules: docs/architecture.md, "The store".
#pragma once

#include "crm/base/time.hpp"
#include "crm/store/job.hpp"
#include "crm/store/transaction.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace crm {

/// How the store is set up; `[store]` in the settings.
struct store_settings
{
    // "sqlite:PATH" or "mysql://user:password@host:port/name" (or "…/name?socket=PATH")
    std::string url{};
    int readers = 2;         // read connections, one thread each; the first serves short reads only
    int batch_jobs = 256;    // most jobs in one commit
    int queue_jobs = 20'000; // queued jobs before `busy`
    std::chrono::microseconds linger{0}; // wait for company before a commit; 0 = none
    int node = 0;                        // 0..255
    bool rerun_every_batch = false;      // tests: every batch runs twice before its commit
    // Called on the writer's thread when nobody can know any more what is on disk. Must not return;
    // empty: logs and ends the process with status 70. Tests in a child process may set it.
    std::function<void(std::string_view why)> fatal{};
};

/// What a readiness probe and the metrics want to know.
struct store_health
{
    bool writable = false;
    std::string reason; // why not
    instant last_commit;
    std::int64_t commits = 0;
    std::int64_t jobs = 0;
    std::int64_t queued = 0;
    std::int64_t reruns = 0;
    std::int64_t quarantined = 0;
    std::int64_t wal_bytes = 0;
    double commit_p50_us = 0; // over the last 1,024 batches, from their first job to their commit
    double commit_p99_us = 0;
};

/// Reads that page or search take long; the first reader never serves them.
enum class read_length
{
    brief,
    extended
};

class store
{
public:
    /// Opens the database, migrates it, starts the threads. Throws problem with what to do when the
    /// url is wrong, the schema is newer than this program, or another process owns the directory.
    static std::unique_ptr<store>
    open(boost::asio::io_context& io, const clock& time, store_settings how);
    /// Drains first.
    virtual ~store() = default;

    /// Runs `job(transaction&) const` on the writer and returns its result once it is on disk. A
    /// job owns its inputs (by-value captures), may run more than once, and touches only the
    /// database and its own result. What it throws is rethrown here, after the commit of the batch
    /// it was in. Throws problem{busy} when the queue is full, problem{unavailable} when the store
    /// is down.
    template <class Job>
    boost::asio::awaitable<detail::result_of<Job, transaction>> write(Job job)
    {
        return through<transaction>(std::move(job), lane::interactive);
    }

    /// The same as write, for work that nobody waits for: it waits for 10 ms in which nobody
    /// writes, or a second, and takes at most one place in a batch.
    template <class Job>
    boost::asio::awaitable<detail::result_of<Job, transaction>> write_background(Job job)
    {
        return through<transaction>(std::move(job), lane::background);
    }

    /// Runs `job(db::connection&) const` on a reader inside one read transaction, which sees one
    /// moment of the database and ends after 2 s with problem{unavailable}.
    template <class Job>
    boost::asio::awaitable<detail::result_of<Job, db::connection>>
    read(Job job, read_length length = read_length::brief)
    {
        return through<db::connection>(std::move(job), length);
    }

    /// Calls `listener` on the io thread once per commit with the batch's log entries in position
    /// order, before the callers of that batch complete. Returns a handle; destroying it ends it.
    using listener = std::function<void(std::span<const log_entry>)>;
    [[nodiscard]] virtual std::shared_ptr<void> on_news(listener heard) = 0;

    [[nodiscard]] virtual store_health health() const = 0;
    /// The last position whose news was posted. Io thread.
    [[nodiscard]] virtual std::int64_t position() const = 0;
    /// Changes when a backup was restored or the database itself crashed; stands in every `hello`.
    [[nodiscard]] virtual std::string epoch() const = 0;
    /// Finishes what is queued, then stops and joins the threads; the callers complete when the io
    /// thread runs on. Later calls answer `unavailable`. Io thread; blocks it.
    virtual void drain() = 0;

protected:
    enum class lane
    {
        interactive,
        background
    };
    using write_task = detail::task<transaction>;
    using read_task = detail::task<db::connection>;

    virtual boost::asio::awaitable<std::unique_ptr<write_task>>
    submit(std::unique_ptr<write_task> work, lane on) = 0;
    virtual boost::asio::awaitable<std::unique_ptr<read_task>>
    submit(std::unique_ptr<read_task> work, read_length length) = 0;

private:
    template <class Context, class Job, class Road>
    boost::asio::awaitable<detail::result_of<Job, Context>> through(Job job, Road road)
    {
        using typed = detail::typed_task<Job, Context>;
        std::unique_ptr<detail::task<Context>> work = std::make_unique<typed>(std::move(job));
        const std::unique_ptr<detail::task<Context>> done = co_await submit(std::move(work), road);
        co_return static_cast<typed&>(*done).take();
    }
};

/// Changes nothing, but must become durable like any other write: shows whether the store takes
/// writes. For probes.
void prove_writable(transaction& in);

} // namespace crm
