// Who may serve what: lanes (equal demands) on one side, agent classes (equal abilities) on the
// other, and the links between them. Both are interned and never removed, so an index stays valid;
// their number is bounded by the distinct demands and abilities ever seen.
#pragma once

#include "routing/engine/types.hpp"

#include <boost/unordered/unordered_flat_map.hpp>
#include <span>

namespace routing {

using lane_index = std::uint32_t;
using class_index = std::uint32_t;

/// What a request demands in its present ring. Sorted, without repeats.
struct demand
{
    channel on = channel::chat;
    std::vector<proficiency> needs;
    std::vector<team_id> teams;

    friend bool operator==(const demand&, const demand&) = default;
};

/// What an agent brings. Sorted, without repeats.
struct ability
{
    std::vector<proficiency> skills;
    std::vector<team_id> teams;
    std::uint8_t channels = 0; ///< one bit a channel
    int units = 0;

    friend bool operator==(const ability&, const ability&) = default;
};

/// Equal for equal demands on every machine and in every run.
std::uint64_t stable_hash(const demand& what);
std::uint64_t stable_hash(const ability& what);

/// Skills at their levels ⊆ abilities, channel allowed, and a team in common when any is asked.
bool covers(const ability& who, const demand& what);

class coverage
{
public:
    /// The lane of this demand; a new one is linked to every class that covers it: O(classes).
    lane_index lane_for(const demand& what);
    /// The class of this ability; a new one is linked to every lane that it covers: O(lanes).
    class_index class_for(const ability& who);

    std::size_t lane_count() const { return lanes_.size(); }
    std::size_t class_count() const { return classes_.size(); }
    const demand& demand_of(lane_index lane) const { return lanes_[lane].what; }
    std::uint64_t hash_of(lane_index lane) const { return lanes_[lane].hash; }
    const ability& ability_of(class_index who) const { return classes_[who].who; }

    /// Classes that cover the lane, fewest skills first.
    std::span<const class_index> classes_of(lane_index lane) const { return lanes_[lane].classes; }
    std::span<const lane_index> lanes_of(class_index who, channel on) const
    {
        return classes_[who].lanes[index_of(on)];
    }
    std::size_t skill_count(class_index who) const { return classes_[who].who.skills.size(); }

    /// Whether some class covers both lanes.
    bool compete(lane_index a, lane_index b) const;

private:
    struct lane
    {
        demand what;
        std::uint64_t hash = 0;
        std::uint64_t mask = 0;
        std::vector<class_index> classes;
    };
    struct agent_class
    {
        ability who;
        std::uint64_t mask = 0;
        std::array<std::vector<lane_index>, channel_count> lanes;
    };
    struct hash_value
    {
        template <class T>
        std::size_t operator()(const T& what) const
        {
            return stable_hash(what);
        }
    };
    static bool linked(const lane& what, const agent_class& who);
    bool less_flexible(class_index a, class_index b) const;
    void sort_in(std::vector<class_index>& classes, class_index added) const;

    std::vector<lane> lanes_;
    std::vector<agent_class> classes_;
    boost::unordered_flat_map<demand, lane_index, hash_value> lane_by_demand_;
    boost::unordered_flat_map<ability, class_index, hash_value> class_by_ability_;
};

} // namespace routing
