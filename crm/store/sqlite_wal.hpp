// A layer under SQLite that gathers the small writes to its write-ahead log. SQLite writes every
// changed page as two pieces (24 bytes of frame header, then the page), each a system call; a batch
// has hundreds. Here they wait in memory and reach the file as a few large pieces: before every
// sync, so before a commit is one, and before anything else looks at the file. Other files pass
// through untouched.
#pragma once

#include <string>

namespace crm::db {

/// How many bytes wait at most before they are written. SQLite's own layer takes only the low 17
/// bits of a size, as no piece of its own is larger.
inline constexpr int wal_gathered_bytes = 120 * 1024;

/// The name of the layer over the default VFS of this moment, for sqlite3_open_v2(). It relies on
/// `PRAGMA synchronous=FULL`: only then every commit syncs, and so writes, the log before readers
/// learn of it. Any thread.
std::string gathering_vfs();

} // namespace crm::db
