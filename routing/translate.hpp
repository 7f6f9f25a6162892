// Between the words of the archive and those of the engine. Pure; any thread.
#pragma once

#include "crm/conversation.hpp"
#include "crm/inbox.hpp"
#include "crm/request.hpp"
#include "crm/staff.hpp"
#include "routing/engine/engine.hpp"

#include <span>

namespace routing {

/// The kind of work that a conversation on this channel is.
channel work_of(crm::channel on);

/// Points as the engine counts them.
score_t points_of(double score);

tier tier_of(double score);
presence presence_of(crm::presence state);

/// What a priority adds to the urgency, in hundredths of a target: high one target, urgent two.
targets_x100 boost_of(crm::priority level);

/// Whether one of an agent's roles answers customers.
bool serves_customers(const crm::agent& who);

/// What the engine needs to know of an agent. Teams, and every inbox that the agent may serve, are
/// teams of the engine (ids of teams and inboxes never meet). Who reads no conversations, or is
/// inactive, has no channels. Skills that have expired by `now` do not count.
agent_defined
to_engine(const crm::agent& who, std::span<const crm::inbox> inboxes, crm::instant now);

/// What the engine needs to know of a new request: the team it names, else the inbox's teams, else
/// everybody who may serve the inbox. Rests only on what never changes in its row, but for the
/// score, which the log entry has as it was then.
request to_engine(const crm::request& what, std::span<const crm::inbox> inboxes);

/// The same of a request that the engine knew before a restart: agents left out are asked again
/// after the policy's pause.
request restored(
    const crm::request& what, std::span<const crm::inbox> inboxes, const policy& rules, time_us now
);

/// The decision as it is stored, with its reasons for people and the record for a replay.
crm::decision stored_form(const offer& made, int used_units, int all_units);

} // namespace routing
