// The agents: presence, capacity, and for each class and channel the heap of those who can take
// one more piece of that work now, ordered by load, then longest idle, then id.
#pragma once

#include "routing/engine/coverage.hpp"
#include "routing/engine/events.hpp"
#include "routing/engine/indexed_heap.hpp"
#include "routing/engine/policy.hpp"

namespace routing {

using agent_slot = std::uint32_t;
using request_slot = std::uint32_t;
inline constexpr std::uint32_t no_slot = UINT32_MAX;

/// One agent inside the engine.
struct agent_state
{
    agent_id id{};
    class_index of_class = 0;
    presence now = presence::offline;
    int firm_units = 0; ///< Σκ of work that may not be interrupted
    int interruptible_units = 0;
    std::array<std::int32_t, channel_count> count{};
    /// When it last logged in or finished something: the longest idle is asked first.
    time_us idle_since = 0;
    int misses = 0;
    std::array<std::uint32_t, channel_count> ready_at = all_absent();
    std::vector<request_slot> ringing; ///< live offers
    std::vector<request_slot> held;    ///< requests that wait for this agent alone

    static constexpr std::array<std::uint32_t, channel_count> all_absent()
    {
        std::array<std::uint32_t, channel_count> positions{};
        positions.fill(indexed_heap::absent);
        return positions;
    }
};

class roster
{
public:
    roster(const policy& rules, coverage& who_may) : rules_(&rules), coverage_(&who_may) {}

    /// The agent's slot; an agent never defined is created without skills, teams or channels.
    agent_slot slot_of(agent_id id);
    std::optional<agent_slot> find(agent_id id) const;
    const agent_state& operator[](agent_slot slot) const { return agents_[slot]; }
    std::size_t size() const { return agents_.size(); }

    agent_slot define(const agent_defined& who);
    void retire(agent_slot slot);
    void set_presence(agent_slot slot, presence now, time_us at);
    /// One more piece of work; one less because the offer came to nothing; or one less because
    /// it is done, which also starts the idle time anew.
    void take(agent_slot slot, channel on);
    void give_back(agent_slot slot, channel on);
    void finish(agent_slot slot, channel on, time_us at);
    void set_misses(agent_slot slot, int misses) { agents_[slot].misses = misses; }
    std::vector<request_slot>& ringing(agent_slot slot) { return agents_[slot].ringing; }
    std::vector<request_slot>& held(agent_slot slot) { return agents_[slot].held; }

    /// Online and with room for one more of this channel.
    bool ready(agent_slot slot, channel on) const
    {
        return agents_[slot].ready_at[index_of(on)] != indexed_heap::absent;
    }
    bool any_ready(class_index who, channel on) const
    {
        const auto& counts = ready_count_[index_of(on)];
        return who < counts.size() && counts[who] > 0;
    }
    bool any_ready(channel on) const { return ready_total_[index_of(on)] > 0; }

    /// Ready agents of a class in the order in which they are asked.
    template <class Visitor>
    void in_order(
        class_index who, channel on, std::vector<std::uint32_t>& frontier, Visitor visitor
    ) const
    {
        if (any_ready(who, on))
            ready_[index_of(on)][who].in_order(
                const_links{this, index_of(on)},
                frontier,
                [&](const indexed_heap::node& n) { return visitor(n.slot); }
            );
    }

    /// Used share of the units in thousandths.
    int load_permille(agent_slot slot) const;
    /// Agents of the class that are online, and pieces of this channel that each can hold.
    int online(class_index who) const { return who < online_.size() ? online_[who] : 0; }
    int seats_each(class_index who, channel on) const;

    /// True when `a` is asked before `b` within a flexibility level.
    bool asked_before(agent_slot a, agent_slot b) const;

private:
    struct links
    {
        roster* self;
        std::size_t on;
        bool before(agent_slot a, agent_slot b) const { return self->idler(a, b); }
        std::uint32_t& position(agent_slot s) const { return self->agents_[s].ready_at[on]; }
    };
    struct const_links
    {
        const roster* self;
        std::size_t on;
        bool before(agent_slot a, agent_slot b) const { return self->idler(a, b); }
    };
    bool idler(agent_slot a, agent_slot b) const;
    bool has_room(const agent_state& who, channel on) const;
    void refresh(agent_slot slot);
    /// Counts the agent in with its present class, and out before that class or presence changes.
    void join(agent_slot slot);
    void withdraw(agent_slot slot);

    const policy* rules_;
    coverage* coverage_;
    std::vector<agent_state> agents_;
    boost::unordered_flat_map<std::int64_t, agent_slot> by_id_;
    std::array<std::vector<indexed_heap>, channel_count> ready_;
    std::array<std::vector<int>, channel_count> ready_count_;
    std::array<int, channel_count> ready_total_{};
    std::vector<int> online_;
};

} // namespace routing
