#include "gateway/rest/hits.hpp"

#include "crm/customer_list.hpp"

#include <algorithm>

namespace gateway::rest {

namespace {

constexpr int hits_at_once = 100;
constexpr int most_looked_at = 2'000;

/// Leaves out hits about customers out of sight, all at once; what stands in an inbox was searched
/// for within sight.
void leave_out_unseen(
    crm::db::connection& on, const crm::search::question& asked, std::vector<crm::search::hit>& hits
)
{
    const bool by_customer =
        asked.kind == crm::search::document::customer || asked.kind == crm::search::document::order;
    if (!by_customer || asked.who.everything || hits.empty())
        return;
    std::vector<crm::customer_id> whose;
    for (const auto& each : hits)
        whose.push_back(each.customer);
    const auto seen = crm::customers::seen_among(on, asked.who, whose);
    std::erase_if(hits, [&](const auto& each) { return !seen.contains(each.customer); });
}

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
        auto hits = crm::search::find(on, asked);
        const auto found = static_cast<int>(hits.size());
        const std::int64_t last_found = hits.empty() ? 0 : hits.back().id;
        looked_at += found;
        leave_out_unseen(on, asked, hits);
        for (const auto& each : hits) {
            if (!write(shown < limit ? to : beyond, each))
                continue;
            if (shown == limit)
                return last_shown;
            ++shown;
            last_shown = each.id;
        }
        if (found < asked.limit)
            return 0;
        asked.before = last_found;
        asked.limit = hits_at_once;
    }
    return asked.before;
}

} // namespace gateway::rest
