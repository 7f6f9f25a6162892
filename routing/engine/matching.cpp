// Bringing requests and agents together after an event.
#include "routing/engine/engine.hpp"

#include <algorithm>

namespace routing {

bool engine::paused(request_slot slot, agent_id who) const
{
    const std::vector<agent_pause>& pauses = line_[slot].pauses;
    return std::any_of(pauses.begin(), pauses.end(), [&](const agent_pause& p) {
        return p.who == who && p.until > now_;
    });
}

bool engine::admissible(request_slot request, agent_slot agent) const
{
    const request_state& r = line_[request];
    if (!roster_.ready(agent, r.on) || paused(request, roster_[agent].id))
        return false;
    if (r.is == phase::held)
        return r.agent == agent;
    return r.is == phase::waiting &&
           covers(coverage_.ability_of(roster_[agent].of_class), coverage_.demand_of(r.lane));
}

// Before the event nothing fitted, so every new pair has a touched request or a touched agent in
// it. A preferred agent comes first. Then agents that have room now take the most urgent of all
// who wait, so that a request which comes back cannot snatch the agent it came from. What is left
// looks for an agent among the others.
void engine::settle()
{
    std::vector<request_slot> requests = touched_requests();
    const bool agents_touched = !touched_agents_.empty() && !restoring_;
    for (request_slot& slot : requests) {
        if (restoring_) {
            place(slot);
        } else if (ask_preferred(slot)) {
            slot = no_slot;
        } else if (agents_touched) {
            place(slot);
        }
    }
    if (restoring_) {
        touched_agents_.clear();
        return;
    }
    if (agents_touched)
        settle_agents();
    for (request_slot slot : requests)
        if (slot != no_slot && line_[slot].is == phase::waiting)
            seek_agent(slot);
}

std::vector<request_slot> engine::touched_requests()
{
    std::vector<request_slot> requests;
    for (request_id id : touched_requests_)
        if (const auto slot = line_.find(id); slot && line_[*slot].is == phase::waiting)
            requests.push_back(*slot);
    touched_requests_.clear();
    if (requests.size() > 1) {
        std::sort(requests.begin(), requests.end(), [this](request_slot a, request_slot b) {
            return more_urgent(line_.standing_of(a), line_.standing_of(b), now_);
        });
        requests.erase(std::unique(requests.begin(), requests.end()), requests.end());
    }
    return requests;
}

void engine::settle_agents()
{
    // Those with the fewest skills first: specialists take what generalists need not.
    std::sort(touched_agents_.begin(), touched_agents_.end(), [this](agent_slot a, agent_slot b) {
        const auto skills_a = coverage_.skill_count(roster_[a].of_class);
        const auto skills_b = coverage_.skill_count(roster_[b].of_class);
        return skills_a != skills_b ? skills_a < skills_b : roster_[a].id < roster_[b].id;
    });
    for (agent_slot agent : touched_agents_)
        while (seek_request(agent)) {
        }
    touched_agents_.clear();
}

// ---- a request looks for an agent

void engine::seek_agent(request_slot slot)
{
    const request_state& r = line_[slot];
    agent_slot best = no_slot;
    agent_slot next = no_slot;
    std::size_t best_skills = 0;
    bool more_flexible_left = false;
    if (roster_.any_ready(r.on)) {
        for (class_index who : coverage_.classes_of(r.lane)) {
            if (!roster_.any_ready(who, r.on))
                continue;
            if (best != no_slot && coverage_.skill_count(who) > best_skills) {
                more_flexible_left = true;
                break;
            }
            int found = 0;
            roster_.in_order(who, r.on, frontier_, [&](agent_slot a) {
                if (paused(slot, roster_[a].id))
                    return indexed_heap::visit::go_on;
                if (best == no_slot || roster_.asked_before(a, best)) {
                    next = best;
                    best = a;
                } else if (next == no_slot || roster_.asked_before(a, next)) {
                    next = a;
                }
                return ++found == 2 ? indexed_heap::visit::stop : indexed_heap::visit::go_on;
            });
            if (best != no_slot)
                best_skills =
                    coverage_.skill_count(coverage_.class_count() ? roster_[best].of_class : who);
        }
    }
    if (best == no_slot) {
        place(slot);
        return;
    }
    agent_reason why = more_flexible_left ? agent_reason::fewest_skills : agent_reason::only_one;
    if (next != no_slot) {
        if (roster_.load_permille(best) != roster_.load_permille(next))
            why = agent_reason::lowest_load;
        else if (roster_[best].idle_since != roster_[next].idle_since)
            why = agent_reason::longest_idle;
        else
            why = agent_reason::lowest_id;
    }
    line_.leave_lane(slot);
    make_offer(slot, best, occasion::request_waits, why, no_slot);
}

// Offers to the preferred agent, or begins to wait for it. False: look for the others.
bool engine::ask_preferred(request_slot slot)
{
    const request_state& r = line_[slot];
    if (!r.preferred || r.ring > 0)
        return false;
    const auto agent = roster_.find(*r.preferred);
    const bool kept = r.kept_until > now_;
    if (!agent || (roster_[*agent].now != presence::online && !kept) || paused(slot, *r.preferred))
        return false;
    const ability& able = coverage_.ability_of(roster_[*agent].of_class);
    const bool allowed = r.directed ? (able.channels & (1U << index_of(r.on))) != 0
                                    : covers(able, coverage_.demand_of(r.lane));
    if (!allowed)
        return false;
    if (roster_.ready(*agent, r.on)) {
        line_.leave_lane(slot);
        make_offer(
            slot,
            *agent,
            occasion::request_waits,
            r.directed ? agent_reason::directed : agent_reason::preferred,
            no_slot
        );
        return true;
    }
    const channel_policy& row = rules_.of(r.on);
    const time_us until =
        kept ? r.kept_until : r.since + std::min(row.target / 2, row.longest_hold);
    if (r.hold_over || until <= now_)
        return false;
    line_.leave_lane(slot);
    request_state& waiting = line_[slot];
    waiting.is = phase::held;
    waiting.agent = *agent;
    waiting.hold_until = until;
    roster_.held(*agent).push_back(slot);
    reset_timer(slot);
    out_->push_back(held{waiting.id, *waiting.preferred, until});
    return true;
}

void engine::place(request_slot slot)
{
    if (!line_.in_lane(slot))
        line_.enter_lane(slot);
    reset_timer(slot);
}

// ---- an agent looks for a request

bool engine::seek_request(agent_slot agent)
{
    best_two found;
    for (channel c : all_channels)
        if (roster_.ready(agent, c))
            search_lanes(agent, c, found);
    for (request_slot slot : roster_[agent].held)
        if (admissible(slot, agent))
            consider(slot, found);
    if (found.best == no_slot)
        return false;
    const request_state& r = line_[found.best];
    const bool was_held = r.is == phase::held;
    const agent_reason why = !was_held    ? agent_reason::only_one
                             : r.directed ? agent_reason::directed
                                          : agent_reason::preferred;
    if (was_held)
        unhold(found.best);
    line_.leave_lane(found.best);
    make_offer(found.best, agent, occasion::agent_has_room, why, found.second);
    return true;
}

void engine::consider(request_slot slot, best_two& found) const
{
    if (slot == found.best || slot == found.second)
        return;
    const standing here = line_.standing_of(slot);
    if (found.best == no_slot || more_urgent(here, line_.standing_of(found.best), now_)) {
        found.second = found.best;
        found.best = slot;
    } else if (found.second == no_slot ||
               more_urgent(here, line_.standing_of(found.second), now_)) {
        found.second = slot;
    }
}

// The best two of one channel. Within a channel a smaller place is more urgent, so one pass over
// the heads finds the three smallest; the two lanes are opened, and any other lane only when a
// pause (or an equal place) leaves room for it.
void engine::search_lanes(agent_slot agent, channel on, best_two& found)
{
    const auto lanes = coverage_.lanes_of(roster_[agent].of_class, on);
    std::array<time_us, 3> smallest{never, never, never};
    std::array<lane_index, 2> first{};
    for (lane_index lane : lanes) {
        const time_us head = line_.head(lane);
        if (head >= smallest[2])
            continue;
        if (head < smallest[0]) {
            smallest = {head, smallest[0], smallest[1]};
            first = {lane, first[0]};
        } else if (head < smallest[1]) {
            smallest = {smallest[0], head, smallest[1]};
            first[1] = lane;
        } else {
            smallest[2] = head;
        }
    }
    best_two here;
    if (smallest[0] != never)
        search_lane(agent, first[0], here);
    if (smallest[1] != never)
        search_lane(agent, first[1], here);
    const auto limit = [&] { return here.second == no_slot ? never : line_[here.second].place; };
    if (smallest[2] != never && smallest[2] <= limit())
        for (lane_index lane : lanes)
            if (line_.head(lane) != never && line_.head(lane) <= limit())
                search_lane(agent, lane, here);
    for (request_slot slot : {here.best, here.second})
        if (slot != no_slot)
            consider(slot, found);
}

void engine::search_lane(agent_slot agent, lane_index lane, best_two& found)
{
    int taken = 0;
    line_.in_order(lane, frontier_, [&](const indexed_heap::node& n) {
        if (found.second != no_slot && n.key > line_[found.second].place)
            return indexed_heap::visit::stop;
        if (paused(n.slot, roster_[agent].id))
            return indexed_heap::visit::go_on;
        consider(n.slot, found);
        return ++taken == 2 ? indexed_heap::visit::stop : indexed_heap::visit::go_on;
    });
}

// ---- the offer

void engine::make_offer(
    request_slot slot, agent_slot to, occasion now, agent_reason why, request_slot runner_up
)
{
    request_state& r = line_[slot];
    const time_us offer_time = rules_.of(r.on).offer_time;
    ++r.attempt;
    r.agent = to;
    roster_.take(to, r.on);

    offer made{r.id, roster_[to].id, r.attempt, std::nullopt, {}};
    const time_us target = rules_.of(r.on).target;
    made.why = {
        .key = r.key,
        .head_start = r.arrival - r.key,
        .full_head_start = r.full,
        .score = r.score,
        .rank = r.rank,
        .basis = r.basis,
        .boost = r.boost,
        .lane = coverage_.hash_of(r.lane),
        .ring = r.ring,
        .waited = now_ - r.arrival,
        .urgency_permille = static_cast<std::int64_t>(wide_int{now_ - r.place} * 1000 / target),
        .ahead_of = static_cast<std::int64_t>(line_.lane_size(r.lane)),
        .runner_up = std::nullopt,
        .why_now = now,
        .why_agent = why,
        .position = position_,
        .now = now_,
        .policy_version = rules_.version
    };
    decision_record& w = made.why;
    if (runner_up != no_slot)
        w.runner_up = line_[runner_up].id;
    if (offer_time > 0) {
        r.is = phase::offered;
        r.expires = now_ + offer_time;
        made.expires = r.expires;
        roster_.ringing(to).push_back(slot);
        reset_timer(slot);
    } else {
        r.is = phase::active;
        r.began = now_;
        line_.leave_queue(slot);
        line_.set_timer(slot, never);
    }
    out_->emplace_back(std::move(made));
}

} // namespace routing
