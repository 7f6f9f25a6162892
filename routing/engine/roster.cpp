#include "routing/engine/roster.hpp"

#include <algorithm>

namespace routing {
namespace {

template <class T>
void sort_unique(std::vector<T>& values)
{
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

ability ability_from(const agent_defined& who)
{
    ability made{who.skills, who.teams, 0, who.units};
    std::sort(made.skills.begin(), made.skills.end());
    // Of a skill given twice the higher level counts: it sorts last.
    std::vector<proficiency> best;
    for (const proficiency& p : made.skills) {
        if (!best.empty() && best.back().skill == p.skill)
            best.back() = p;
        else
            best.push_back(p);
    }
    made.skills = std::move(best);
    sort_unique(made.teams);
    for (channel c : who.channels)
        made.channels = static_cast<std::uint8_t>(made.channels | (1U << index_of(c)));
    return made;
}

} // namespace

agent_slot roster::slot_of(agent_id id)
{
    if (const auto known = find(id))
        return *known;
    const auto slot = static_cast<agent_slot>(agents_.size());
    agents_.emplace_back();
    agents_.back().id = id;
    agents_.back().of_class = coverage_->class_for(ability{});
    by_id_.emplace(static_cast<std::int64_t>(id), slot);
    return slot;
}

std::optional<agent_slot> roster::find(agent_id id) const
{
    const auto known = by_id_.find(static_cast<std::int64_t>(id));
    return known == by_id_.end() ? std::nullopt : std::optional(known->second);
}

agent_slot roster::define(const agent_defined& who)
{
    const agent_slot slot = slot_of(who.id);
    withdraw(slot);
    agents_[slot].of_class = coverage_->class_for(ability_from(who));
    join(slot);
    return slot;
}

void roster::retire(agent_slot slot)
{
    withdraw(slot);
    agents_[slot].of_class = coverage_->class_for(ability{});
    agents_[slot].now = presence::offline;
    join(slot);
}

void roster::set_presence(agent_slot slot, presence now, time_us at)
{
    withdraw(slot);
    agent_state& who = agents_[slot];
    if (now == presence::online && who.now != presence::online) {
        who.idle_since = at;
        who.misses = 0;
    }
    who.now = now;
    join(slot);
}

void roster::take(agent_slot slot, channel on)
{
    const channel_policy& row = rules_->of(on);
    agent_state& who = agents_[slot];
    (row.interruptible ? who.interruptible_units : who.firm_units) += row.units;
    ++who.count[index_of(on)];
    refresh(slot);
}

void roster::give_back(agent_slot slot, channel on)
{
    const channel_policy& row = rules_->of(on);
    agent_state& who = agents_[slot];
    (row.interruptible ? who.interruptible_units : who.firm_units) -= row.units;
    --who.count[index_of(on)];
    refresh(slot);
}

void roster::finish(agent_slot slot, channel on, time_us at)
{
    // A ready agent sits in heaps ordered by idle time, so the time changes outside of them.
    withdraw(slot);
    agents_[slot].idle_since = at;
    join(slot);
    give_back(slot, on);
}

int roster::load_permille(agent_slot slot) const
{
    const agent_state& who = agents_[slot];
    const int units = std::max(1, coverage_->ability_of(who.of_class).units);
    return (who.firm_units + who.interruptible_units) * 1000 / units;
}

int roster::seats_each(class_index who, channel on) const
{
    const channel_policy& row = rules_->of(on);
    const int by_units = coverage_->ability_of(who).units / row.units;
    return row.most_at_once > 0 ? std::min(by_units, row.most_at_once) : by_units;
}

bool roster::idler(agent_slot a, agent_slot b) const
{
    const agent_state& left = agents_[a];
    const agent_state& right = agents_[b];
    return left.idle_since != right.idle_since ? left.idle_since < right.idle_since
                                               : left.id < right.id;
}

bool roster::asked_before(agent_slot a, agent_slot b) const
{
    const int left = load_permille(a);
    const int right = load_permille(b);
    return left != right ? left < right : idler(a, b);
}

bool roster::has_room(const agent_state& who, channel on) const
{
    const ability& able = coverage_->ability_of(who.of_class);
    if (who.now != presence::online || (able.channels & (1U << index_of(on))) == 0)
        return false;
    const channel_policy& row = rules_->of(on);
    if (row.most_at_once > 0 && who.count[index_of(on)] >= row.most_at_once)
        return false;
    const int used = row.interruptible ? who.firm_units + who.interruptible_units : who.firm_units;
    return used + row.units <= able.units;
}

void roster::refresh(agent_slot slot)
{
    const class_index who = agents_[slot].of_class;
    const std::int64_t load = load_permille(slot);
    for (channel c : all_channels) {
        const std::size_t i = index_of(c);
        if (ready_[i].size() <= who) {
            ready_[i].resize(who + 1UL);
            ready_count_[i].resize(who + 1UL);
        }
        const bool was = ready(slot, c);
        const bool is = has_room(agents_[slot], c);
        if (was && is)
            ready_[i][who].update(slot, load, links{this, i});
        else if (was)
            ready_[i][who].erase(slot, links{this, i});
        else if (is)
            ready_[i][who].push(load, slot, links{this, i});
        ready_count_[i][who] += static_cast<int>(is) - static_cast<int>(was);
        ready_total_[i] += static_cast<int>(is) - static_cast<int>(was);
    }
}

void roster::join(agent_slot slot)
{
    const agent_state& who = agents_[slot];
    if (online_.size() <= who.of_class)
        online_.resize(who.of_class + 1UL);
    online_[who.of_class] += static_cast<int>(who.now == presence::online);
    refresh(slot);
}

void roster::withdraw(agent_slot slot)
{
    const agent_state& who = agents_[slot];
    if (who.of_class < online_.size())
        online_[who.of_class] -= static_cast<int>(who.now == presence::online);
    for (channel c : all_channels) {
        const std::size_t i = index_of(c);
        if (!ready(slot, c))
            continue;
        ready_[i][agents_[slot].of_class].erase(slot, links{this, i});
        --ready_count_[i][agents_[slot].of_class];
        --ready_total_[i];
    }
}

} // namespace routing
