#include "tests/support/crm_database.hpp"

#include "crm/store/migrations.hpp"
#include "crm/store/mysql.hpp"
#include "crm/store/sqlite.hpp"
#include "tests/support/mariadb.hpp"

#include <catch2/catch.hpp>

namespace crm::test {
namespace {

std::vector<std::string> kinds()
{
    if (mariadb::is_installed())
        return {"SQLite", "MariaDB"};
    return {"SQLite"};
}

std::vector<std::string> words_of(db::connection& on, const std::string& sql)
{
    std::vector<std::string> found;
    db::rows row = on.query(sql);
    while (row.next())
        found.push_back(row.string(0));
    return found;
}

/// One server database for the whole program: its hundred schema changes take longer than all
/// tests.
std::shared_ptr<db::connection> emptied_mariadb()
{
    static const std::shared_ptr<db::connection> on = [] {
        db::mysql_thread_begins();
        std::shared_ptr<db::connection> made = db::open_mysql(
            db::read_mysql_url(mariadb::shared().fresh_database()), db::session::writer
        );
        db::migrate(*made, monday_nine);
        return made;
    }();
    static const std::vector<std::string> tables = words_of(
        *on,
        "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE()"
        " AND table_name NOT IN ('schema_migrations', 'log_head')"
    );
    on->begin_write();
    for (const std::string& table : tables)
        on->exec("DELETE FROM " + table);
    on->exec("UPDATE log_head SET at = 0, floor_at = 0");
    on->commit();
    return on;
}

std::shared_ptr<db::connection> fresh_sqlite()
{
    std::shared_ptr<db::connection> made = db::open_sqlite(":memory:", db::access::read_write);
    db::migrate(*made, monday_nine);
    return made;
}

std::shared_ptr<db::connection> whose_turn_it_is()
{
    const std::string kind = GENERATE(from_range(kinds()));
    UNSCOPED_INFO("on " << kind);
    return kind == "SQLite" ? fresh_sqlite() : emptied_mariadb();
}

} // namespace

migrated_database::migrated_database(std::shared_ptr<db::connection> on) : on_{std::move(on)} {}

migrated_database::~migrated_database() = default;

void migrated_database::finish(batch& one)
{
    rows_ = one.rows_written();
    one.write_log();
    on_->commit();
    for (log_entry& entry : one.take_entries())
        news.push_back(std::move(entry));
}

crm_database::crm_database() : migrated_database{whose_turn_it_is()} {}

in_memory_database::in_memory_database() : migrated_database{fresh_sqlite()} {}

std::vector<std::string> crm_database::columns(const std::string& table)
{
    db::connection& on = connection();
    if (on.speaks() == db::dialect::sqlite)
        return words_of(on, "SELECT name FROM pragma_table_info('" + table + "') ORDER BY cid");
    return words_of(
        on,
        "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE()"
        " AND table_name = '" +
            table + "' ORDER BY ordinal_position"
    );
}

} // namespace crm::test
