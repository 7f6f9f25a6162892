// The requests: where each one is, its key, the heap of every lane, and the timers.
#pragma once

#include "routing/engine/order.hpp"
#include "routing/engine/roster.hpp"

namespace routing {

/// A request is in exactly one of these; when it is over it is forgotten.
enum class phase : std::uint8_t
{
    scheduled,
    waiting,
    held,
    offered,
    active
};

/// What a request asks of an agent, before any relaxation. Interned: requests share it.
struct wish
{
    channel on = channel::chat;
    std::vector<requirement> needs;
    std::vector<team_id> teams;
    std::vector<team_id> backup_teams;

    friend bool operator==(const wish&, const wish&) = default;
};

inline constexpr int last_ring = 3;

/// One request inside the engine.
struct request_state
{
    request_id id{};
    time_us arrival = 0;
    time_us place = 0; ///< key + (δ − boost)·τ: what the lane heap is ordered by
    score_t score = 0;
    std::uint32_t lane_at = indexed_heap::absent;
    std::uint32_t timer_at = indexed_heap::absent;
    lane_index lane = 0;
    channel on = channel::chat;
    phase is = phase::waiting;
    tier rank = tier::small;
    score_basis basis = score_basis::prior;
    std::uint8_t ring = 0;
    bool directed = false; ///< `preferred` was named by a person: skills do not matter
    bool hold_over = false;
    bool told_overdue = false;
    bool queued = false; ///< in its channel's queue of waits
    std::uint32_t wish_index = 0;
    time_us since = 0; ///< when the present wait began: rings and alerts count from here
    time_us full = 0;  ///< max(h·τ, η·O) at the first enqueue
    time_us key = 0;
    targets_x100 boost = 0;
    int attempt = 0;
    time_us not_before = 0;
    time_us kept_until = 0; ///< waits for `preferred` alone until then, present or not
    time_us hold_until = 0;
    time_us expires = 0;
    time_us began = 0; ///< when it became active
    std::optional<agent_id> preferred;
    agent_slot agent = no_slot; ///< held for, offered to or active with
    request_slot older = no_slot;
    request_slot younger = no_slot;
    std::vector<agent_pause> pauses;
};

class line
{
public:
    line(const policy& rules, coverage& who_may) : rules_(&rules), coverage_(&who_may) {}

    std::optional<request_slot> find(request_id id) const;
    request_state& operator[](request_slot slot) { return requests_[slot]; }
    const request_state& operator[](request_slot slot) const { return requests_[slot]; }
    std::size_t size() const { return by_id_.size(); }

    /// Takes the request in, with its key and lane; it is in no heap yet.
    request_slot admit(const request& what, time_us now);
    /// Forgets it; it must be in no heap and in no agent's list.
    void forget(request_slot slot);

    /// Sets new demands; the caller has taken it out of its lane.
    void demand(request_slot slot, wish what);
    const wish& wish_of(request_slot slot) const
    {
        return wishes_[requests_[slot].wish_index].what;
    }
    /// The next wider ring that changes something for this request, if any.
    std::optional<int> next_ring(request_slot slot) const;
    void set_ring(request_slot slot, int ring);

    void set_value(request_slot slot, score_t score, targets_x100 boost);

    void enter_lane(request_slot slot);
    void leave_lane(request_slot slot);
    bool in_lane(request_slot slot) const
    {
        return requests_[slot].lane_at != indexed_heap::absent;
    }
    std::size_t lane_size(lane_index lane) const
    {
        return lane < lanes_.size() ? lanes_[lane].size() : 0;
    }
    /// Place of the lane's head, `never` when it is empty. Contiguous: scans read only this.
    time_us head(lane_index lane) const { return lane < heads_.size() ? heads_[lane] : never; }
    template <class Visitor>
    void in_order(lane_index lane, std::vector<std::uint32_t>& frontier, Visitor visitor) const
    {
        if (lane < lanes_.size())
            lanes_[lane].in_order(lane_links{this}, frontier, visitor);
    }

    /// Waiting, held and offered requests of a channel by the beginning of their wait (for O_c).
    /// Joining twice or leaving twice changes nothing.
    void join_queue(request_slot slot);
    void leave_queue(request_slot slot);
    std::optional<request_slot> oldest(channel on) const;

    /// Sets the one timer of a request; `never` clears it.
    void set_timer(request_slot slot, time_us due);
    time_us next_due() const { return timers_.empty() ? never : timers_.top().key; }
    request_slot next_due_request() const { return timers_.top().slot; }

    standing standing_of(request_slot slot) const;

private:
    struct known_wish
    {
        wish what;
        std::array<std::optional<lane_index>, last_ring + 1> lanes; ///< made when first needed
        std::array<bool, last_ring + 1> changes{}; ///< whether the ring differs from the one before
    };
    struct wish_hash
    {
        std::size_t operator()(const wish& what) const;
    };
    struct lane_links
    {
        const line* self;
        bool before(request_slot a, request_slot b) const;
    };
    struct lane_mover : lane_links
    {
        line* owner;
        std::uint32_t& position(request_slot s) const { return owner->requests_[s].lane_at; }
    };
    struct timer_links
    {
        line* self;
        bool before(request_slot a, request_slot b) const
        {
            return self->requests_[a].id < self->requests_[b].id;
        }
        std::uint32_t& position(request_slot s) const { return self->requests_[s].timer_at; }
    };
    struct queue_ends
    {
        request_slot oldest = no_slot;
        request_slot youngest = no_slot;
    };
    lane_mover mover() { return lane_mover{{this}, this}; }
    lane_index lane_at(std::uint32_t wish_index, int ring);
    std::uint32_t intern(wish what);
    void rekey(request_slot slot);

    const policy* rules_;
    coverage* coverage_;
    std::vector<request_state> requests_;
    std::vector<request_slot> free_;
    boost::unordered_flat_map<std::int64_t, request_slot> by_id_;
    std::vector<known_wish> wishes_;
    boost::unordered_flat_map<wish, std::uint32_t, wish_hash> wish_by_value_;
    std::vector<indexed_heap> lanes_;
    std::vector<time_us> heads_;
    std::array<queue_ends, channel_count> queues_;
    indexed_heap timers_;
};

} // namespace routing
