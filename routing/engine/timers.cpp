// What happens because time has passed. Each request has one timer: its earliest due moment.
#include "routing/engine/engine.hpp"

#include <algorithm>

namespace routing {

void engine::on(const time_advanced& /*unused*/)
{
    // Each firing moves the request's timer beyond now or clears it, so this ends. Settling after
    // each keeps the order of effects that of the due moments.
    while (line_.next_due() <= now_) {
        fire(line_.next_due_request());
        settle();
    }
}

time_us engine::ring_due(request_slot slot, int ring) const
{
    const request_state& r = line_[slot];
    return r.since +
           in_targets(
               rules_.ring_at.at(static_cast<std::size_t>(ring) - 1), rules_.of(r.on).target
           );
}

// Nobody else is asked meanwhile, so wider rings would change nothing but end the wait.
bool engine::is_kept(const request_state& r) const
{
    return r.is == phase::held && r.kept_until > now_;
}

time_us engine::overdue_due(request_slot slot) const
{
    const request_state& r = line_[slot];
    return r.since + in_targets(rules_.of(r.on).overdue_after, rules_.of(r.on).target);
}

time_us engine::due_of(request_slot slot) const
{
    const request_state& r = line_[slot];
    if (r.is == phase::scheduled)
        return r.not_before;
    if (r.is == phase::offered)
        return r.expires;
    if (r.is == phase::active)
        return never;
    time_us due = r.told_overdue ? never : overdue_due(slot);
    if (r.is == phase::held)
        due = std::min(due, r.hold_until);
    const auto ring = is_kept(r) ? std::nullopt : line_.next_ring(slot);
    if (ring)
        due = std::min(due, ring_due(slot, *ring));
    for (const agent_pause& p : r.pauses)
        due = std::min(due, p.until);
    return due;
}

void engine::fire(request_slot slot)
{
    request_state& r = line_[slot];
    if (r.is == phase::scheduled) {
        begin_wait(slot);
        line_.set_timer(slot, never); // settle() sets the one of the waiting request
        return;
    }
    if (r.is == phase::offered) {
        miss(slot);
        return;
    }

    bool look_again = end_pauses(slot);
    if (r.is == phase::held && r.hold_until <= now_) {
        unhold(slot);
        r.hold_over = true;
        look_again = true;
    }
    for (auto ring = line_.next_ring(slot); ring && !is_kept(r) && ring_due(slot, *ring) <= now_;
         ring = line_.next_ring(slot)) {
        if (r.is == phase::held)
            unhold(slot);
        line_.leave_lane(slot);
        line_.set_ring(slot, *ring);
        out_->push_back(ring_relaxed{r.id, *ring});
        look_again = true;
    }
    if (!r.told_overdue && overdue_due(slot) <= now_) {
        r.told_overdue = true;
        out_->push_back(overdue{r.id, now_ - r.since});
    }
    reset_timer(slot);
    if (look_again)
        touch(slot);
}

// Nobody answered the offer: the request waits again at its place, the agent is not asked for it
// for a while, and after some misses in a row it is taken to be away.
void engine::miss(request_slot slot)
{
    const agent_slot agent = line_[slot].agent;
    pause_for(slot, roster_[agent].id);
    line_.set_timer(slot, never);
    take_back(slot, withdrawal::expired);
    roster_.set_misses(agent, roster_[agent].misses + 1);
    if (roster_[agent].misses < rules_.misses_before_away)
        return;
    out_->push_back(auto_away{roster_[agent].id, roster_[agent].misses});
    roster_.set_presence(agent, presence::away, now_);
    free_agent(agent, withdrawal::agent_left);
}

bool engine::end_pauses(request_slot slot)
{
    return std::erase_if(line_[slot].pauses, [this](const agent_pause& p) {
               return p.until <= now_;
           }) > 0;
}

} // namespace routing
