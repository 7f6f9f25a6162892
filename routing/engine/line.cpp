#include "routing/engine/line.hpp"

#include <algorithm>

namespace routing {
namespace {

// The demand of a wish in a ring (see policy::ring_at for what each ring gives up).
demand relaxed(const wish& what, int ring)
{
    demand made{what.on, {}, what.teams};
    for (const requirement& r : what.needs) {
        if (ring >= 2 && r.optional)
            continue;
        made.needs.push_back({r.skill, ring >= 1 ? std::uint8_t{1} : r.level});
    }
    if (ring >= last_ring && !made.teams.empty()) {
        made.teams.insert(made.teams.end(), what.backup_teams.begin(), what.backup_teams.end());
        std::sort(made.teams.begin(), made.teams.end());
        made.teams.erase(std::unique(made.teams.begin(), made.teams.end()), made.teams.end());
    }
    return made;
}

void tidy(wish& what)
{
    // Sorted, each skill once: required before optional, the highest level of each.
    auto strictest = [](const requirement& a, const requirement& b) {
        if (a.skill != b.skill)
            return a.skill < b.skill;
        return a.optional != b.optional ? !a.optional : a.level > b.level;
    };
    auto same = [](const requirement& a, const requirement& b) { return a.skill == b.skill; };
    std::sort(what.needs.begin(), what.needs.end(), strictest);
    what.needs.erase(std::unique(what.needs.begin(), what.needs.end(), same), what.needs.end());
    for (auto* teams : {&what.teams, &what.backup_teams}) {
        std::sort(teams->begin(), teams->end());
        teams->erase(std::unique(teams->begin(), teams->end()), teams->end());
    }
}

} // namespace

std::optional<request_slot> line::find(request_id id) const
{
    const auto known = by_id_.find(static_cast<std::int64_t>(id));
    return known == by_id_.end() ? std::nullopt : std::optional(known->second);
}

request_slot line::admit(const request& what, time_us now)
{
    request_slot slot = static_cast<request_slot>(requests_.size());
    if (free_.empty()) {
        requests_.emplace_back();
    } else {
        slot = free_.back();
        free_.pop_back();
        requests_[slot] = {};
    }
    by_id_.emplace(static_cast<std::int64_t>(what.id), slot);

    request_state& r = requests_[slot];
    r.id = what.id;
    r.on = what.on;
    r.arrival = what.arrival;
    r.not_before = what.not_before;
    r.since = what.waiting_since.value_or(std::max(now, what.not_before));
    r.rank = what.rank;
    r.basis = what.basis;
    r.preferred = what.preferred;
    r.attempt = what.attempts;
    r.directed = what.directed && what.preferred;
    r.kept_until = what.preferred ? what.kept_until : 0;
    r.pauses = what.excluded;

    // O_c as of the arrival, so that it grows by at most a second a second between arrivals.
    const auto first = oldest(what.on);
    const time_us congestion = what.congestion.value_or(
        first ? std::max<time_us>(0, what.arrival - requests_[*first].since) : 0
    );
    r.full = full_head_start(rules_->of(what.on), rules_->congestion_permille, congestion);
    set_value(slot, what.score, what.boost);
    demand(slot, wish{what.on, what.needs, what.teams, what.backup_teams});
    return slot;
}

void line::forget(request_slot slot)
{
    set_timer(slot, never);
    by_id_.erase(static_cast<std::int64_t>(requests_[slot].id));
    free_.push_back(slot);
}

void line::demand(request_slot slot, wish what)
{
    tidy(what);
    requests_[slot].wish_index = intern(std::move(what));
    set_ring(slot, 0);
}

std::optional<int> line::next_ring(request_slot slot) const
{
    const request_state& r = requests_[slot];
    for (int ring = r.ring + 1; ring <= last_ring; ++ring)
        if (wishes_[r.wish_index].changes[static_cast<std::size_t>(ring)] ||
            (ring == 1 && r.preferred))
            return ring;
    return std::nullopt;
}

void line::set_ring(request_slot slot, int ring)
{
    request_state& r = requests_[slot];
    r.ring = static_cast<std::uint8_t>(ring);
    r.lane = lane_at(r.wish_index, ring);
}

void line::set_value(request_slot slot, score_t score, targets_x100 boost)
{
    request_state& r = requests_[slot];
    r.score = std::clamp(score, score_t{0}, top_score);
    r.boost = std::clamp(boost, targets_x100{0}, rules_->most_boost);
    rekey(slot);
}

void line::rekey(request_slot slot)
{
    request_state& r = requests_[slot];
    const channel_policy& row = rules_->of(r.on);
    r.key = r.arrival - head_start(r.score, r.full);
    r.place = r.key + in_targets(row.deferral - r.boost, row.target);
    if (!in_lane(slot))
        return;
    lanes_[r.lane].update(slot, r.place, mover());
    heads_[r.lane] = lanes_[r.lane].top().key;
}

void line::enter_lane(request_slot slot)
{
    const request_state& r = requests_[slot];
    if (lanes_.size() <= r.lane) {
        lanes_.resize(r.lane + 1UL);
        heads_.resize(r.lane + 1UL, never);
    }
    lanes_[r.lane].push(r.place, slot, mover());
    heads_[r.lane] = lanes_[r.lane].top().key;
}

void line::leave_lane(request_slot slot)
{
    if (!in_lane(slot))
        return;
    indexed_heap& lane = lanes_[requests_[slot].lane];
    lane.erase(slot, mover());
    heads_[requests_[slot].lane] = lane.empty() ? never : lane.top().key;
}

void line::join_queue(request_slot slot)
{
    request_state& r = requests_[slot];
    if (r.queued)
        return;
    r.queued = true;
    // Waits begin in time order, so the walk is short: from the young end, or from the old end for
    // a wait that is taken up again.
    queue_ends& ends = queues_[index_of(r.on)];
    request_slot older = ends.youngest;
    request_slot younger = no_slot;
    if (older != no_slot &&
        r.since - requests_[ends.oldest].since < requests_[older].since - r.since) {
        for (younger = ends.oldest; requests_[younger].since <= r.since;)
            younger = requests_[younger].younger;
        older = requests_[younger].older;
    } else {
        while (older != no_slot && requests_[older].since > r.since)
            older = requests_[older].older;
        younger = older == no_slot ? ends.oldest : requests_[older].younger;
    }
    r.older = older;
    r.younger = younger;
    (older == no_slot ? ends.oldest : requests_[older].younger) = slot;
    (younger == no_slot ? ends.youngest : requests_[younger].older) = slot;
}

void line::leave_queue(request_slot slot)
{
    request_state& r = requests_[slot];
    if (!r.queued)
        return;
    r.queued = false;
    queue_ends& ends = queues_[index_of(r.on)];
    (r.older == no_slot ? ends.oldest : requests_[r.older].younger) = r.younger;
    (r.younger == no_slot ? ends.youngest : requests_[r.younger].older) = r.older;
    r.older = r.younger = no_slot;
}

std::optional<request_slot> line::oldest(channel on) const
{
    const request_slot slot = queues_[index_of(on)].oldest;
    return slot == no_slot ? std::nullopt : std::optional(slot);
}

void line::set_timer(request_slot slot, time_us due)
{
    const bool set = requests_[slot].timer_at != indexed_heap::absent;
    if (due == never) {
        if (set)
            timers_.erase(slot, timer_links{this});
    } else if (set) {
        timers_.update(slot, due, timer_links{this});
    } else {
        timers_.push(due, slot, timer_links{this});
    }
}

standing line::standing_of(request_slot slot) const
{
    const request_state& r = requests_[slot];
    return {r.place, rules_->of(r.on).target, r.score, r.arrival, r.id};
}

bool line::lane_links::before(request_slot a, request_slot b) const
{
    const request_state& left = self->requests_[a];
    const request_state& right = self->requests_[b];
    if (left.score != right.score)
        return left.score > right.score;
    if (left.arrival != right.arrival)
        return left.arrival < right.arrival;
    return left.id < right.id;
}

lane_index line::lane_at(std::uint32_t wish_index, int ring)
{
    auto& known = wishes_[wish_index].lanes[static_cast<std::size_t>(ring)];
    if (!known)
        known = coverage_->lane_for(relaxed(wishes_[wish_index].what, ring));
    return *known;
}

std::uint32_t line::intern(wish what)
{
    if (const auto known = wish_by_value_.find(what); known != wish_by_value_.end())
        return known->second;
    const auto index = static_cast<std::uint32_t>(wishes_.size());
    wish_by_value_.emplace(what, index);
    known_wish& added = wishes_.emplace_back(known_wish{std::move(what), {}, {}});
    for (int ring = 1; ring <= last_ring; ++ring)
        added.changes[static_cast<std::size_t>(ring)] =
            relaxed(added.what, ring) != relaxed(added.what, ring - 1);
    return index;
}

std::size_t line::wish_hash::operator()(const wish& what) const
{
    std::size_t hash = index_of(what.on);
    const auto mix = [&hash](auto value) {
        hash ^=
            static_cast<std::size_t>(value) + 0x9E3779B97F4A7C15ULL + (hash << 6U) + (hash >> 2U);
    };
    for (const requirement& r : what.needs) {
        mix(r.skill);
        mix(r.level * 2 + static_cast<int>(r.optional));
    }
    for (team_id t : what.teams)
        mix(t);
    mix(what.teams.size());
    for (team_id t : what.backup_teams)
        mix(t);
    return hash;
}

} // namespace routing
