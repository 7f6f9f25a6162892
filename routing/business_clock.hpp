// The business clock of an inbox: its week and its exceptions in its own time zone, and time that
// counts only while it is open. An inbox without hours is always open; an unknown zone counts as
// UTC. Any thread.
#pragma once

#include "crm/inbox.hpp"

#include <chrono>
#include <optional>

namespace routing {

/// True at a moment within the inbox's hours.
bool is_open(const crm::inbox& which, crm::instant at);

/// The next moment within 14 days at which it opens; nullopt when it is open or never opens.
std::optional<crm::instant> next_opening(const crm::inbox& which, crm::instant after);

/// How long the inbox was open between two moments: B(to) - B(from), where B sums open time. 0 when
/// `to` is not later.
std::chrono::microseconds open_time(const crm::inbox& which, crm::instant from, crm::instant to);

/// When the inbox will have been open for so long, counted from `from`. An inbox that does not open
/// for that long within 400 days is taken as always open.
crm::instant
after_open_time(const crm::inbox& which, crm::instant from, std::chrono::microseconds length);

} // namespace routing
