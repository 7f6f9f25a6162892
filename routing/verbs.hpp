// The verbs of the product as plain functions over a transaction: each is the whole of one store
// job, so a test needs nothing but a database in memory. What may be refused is refused before
// anything is written. Verbs run in a store job.
#pragma once

#include "crm/request.hpp"
#include "crm/value.hpp"
#include "routing/engine/policy.hpp"
#include "routing/switchboard.hpp"

#include <memory>

namespace routing {

/// What a new request is measured by; captured on the io thread, so that a job run twice does the
/// same thing twice.
struct terms
{
    std::shared_ptr<const policy> rules;
    /// Since when the longest waiting request of each channel waits; `never` when nobody does.
    std::array<time_us, channel_count> oldest{never, never, never, never, never};
};

/// How the house looks after itself.
struct upkeep_rules
{
    /// Days that the log is kept; 0 for ever.
    int log_days = 0;
};

namespace verbs {

/// `what.account` is set. Throws problem{not_found} for an unknown inbox, and what
/// crm::timeline::append throws. A visit alone opens no conversation (problem{not_found}).
received
receive(crm::transaction& tx, crm::context& by, const incoming& what, const terms& measure);
/// Says before the batch runs what receive() will look up; see crm/arrivals.hpp.
void announce(crm::transaction& tx, const incoming& what);

/// Answers the customer, takes the conversation over if nobody has it. Throws problem{stale_reply}.
received reply(crm::transaction& tx, crm::context& by, const outgoing& what, const terms& measure);
received note(crm::transaction& tx, crm::context& by, const outgoing& what);

/// A conversation that the house begins, with its first words if there are any.
struct started
{
    crm::conversation where;
    std::optional<crm::appended> first;
};
/// Opens it; `text` leaves the house as a reply does. It becomes `whose` work, or (0) waits in
/// line.
started start(
    crm::transaction& tx,
    crm::context& by,
    const crm::new_conversation& wanted,
    const std::string& text,
    crm::agent_id whose,
    const terms& measure
);

/// Gives the conversation to an agent, or to nobody (then it waits again).
void assign(
    crm::transaction& tx,
    crm::context& by,
    crm::conversation_id where,
    crm::agent_id to,
    const terms& measure
);
/// Hands the conversation on; it waits at its old place: for an agent alone during the policy's
/// transfer_hold, present or not, then for whoever is free. Whoever handed it on is asked last.
/// Throws problem{invalid} without a target, problem{conflict} when the agent answers no customers.
void transfer(
    crm::transaction& tx,
    crm::context& by,
    crm::conversation_id where,
    const handing_on& what,
    const terms& measure
);
/// Resolved, pending and snoozed end the request: the agent has room again. Open again, it waits
/// again, first for whoever had it.
void set_status(
    crm::transaction& tx,
    crm::context& by,
    crm::conversation_id where,
    crm::conversation_status to,
    std::optional<crm::instant> until,
    const terms& measure
);

/// A snooze is over: open again, with the agent who has it, else in line. Nothing when the
/// conversation is not snoozed or not due.
void wake(crm::transaction& tx, crm::context& by, crm::conversation_id which, const terms& measure);
/// Takes a timer that is due off the agenda and does what it is there for.
/// Names the blobs that the caller removes after the commit. `cuts`: of the tiers, new this night.
std::vector<std::string> fire(
    crm::transaction& tx,
    crm::context& by,
    const crm::timer& which,
    const terms& measure,
    const upkeep_rules& keep = {},
    const std::optional<crm::breakpoints>& cuts = {}
);

/// Waits at its old place, but is offered to nobody before `not_before`.
void call_back(
    crm::transaction& tx,
    crm::context& by,
    crm::conversation_id where,
    crm::instant not_before,
    const terms& measure
);

/// Throw problem{conflict} when the offer is over.
void accept(crm::transaction& tx, crm::context& by, crm::request_id which);
void decline(crm::transaction& tx, crm::context& by, crm::request_id which, std::string reason);

/// Enqueues for a conversation that has no living request. `like` hands on the place of an ended
/// one; before `due` the request is offered to nobody.
crm::request enqueue(
    crm::transaction& tx,
    crm::context& by,
    const crm::conversation& where,
    crm::agent_id preferred,
    const terms& measure,
    const crm::request* like = nullptr,
    crm::instant due = {}
);
/// The conversation becomes this agent's work, whatever its request was doing.
void claim(
    crm::transaction& tx,
    crm::context& by,
    const crm::conversation& where,
    crm::agent_id whose,
    const terms& measure
);

} // namespace verbs
} // namespace routing
