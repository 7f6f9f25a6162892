#include "tests/unit/routing/naive_router.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace routing::test {
namespace {
std::int64_t n(request_id id)
{
    return crm::raw(id);
}
std::int64_t n(agent_id id)
{
    return crm::raw(id);
}

struct teller
{
    std::string operator()(const offer& o) const
    {
        return fmt::format(
            "offer {} to {} attempt {} until {}", n(o.id), n(o.to), o.attempt, o.expires.value_or(0)
        );
    }
    std::string operator()(const withdrawn& w) const
    {
        return fmt::format("back {} from {} {}", n(w.id), n(w.from), name_of(w.why));
    }
    std::string operator()(const ring_relaxed& r) const
    {
        return fmt::format("ring {} {}", n(r.id), r.ring);
    }
    std::string operator()(const held& h) const
    {
        return fmt::format("held {} for {} until {}", n(h.id), n(h.waits_for), h.until);
    }
    std::string operator()(const rekeyed& r) const { return fmt::format("rekeyed {}", n(r.id)); }
    std::string operator()(const overdue& o) const { return fmt::format("overdue {}", n(o.id)); }
    std::string operator()(const auto_away& a) const { return fmt::format("away {}", n(a.id)); }
};
} // namespace

std::string naive_router::brief(const decision& what)
{
    return std::visit(teller{}, what);
}

naive_router::waiter* naive_router::find(request_id id)
{
    const auto at = waiters_.find(id);
    return at == waiters_.end() ? nullptr : &at->second;
}

std::vector<std::string> naive_router::apply(time_us now, const event& what)
{
    now_ = std::max(now, now_);
    out_.clear();
    take(what);
    settle();
    return out_;
}

void naive_router::take(const event& what)
{
    if (const auto* e = std::get_if<agent_defined>(&what)) {
        members_[e->id].spec = *e;
        for (auto& [id, w] : waiters_)
            if (w.is == where::held && w.agent == e->id)
                w.is = where::waiting, touched_.push_back(id);
        freed_.push_back(e->id);
    } else if (const auto* p = std::get_if<presence_changed>(&what)) {
        member& m = members_[p->id];
        if (m.now == p->now)
            return;
        if (p->now == presence::online)
            m.idle_since = now_, m.misses = 0;
        m.now = p->now;
        if (m.now == presence::online)
            freed_.push_back(p->id);
        else
            agent_gone(p->id);
    } else if (const auto* q = std::get_if<request_queued>(&what)) {
        queue(q->what);
    } else if (const auto* r = std::get_if<request_rescored>(&what)) {
        waiter* w = find(r->id);
        if (w && w->is != where::active && r->score >= w->spec.score + rules_.rescore_threshold)
            w->spec.score = r->score, out_.push_back(fmt::format("rekeyed {}", n(r->id)));
    } else if (const auto* b = std::get_if<request_escalated>(&what)) {
        waiter* w = find(b->id);
        if (w && w->is != where::active && b->boost > w->spec.boost)
            w->spec.boost = std::min(b->boost, rules_.most_boost),
            out_.push_back(fmt::format("rekeyed {}", n(b->id)));
    } else if (const auto* gone = std::get_if<request_abandoned>(&what)) {
        drop(gone->id, "abandoned");
    } else if (const auto* done = std::get_if<request_finished>(&what)) {
        drop(done->id, "finished");
    } else if (const auto* given = std::get_if<request_assigned>(&what)) {
        assign(given->id, given->to);
    } else if (const auto* moved = std::get_if<request_transferred>(&what)) {
        transfer(*moved);
    } else if (const auto* yes = std::get_if<offer_accepted>(&what)) {
        waiter* w = find(yes->id);
        if (w && w->is == where::offered && w->agent == yes->by && w->attempt == yes->attempt)
            w->is = where::active, members_[yes->by].misses = 0;
    } else if (const auto* no = std::get_if<offer_declined>(&what)) {
        waiter* w = find(no->id);
        if (w && w->is == where::offered && w->agent == no->by && w->attempt == no->attempt) {
            members_[no->by].misses = 0;
            w->pauses[no->by] =
                std::max(w->pauses[no->by], now_ + rules_.of(w->spec.on).pause_after_decline);
            back(*w, "declined");
        }
    } else if (const auto* lost = std::get_if<offer_lost>(&what)) {
        waiter* w = find(lost->id);
        if (w && w->attempt == lost->attempt)
            answer_lost(*w);
    } else if (std::holds_alternative<time_advanced>(what)) {
        for (;;) {
            waiter* first = nullptr;
            for (auto& [id, w] : waiters_)
                if (due(w) <= now_ && (!first || due(w) < due(*first)))
                    first = &w;
            if (!first)
                return;
            fire(*first);
            settle();
        }
    }
}

void naive_router::queue(const request& what)
{
    if (find(what.id))
        return;
    waiter w;
    w.spec = what;
    w.since = std::max(now_, what.not_before);
    for (const agent_pause& p : what.excluded)
        w.pauses[p.who] = p.until;
    time_us congestion = 0;
    for (const auto& [id, other] : waiters_)
        if (other.spec.on == what.on && other.is != where::scheduled && other.is != where::active)
            congestion = std::max(congestion, what.arrival - other.since);
    const channel_policy& row = rules_.of(what.on);
    w.full = std::max(
        row.target * row.head_start_x100 / 100, congestion * rules_.congestion_permille / 1000
    );
    wait(waiters_[what.id] = w);
}

void naive_router::wait(waiter& w)
{
    w.is = w.spec.not_before > now_ ? where::scheduled : where::waiting;
    if (w.is == where::waiting)
        touched_.push_back(w.spec.id);
}

void naive_router::leave(waiter& w, const char* why)
{
    if (w.is == where::offered)
        out_.push_back(fmt::format("back {} from {} {}", n(w.spec.id), n(w.agent), why));
    if (w.is == where::active)
        members_[w.agent].idle_since = now_;
    if (w.is == where::offered || w.is == where::active)
        freed_.push_back(w.agent);
    w.is = where::waiting;
}

void naive_router::drop(request_id id, const char* why)
{
    waiter* w = find(id);
    if (!w)
        return;
    leave(*w, why);
    waiters_.erase(id);
}

void naive_router::assign(request_id id, agent_id to)
{
    waiter* w = find(id);
    if (!w || (w->is == where::active && w->agent == to))
        return;
    leave(*w, "taken_over");
    ++w->attempt;
    w->is = where::active;
    w->agent = to;
}

void naive_router::answer_lost(waiter& w)
{
    if (w.is == where::offered) {
        back(w, "lost");
    } else if (w.is == where::active && rules_.of(w.spec.on).offer_time == 0) {
        out_.push_back(fmt::format("back {} from {} lost", n(w.spec.id), n(w.agent)));
        leave(w, "lost");
        wait(w);
    }
}

void naive_router::transfer(const request_transferred& e)
{
    waiter* w = find(e.id);
    if (!w)
        return;
    if (w->is == where::active)
        w->since = now_, w->told_overdue = false;
    leave(*w, "transferred");
    if (e.to_teams)
        w->spec.teams = *e.to_teams, w->spec.backup_teams.clear();
    if (e.needs)
        w->spec.needs = *e.needs;
    w->ring = 0;
    w->spec.preferred = e.to_agent;
    w->directed = e.to_agent.has_value();
    w->hold_over = false;
    w->spec.kept_until = 0;
    if (e.by && e.by != e.to_agent)
        w->pauses[*e.by] =
            std::max(w->pauses[*e.by], now_ + rules_.of(w->spec.on).pause_after_decline);
    if (e.to_agent)
        w->pauses.erase(*e.to_agent);
    wait(*w);
}

void naive_router::agent_gone(agent_id who)
{
    // Same order as the engine tells it: the latest offer first.
    std::vector<waiter*> ringing;
    for (auto& [id, w] : waiters_)
        if (w.is == where::offered && w.agent == who)
            ringing.push_back(&w);
    for (waiter* w : ringing)
        back(*w, "agent_left");
    for (auto& [id, w] : waiters_)
        if (w.is == where::held && w.agent == who && !kept(w))
            w.is = where::waiting, w.hold_over = true, touched_.push_back(id);
}

void naive_router::back(waiter& w, const char* why)
{
    leave(w, why);
    w.hold_over = true;
    touched_.push_back(w.spec.id);
}

bool naive_router::kept(const waiter& w) const
{
    return w.is == where::held && w.spec.kept_until > now_;
}

time_us naive_router::due(const waiter& w) const
{
    const channel_policy& row = rules_.of(w.spec.on);
    switch (w.is) {
    case where::scheduled:
        return w.spec.not_before;
    case where::offered:
        return w.expires;
    case where::active:
        return never;
    default:
        break;
    }
    time_us first = w.told_overdue ? never : w.since + row.target * row.overdue_after / 100;
    if (w.is == where::held)
        first = std::min(first, w.hold_until);
    if (const auto ring = next_ring(w); ring && !kept(w))
        first = std::min(
            first, w.since + row.target * rules_.ring_at[static_cast<std::size_t>(*ring) - 1] / 100
        );
    for (const auto& [who, until] : w.pauses)
        first = std::min(first, until);
    return first;
}

// The engine skips rings that change nothing for the request.
std::optional<int> naive_router::next_ring(const waiter& w) const
{
    std::map<skill_id, requirement> strictest;
    for (const requirement& r : w.spec.needs) {
        auto [at, added] = strictest.try_emplace(r.skill, r);
        if (!added && (at->second.optional ? !r.optional || r.level > at->second.level
                                           : !r.optional && r.level > at->second.level))
            at->second = r;
    }
    bool levels = w.spec.preferred.has_value();
    bool optional = false;
    for (const auto& [s, r] : strictest)
        levels = levels || r.level > 1, optional = optional || r.optional;
    bool backup = false;
    for (team_id t : w.spec.backup_teams)
        backup = backup || (!w.spec.teams.empty() &&
                            std::count(w.spec.teams.begin(), w.spec.teams.end(), t) == 0);
    if (w.ring < 1 && levels)
        return 1;
    if (w.ring < 2 && optional)
        return 2;
    if (w.ring < 3 && backup)
        return 3;
    return std::nullopt;
}

void naive_router::fire(waiter& w)
{
    const channel_policy& row = rules_.of(w.spec.on);
    if (w.is == where::scheduled) {
        wait(w);
        return;
    }
    if (w.is == where::offered) {
        miss(w);
        return;
    }
    bool again = std::erase_if(w.pauses, [&](const auto& p) { return p.second <= now_; }) > 0;
    if (w.is == where::held && w.hold_until <= now_)
        w.is = where::waiting, w.hold_over = true, again = true;
    for (auto ring = next_ring(w); ring; ring = next_ring(w)) {
        if (kept(w) ||
            w.since + row.target * rules_.ring_at[static_cast<std::size_t>(*ring) - 1] / 100 > now_)
            break;
        w.is = where::waiting;
        w.ring = *ring;
        again = true;
        out_.push_back(fmt::format("ring {} {}", n(w.spec.id), *ring));
    }
    if (!w.told_overdue && w.since + row.target * row.overdue_after / 100 <= now_)
        w.told_overdue = true, out_.push_back(fmt::format("overdue {}", n(w.spec.id)));
    if (again)
        touched_.push_back(w.spec.id);
}

void naive_router::miss(waiter& w)
{
    const agent_id who = w.agent;
    w.pauses[who] = std::max(w.pauses[who], now_ + rules_.of(w.spec.on).pause_after_decline);
    back(w, "expired");
    member& m = members_[who];
    if (++m.misses < rules_.misses_before_away)
        return;
    out_.push_back(fmt::format("away {}", n(who)));
    m.now = presence::away;
    agent_gone(who);
}

} // namespace routing::test
