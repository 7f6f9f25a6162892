// Decides again from the stored log alone what was decided then: the proof that a decision can be
// explained, and the tool to look at one. Reads the database; any thread.
#pragma once

#include "crm/store/connection.hpp"
#include "routing/engine/decisions.hpp"
#include "routing/engine/policy.hpp"

#include <vector>

namespace routing {

/// All decisions that follow from the log up to `until`, in order. Agents, teams and inboxes are
/// taken as they are now, so a replay across a change of staff differs where that change matters.
std::vector<decision> replay(crm::db::connection& on, const policy& rules, std::int64_t until);

} // namespace routing
