// The words of who acted and by which road, as the audit trail shows them. Any thread.
#pragma once

#include "crm/store/log.hpp"

#include <string_view>

namespace gateway::wire {

std::string_view actor_word(crm::actor_kind who);
std::string_view via_word(crm::via by);

} // namespace gateway::wire
