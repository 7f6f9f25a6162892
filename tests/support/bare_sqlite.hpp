// The thinnest wrapping of SQLite's C interface, for the bare relay's stores. Any failure ends the
// program with SQLite's words. One thread.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <sqlite3.h>
#include <string>
#include <string_view>

namespace bench {

[[noreturn]] inline void give_up(sqlite3* on, const char* doing)
{
    std::fprintf(stderr, "bare store: %s: %s\n", doing, sqlite3_errmsg(on));
    std::exit(1);
}

inline void run(sqlite3* on, const char* sql)
{
    if (sqlite3_exec(on, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        give_up(on, sql);
}

/// Opens a file as the product does: WAL, every commit on disk.
inline sqlite3* open_file(const std::string& file)
{
    sqlite3* made = nullptr;
    if (sqlite3_open(file.c_str(), &made) != SQLITE_OK)
        give_up(made, "open");
    run(made, "PRAGMA journal_mode=WAL");
    run(made, "PRAGMA synchronous=FULL");
    run(made, "PRAGMA wal_autocheckpoint=16000");
    return made;
}

/// A prepared statement that is bound, stepped to its end and reset in one go.
class statement
{
public:
    statement(sqlite3* on, std::string_view sql) : on_{on}
    {
        const int size = static_cast<int>(sql.size());
        if (sqlite3_prepare_v3(on, sql.data(), size, SQLITE_PREPARE_PERSISTENT, &made_, nullptr) !=
            SQLITE_OK)
            give_up(on, "prepare");
    }
    ~statement() { sqlite3_finalize(made_); }
    statement(const statement&) = delete;
    statement& operator=(const statement&) = delete;

    template <class... Values>
    void operator()(const Values&... values)
    {
        next_ = 0;
        (bind(values), ...);
        step();
    }
    /// Binds the next parameter; for statements with too many to list.
    void bind(std::int64_t number) { sqlite3_bind_int64(made_, ++next_, number); }
    void bind(std::string_view text)
    {
        // A view of nothing would be bound as NULL.
        const char* data = text.empty() ? "" : text.data();
        sqlite3_bind_text(made_, ++next_, data, static_cast<int>(text.size()), SQLITE_STATIC);
    }
    /// Runs it with what was bound, reads every row, and begins anew.
    void step()
    {
        int code = sqlite3_step(made_);
        for (; code == SQLITE_ROW; code = sqlite3_step(made_))
            for (int column = 0, end = sqlite3_column_count(made_); column < end; ++column)
                sqlite3_column_blob(made_, column);
        if (code != SQLITE_DONE)
            give_up(on_, sqlite3_sql(made_));
        sqlite3_reset(made_);
        next_ = 0;
    }

private:
    sqlite3* on_;
    sqlite3_stmt* made_ = nullptr;
    int next_ = 0;
};

} // namespace bench
