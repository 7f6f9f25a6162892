// The demo's people.
#pragma once

#include "crm/demo/dice.hpp"
#include "crm/demo/story.hpp"

#include <string>
#include <vector>

namespace crm::demo {

/// Customers of many places; the first few are the ones that tests of names care for.
std::vector<person> people(std::size_t count, dice& chance);

/// The agents who answer, in order of beat::agent.
const std::vector<std::string>& agent_names();

} // namespace crm::demo
