#include "crm/store/sqlite.hpp"

#include "crm/store/sqlite_wal.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <fmt/format.h>
#include <sqlite3.h>
#include <unordered_map>
#include <vector>

namespace crm::db {

namespace {

constexpr int busy_wait_ms = 10'000;
constexpr std::size_t kept_statements = 1'000;
constexpr std::size_t near_statements = 256; // found by where their text stands in memory
// A snapshot that lives longer would hold the write-ahead log from being brought home.
constexpr std::chrono::seconds longest_read{2};
constexpr int steps_between_looks = 20'000; // of SQLite's machine, well under a millisecond

failure::kind kind_of(int extended_code)
{
    switch (extended_code) {
    case SQLITE_CONSTRAINT_UNIQUE:
    case SQLITE_CONSTRAINT_PRIMARYKEY:
    case SQLITE_CONSTRAINT_ROWID:
        return failure::kind::duplicate;
    default:
        break;
    }
    switch (extended_code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return failure::kind::contended;
    case SQLITE_FULL:
    case SQLITE_READONLY:
        return failure::kind::full;
    case SQLITE_TOOBIG:
        return failure::kind::oversize;
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return failure::kind::corrupt;
    case SQLITE_INTERRUPT:
        return failure::kind::overtime;
    case SQLITE_IOERR:
    case SQLITE_CANTOPEN:
        return failure::kind::lost;
    default:
        return failure::kind::other;
    }
}

/// A prepared statement. It knows whether a cursor still reads from it.
struct statement
{
    sqlite3_stmt* handle = nullptr;
    bool reading = false;

    statement() = default;
    statement(const statement&) = delete;
    statement& operator=(const statement&) = delete;
    ~statement() { sqlite3_finalize(handle); }
};

class sqlite_cursor final : public rows::cursor
{
public:
    sqlite_cursor(sqlite3* handle, std::shared_ptr<statement> from)
        : handle_{handle}, from_{std::move(from)}
    {
        from_->reading = true;
    }
    sqlite_cursor(const sqlite_cursor&) = delete;
    sqlite_cursor& operator=(const sqlite_cursor&) = delete;
    ~sqlite_cursor() override
    {
        sqlite3_reset(from_->handle);
        sqlite3_clear_bindings(from_->handle);
        from_->reading = false;
    }

    bool next() override
    {
        const int code = sqlite3_step(from_->handle);
        if (code == SQLITE_ROW)
            return true;
        if (code != SQLITE_DONE)
            throw_sqlite(handle_, code);
        return false;
    }
    [[nodiscard]] bool is_null(int column) const override
    {
        return sqlite3_column_type(from_->handle, column) == SQLITE_NULL;
    }
    [[nodiscard]] std::int64_t integer(int column) const override
    {
        return sqlite3_column_int64(from_->handle, column);
    }
    [[nodiscard]] double real(int column) const override
    {
        return sqlite3_column_double(from_->handle, column);
    }
    [[nodiscard]] std::string_view text(int column) const override
    {
        const void* data = sqlite3_column_blob(from_->handle, column);
        const int size = sqlite3_column_bytes(from_->handle, column);
        if (data == nullptr)
            return {};
        return {static_cast<const char*>(data), static_cast<std::size_t>(size)};
    }

private:
    sqlite3* handle_;
    std::shared_ptr<statement> from_;
};

/// Binds one value. Text is copied only where the statement outlives the call: `lifetime` says so.
int bind_one(sqlite3_stmt* to, int index, const value& given, sqlite3_destructor_type lifetime)
{
    struct visitor
    {
        sqlite3_stmt* to;
        int index;
        sqlite3_destructor_type lifetime;

        int operator()(std::nullptr_t) const { return sqlite3_bind_null(to, index); }
        int operator()(std::int64_t number) const { return sqlite3_bind_int64(to, index, number); }
        int operator()(double number) const { return sqlite3_bind_double(to, index, number); }
        int operator()(std::string_view text) const
        {
            // An empty view may have no address, which SQLite would read as NULL.
            const char* data = text.empty() ? "" : text.data();
            return sqlite3_bind_text64(to, index, data, text.size(), lifetime, SQLITE_UTF8);
        }
        int operator()(const value::bytes_view& bytes) const
        {
            const char* data = bytes.data.empty() ? "" : bytes.data.data();
            return sqlite3_bind_blob64(to, index, data, bytes.data.size(), lifetime);
        }
    };
    return std::visit(visitor{to, index, lifetime}, given.held());
}

class sqlite_connection final : public connection
{
public:
    sqlite_connection(const std::string& path, access how);
    sqlite_connection(const sqlite_connection&) = delete;
    sqlite_connection& operator=(const sqlite_connection&) = delete;
    ~sqlite_connection() override
    {
        statements_.clear();
        sqlite3_close_v2(handle_);
    }

    rows query_span(std::string_view sql, std::span<const value> args) override;
    std::int64_t exec_span(std::string_view sql, std::span<const value> args) override;
    void run_once(std::string_view sql) override;
    void begin_write() override { exec("BEGIN IMMEDIATE"); }
    void begin_read() override
    {
        read_until_ = std::chrono::steady_clock::now() + longest_read;
        exec("BEGIN");
    }
    void commit() override { exec("COMMIT"); }
    void rollback() noexcept override;
    [[nodiscard]] dialect speaks() const override { return dialect::sqlite; }
    [[nodiscard]] sqlite3* handle() { return handle_; }

private:
    std::shared_ptr<statement> prepare(std::string_view sql);
    std::shared_ptr<statement> compile(std::string_view sql);
    void bind(statement& to, std::span<const value> args, sqlite3_destructor_type lifetime);

    static int is_overtime(void* self)
    {
        const auto& until = static_cast<sqlite_connection*>(self)->read_until_;
        return std::chrono::steady_clock::now() > until ? 1 : 0;
    }

    struct text_hash
    {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const
        {
            return std::hash<std::string_view>{}(text);
        }
    };

    sqlite3* handle_ = nullptr;
    std::chrono::steady_clock::time_point read_until_ =
        std::chrono::steady_clock::time_point::max();
    /// A text's place for the statements last used: most texts are constants, and comparing one
    /// with itself is cheaper than hashing it.
    [[nodiscard]] static std::size_t place_of(std::string_view sql)
    {
        return (reinterpret_cast<std::uintptr_t>(sql.data()) >> 3U) % near_statements;
    }

    using kept =
        std::unordered_map<std::string, std::shared_ptr<statement>, text_hash, std::equal_to<>>;
    kept statements_;
    std::array<const kept::value_type*, near_statements> near_{}; // the map's nodes stay in place
};

sqlite_connection::sqlite_connection(const std::string& path, access how)
{
    const int flags = how == access::read_write ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
                                                : SQLITE_OPEN_READONLY;
    const std::string vfs = gathering_vfs();
    const int code =
        sqlite3_open_v2(path.c_str(), &handle_, flags | SQLITE_OPEN_NOMUTEX, vfs.c_str());
    if (code != SQLITE_OK) {
        const std::string why = handle_ != nullptr ? sqlite3_errmsg(handle_) : "out of memory";
        sqlite3_close_v2(handle_);
        throw failure{kind_of(code), fmt::format("{} can't be opened: {}", path, why), code};
    }
    sqlite3_extended_result_codes(handle_, 1);
    sqlite3_busy_timeout(handle_, busy_wait_ms);
    try {
        if (how == access::read_write) {
            run_once("PRAGMA journal_mode=WAL");
            run_once("PRAGMA synchronous=FULL"); // gathering_vfs() relies on it as well
            run_once("PRAGMA secure_delete=ON");
            run_once("PRAGMA wal_autocheckpoint=16000");
            run_once("PRAGMA journal_size_limit=134217728");
        } else {
            run_once("PRAGMA mmap_size=268435456");
            sqlite3_progress_handler(
                handle_, steps_between_looks, &sqlite_connection::is_overtime, this
            );
        }
        run_once("PRAGMA cache_size=-65536");
        run_once("PRAGMA temp_store=MEMORY");
    } catch (...) {
        sqlite3_close_v2(handle_);
        throw;
    }
}

std::shared_ptr<statement> sqlite_connection::compile(std::string_view sql)
{
    auto made = std::make_shared<statement>();
    const int code = sqlite3_prepare_v3(
        handle_,
        sql.data(),
        static_cast<int>(sql.size()),
        SQLITE_PREPARE_PERSISTENT,
        &made->handle,
        nullptr
    );
    if (code != SQLITE_OK)
        throw_sqlite(handle_, code);
    return made;
}

std::shared_ptr<statement> sqlite_connection::prepare(std::string_view sql)
{
    const kept::value_type*& near = near_[place_of(sql)];
    if (near != nullptr && near->first == sql && !near->second->reading)
        return near->second;
    const auto found = statements_.find(sql);
    if (found != statements_.end() && !found->second->reading) {
        near = &*found;
        return found->second;
    }
    std::shared_ptr<statement> made = compile(sql);
    // The same text while its first cursor is open: a statement of its own, not kept.
    if (found == statements_.end() && statements_.size() < kept_statements)
        statements_.emplace(std::string{sql}, made);
    return made;
}

void sqlite_connection::bind(
    statement& to, std::span<const value> args, sqlite3_destructor_type lifetime
)
{
    if (sqlite3_bind_parameter_count(to.handle) != static_cast<int>(args.size()))
        throw failure{
            failure::kind::other,
            fmt::format("{} values were given to: {}", args.size(), sqlite3_sql(to.handle))
        };
    int index = 0;
    for (const value& given : args) {
        const int code = bind_one(to.handle, ++index, given, lifetime);
        if (code != SQLITE_OK)
            throw_sqlite(handle_, code);
    }
}

rows sqlite_connection::query_span(std::string_view sql, std::span<const value> args)
{
    std::shared_ptr<statement> ready = prepare(sql);
    auto cursor = std::make_unique<sqlite_cursor>(handle_, ready);
    bind(*ready, args, SQLITE_TRANSIENT);
    return rows{std::move(cursor)};
}

std::int64_t sqlite_connection::exec_span(std::string_view sql, std::span<const value> args)
{
    const std::shared_ptr<statement> ready = prepare(sql);
    const sqlite_cursor resets_at_end{handle_, ready};
    bind(*ready, args, SQLITE_STATIC);
    const std::int64_t before = sqlite3_total_changes64(handle_);
    int code = sqlite3_step(ready->handle);
    while (code == SQLITE_ROW)
        code = sqlite3_step(ready->handle);
    if (code != SQLITE_DONE)
        throw_sqlite(handle_, code);
    // changes() keeps the number of the last writing statement, so ask it only after a writing one.
    return sqlite3_total_changes64(handle_) == before ? 0 : sqlite3_changes64(handle_);
}

void sqlite_connection::run_once(std::string_view sql)
{
    const std::shared_ptr<statement> made = compile(sql);
    int code = sqlite3_step(made->handle);
    while (code == SQLITE_ROW)
        code = sqlite3_step(made->handle);
    if (code != SQLITE_DONE)
        throw_sqlite(handle_, code);
}

void sqlite_connection::rollback() noexcept
{
    // Some failures (a full disk, an I/O error) have rolled back already.
    if (sqlite3_get_autocommit(handle_) == 0)
        sqlite3_exec(handle_, "ROLLBACK", nullptr, nullptr, nullptr);
}

} // namespace

std::unique_ptr<connection> open_sqlite(const std::string& path, access how)
{
    return std::make_unique<sqlite_connection>(path, how);
}

sqlite3* sqlite_handle(connection& of)
{
    return dynamic_cast<sqlite_connection&>(of).handle();
}

void throw_sqlite(sqlite3* handle, int code)
{
    throw failure{
        kind_of(code), fmt::format("SQLite: {} ({})", sqlite3_errmsg(handle), code), code
    };
}

} // namespace crm::db
