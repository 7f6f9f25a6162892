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

namespace {

/// For whom a request waits, and who handed it on.
struct handed_on
{
    crm::agent_id to{};
    crm::instant hold_until{};
    crm::agent_id sender{};
    crm::instant sender_until{};
};

crm::request put_in_line(
    crm::transaction& tx,
    crm::context& by,
    const crm::conversation& where,
    const handed_on& as,
    const terms& measure,
    const crm::request* like,
    crm::instant due
)
{
    crm::request wanted;
    wanted.conversation = where.id;
    wanted.team = where.team;
    wanted.preferred = as.to;
    wanted.hold_until = as.hold_until;
    wanted.sender = as.sender;
    wanted.sender_until = as.sender_until;
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
    return put_in_line(tx, by, where, {.to = preferred}, measure, like, due);
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

namespace {

/// Why this agent cannot take a piece of such work now; empty when that is not so.
std::string
hindrance_of(crm::db::connection& on, const crm::agent& who, channel work, const policy& rules)
{
    if (who.presence != crm::presence::available)
        return std::string{crm::word(who.presence)};
    const channel_policy& row = rules.of(work);
    int units = row.units;
    int pieces = 1;
    for (const crm::request& held : crm::requests::of_agent(on, who.id)) {
        const channel other = work_of(held.channel);
        if (row.interruptible || !rules.of(other).interruptible)
            units += rules.of(other).units;
        pieces += other == work;
    }
    const bool full = units > who.units || (row.most_at_once > 0 && pieces > row.most_at_once);
    return full ? "busy with as much as they can take" : "";
}

/// Throws when the conversation cannot, or by the sender's wish shall not, go to this agent.
void check_receiver(
    crm::db::connection& on,
    crm::agent_id whom,
    const crm::conversation& where,
    const policy& rules,
    bool only_if_free
)
{
    const auto agent = crm::staff::find_agent(on, whom);
    if (!agent || !agent->active)
        throw crm::problem{crm::errc::not_found, "There is no such active agent.", "agent"};
    if (!serves_customers(*agent))
        throw crm::problem{
            crm::errc::conflict,
            agent->name + " does not answer customers: choose somebody else or a team.",
            "agent"
        };
    // An offer shows the conversation, so it would ring unseen.
    if (!crm::may_see(crm::staff::audience_of(*agent), where))
        throw crm::problem{
            crm::errc::conflict,
            agent->name +
                " does not work in this inbox: choose somebody who does, name a team of theirs, or "
                "assign it.",
            "agent"
        };
    const std::string why = hindrance_of(on, *agent, work_of(where.channel), rules);
    if (only_if_free && !why.empty())
        throw crm::problem{
            crm::errc::conflict,
            agent->name + " is " + why +
                " now: choose somebody else or a team, or let the customer wait for them a while.",
            "agent"
        };
}

void add_note(
    crm::transaction& tx, crm::context& by, crm::conversation_id where, const std::string& text
)
{
    crm::new_entry entry;
    entry.conversation = where;
    entry.kind = crm::entry_kind::note;
    entry.by = {
        by.who.kind == crm::actor_kind::agent ? crm::author_kind::agent
                                              : crm::author_kind::integration,
        by.who.id,
        {}
    };
    entry.text = text;
    crm::timeline::append(tx, by, entry);
}

} // namespace

void transfer(
    crm::transaction& tx,
    crm::context& by,
    crm::conversation_id which,
    const handing_on& what,
    const terms& measure
)
{
    if (!what.to_agent && !what.to_team)
        throw crm::problem{crm::errc::invalid, "Name an agent or a team to transfer to.", "team"};
    crm::conversation where = crm::conversations::need(tx.db(), which);
    if (what.to_agent) {
        crm::conversation then = where;
        then.team = what.to_team.value_or(where.team);
        check_receiver(tx.db(), *what.to_agent, then, *measure.rules, what.only_if_free);
    }
    const auto living = crm::requests::of_conversation(tx.db(), which);
    if (living)
        crm::requests::close(tx, by, living->id, crm::request_reason::transferred);
    if (!what.note.empty())
        add_note(tx, by, which, what.note);
    if (what.to_team)
        crm::conversations::set_team(tx, by, which, *what.to_team, "transferred");
    if (where.status != crm::conversation_status::open)
        crm::conversations::set_status(tx, by, which, crm::conversation_status::open);
    where = crm::conversations::assign(tx, by, which, crm::agent_id{}, "transferred");
    const std::chrono::microseconds hold{measure.rules->transfer_hold};
    handed_on as{.to = what.to_agent.value_or(crm::agent_id{}), .sender_until = by.now + hold};
    if (what.to_agent) {
        as.hold_until = by.now + hold;
        as.sender_until = as.hold_until + hold;
    }
    if (by.who.kind == crm::actor_kind::agent && crm::agent_id{by.who.id} != as.to)
        as.sender = crm::agent_id{by.who.id};
    put_in_line(tx, by, where, as, measure, living ? &*living : nullptr, {});
}

} // namespace routing::verbs
