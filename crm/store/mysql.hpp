// MySQL and MariaDB behind the connection seam, through Connector/C++ 1.1; mysql*.cpp are cppconn's
// only homes. One thread at a time; each thread between thread_begins and thread_ends of the
// backend.
#pragma once

#include "crm/store/connection.hpp"

#include <cstdint>
#include <memory>
#include <string>

namespace crm::db {

/// Where a server is and who we are there.
struct mysql_address
{
    std::string host = "tcp://127.0.0.1:3306"; // as the connector wants it: tcp://… or unix://…
    std::string user;
    std::string password;
    std::string database;
    bool encrypted = false;    // refuse to talk in clear
    std::string authorities{}; // file of CA certificates (PEM) that the server's must come from
};

/// Reads mysql://user:password@host:port/name[?socket=PATH][&tls=required][&ca=FILE]; `ca` means
/// encrypted, and that certificate and host name are checked. Throws problem{invalid}.
mysql_address read_mysql_url(const std::string& url);

enum class session
{
    writer, // READ COMMITTED
    reader  // one snapshot, read only, statements end after 2 s
};

/// A connection whose every transaction is explicit: autocommit is off, and it is never silently
/// replaced by a new one. Throws failure, or problem{unavailable} when the server is set up
/// wrongly.
std::unique_ptr<connection> open_mysql(const mysql_address& to, session how);

/// For each thread that uses connections.
void mysql_thread_begins();
void mysql_thread_ends();

} // namespace crm::db
