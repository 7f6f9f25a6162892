// How an entry lies in the database. For the timeline's own files only.
#pragma once

#include "crm/store/connection.hpp"
#include "crm/timeline.hpp"

#include <span>
#include <string>
#include <vector>

namespace crm::timeline {

/// "SELECT ... FROM entries e "; add WHERE.
const std::string& select_entries();

/// Reads every row of such a query, with attachments; without authors' names.
std::vector<entry>
read_entries(db::connection& on, std::string_view sql, std::span<const db::value> args);

/// The one entry; throws problem{not_found}.
entry need(db::connection& on, entry_id which);

/// Logs something about an entry that was there already, with both states.
void log_about(
    transaction& tx, const context& by, happening what, const entry& about, std::int64_t number
);

} // namespace crm::timeline
