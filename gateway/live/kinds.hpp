// Which log entries are news of what. Pure; any thread.
#pragma once

#include "crm/store/log.hpp"

#include <string_view>

namespace gateway::live {

/// The word of `cause` in conversation_changed; empty for what is no change of a conversation.
std::string_view cause_of(crm::happening what);
/// The event of a log entry about an entry of the timeline; empty for all others.
std::string_view entry_event(crm::happening what);
/// The event that tells of a list to be loaded again; empty for all others.
std::string_view list_event(crm::happening what);
bool concerns_customer(crm::happening what);
bool concerns_order(crm::happening what);
bool has_conversation(const crm::log_entry& what);
/// True for the log entries that end an offer.
bool ends_offer(crm::happening what);

} // namespace gateway::live
