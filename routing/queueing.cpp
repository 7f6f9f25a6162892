// Putting conversations in line, and taking them out.
#include "crm/base/problem.hpp"
#include "crm/inbox.hpp"
#include "crm/value.hpp"
#include "routing/engine/order.hpp"
#include "routing/translate.hpp"
#include "routing/verbs.hpp"

#include <algorithm>

namespace routing::verbs {
namespace {

struct worth
{
    double score = 0;
    crm::snapshot_id snapshot{};
};

/// The value as it is now. Who does not want to be profiled counts as the median customer.
worth worth_of(crm::db::connection& on, crm::customer_id root, crm::instant now)
{
    const auto who = crm::customers::find(on, root);
    if (who && who->profiling_opt_out) {
        const crm::breakpoints cuts = crm::value::present(on);
        return {crm::value::score_of(cuts.v50_minor, cuts), {}};
    }
    if (const auto snapshot = crm::value::as_of(on, root, now))
        return {snapshot->score, snapshot->id};
    return {};
}

} // namespace

crm::request enqueue(
    crm::transaction& tx,
    crm::context& by,
    const crm::conversation& where,
    crm::agent_id preferred,
    const terms& measure,
    const crm::request* like,
    crm::instant due
)
{
    crm::request wanted;
    wanted.conversation = where.id;
    wanted.team = where.team;
    wanted.preferred = preferred;
    wanted.enqueued = by.now;
    wanted.due = due;
    wanted.boost = boost_of(where.priority);
    if (like != nullptr) {
        if (!due.is_set())
            wanted.due = like->due;
        wanted.skills = like->skills;
        wanted.place_us = like->place_us;
        wanted.head_start_us = like->head_start_us;
        wanted.congestion_us = like->congestion_us;
        wanted.score = like->score;
        wanted.value = like->value;
        return crm::requests::enqueue(tx, by, wanted);
    }
    const std::string& locale = where.locale.empty() ? where.shown.locale : where.locale;
    wanted.skills = crm::inboxes::needed_skills(tx.db(), where.inbox, where.channel, locale);
    const worth value = worth_of(tx.db(), where.shown.id, by.now);
    const channel work = work_of(where.channel);
    const time_us oldest = measure.oldest[index_of(work)];
    wanted.score = value.score;
    wanted.value = value.snapshot;
    wanted.congestion_us = oldest == never ? 0 : std::max<time_us>(0, by.now.us - oldest);
    const time_us full = full_head_start(
        measure.rules->of(work), measure.rules->congestion_permille, wanted.congestion_us
    );
    wanted.head_start_us = head_start(points_of(wanted.score), full);
    wanted.place_us = by.now.us - wanted.head_start_us;
    return crm::requests::enqueue(tx, by, wanted);
}

void claim(
    crm::transaction& tx,
    crm::context& by,
    const crm::conversation& where,
    crm::agent_id whose,
    const terms& measure
)
{
    auto living = crm::requests::of_conversation(tx.db(), where.id);
    if (living && living->state == crm::request_state::active) {
        if (living->agent == whose)
            return;
        crm::requests::close(tx, by, living->id, crm::request_reason::transferred);
        living = enqueue(tx, by, where, {}, measure, &*living);
    } else if (living && living->state == crm::request_state::offered) {
        if (living->agent == whose) {
            crm::requests::accept(tx, by, living->id, whose);
            return;
        }
        crm::requests::withdraw(tx, by, living->id);
    } else if (!living) {
        living = enqueue(tx, by, where, {}, measure);
    }
    crm::requests::take(tx, by, living->id, whose);
}

void assign(
    crm::transaction& tx,
    crm::context& by,
    crm::conversation_id which,
    crm::agent_id to,
    const terms& measure
)
{
    const crm::conversation where = crm::conversations::need(tx.db(), which);
    if (crm::raw(to) != 0) {
        const auto agent = crm::staff::find_agent(tx.db(), to);
        if (!agent || !agent->active)
            throw crm::problem{crm::errc::not_found, "There is no such active agent.", "agent"};
        if (where.status == crm::conversation_status::open)
            claim(tx, by, where, to, measure);
        else
            crm::conversations::assign(tx, by, which, to);
        return;
    }
    const auto living = crm::requests::of_conversation(tx.db(), which);
    if (living && living->state == crm::request_state::active)
        crm::requests::requeue(tx, by, living->id, crm::request_reason::transferred);
    else
        crm::conversations::assign(tx, by, which, crm::agent_id{});
}

void transfer(
    crm::transaction& tx,
    crm::context& by,
    crm::conversation_id which,
    std::optional<crm::agent_id> to_agent,
    std::optional<crm::team_id> to_team,
    const std::string& note,
    const terms& measure
)
{
    if (!to_agent && !to_team)
        throw crm::problem{crm::errc::invalid, "Name an agent or a team to transfer to.", "team"};
    crm::conversation where = crm::conversations::need(tx.db(), which);
    if (to_agent) {
        const auto agent = crm::staff::find_agent(tx.db(), *to_agent);
        if (!agent || !agent->active)
            throw crm::problem{crm::errc::not_found, "There is no such active agent.", "agent"};
    }
    const auto living = crm::requests::of_conversation(tx.db(), which);
    if (living)
        crm::requests::close(tx, by, living->id, crm::request_reason::transferred);
    if (!note.empty()) {
        crm::new_entry entry;
        entry.conversation = which;
        entry.kind = crm::entry_kind::note;
        entry.by = {
            by.who.kind == crm::actor_kind::agent ? crm::author_kind::agent
                                                  : crm::author_kind::integration,
            by.who.id,
            {}
        };
        entry.text = note;
        crm::timeline::append(tx, by, entry);
    }
    if (to_team)
        crm::conversations::set_team(tx, by, which, *to_team, "transferred");
    if (where.status != crm::conversation_status::open)
        crm::conversations::set_status(tx, by, which, crm::conversation_status::open);
    where = crm::conversations::assign(tx, by, which, crm::agent_id{}, "transferred");
    enqueue(
        tx, by, where, to_agent.value_or(crm::agent_id{}), measure, living ? &*living : nullptr
    );
}

} // namespace routing::verbs
