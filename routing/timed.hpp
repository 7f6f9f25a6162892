// What the house does at set times besides its customers' business. Verbs run in a store job.
#pragma once

#include "crm/agenda.hpp"

namespace routing::verbs {

/// The next three o'clock in the morning, UTC.
crm::instant next_night(crm::instant after);

/// Sets the timers of every night that are not set: new cuts and tiers, the floor of the log.
void lay_out_nights(crm::transaction& tx, crm::context& by);

/// True for links of long chains, which give way to everything else.
bool is_background(crm::timer_kind kind);

} // namespace routing::verbs
