// Reading the body that changes an inbox. Any thread.
#pragma once

#include "crm/inbox.hpp"

#include <boost/json/object.hpp>

namespace gateway::rest {

/// Puts the members of a "change_inbox" body over an inbox. Throws problem{invalid} naming a member
/// that is no time of day.
void apply_inbox_change(crm::inbox& to, const boost::json::object& body);

} // namespace gateway::rest
