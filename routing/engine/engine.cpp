#include "routing/engine/engine.hpp"

#include <algorithm>
#include <stdexcept>

namespace routing {

engine::engine(policy rules)
    : rules_(std::move(rules)), roster_(rules_, coverage_), line_(rules_, coverage_)
{
    if (const auto flaw = flaw_of(rules_))
        throw std::invalid_argument("routing policy: " + *flaw);
    for (channel c : all_channels)
        handle_time_[index_of(c)] = rules_.of(c).assumed_handle_time;
}

void engine::apply(
    std::int64_t position, time_us now, const event& what, std::vector<decision>& out
)
{
    position_ = position;
    now_ = std::max(now, now_);
    out_ = &out;
    std::visit([this](const auto& e) { on(e); }, what);
    settle();
    out_ = nullptr;
}

// ---- agents

void engine::on(const agent_defined& e)
{
    // Held requests rest on what the agent could do before, so they are looked at anew.
    const agent_slot agent = roster_.define(e);
    while (!roster_[agent].held.empty()) {
        const request_slot slot = roster_[agent].held.back();
        unhold(slot);
        touch(slot);
    }
    touched_agents_.push_back(agent);
}

void engine::on(const agent_removed& e)
{
    const auto agent = roster_.find(e.id);
    if (!agent)
        return;
    roster_.retire(*agent);
    free_agent(*agent, withdrawal::agent_left, true);
}

void engine::on(const presence_changed& e)
{
    const agent_slot agent = roster_.slot_of(e.id);
    if (roster_[agent].now == e.now)
        return;
    roster_.set_presence(agent, e.now, now_);
    if (e.now == presence::online)
        touched_agents_.push_back(agent);
    else
        free_agent(agent, withdrawal::agent_left);
}

// Takes back what rings at an agent or waits for it alone.
void engine::free_agent(agent_slot agent, withdrawal why, bool for_good)
{
    while (!roster_[agent].ringing.empty())
        take_back(roster_[agent].ringing.back(), why);
    // What waits for this agent present or not goes on waiting, unless the agent is gone for good.
    std::vector<request_slot> let_go = roster_[agent].held;
    if (!for_good)
        std::erase_if(let_go, [this](request_slot slot) { return is_kept(line_[slot]); });
    for (auto slot = let_go.rbegin(); slot != let_go.rend(); ++slot) {
        unhold(*slot);
        line_[*slot].hold_over = true;
        touch(*slot);
    }
}

// ---- requests

void engine::on(const request_queued& e)
{
    if (line_.find(e.what.id))
        return;
    const request_slot slot = line_.admit(e.what, now_);
    begin_wait(slot);
}

void engine::begin_wait(request_slot slot)
{
    request_state& r = line_[slot];
    r.agent = no_slot;
    if (r.not_before > now_) {
        r.is = phase::scheduled;
        reset_timer(slot);
        return;
    }
    r.is = phase::waiting;
    line_.join_queue(slot);
    touch(slot);
}

void engine::on(const request_rescored& e)
{
    const auto slot = line_.find(e.id);
    if (!slot || line_[*slot].is == phase::active ||
        e.score < line_[*slot].score + rules_.rescore_threshold)
        return;
    line_[*slot].rank = e.rank;
    line_[*slot].basis = e.basis;
    line_.set_value(*slot, e.score, line_[*slot].boost);
    out_->push_back(rekeyed{e.id, line_[*slot].score, line_[*slot].key});
}

void engine::on(const request_escalated& e)
{
    const auto slot = line_.find(e.id);
    if (!slot || line_[*slot].is == phase::active || e.boost <= line_[*slot].boost)
        return;
    line_.set_value(*slot, line_[*slot].score, e.boost);
    out_->push_back(rekeyed{e.id, line_[*slot].score, line_[*slot].key});
}

void engine::on(const request_abandoned& e)
{
    end(e.id, withdrawal::abandoned);
}
void engine::on(const request_finished& e)
{
    end(e.id, withdrawal::finished);
}

void engine::end(request_id id, withdrawal why)
{
    const auto slot = line_.find(id);
    if (!slot)
        return;
    if (line_[*slot].is == phase::active)
        learn_handle_time(line_[*slot].on, now_ - line_[*slot].began);
    leave_phase(*slot, why);
    line_.leave_queue(*slot);
    line_.forget(*slot);
}

void engine::on(const request_assigned& e)
{
    const auto slot = line_.find(e.id);
    if (!slot)
        return;
    const agent_slot agent = roster_.slot_of(e.to);
    const request_state& r = line_[*slot];
    if (r.is == phase::active && r.agent == agent)
        return;
    leave_phase(*slot, withdrawal::taken_over);
    // A late word about the offer or assignment that this one overtook must not be taken for it.
    ++line_[*slot].attempt;
    begin_work(*slot, agent, now_);
}

void engine::on(const work_started& e)
{
    if (line_.find(e.what.id))
        return;
    const request_slot slot = line_.admit(e.what, now_);
    begin_work(slot, roster_.slot_of(e.by), e.since);
}

void engine::begin_work(request_slot slot, agent_slot agent, time_us since)
{
    request_state& r = line_[slot];
    r.is = phase::active;
    r.agent = agent;
    r.began = since;
    roster_.take(agent, r.on);
    line_.leave_queue(slot);
    line_.set_timer(slot, never);
}

// Takes a request out of whatever it is in, so that it can go on to something else.
void engine::leave_phase(request_slot slot, withdrawal why)
{
    request_state& r = line_[slot];
    switch (r.is) {
    case phase::scheduled:
        break;
    case phase::held:
        unhold(slot);
        break;
    case phase::waiting:
        line_.leave_lane(slot);
        break;
    case phase::offered:
        withdraw(slot, why);
        break;
    case phase::active:
        roster_.finish(r.agent, r.on, now_);
        touched_agents_.push_back(r.agent);
        break;
    }
    line_.set_timer(slot, never);
}

void engine::on(const request_transferred& e)
{
    const auto slot = line_.find(e.id);
    if (!slot)
        return;
    request_state& r = line_[*slot];
    if (r.is == phase::active) {
        r.since = now_;
        r.told_overdue = false;
    }
    leave_phase(*slot, withdrawal::transferred);
    wish next = line_.wish_of(*slot);
    if (e.to_teams) {
        next.teams = *e.to_teams;
        next.backup_teams.clear();
    }
    if (e.needs)
        next.needs = *e.needs;
    line_.demand(*slot, std::move(next));
    r.preferred = e.to_agent;
    r.directed = e.to_agent.has_value();
    r.hold_over = false;
    r.kept_until = 0;
    if (e.by && e.by != e.to_agent)
        pause_for(*slot, *e.by);
    if (e.to_agent)
        std::erase_if(r.pauses, [&](const agent_pause& p) { return p.who == *e.to_agent; });
    begin_wait(*slot);
}

// ---- offers

std::optional<request_slot> engine::offered(request_id id, agent_id by, int attempt) const
{
    const auto slot = line_.find(id);
    if (!slot || line_[*slot].is != phase::offered || line_[*slot].attempt != attempt ||
        roster_[line_[*slot].agent].id != by)
        return std::nullopt;
    return slot;
}

void engine::on(const offer_accepted& e)
{
    const auto slot = offered(e.id, e.by, e.attempt);
    if (!slot)
        return;
    request_state& r = line_[*slot];
    // The capacity stays taken: the reservation becomes the work.
    std::erase(roster_.ringing(r.agent), *slot);
    roster_.set_misses(r.agent, 0);
    line_.leave_queue(*slot);
    line_.set_timer(*slot, never);
    r.is = phase::active;
    r.began = now_;
}

void engine::on(const offer_declined& e)
{
    const auto slot = offered(e.id, e.by, e.attempt);
    if (!slot)
        return;
    roster_.set_misses(line_[*slot].agent, 0);
    pause_for(*slot, e.by);
    take_back(*slot, withdrawal::declined);
}

void engine::on(const offer_lost& e)
{
    const auto slot = line_.find(e.id);
    if (!slot || line_[*slot].attempt != e.attempt)
        return;
    request_state& r = line_[*slot];
    if (r.is == phase::offered) {
        take_back(*slot, withdrawal::lost);
    } else if (r.is == phase::active && !rules_.of(r.on).offer_time) {
        // Assigned without asking, and the assignment did not come true.
        out_->push_back(withdrawn{r.id, roster_[r.agent].id, r.attempt, withdrawal::lost});
        leave_phase(*slot, withdrawal::lost);
        begin_wait(*slot);
    }
}

void engine::on(const offer_restored& e)
{
    const auto slot = line_.find(e.id);
    if (!slot || line_[*slot].is != phase::waiting)
        return;
    request_state& r = line_[*slot];
    line_.leave_lane(*slot);
    r.is = phase::offered;
    r.agent = roster_.slot_of(e.to);
    r.attempt = e.attempt;
    r.expires = e.expires;
    roster_.take(r.agent, r.on);
    roster_.ringing(r.agent).push_back(*slot);
    reset_timer(*slot);
}

// The offer is over and the agent has room again; the request is in no phase's lists.
void engine::withdraw(request_slot slot, withdrawal why)
{
    request_state& r = line_[slot];
    out_->push_back(withdrawn{r.id, roster_[r.agent].id, r.attempt, why});
    std::erase(roster_.ringing(r.agent), slot);
    roster_.give_back(r.agent, r.on);
    touched_agents_.push_back(r.agent);
}

// The offer is over and the request waits again, at its old place.
void engine::take_back(request_slot slot, withdrawal why)
{
    withdraw(slot, why);
    line_[slot].is = phase::waiting;
    line_[slot].agent = no_slot;
    line_[slot].hold_over = true;
    touch(slot);
}

void engine::unhold(request_slot slot)
{
    request_state& r = line_[slot];
    std::erase(roster_.held(r.agent), slot);
    r.is = phase::waiting;
    r.agent = no_slot;
}

void engine::pause_for(request_slot slot, agent_id who)
{
    std::vector<agent_pause>& pauses = line_[slot].pauses;
    const time_us until = now_ + rules_.of(line_[slot].on).pause_after_decline;
    const auto known = std::find_if(pauses.begin(), pauses.end(), [&](const agent_pause& p) {
        return p.who == who;
    });
    if (known == pauses.end())
        pauses.push_back({who, until});
    else
        known->until = std::max(known->until, until);
}

// ---- restart

void engine::on(const restore_began& /*unused*/)
{
    restoring_ = true;
}

void engine::on(const restore_ended& /*unused*/)
{
    restoring_ = false;
    for (agent_slot agent = 0; agent < roster_.size(); ++agent)
        touched_agents_.push_back(agent);
}

// A moving mean over about eight pieces of work: quick to notice a bad day, in whole numbers.
void engine::learn_handle_time(channel on, time_us took)
{
    time_us& mean = handle_time_[index_of(on)];
    mean = std::max<time_us>(one_second, mean + (took - mean) / 8);
}

} // namespace routing
