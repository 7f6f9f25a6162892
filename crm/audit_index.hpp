// Where in the log to look for what concerns one happening, agent, customer or conversation. The
// log itself has no index but its position, which keeps every commit cheap; this one is made of it
// at night in small background jobs. Verbs run inside a store job.
#pragma once

#include "crm/store/connection.hpp"
#include "crm/store/log.hpp"
#include "crm/store/transaction.hpp"

#include <span>
#include <string_view>
#include <vector>

namespace crm::audit::index {

/// By what entries are found. Stored: never renumber.
enum class scope : std::int8_t
{
    what = 1,
    agent = 2,
    customer = 3,
    conversation = 4
};

/// Everything of one scope: all of one customer, say.
struct place
{
    index::scope scope{};
    std::int64_t subject = 0;
};

/// Values: scope, subject, below which position, how many.
inline constexpr std::string_view select_positions =
    "SELECT position FROM audit_places WHERE scope = ? AND subject = ? AND position < ?"
    " ORDER BY position DESC LIMIT ?";

/// Up to and with this position the index is complete.
std::int64_t reaches(db::connection& on);

/// Takes the next entries in; true when there may be more. A background job.
bool follow(transaction& tx);

/// Takes out what is about to leave the log.
void forget(transaction& tx, std::span<const log_entry> gone);

} // namespace crm::audit::index
