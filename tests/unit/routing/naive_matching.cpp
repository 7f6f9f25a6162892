// The searching half of the plain router: who goes to whom.
#include "tests/unit/routing/naive_router.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace routing::test {

time_us naive_router::place(const waiter& w) const
{
    const channel_policy& row = rules_.of(w.spec.on);
    const time_us head = static_cast<time_us>(
        static_cast<double>(w.spec.score) * static_cast<double>(w.full) / top_score
    );
    return w.spec.arrival - head + (row.deferral - w.spec.boost) * row.target / 100;
}

bool naive_router::before(const waiter& a, const waiter& b) const
{
    const auto ua = static_cast<long double>(now_ - place(a)) /
                    static_cast<long double>(rules_.of(a.spec.on).target);
    const auto ub = static_cast<long double>(now_ - place(b)) /
                    static_cast<long double>(rules_.of(b.spec.on).target);
    if (ua != ub)
        return ua > ub;
    return std::tuple(-a.spec.score, a.spec.arrival, a.spec.id) <
           std::tuple(-b.spec.score, b.spec.arrival, b.spec.id);
}

int naive_router::load(const member& m, bool firm_only) const
{
    int units = 0;
    for (const auto& [id, w] : waiters_)
        if ((w.is == where::offered || w.is == where::active) && w.agent == m.spec.id)
            if (!firm_only || !rules_.of(w.spec.on).interruptible)
                units += rules_.of(w.spec.on).units;
    return units;
}

bool naive_router::room(const member& m, channel on) const
{
    if (m.now != presence::online ||
        std::count(m.spec.channels.begin(), m.spec.channels.end(), on) == 0)
        return false;
    const channel_policy& row = rules_.of(on);
    int pieces = 0;
    for (const auto& [id, w] : waiters_)
        pieces += (w.is == where::offered || w.is == where::active) && w.agent == m.spec.id &&
                  w.spec.on == on;
    if (row.most_at_once > 0 && pieces >= row.most_at_once)
        return false;
    return load(m, !row.interruptible) + row.units <= m.spec.units;
}

bool naive_router::paused(const waiter& w, agent_id who) const
{
    const auto at = w.pauses.find(who);
    return at != w.pauses.end() && at->second > now_;
}

bool naive_router::able(const member& m, const waiter& w, bool skills_matter) const
{
    if (std::count(m.spec.channels.begin(), m.spec.channels.end(), w.spec.on) == 0)
        return false;
    if (!skills_matter)
        return true;
    std::set<skill_id> required;
    for (const requirement& r : w.spec.needs)
        if (!r.optional)
            required.insert(r.skill);
    for (const requirement& r : w.spec.needs) {
        // Asked for twice, a skill counts as required, at the highest of its required levels.
        if (r.optional && required.contains(r.skill))
            continue;
        if (r.optional && w.ring >= 2)
            continue;
        const int level = w.ring >= 1 ? 1 : r.level;
        if (std::none_of(m.spec.skills.begin(), m.spec.skills.end(), [&](const proficiency& p) {
                return p.skill == r.skill && p.level >= level;
            }))
            return false;
    }
    if (w.spec.teams.empty())
        return true;
    const auto member_of = [&](team_id t) {
        return std::count(m.spec.teams.begin(), m.spec.teams.end(), t) > 0;
    };
    return std::any_of(w.spec.teams.begin(), w.spec.teams.end(), member_of) ||
           (w.ring >= 3 &&
            std::any_of(w.spec.backup_teams.begin(), w.spec.backup_teams.end(), member_of));
}

std::size_t naive_router::skill_count(agent_id who) const
{
    return members_.at(who).spec.skills.size();
}

void naive_router::settle()
{
    std::vector<waiter*> requests;
    for (request_id id : touched_)
        if (waiter* w = find(id);
            w && w->is == where::waiting && std::count(requests.begin(), requests.end(), w) == 0)
            requests.push_back(w);
    touched_.clear();
    std::sort(requests.begin(), requests.end(), [&](waiter* a, waiter* b) {
        return before(*a, *b);
    });
    std::vector<waiter*> left;
    for (waiter* w : requests)
        if (!ask_preferred(*w))
            left.push_back(w);
    std::vector<agent_id> agents = std::move(freed_);
    freed_.clear();
    std::sort(agents.begin(), agents.end(), [&](agent_id a, agent_id b) {
        return std::pair(skill_count(a), a) < std::pair(skill_count(b), b);
    });
    for (agent_id a : agents)
        while (seek_request(a)) {
        }
    for (waiter* w : left)
        if (w->is == where::waiting)
            seek_agent(*w);
}

void naive_router::seek_agent(waiter& w)
{
    const member* best = nullptr;
    const auto rank = [&](const member& m) {
        return std::tuple(
            m.spec.skills.size(), load(m, false) * 1000 / m.spec.units, m.idle_since, m.spec.id
        );
    };
    for (const auto& [id, m] : members_)
        if (room(m, w.spec.on) && able(m, w, true) && !paused(w, id) &&
            (!best || rank(m) < rank(*best)))
            best = &m;
    if (best)
        offer_to(w, best->spec.id);
}

bool naive_router::ask_preferred(waiter& w)
{
    if (!w.spec.preferred || w.ring > 0)
        return false;
    const auto at = members_.find(*w.spec.preferred);
    const bool kept = w.spec.kept_until > now_;
    if (at == members_.end() || (at->second.now != presence::online && !kept) ||
        paused(w, at->first) || !able(at->second, w, !w.directed))
        return false;
    if (room(at->second, w.spec.on)) {
        offer_to(w, at->first);
        return true;
    }
    const channel_policy& row = rules_.of(w.spec.on);
    const time_us until =
        kept ? w.spec.kept_until : w.since + std::min(row.target / 2, row.longest_hold);
    if (w.hold_over || until <= now_)
        return false;
    w.is = where::held;
    w.agent = at->first;
    w.hold_until = until;
    out_.push_back(
        fmt::format("held {} for {} until {}", crm::raw(w.spec.id), crm::raw(w.agent), until)
    );
    return true;
}

bool naive_router::seek_request(agent_id who)
{
    const member& m = members_.at(who);
    waiter* best = nullptr;
    for (auto& [id, w] : waiters_) {
        const bool may =
            (w.is == where::held && w.agent == who) || (w.is == where::waiting && able(m, w, true));
        if (may && room(m, w.spec.on) && !paused(w, who) && (!best || before(w, *best)))
            best = &w;
    }
    if (!best)
        return false;
    offer_to(*best, who);
    return true;
}

void naive_router::offer_to(waiter& w, agent_id who)
{
    const time_us rings = rules_.of(w.spec.on).offer_time;
    ++w.attempt;
    w.agent = who;
    w.expires = now_ + rings;
    w.is = rings > 0 ? where::offered : where::active;
    out_.push_back(fmt::format(
        "offer {} to {} attempt {} until {}",
        crm::raw(w.spec.id),
        crm::raw(who),
        w.attempt,
        rings > 0 ? w.expires : 0
    ));
}

} // namespace routing::test
