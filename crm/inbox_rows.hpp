// How an inbox lies in the database beside its own row. For the files of this subject only;
// everybody else uses crm/inbox.hpp.
#pragma once

#include "crm/inbox.hpp"

namespace crm::inboxes {

/// Reads what hangs on an inbox whose row was read.
void read_parts(db::connection& on, inbox& of);
/// Throws problem{invalid} for a skill that does not exist or is named twice.
void check_parts(db::connection& on, const inbox& of);
/// Replaces what hangs on it.
void write_parts(transaction& tx, const inbox& of);

void log_about(transaction& tx, const context& by, happening what, inbox_id which);

} // namespace crm::inboxes
