// When an inbox is open: its week and its exceptions in its own time zone. Any thread.
#pragma once

#include "crm/inbox.hpp"

#include <optional>

namespace gateway {

/// True at a moment within the inbox's hours; always when it has none. An unknown zone counts as
/// UTC.
bool is_open(const crm::inbox& which, crm::instant at);

/// The next moment within 14 days at which it opens; nullopt when it is open or never opens.
std::optional<crm::instant> next_opening(const crm::inbox& which, crm::instant after);

} // namespace gateway
