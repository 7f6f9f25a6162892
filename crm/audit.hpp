// Reading the log as an audit trail: who did what, when, from where. Addresses are in rows of their
// own and can be erased without touching the log. Reads only, unless said.
#pragma once

#include "crm/context.hpp"
#include "crm/store/connection.hpp"
#include "crm/store/log.hpp"
#include "crm/store/transaction.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace crm::audit {

/// Which entries; unset members match everything.
struct query
{
    std::optional<happening> what{};
    std::optional<actor_kind> actor{};
    std::optional<std::int64_t> actor_id{};
    std::optional<customer_id> customer{};
    std::optional<conversation_id> conversation{};
    std::optional<instant> from{}; // at or after
    std::optional<instant> to{};   // before
    std::int64_t before = 0;       // positions below this one; 0 from the newest
    int limit = 50;                // 1..200
};

/// Newest first, each with the actor's address where it is still kept. What is older than the last
/// night is found by an index (crm/audit_index.hpp) of the narrowest thing asked for: conversation,
/// customer, agent, what. Of the rest at most 100,000 entries are looked through per call; `next`
/// is where to go on, 0 at the end.
struct page
{
    std::vector<log_entry> items{};
    std::int64_t next = 0;
};
page search(db::connection& on, const query& wanted);

/// The last position written, for `as_of`.
std::int64_t last_position(db::connection& on);

/// Entries after a position, oldest first, for resuming clients and followers. limit 1..1000.
std::vector<log_entry> after(db::connection& on, std::int64_t position, int limit);

/// What concerns these customers after `from` and up to `to`, oldest first. The log has no index
/// but its position: the rows between are looked through, yet only these customers' are read.
std::vector<log_entry> of_customers(
    db::connection& on,
    std::span<const customer_id> whose,
    std::int64_t from,
    std::int64_t to,
    std::int64_t limit
);

/// Removes what is known of an actor's addresses, `most` of them, and returns how many.
int erase_addresses(transaction& tx, const context& by, actor_kind kind, std::int64_t id, int most);

} // namespace crm::audit
