// What happens when a timer of the agenda is due.
#include "routing/timed.hpp"
#include "crm/agenda.hpp"
#include "crm/audit_index.hpp"
#include "crm/base/problem.hpp"
#include "crm/erasure.hpp"
#include "crm/log_floor.hpp"
#include "crm/staff.hpp"
#include "crm/value_cuts.hpp"
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

namespace {

constexpr std::chrono::microseconds a_day = std::chrono::hours{24};

/// Erases the next piece of a customer, and comes back for the one after it.
std::vector<std::string> erase_on(crm::transaction& tx, crm::context& by, const crm::timer& which)
{
    crm::erasures::piece done = crm::erasures::step(tx, by, crm::customer_id{which.subject});
    if (!done.finished)
        crm::agenda::again(tx, by, which, by.now);
    return std::move(done.blobs);
}

/// One link of the nightly run; `number` is the last customer seen. The first one cuts the tiers.
void value_on(
    crm::transaction& tx,
    crm::context& by,
    const crm::timer& which,
    const std::optional<crm::breakpoints>& cuts
)
{
    constexpr int at_once = 20;
    if (cuts)
        crm::value::keep(tx, by, *cuts);
    const auto last = crm::value::refresh_some(tx, by, crm::customer_id{which.number}, at_once);
    if (last)
        crm::agenda::again(tx, by, which, by.now, crm::raw(*last));
    else
        crm::agenda::again(tx, by, which, next_night(by.now));
}

/// One link of shortening the log.
void log_on(
    crm::transaction& tx, crm::context& by, const crm::timer& which, const upkeep_rules& keep
)
{
    const bool more =
        keep.log_days > 0 && crm::log_floor::raise(tx, by.now - keep.log_days * a_day);
    crm::agenda::again(tx, by, which, more ? by.now : next_night(by.now));
}

/// One link of indexing the log.
void index_on(crm::transaction& tx, crm::context& by, const crm::timer& which)
{
    const bool more = crm::audit::index::follow(tx);
    crm::agenda::again(tx, by, which, more ? by.now : next_night(by.now));
}

} // namespace

crm::instant next_night(crm::instant after)
{
    const std::int64_t into_day = after.us % a_day.count();
    const std::int64_t three = std::chrono::microseconds{std::chrono::hours{3}}.count();
    const std::int64_t ahead =
        into_day < three ? three - into_day : a_day.count() + three - into_day;
    return {after.us + ahead};
}

void lay_out_nights(crm::transaction& tx, crm::context& by)
{
    for (const auto kind :
         {crm::timer_kind::nightly_value, crm::timer_kind::log_floor, crm::timer_kind::audit_index})
        if (!crm::agenda::find(tx.db(), kind, 0))
            crm::agenda::set(tx, by, kind, 0, next_night(by.now));
}

bool is_background(crm::timer_kind kind)
{
    return kind == crm::timer_kind::erasure || kind == crm::timer_kind::nightly_value ||
           kind == crm::timer_kind::log_floor || kind == crm::timer_kind::audit_index;
}

std::vector<std::string> fire(
    crm::transaction& tx,
    crm::context& by,
    const crm::timer& which,
    const terms& measure,
    const upkeep_rules& keep,
    const std::optional<crm::breakpoints>& cuts
)
{
    if (!crm::agenda::take(tx, by, which))
        return {};
    switch (which.kind) {
    case crm::timer_kind::snooze_over:
        wake(tx, by, crm::conversation_id{which.subject}, measure);
        break;
    case crm::timer_kind::skill_expiry:
        crm::staff::skill_expired(tx, by, crm::agent_id{which.subject});
        break;
    case crm::timer_kind::erasure:
        return erase_on(tx, by, which);
    case crm::timer_kind::nightly_value:
        value_on(tx, by, which, cuts);
        break;
    case crm::timer_kind::log_floor:
        log_on(tx, by, which, keep);
        break;
    case crm::timer_kind::audit_index:
        index_on(tx, by, which);
        break;
    }
    return {};
}

} // namespace routing::verbs
