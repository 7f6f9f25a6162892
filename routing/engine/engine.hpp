// The routing engine: who should answer what, by the value head start. Pure and deterministic:
// no I/O, no clock, no threads, no randomness. The same events give the same decisions to the
// last byte. One thread at a time.
//
// Order of work for a free agent: the most urgent request that it may serve (see order.hpp).
// Order of agents for a request: preferred → fewest skills → lowest load → longest idle → id.
// After every event no waiting request and ready agent that fit are left over, except where a
// request is held for its preferred agent, for at most min(τ/2, longest_hold).
#pragma once

#include "routing/engine/decisions.hpp"
#include "routing/engine/events.hpp"
#include "routing/engine/line.hpp"

namespace routing {

/// What a waiting customer may be told.
struct outlook
{
    /// 1 is next: one more than the waiting requests that go first and compete for an agent.
    int position = 1;
    /// The position is at least this large; counting stopped at the policy's limit.
    bool capped = false;
    /// position × recent handling time ÷ seats of the capable agents online [µs]; nothing when
    /// no capable agent is online.
    std::optional<time_us> expected_wait;
};

/// An offer that nobody answered in time.
struct rung_offer
{
    request_id request{};
    agent_id agent{};
    time_us expires = 0;
};

class engine
{
public:
    /// Throws std::invalid_argument with what to mend when the policy cannot be used.
    explicit engine(policy rules);

    /// Takes one event in and appends what follows from it. `position` is the log position of the
    /// event, kept in the decisions. A `now` before the last one counts as the last one.
    void apply(std::int64_t position, time_us now, const event& what, std::vector<decision>& out);

    /// When time_advanced is wanted next, or `never`.
    time_us next_due() const { return line_.next_due(); }

    std::optional<outlook> outlook_of(request_id id) const;

    /// Since when the longest waiting or offered request of a channel waits; `never` for none.
    time_us oldest_wait(channel on) const;
    /// Offers that have rung out by `now`, the earliest first.
    std::vector<rung_offer> rung_out(time_us now) const;

    const policy& rules() const { return rules_; }
    const line& requests() const { return line_; }
    const roster& agents() const { return roster_; }
    const coverage& who_may() const { return coverage_; }
    /// Whether the pair may be brought together now (holds and pauses included).
    bool admissible(request_slot request, agent_slot agent) const;

private:
    /// Best two requests for one agent.
    struct best_two
    {
        request_slot best = no_slot;
        request_slot second = no_slot;
    };

    void on(const agent_defined& e);
    void on(const agent_removed& e);
    void on(const presence_changed& e);
    void on(const request_queued& e);
    void on(const request_rescored& e);
    void on(const request_escalated& e);
    void on(const request_abandoned& e);
    void on(const request_finished& e);
    void on(const request_assigned& e);
    void on(const work_started& e);
    void on(const request_transferred& e);
    void on(const offer_accepted& e);
    void on(const offer_declined& e);
    void on(const offer_lost& e);
    void on(const offer_restored& e);
    void on(const restore_began& e);
    void on(const restore_ended& e);
    void on(const time_advanced& e);

    // matching.cpp
    void settle();
    void settle_agents();
    std::vector<request_slot> touched_requests();
    void seek_agent(request_slot slot);
    bool ask_preferred(request_slot slot);
    void place(request_slot slot);
    bool seek_request(agent_slot agent);
    void consider(request_slot slot, best_two& found) const;
    void search_lanes(agent_slot agent, channel on, best_two& found);
    void search_lane(agent_slot agent, lane_index lane, best_two& found);
    void make_offer(
        request_slot slot, agent_slot to, occasion now, agent_reason why, request_slot runner_up
    );
    bool paused(request_slot slot, agent_id who) const;

    // engine.cpp
    void begin_wait(request_slot slot);
    void begin_work(request_slot slot, agent_slot agent, time_us since);
    void leave_phase(request_slot slot, withdrawal why);
    void end(request_id id, withdrawal why);
    void withdraw(request_slot slot, withdrawal why);
    void take_back(request_slot slot, withdrawal why);
    void unhold(request_slot slot);
    /// Waits for its preferred agent alone, present or not.
    bool is_kept(const request_state& r) const;
    void free_agent(agent_slot agent, withdrawal why, bool for_good = false);
    void pause_for(request_slot slot, agent_id who);
    std::optional<request_slot> offered(request_id id, agent_id by, int attempt) const;
    void touch(request_slot slot) { touched_requests_.push_back(line_[slot].id); }
    void learn_handle_time(channel on, time_us took);

    // timers.cpp
    void fire(request_slot slot);
    void miss(request_slot slot);
    bool end_pauses(request_slot slot);
    time_us due_of(request_slot slot) const;
    void reset_timer(request_slot slot) { line_.set_timer(slot, due_of(slot)); }
    time_us ring_due(request_slot slot, int ring) const;
    time_us overdue_due(request_slot slot) const;

    policy rules_;
    coverage coverage_;
    roster roster_;
    line line_;
    std::array<time_us, channel_count> handle_time_{};
    bool restoring_ = false;
    std::int64_t position_ = 0;
    time_us now_ = 0;
    std::vector<decision>* out_ = nullptr;
    std::vector<request_id> touched_requests_;
    std::vector<agent_slot> touched_agents_;
    mutable std::vector<std::uint32_t> frontier_; ///< scratch memory of searches
};

} // namespace routing
