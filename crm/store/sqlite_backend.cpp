// SQLite's upkeep: who checkpoints, and when. Bringing the log home takes as long as tens of
// commits, so a thread and a connection of its own do it while the writer writes on; what was
// written meanwhile is little, and the writer brings it home itself, which lets the log begin anew.
// A failed fsync is seen in both (the automatic checkpoint swallows one).
#include "crm/store/backend.hpp"
#include "crm/store/sqlite.hpp"

#include <chrono>
#include <future>
#include <sqlite3.h>
#include <system_error>

namespace crm::db {

namespace {

// Brought home in passing, about 63 MiB: most pages are written again and again, so a round that
// comes a quarter as often brings home a fraction of the bytes.
constexpr int checkpoint_pages = 16'000;
constexpr int checkpoint_again_pages = 4'000;             // when a reader held some back
constexpr std::int64_t truncate_bytes = 64 * 1024 * 1024; // brought home entirely when idle
constexpr int busy_wait_ms = 10'000;

/// A full disk leaves the log as it is: nothing is lost, and the next call tries again.
bool is_trouble(int code)
{
    return code != SQLITE_OK && code != SQLITE_BUSY && code != SQLITE_LOCKED &&
           (code & 0xFF) != SQLITE_FULL;
}

class sqlite_backend final : public backend
{
public:
    explicit sqlite_backend(std::filesystem::path file) : file_{std::move(file)} {}
    sqlite_backend(const sqlite_backend&) = delete;
    sqlite_backend& operator=(const sqlite_backend&) = delete;
    ~sqlite_backend() override
    {
        if (round_.valid())
            round_.wait();
    }

    std::unique_ptr<connection> open_writer() override;
    std::unique_ptr<connection> open_reader() override
    {
        return open_sqlite(file_.string(), access::read_only);
    }
    [[nodiscard]] dialect speaks() const override { return dialect::sqlite; }
    bool tidy(connection& writer, bool idle) override;
    [[nodiscard]] std::int64_t wal_bytes() const override;
    [[nodiscard]] std::string run_of_server(connection&) override { return {}; }
    void thread_begins() override {}
    void thread_ends() override {}

private:
    static int committed(void* self, sqlite3*, const char*, int pages)
    {
        static_cast<sqlite_backend*>(self)->pages_ = pages;
        return SQLITE_OK;
    }

    void bring_home();
    bool finish_round(connection& writer, bool whole);

    std::filesystem::path file_;
    std::unique_ptr<connection> helper_; // the rounds' own, one after the other
    std::future<void> round_;            // under way, or not asked for its outcome yet
    int pages_ = 0; // in the WAL since it last began anew; the writer's thread only
    int next_checkpoint_ = checkpoint_pages;
};

std::unique_ptr<connection> sqlite_backend::open_writer()
{
    std::unique_ptr<connection> made = open_sqlite(file_.string(), access::read_write);
    sqlite3_wal_hook(sqlite_handle(*made), &sqlite_backend::committed, this);
    return made;
}

/// The long part, beside the writer.
void sqlite_backend::bring_home()
{
    if (!helper_)
        helper_ = open_sqlite(file_.string(), access::read_write);
    sqlite3* handle = sqlite_handle(*helper_);
    sqlite3_busy_timeout(handle, 0);
    const int code =
        sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    if (is_trouble(code))
        throw_sqlite(handle, code);
}

bool sqlite_backend::tidy(connection& writer, bool idle)
{
    const bool whole = idle && wal_bytes() >= truncate_bytes;
    if (round_.valid()) {
        if (round_.wait_for(std::chrono::seconds{0}) != std::future_status::ready)
            return true;
        round_.get();
        return finish_round(writer, whole);
    }
    if (!whole && pages_ < next_checkpoint_)
        return false;
    round_ = std::async(std::launch::async, [this] { bring_home(); });
    return true;
}

/// The short part, between two batches.
bool sqlite_backend::finish_round(connection& writer, bool whole)
{
    sqlite3* handle = sqlite_handle(writer);
    // A reader in the way is no reason to wait: the next call brings the rest home.
    sqlite3_busy_timeout(handle, 0);
    int in_log = 0;
    int brought_home = 0;
    const int code = sqlite3_wal_checkpoint_v2(
        handle,
        nullptr,
        whole ? SQLITE_CHECKPOINT_TRUNCATE : SQLITE_CHECKPOINT_PASSIVE,
        &in_log,
        &brought_home
    );
    sqlite3_busy_timeout(handle, busy_wait_ms);
    if (is_trouble(code))
        throw_sqlite(handle, code);
    const bool all_home = code == SQLITE_OK && in_log == brought_home;
    next_checkpoint_ = all_home ? checkpoint_pages : pages_ + checkpoint_again_pages;
    if (all_home)
        pages_ = 0;
    return wal_bytes() >= truncate_bytes;
}

std::int64_t sqlite_backend::wal_bytes() const
{
    std::error_code missing;
    const auto size = std::filesystem::file_size(file_.string() + "-wal", missing);
    return missing ? 0 : static_cast<std::int64_t>(size);
}

} // namespace

std::unique_ptr<backend> make_sqlite_backend(const std::filesystem::path& file)
{
    return std::make_unique<sqlite_backend>(file);
}

} // namespace crm::db
