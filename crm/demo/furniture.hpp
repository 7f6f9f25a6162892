// The house the demo's story plays in: inboxes, channel accounts, teams, agents, tags.
#pragma once

#include "crm/demo/demo.hpp"

namespace crm::demo {

/// Sets everything up, as of the story's first day. Fills the lists of `made`.
void furnish(transaction& tx, context& by, const story& told, progress& made);

} // namespace crm::demo
