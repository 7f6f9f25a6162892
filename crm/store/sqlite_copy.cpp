#include "crm/store/sqlite.hpp"

#include <sqlite3.h>

namespace crm::db {

void copy_sqlite(connection& from, connection& to)
{
    sqlite3* target = sqlite_handle(to);
    sqlite3_backup* copying = sqlite3_backup_init(target, "main", sqlite_handle(from), "main");
    if (copying == nullptr)
        throw_sqlite(target, sqlite3_errcode(target));
    // In one step: it holds one snapshot, so a busy writer neither waits nor makes it begin anew.
    sqlite3_backup_step(copying, -1);
    const int code = sqlite3_backup_finish(copying);
    if (code != SQLITE_OK)
        throw_sqlite(target, code);
}

} // namespace crm::db
