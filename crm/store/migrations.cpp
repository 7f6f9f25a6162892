#include "crm/store/migrations.hpp"

#include "crm/base/hash.hpp"
#include "crm/base/problem.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <map>
#include <stdexcept>
#include <utility>

namespace crm::db {

namespace {

struct word
{
    std::string_view name;
    std::string_view sqlite;
    std::string_view mysql;
};

constexpr std::array words{
    word{"{id}", "INTEGER PRIMARY KEY", "BIGINT PRIMARY KEY"},
    word{"{i64}", "INTEGER", "BIGINT"},
    word{"{key}", "TEXT", "VARBINARY(190)"},
    word{"{text}", "TEXT", "MEDIUMTEXT"},
    word{"{bytes}", "BLOB", "MEDIUMBLOB"},
    word{"{real}", "REAL", "DOUBLE"},
};

constexpr std::string_view mysql_table_end =
    " ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin";

constexpr std::string_view create_history = R"(
CREATE TABLE IF NOT EXISTS schema_migrations (
    part {key} NOT NULL,
    number {i64} NOT NULL,
    checksum {key} NOT NULL,
    applied_at {i64} NOT NULL,
    PRIMARY KEY (part, number)))";
constexpr std::string_view select_history =
    "SELECT number, checksum FROM schema_migrations WHERE part = ? ORDER BY number";
constexpr std::string_view insert_history =
    "INSERT INTO schema_migrations (part, number, checksum, applied_at) VALUES (?, ?, ?, ?)";

constexpr std::string_view take_mysql_lock = "SELECT GET_LOCK('parley.migrate', 60)";
constexpr std::string_view leave_mysql_lock = "SELECT RELEASE_LOCK('parley.migrate')";

/// SQLite runs everything in one transaction that holds the write lock; MySQL commits DDL by
/// itself, so one named lock spans the whole run.
class migration_lock
{
public:
    explicit migration_lock(connection& on) : on_{on}
    {
        if (on_.speaks() != dialect::mysql)
            return;
        rows answer = on_.query(take_mysql_lock);
        if (!answer.next() || answer.integer(0) != 1)
            throw problem{
                errc::unavailable, "another process is migrating this database; try again later"
            };
    }
    migration_lock(const migration_lock&) = delete;
    migration_lock& operator=(const migration_lock&) = delete;
    ~migration_lock()
    {
        if (on_.speaks() != dialect::mysql)
            return;
        try {
            rows answer = on_.query(leave_mysql_lock);
            answer.next();
        } catch (const failure&) {
            // The lock ends with the connection anyway.
            on_.rollback();
        }
    }

private:
    connection& on_;
};

std::map<int, std::string> history(connection& on, std::string_view part)
{
    std::map<int, std::string> ran;
    rows found = on.query(select_history, {part});
    while (found.next())
        ran.emplace(static_cast<int>(found.integer(0)), found.string(1));
    return ran;
}

void check_history(
    const std::map<int, std::string>& ran, std::span<const migration> list, std::string_view part
)
{
    if (!ran.empty() && ran.rbegin()->first > static_cast<int>(list.size()))
        throw problem{
            errc::unavailable,
            fmt::format(
                "this database is newer than this program ({} schema {}, known up to {}); start "
                "the "
                "newer program or restore the backup that belongs to this one",
                part,
                ran.rbegin()->first,
                list.size()
            )
        };
    for (const auto& [number, checksum] : ran)
        if (checksum != to_hex(sha256(list[static_cast<std::size_t>(number) - 1].sql)))
            throw problem{
                errc::unavailable,
                fmt::format(
                    "step {} of this database's {} schema is not the one this program knows; use "
                    "the "
                    "program that made the database, or a fresh one",
                    number,
                    part
                )
            };
}

void run_step(connection& on, std::string_view part, const migration& step, instant now)
{
    try {
        on.run_once(in_dialect(step.sql, on.speaks()));
        on.exec(insert_history, {part, step.number, to_hex(sha256(step.sql)), now});
        // MySQL: the statement committed itself; its record follows at once, so that a crash can
        // only leave the last step to be looked at by hand.
        if (on.speaks() == dialect::mysql)
            on.commit();
    } catch (const failure& failed) {
        throw problem{
            errc::unavailable,
            fmt::format("step {} of the {} schema failed: {}", step.number, part, failed.what())
        };
    }
}

void run_part(connection& on, std::string_view part, std::span<const migration> list, instant now)
{
    if (!gap_free(list))
        throw std::logic_error{"the schema's numbers have a gap"};
    const std::map<int, std::string> ran = history(on, part);
    check_history(ran, list, part);
    for (const migration& step : list)
        if (!ran.contains(step.number))
            run_step(on, part, step, now);
}

} // namespace

std::string in_dialect(std::string_view sql, dialect of)
{
    std::string text;
    std::string_view rest = sql;
    for (std::size_t open = rest.find('{'); open != std::string_view::npos; open = rest.find('{')) {
        text += rest.substr(0, open);
        rest.remove_prefix(open);
        const std::string_view name = rest.substr(0, rest.find('}') + 1);
        const auto* known = std::ranges::find(words, name, &word::name);
        if (known == words.end())
            throw std::logic_error{"a migration has an unknown word: " + std::string{name}};
        text += of == dialect::sqlite ? known->sqlite : known->mysql;
        rest.remove_prefix(name.size());
    }
    text += rest;
    const std::size_t first = text.find_first_not_of(" \n");
    if (of == dialect::mysql && text.compare(first, 12, "CREATE TABLE") == 0)
        text += mysql_table_end;
    return text;
}

void migrate(
    connection& on,
    instant now,
    std::span<const migration> store_list,
    std::span<const migration> product_list
)
{
    const migration_lock held{on};
    on.begin_write();
    try {
        on.run_once(in_dialect(create_history, on.speaks()));
        run_part(on, "store", store_list, now);
        run_part(on, "product", product_list, now);
        on.commit();
    } catch (...) {
        on.rollback();
        throw;
    }
}

void migrate(connection& on, instant now)
{
    migrate(on, now, store_migrations(), product_migrations());
}

} // namespace crm::db
