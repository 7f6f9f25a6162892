// How a conversation lies in the database: reading one, writing back what changed. For the files of
// this subject only; everybody else uses crm/conversation.hpp and crm/timeline.hpp.
#pragma once

#include "crm/conversation.hpp"

#include <boost/json/object.hpp>
#include <string>
#include <vector>

namespace crm::conversations {

/// "SELECT ... FROM conversations c ..." with customer, assignee and order joined; add WHERE.
const std::string& select_conversations();

/// Reads every row of such a query.
std::vector<conversation>
read_all(db::connection& on, std::string_view sql, std::span<const db::value> args);

/// Writes status, people, stage, order, request and times back; counts the revision up.
void save_state(transaction& tx, conversation& changed);

/// Adds an entry to a conversation that was just loaded, and brings it up to date.
appended append_to(transaction& tx, context& by, conversation& where, const new_entry& wanted);

/// Logs a change that was saved and shows it in the timeline as an internal event.
void record(
    transaction& tx, context& by, conversation& changed, log_entry what, boost::json::object details
);

/// Derives the stage anew unless it was set by hand; true when it differs (not saved yet).
bool derive_stage(db::connection& on, conversation& of);

/// Derives, saves and records; for orders and merges.
void refresh_stage(transaction& tx, context& by, conversation_id which);

/// Opens a conversation again because its customer wrote.
void reopen(transaction& tx, context& by, conversation& where);

} // namespace crm::conversations
