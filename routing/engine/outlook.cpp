// What a waiting customer may be told: a place in the line and a rough wait.
#include "routing/engine/engine.hpp"

#include <algorithm>

namespace routing {

std::optional<outlook> engine::outlook_of(request_id id) const
{
    const auto slot = line_.find(id);
    if (!slot || line_[*slot].is == phase::active || line_[*slot].is == phase::scheduled)
        return std::nullopt;
    const request_state& r = line_[*slot];

    // Those who go first in every lane that shares an agent with this one. A heap is visited only
    // as deep as its members go first, so this costs about as much as the answer is large.
    outlook told;
    if (r.is != phase::offered) {
        const standing here = line_.standing_of(*slot);
        for (lane_index lane = 0; lane < coverage_.lane_count() && !told.capped; ++lane) {
            if (line_.head(lane) == never || (lane != r.lane && !coverage_.compete(lane, r.lane)))
                continue;
            line_.in_order(lane, frontier_, [&](const indexed_heap::node& n) {
                if (n.slot == *slot || !more_urgent(line_.standing_of(n.slot), here, now_))
                    return indexed_heap::visit::stop;
                told.capped = ++told.position > rules_.longest_position;
                return told.capped ? indexed_heap::visit::stop : indexed_heap::visit::go_on;
            });
        }
    }
    told.position = std::min(told.position, rules_.longest_position);

    std::int64_t seats = 0;
    for (class_index who : coverage_.classes_of(r.lane))
        seats += static_cast<std::int64_t>(roster_.online(who)) * roster_.seats_each(who, r.on);
    if (seats > 0)
        told.expected_wait = told.position * handle_time_[index_of(r.on)] / seats;
    return told;
}

time_us engine::oldest_wait(channel on) const
{
    const auto slot = line_.oldest(on);
    return slot ? line_[*slot].since : never;
}

std::vector<rung_offer> engine::rung_out(time_us now) const
{
    std::vector<rung_offer> found;
    for (agent_slot agent = 0; agent < roster_.size(); ++agent)
        for (request_slot slot : roster_[agent].ringing)
            if (line_[slot].expires <= now)
                found.push_back({line_[slot].id, roster_[agent].id, line_[slot].expires});
    std::sort(found.begin(), found.end(), [](const rung_offer& one, const rung_offer& other) {
        return std::pair{one.expires, one.request} < std::pair{other.expires, other.request};
    });
    return found;
}

} // namespace routing
