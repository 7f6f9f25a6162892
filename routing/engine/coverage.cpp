#include "routing/engine/coverage.hpp"

#include <algorithm>

namespace routing {
namespace {

// FNV-1a over whole numbers: simple, and the same everywhere.
struct fnv
{
    std::uint64_t value = 14695981039346656037ULL;

    template <class T>
    void add(T number)
    {
        auto bits = static_cast<std::uint64_t>(number);
        for (int byte = 0; byte < 8; ++byte, bits >>= 8U)
            value = (value ^ (bits & 0xffU)) * 1099511628211ULL;
    }
};

void add_skills(fnv& hash, const std::vector<proficiency>& skills)
{
    hash.add(skills.size());
    for (const proficiency& p : skills) {
        hash.add(p.skill);
        hash.add(p.level);
    }
}

void add_teams(fnv& hash, const std::vector<team_id>& teams)
{
    hash.add(teams.size());
    for (team_id t : teams)
        hash.add(t);
}

// A 64-bit sieve of skills: most pairs that do not match are told apart by one AND.
std::uint64_t skill_mask(const std::vector<proficiency>& skills)
{
    std::uint64_t mask = 0;
    for (const proficiency& p : skills)
        mask |= 1ULL << ((static_cast<std::uint64_t>(p.skill) * 0x9E3779B97F4A7C15ULL) >> 58U);
    return mask;
}

bool skilled(const std::vector<proficiency>& has, const std::vector<proficiency>& needs)
{
    auto it = has.begin();
    for (const proficiency& need : needs) {
        it = std::find_if(it, has.end(), [&](const proficiency& p) {
            return p.skill >= need.skill;
        });
        if (it == has.end() || it->skill != need.skill || it->level < need.level)
            return false;
    }
    return true;
}

bool share_a_team(const std::vector<team_id>& a, const std::vector<team_id>& b)
{
    auto i = a.begin();
    auto j = b.begin();
    while (i != a.end() && j != b.end()) {
        if (*i == *j)
            return true;
        if (*i < *j)
            ++i;
        else
            ++j;
    }
    return false;
}

} // namespace

std::uint64_t stable_hash(const demand& what)
{
    fnv hash;
    hash.add(what.on);
    add_skills(hash, what.needs);
    add_teams(hash, what.teams);
    return hash.value;
}

std::uint64_t stable_hash(const ability& who)
{
    fnv hash;
    add_skills(hash, who.skills);
    add_teams(hash, who.teams);
    hash.add(who.channels);
    hash.add(who.units);
    return hash.value;
}

bool covers(const ability& who, const demand& what)
{
    return (who.channels & (1U << index_of(what.on))) != 0 && skilled(who.skills, what.needs) &&
           (what.teams.empty() || share_a_team(who.teams, what.teams));
}

bool coverage::linked(const lane& what, const agent_class& who)
{
    return (what.mask & ~who.mask) == 0 && covers(who.who, what.what);
}

bool coverage::less_flexible(class_index a, class_index b) const
{
    return skill_count(a) != skill_count(b) ? skill_count(a) < skill_count(b) : a < b;
}

void coverage::sort_in(std::vector<class_index>& classes, class_index added) const
{
    const auto order = [this](class_index a, class_index b) { return less_flexible(a, b); };
    classes.insert(std::lower_bound(classes.begin(), classes.end(), added, order), added);
}

lane_index coverage::lane_for(const demand& what)
{
    if (const auto known = lane_by_demand_.find(what); known != lane_by_demand_.end())
        return known->second;
    const auto index = static_cast<lane_index>(lanes_.size());
    lane& added = lanes_.emplace_back(lane{what, stable_hash(what), skill_mask(what.needs), {}});
    lane_by_demand_.emplace(what, index);
    for (class_index c = 0; c < classes_.size(); ++c) {
        if (!linked(added, classes_[c]))
            continue;
        added.classes.push_back(c);
        classes_[c].lanes[index_of(what.on)].push_back(index);
    }
    std::sort(added.classes.begin(), added.classes.end(), [this](class_index a, class_index b) {
        return less_flexible(a, b);
    });
    return index;
}

class_index coverage::class_for(const ability& who)
{
    if (const auto known = class_by_ability_.find(who); known != class_by_ability_.end())
        return known->second;
    const auto index = static_cast<class_index>(classes_.size());
    classes_.push_back(agent_class{who, skill_mask(who.skills), {}});
    class_by_ability_.emplace(who, index);
    for (lane_index l = 0; l < lanes_.size(); ++l) {
        if (!linked(lanes_[l], classes_[index]))
            continue;
        classes_[index].lanes[index_of(lanes_[l].what.on)].push_back(l);
        sort_in(lanes_[l].classes, index);
    }
    return index;
}

bool coverage::compete(lane_index a, lane_index b) const
{
    // Demands of one lane are few and classes many, so each class of one is held against the other.
    const lane& fewer = lanes_[a].classes.size() < lanes_[b].classes.size() ? lanes_[a] : lanes_[b];
    const lane& other = &fewer == &lanes_[a] ? lanes_[b] : lanes_[a];
    return std::any_of(fewer.classes.begin(), fewer.classes.end(), [&](class_index c) {
        return linked(other, classes_[c]);
    });
}

} // namespace routing
