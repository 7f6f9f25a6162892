// Reading the log: for clients that resume, for followers with a cursor of their own, for audit.
// Inside a read or write job; any thread.
#pragma once

#include "crm/store/connection.hpp"
#include "crm/store/log.hpp"

#include <cstdint>
#include <vector>

namespace crm {

/// Where the log stands in this transaction's view of the database.
struct log_bounds
{
    std::int64_t floor = 0; // entries at or below it were removed; a client there needs a snapshot
    std::int64_t head = 0;  // the last position
};

/// `as_of` of a snapshot is the head read in the same transaction as the snapshot.
log_bounds read_log_bounds(db::connection& on);

/// Entries with positions over `after`, in order, at most `most`. The states that travel with fresh
/// news (entry, conversation, order) and the addresses are not loaded.
std::vector<log_entry> read_log(db::connection& on, std::int64_t after, int most);

/// The address that stood with an entry's row; empty when there was none or it was erased.
std::string read_log_address(db::connection& on, std::int64_t position);

} // namespace crm
