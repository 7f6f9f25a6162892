#include "tests/support/bare_store.hpp"

#include <cstdio>
#include <cstdlib>
#include <sqlite3.h>
#include <string_view>

namespace bench {

namespace {

[[noreturn]] void give_up(sqlite3* on, const char* doing)
{
    std::fprintf(stderr, "bare store: %s: %s\n", doing, sqlite3_errmsg(on));
    std::exit(1);
}

void run(sqlite3* on, const char* sql)
{
    if (sqlite3_exec(on, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        give_up(on, sql);
}

/// A prepared statement that is bound, stepped and reset in one go.
class statement
{
public:
    statement(sqlite3* on, std::string_view sql) : on_{on}
    {
        if (sqlite3_prepare_v3(
                on,
                sql.data(),
                static_cast<int>(sql.size()),
                SQLITE_PREPARE_PERSISTENT,
                &made_,
                nullptr
            ) != SQLITE_OK)
            give_up(on, "prepare");
    }
    ~statement() { sqlite3_finalize(made_); }
    statement(const statement&) = delete;
    statement& operator=(const statement&) = delete;

    template <class... Values>
    void operator()(const Values&... values)
    {
        int index = 0;
        (bind(++index, values), ...);
        int code = sqlite3_step(made_);
        while (code == SQLITE_ROW)
            code = sqlite3_step(made_);
        if (code != SQLITE_DONE)
            give_up(on_, sqlite3_sql(made_));
        sqlite3_reset(made_);
    }

private:
    void bind(int index, std::int64_t number) { sqlite3_bind_int64(made_, index, number); }
    void bind(int index, int number) { sqlite3_bind_int64(made_, index, number); }
    void bind(int index, std::string_view text)
    {
        sqlite3_bind_text(made_, index, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
    }
    sqlite3* on_;
    sqlite3_stmt* made_ = nullptr;
};

sqlite3* open_file(const std::string& file)
{
    sqlite3* made = nullptr;
    if (sqlite3_open(file.c_str(), &made) != SQLITE_OK)
        give_up(made, "open");
    run(made, "PRAGMA journal_mode=WAL");
    run(made, "PRAGMA synchronous=FULL");
    run(made, "PRAGMA wal_autocheckpoint=4000");
    return made;
}

/// Nothing is kept; numbers are given all the same.
class no_store final : public bare_store
{
public:
    void commit(std::span<bare_message* const> batch) override
    {
        for (auto* one : batch)
            one->id = one->position = ++last_;
    }

private:
    std::int64_t last_ = 0;
};

/// One table, one INSERT a message.
class one_insert final : public bare_store
{
public:
    explicit one_insert(const std::string& file) : base_{open_file(file)}
    {
        run(base_,
            "CREATE TABLE messages (id INTEGER PRIMARY KEY, conversation INTEGER, cid TEXT, text "
            "TEXT)");
        insert_ = std::make_unique<statement>(
            base_, "INSERT INTO messages (id, conversation, cid, text) VALUES (?, ?, ?, ?)"
        );
    }
    ~one_insert() override
    {
        insert_.reset();
        sqlite3_close(base_);
    }
    one_insert(const one_insert&) = delete;
    one_insert& operator=(const one_insert&) = delete;

    void commit(std::span<bare_message* const> batch) override
    {
        run(base_, "BEGIN IMMEDIATE");
        for (auto* one : batch) {
            one->id = one->position = ++last_;
            (*insert_)(
                one->id, one->conversation, std::string_view{one->cid}, std::string_view{one->text}
            );
        }
        run(base_, "COMMIT");
    }

private:
    sqlite3* base_;
    std::unique_ptr<statement> insert_;
    std::int64_t last_ = 0;
};

} // namespace

std::unique_ptr<bare_store> open_bare_store(const std::string& file, bare_sql what)
{
    if (what == bare_sql::none)
        return std::make_unique<no_store>();
    return std::make_unique<one_insert>(file);
}

} // namespace bench
