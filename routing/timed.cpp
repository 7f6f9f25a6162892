// What happens when a timer of the agenda is due.
#include "crm/agenda.hpp"
#include "crm/base/problem.hpp"
#include "crm/staff.hpp"
#include "routing/verbs.hpp"

namespace routing::verbs {

void wake(crm::transaction& tx, crm::context& by, crm::conversation_id which, const terms& measure)
{
    const auto where = crm::conversations::find(tx.db(), which);
    if (!where || where->status != crm::conversation_status::snoozed ||
        where->snoozed_until > by.now)
        return;
    crm::conversation open = crm::conversations::set_status(
        tx, by, which, crm::conversation_status::open, std::nullopt, "snooze_over"
    );
    if (crm::raw(open.request) != 0)
        return;
    const auto had_it = crm::staff::find_agent(tx.db(), open.assignee);
    if (had_it && had_it->active) {
        claim(tx, by, open, open.assignee, measure);
        return;
    }
    if (crm::raw(open.assignee) != 0)
        open = crm::conversations::assign(tx, by, which, crm::agent_id{}, "agent_left");
    enqueue(tx, by, open, {}, measure);
}

void call_back(
    crm::transaction& tx,
    crm::context& by,
    crm::conversation_id which,
    crm::instant not_before,
    const terms& measure
)
{
    if (not_before <= by.now)
        throw crm::problem{
            crm::errc::invalid, "Choose a time in the future to call back at.", "not_before"
        };
    crm::conversation where = crm::conversations::need(tx.db(), which);
    const auto living = crm::requests::of_conversation(tx.db(), which);
    if (living)
        crm::requests::close(tx, by, living->id, crm::request_reason::transferred);
    if (where.status != crm::conversation_status::open)
        where = crm::conversations::set_status(tx, by, which, crm::conversation_status::open);
    enqueue(tx, by, where, where.assignee, measure, living ? &*living : nullptr, not_before);
}

void fire(crm::transaction& tx, crm::context& by, const crm::timer& which, const terms& measure)
{
    if (!crm::agenda::take(tx, by, which))
        return;
    switch (which.kind) {
    case crm::timer_kind::snooze_over:
        wake(tx, by, crm::conversation_id{which.subject}, measure);
        break;
    }
}

} // namespace routing::verbs
