#include "gateway/rest/hits.hpp"

#include <algorithm>
#include <utility>

namespace gateway::rest {

namespace {

constexpr int hits_at_once = 100;
constexpr int most_looked_at = 2'000;

} // namespace

std::int64_t write_hits(
    wire::json_text& to,
    crm::db::connection& on,
    crm::search::question asked,
    int limit,
    const write_hit& write
)
{
    int shown = 0;
    std::int64_t last_shown = 0;
    wire::json_text beyond; // the first one that no longer fits is written only to know of it
    // Few more than fit, as long as nothing is out of sight.
    asked.limit = std::min(limit + 1, hits_at_once);
    for (int looked_at = 0; looked_at < most_looked_at;) {
        const auto hits = crm::search::find(on, asked);
        for (const auto& each : hits) {
            ++looked_at;
            if (!write(shown < limit ? to : beyond, each))
                continue;
            if (shown == limit)
                return last_shown;
            ++shown;
            last_shown = each.id;
        }
        if (std::cmp_less(hits.size(), asked.limit))
            return 0;
        asked.before = hits.back().id;
        asked.limit = hits_at_once;
    }
    return asked.before;
}

} // namespace gateway::rest
