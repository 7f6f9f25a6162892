// The floor of the log: entries at or below it are gone, and a client that stands there loads
// afresh. Raised in small pieces, never past what somebody still reads. Verbs run inside a store
// job.
#pragma once

#include "crm/store/transaction.hpp"

namespace crm::log_floor {

/// Removes the next entries that are older than `older_than`; true when there may be more. Stops
/// below what the search has not read yet, and below the moment since when a request is open (its
/// decisions are replayed from the log) or a timer is set.
bool raise(transaction& tx, instant older_than);

} // namespace crm::log_floor
