#include "crm/store/store.hpp"

#include "crm/base/log.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/random.hpp"
#include "crm/search.hpp"
#include "crm/store/directory_lock.hpp"
#include "crm/store/migrations.hpp"
#include "crm/store/readers.hpp"
#include "crm/store/writer.hpp"

#include <algorithm>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>

namespace crm {

namespace {

constexpr std::string_view select_head = "SELECT at, epoch FROM log_head WHERE id = 1";
constexpr std::string_view raise_head = "UPDATE log_head SET at = at + 1 WHERE id = 1";
constexpr std::string_view lower_head = "UPDATE log_head SET at = at - 1 WHERE id = 1";
constexpr std::string_view update_epoch = "UPDATE log_head SET epoch = ? WHERE id = 1";

/// What lives on the io thread. Posted answers hold it, so they may arrive after the store has
/// gone.
struct io_side : std::enable_shared_from_this<io_side>
{
    using work_guard = boost::asio::executor_work_guard<boost::asio::io_context::executor_type>;

    explicit io_side(boost::asio::io_context& on) : io{on} {}

    boost::asio::io_context& io;
    std::vector<std::weak_ptr<store::listener>> listeners;
    std::int64_t position = 0;
    std::string epoch;
    std::int64_t in_flight = 0;
    std::optional<work_guard> working; // keeps io running while somebody waits

    void began()
    {
        if (in_flight++ == 0)
            working.emplace(io.get_executor());
    }
    void ended(std::size_t count)
    {
        in_flight -= static_cast<std::int64_t>(count);
        if (in_flight == 0)
            working.reset();
    }
    void tell(std::span<const log_entry> entries);
    void deliver(detail::committed batch);
};

void io_side::tell(std::span<const log_entry> entries)
{
    if (entries.empty())
        return;
    position = entries.back().position;
    // By index: a listener may add another while it is told.
    for (std::size_t i = 0; i < listeners.size(); ++i) {
        const std::shared_ptr<store::listener> one = listeners[i].lock();
        if (!one)
            continue;
        try {
            (*one)(entries);
        } catch (const std::exception& failed) {
            // The news is true whatever a listener makes of it, so the others and the callers go
            // on.
            logging::error("store.listener_failed", {{"reason", failed.what()}});
        }
    }
    std::erase_if(listeners, [](const auto& one) { return one.expired(); });
}

void io_side::deliver(detail::committed batch)
{
    tell(batch.entries);
    for (detail::pending_write& one : batch.done)
        one.complete();
    ended(batch.done.size());
}

class running_store final : public store
{
public:
    running_store(boost::asio::io_context& io, const clock& time, store_settings how);
    ~running_store() override { drain(); }

    std::shared_ptr<void> on_news(listener heard) override
    {
        auto kept = std::make_shared<listener>(std::move(heard));
        io_->listeners.emplace_back(kept);
        return kept;
    }
    [[nodiscard]] store_health health() const override;
    [[nodiscard]] std::int64_t position() const override { return io_->position; }
    [[nodiscard]] std::string epoch() const override { return io_->epoch; }
    void drain() override;

protected:
    boost::asio::awaitable<std::unique_ptr<write_task>>
    submit(std::unique_ptr<write_task> work, lane on) override;
    boost::asio::awaitable<std::unique_ptr<read_task>>
    submit(std::unique_ptr<read_task> work, read_length length) override;

private:
    void prepare_database(const clock& time);
    void check_open() const;
    detail::group_commit::surroundings surroundings(const clock& time);

    store_settings how_;
    std::shared_ptr<io_side> io_;
    std::optional<directory_lock> owned_;
    std::unique_ptr<db::backend> database_;
    detail::write_counters counters_;
    std::optional<detail::writer> writer_;
    std::optional<detail::readers> readers_;
    bool drained_ = false;
};

running_store::running_store(boost::asio::io_context& io, const clock& time, store_settings how)
    : how_{std::move(how)}, io_{std::make_shared<io_side>(io)}
{
    database_ = db::make_backend(how_.url, how_.node);
    if (const auto file = db::sqlite_path(how_.url)) {
        const std::filesystem::path parent = file->parent_path();
        owned_.emplace(parent.empty() ? std::filesystem::path{"."} : parent);
    }
    prepare_database(time);
    writer_.emplace(surroundings(time));
    writer_->start();
    readers_.emplace(*database_, how_.readers, [to = io_](detail::pending_read done) {
        boost::asio::post(to->io, [to, done = std::move(done)]() mutable {
            done.complete();
            to->ended(1);
        });
    });
    readers_->start();
}

void running_store::prepare_database(const clock& time)
{
    const db::on_thread scope{*database_};
    const std::unique_ptr<db::connection> on = database_->open_writer();
    db::migrate(*on, time.now());
    search::prepare(*on); // here, for no other connection may write as this node
    {
        db::rows head = on->query(select_head);
        head.next();
        io_->position = head.integer(0);
        io_->epoch = head.string(1);
    }
    if (!io_->epoch.empty())
        return;
    io_->epoch = random_token();
    on->begin_write();
    on->exec(update_epoch, {io_->epoch});
    on->commit();
}

detail::group_commit::surroundings running_store::surroundings(const clock& time)
{
    return {
        .database = *database_,
        .time = time,
        .how = how_,
        .counters = counters_,
        .deliver =
            [to = io_](detail::committed batch) {
                boost::asio::post(to->io, [to, batch = std::move(batch)]() mutable {
                    to->deliver(std::move(batch));
                });
            },
        .epoch_changed =
            [to = io_](std::string now) {
                boost::asio::post(to->io, [to, now = std::move(now)] { to->epoch = now; });
            },
        .stopping = {},
        .start_position = io_->position
    };
}

void running_store::check_open() const
{
    if (drained_)
        throw problem{errc::unavailable, "the server is stopping; connect again in a moment"};
}

boost::asio::awaitable<std::unique_ptr<store::write_task>>
running_store::submit(std::unique_ptr<write_task> work, lane on)
{
    check_open();
    if (!counters_.reachable)
        throw problem{errc::unavailable, "the database does not answer; try again"};
    const auto lane_of = on == lane::interactive ? detail::writer::lane::interactive
                                                 : detail::writer::lane::background;
    if (!writer_->has_room(lane_of))
        throw problem{errc::busy, "too much is waiting to be stored; try again in a moment"};
    return boost::asio::
        async_initiate<const boost::asio::use_awaitable_t<>, void(std::unique_ptr<write_task>)>(
            [this, lane_of](auto handler, std::unique_ptr<write_task> queued) {
                io_->began();
                writer_->push({std::move(queued), std::move(handler)}, lane_of);
            },
            boost::asio::use_awaitable,
            std::move(work)
        );
}

boost::asio::awaitable<std::unique_ptr<store::read_task>>
running_store::submit(std::unique_ptr<read_task> work, read_length length)
{
    check_open();
    if (!readers_->has_room())
        throw problem{errc::busy, "too many reads are waiting; try again in a moment"};
    return boost::asio::
        async_initiate<const boost::asio::use_awaitable_t<>, void(std::unique_ptr<read_task>)>(
            [this, length](auto handler, std::unique_ptr<read_task> queued) {
                io_->began();
                readers_->push({std::move(queued), std::move(handler)}, length);
            },
            boost::asio::use_awaitable,
            std::move(work)
        );
}

store_health running_store::health() const
{
    const std::string reason = counters_.reason();
    return {
        .writable = !drained_ && reason.empty(),
        .reason = drained_ ? "the server is stopping" : reason,
        .last_commit = {counters_.last_commit_us},
        .commits = counters_.commits,
        .jobs = counters_.jobs,
        .queued = drained_ ? 0 : writer_->queued(),
        .reruns = counters_.reruns,
        .quarantined = counters_.quarantined,
        .wal_bytes = database_->wal_bytes(),
        .commit_p50_us = counters_.percentile(0.5),
        .commit_p99_us = counters_.percentile(0.99)
    };
}

void running_store::drain()
{
    if (drained_)
        return;
    drained_ = true;
    writer_->stop();
    readers_->stop();
    owned_.reset();
}

} // namespace

std::unique_ptr<store>
store::open(boost::asio::io_context& io, const clock& time, store_settings how)
{
    try {
        return std::make_unique<running_store>(io, time, std::move(how));
    } catch (const db::failure& failed) {
        throw problem{
            errc::unavailable, std::string{"the database can't be opened: "} + failed.what()
        };
    }
}

void prove_writable(transaction& in)
{
    // There and back again: SQLite leaves a page alone that an update would not change.
    in.exec(raise_head);
    in.exec(lower_head);
}

} // namespace crm
