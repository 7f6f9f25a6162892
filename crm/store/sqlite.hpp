// SQLite behind the connection seam; crm/store/sqlite*.cpp are sqlite3.h's only homes.
// One thread at a time.
#pragma once

#include "crm/store/connection.hpp"

#include <cstdint>
#include <memory>
#include <string>

struct sqlite3;

namespace crm::db {

enum class access
{
    read_write,
    read_only
};

/// Opens (and for read_write creates) a database file, or ":memory:". WAL, synchronous=FULL,
/// secure_delete=ON, automatic checkpoint at 16000 pages. Throws failure.
std::unique_ptr<connection> open_sqlite(const std::string& path, access how);

/// The handle inside a connection that open_sqlite made, for backup and for the store's own upkeep.
sqlite3* sqlite_handle(connection& of);

/// Copies a whole database over another, as of one moment, while writers go on. Throws failure.
void copy_sqlite(connection& from, connection& to);

/// Throws the failure that `code` means, with the connection's own message.
[[noreturn]] void throw_sqlite(sqlite3* handle, int code);

} // namespace crm::db
