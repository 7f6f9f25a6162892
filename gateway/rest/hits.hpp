// Pages of what a search found, filled up with what the asker may see. Runs inside store jobs.
#pragma once

#include "crm/search.hpp"
#include "gateway/wire/json_text.hpp"

#include <cstdint>
#include <functional>

namespace gateway::rest {

/// Writes one hit into the list; false, and nothing written, when the asker may not see it.
using write_hit = std::function<bool(wire::json_text& to, const crm::search::hit& hit)>;

/// Writes the newest `limit` hits that may be seen and returns below which id the next page goes
/// on, 0 at the end. At most 2,000 hits are looked at: where more are out of sight in a row, the
/// page is short and goes on from there. `asked.who` is whose sight counts.
std::int64_t write_hits(
    wire::json_text& to,
    crm::db::connection& on,
    crm::search::question asked,
    int limit,
    const write_hit& write
);

} // namespace gateway::rest
