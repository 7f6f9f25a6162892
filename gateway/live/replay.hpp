// What a client missed: the log between where it stands and now, as the events it would have heard,
// under its present rights. Runs inside a store read.
#pragma once

#include "gateway/live/events.hpp"
#include "gateway/live/positions.hpp"
#include "gateway/live/session.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace gateway::live {

/// How much is replayed at most.
struct replay_limits
{
    std::int64_t entries = 0; // of the log; a customer's own
    std::int64_t bytes = 0;   // of events
    std::int64_t stretch = 0; // of the log, in which a customer's own entries are looked for

    /// Half of what may wait in a socket's queue: a client that is cut off by its replay would come
    /// back for the same one.
    explicit replay_limits(const settings& how)
        : entries{how.limits.replay_entries}, bytes{how.limits.queue_bytes / 2}, stretch{entries}
    {
    }

    /// For a stranger who wrote a first word a moment ago: what others wrote in that moment must
    /// not send them away. Who comes back is not looked for so far: all may come back at once, and
    /// a snapshot costs less.
    [[nodiscard]] replay_limits for_newcomer() const
    {
        auto made = *this;
        made.stretch = 20 * entries;
        return made;
    }
};

/// After `from`, up to `to`.
struct log_range
{
    std::int64_t from = 0;
    std::int64_t to = 0;
    replay_limits most;
};

/// nullopt when the client must load everything anew: too far behind, ahead of us, or its rights
/// changed.
std::optional<std::vector<missed_event>> missed_by_agent(
    crm::db::connection& on,
    const viewer& who,
    const wire::names& known,
    const log_range& range,
    crm::instant now
);

/// Who a customer's socket is, as far as a replay must know.
struct customer_ear
{
    crm::customer_id root{};
    crm::customer_id veiled_as{};
    std::function<bool(const crm::conversation&)> hears;
    wire::address_of address;
    bool shows_read_marks = true;
};
std::optional<std::vector<missed_event>> missed_by_customer(
    crm::db::connection& on,
    const customer_ear& who,
    const wire::names& known,
    const position_veil& veil,
    const log_range& range,
    crm::instant now
);

} // namespace gateway::live
