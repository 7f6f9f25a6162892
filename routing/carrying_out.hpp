// How a decision of the engine becomes true in the database. Compare-and-set: what does not find
// the state it expects changes nothing but the log. Verbs run in a store job.
#pragma once

#include "crm/context.hpp"
#include "crm/store/transaction.hpp"
#include "routing/feeder.hpp"

namespace routing {

/// A decision with what storing it needs beside it; made on the io thread.
struct carried
{
    decision what;
    crm::decision record;        ///< of an offer
    crm::log_entry about;        ///< of an alert: whom it concerns
    crm::snapshot_id snapshot{}; ///< of a new key
};

/// False for decisions that the database knows already or need not know.
bool needs_storing(const decision& what);
carried prepare(decision what, const feeder& knows);

/// Stores it. An offer that fails leaves an offer_withdrawn entry with its attempt in `amount`.
void carry_out(
    crm::transaction& tx, crm::context& by, const carried& what, std::int64_t lease_epoch
);

} // namespace routing
