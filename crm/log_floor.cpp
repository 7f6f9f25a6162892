#include "crm/log_floor.hpp"

#include "crm/audit_index.hpp"
#include "crm/request_state.hpp"
#include "crm/search.hpp"
#include "crm/store/log_reader.hpp"

#include <algorithm>

namespace crm::log_floor {
namespace {

constexpr int entries_at_once = 39; // with four places in the index each within 200 rows
/// Entries of one batch share its positions' order, not their clocks' to the microsecond.
constexpr std::chrono::microseconds slack = std::chrono::minutes{1};

constexpr std::string_view oldest_request =
    "SELECT MIN(enqueued_at) FROM requests WHERE state IN (?, ?, ?)";
constexpr std::string_view oldest_timer = "SELECT MIN(created_at) FROM agenda";
constexpr std::string_view remove_entries =
    "DELETE FROM log_entries WHERE position > ? AND position <= ?";
constexpr std::string_view set_floor = "UPDATE log_head SET floor_at = ? WHERE id = 1";

void hold_below(instant& limit, db::rows found)
{
    if (found.next() && !found.is_null(0))
        limit = std::min(limit, found.time(0) - slack);
}

} // namespace

bool raise(transaction& tx, instant older_than)
{
    instant limit = older_than;
    hold_below(
        limit,
        tx.query(
            oldest_request, {request_state::waiting, request_state::offered, request_state::active}
        )
    );
    hold_below(limit, tx.query(oldest_timer));
    const std::int64_t followed = search::read_progress(tx.db()).position;
    const std::int64_t floor = read_log_bounds(tx.db()).floor;
    std::vector<log_entry> gone = read_log(tx.db(), floor, entries_at_once);
    const auto kept = std::ranges::find_if(gone, [&](const log_entry& one) {
        return one.at >= limit || one.position > followed;
    });
    gone.erase(kept, gone.end());
    if (gone.empty())
        return false;
    const std::int64_t to = gone.back().position;
    audit::index::forget(tx, gone);
    tx.exec(remove_entries, {floor, to});
    tx.exec(set_floor, {to});
    return gone.size() == entries_at_once;
}

} // namespace crm::log_floor
