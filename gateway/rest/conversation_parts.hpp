// What the calls about conversations share. Io thread; functions over a connection run inside store
// jobs.
#pragma once

#include "crm/conversation.hpp"
#include "crm/draft.hpp"
#include "gateway/rest/call.hpp"
#include "gateway/wire/wire.hpp"

namespace gateway::rest {

/// The conversation, if it is within sight. Throws problem{not_found}.
crm::conversation
require_conversation(crm::db::connection& on, const viewer& who, crm::conversation_id which);

/// True when the customer is within sight (crm/sight.hpp).
bool sees_customer(crm::db::connection& on, const viewer& who, crm::customer_id which);
/// The customer, if within sight. Throws problem{not_found}.
crm::customer require_customer(crm::db::connection& on, const viewer& who, crm::customer_id which);

/// A list of drafts with their attachments.
void write_drafts(wire::json_text& to, crm::db::connection& on, const std::vector<crm::draft>& all);

} // namespace gateway::rest
