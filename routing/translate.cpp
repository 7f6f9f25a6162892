#include "routing/translate.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <fmt/format.h>

namespace routing {
namespace {

/// An inbox as a team of the engine.
team_id as_team(crm::inbox_id inbox)
{
    return team_id{crm::raw(inbox)};
}

const crm::inbox* find_inbox(std::span<const crm::inbox> inboxes, crm::inbox_id wanted)
{
    const auto at = std::ranges::find(inboxes, wanted, &crm::inbox::id);
    return at == inboxes.end() ? nullptr : &*at;
}

} // namespace

bool serves_customers(const crm::agent& who)
{
    return who.active && std::ranges::any_of(who.roles, [](const crm::grant& one) {
               return crm::staff::reads_customers(one.role);
           });
}

channel work_of(crm::channel on)
{
    switch (on) {
    case crm::channel::none:
    case crm::channel::web:
    case crm::channel::socket:
        return channel::chat;
    case crm::channel::email:
        return channel::email;
    case crm::channel::voice:
    case crm::channel::in_person:
        return channel::voice;
    default:
        return channel::messaging;
    }
}

score_t points_of(double score)
{
    return static_cast<score_t>(std::lround(std::clamp(score, 0.0, 100.0) * 100.0));
}

tier tier_of(double score)
{
    if (score >= 75)
        return tier::vip;
    if (score >= 55)
        return tier::major;
    return score >= 29 ? tier::regular : tier::small;
}

presence presence_of(crm::presence state)
{
    switch (state) {
    case crm::presence::available:
        return presence::online;
    case crm::presence::busy:
        return presence::busy;
    case crm::presence::away:
        return presence::away;
    case crm::presence::offline:
        break;
    }
    return presence::offline;
}

targets_x100 boost_of(crm::priority level)
{
    if (level == crm::priority::urgent)
        return 200;
    return level == crm::priority::high ? 100 : 0;
}

agent_defined
to_engine(const crm::agent& who, std::span<const crm::inbox> inboxes, crm::instant now)
{
    agent_defined made;
    made.id = who.id;
    made.units = who.units;
    if (!serves_customers(who)) {
        made.channels.clear();
        return made;
    }
    const crm::audience seen = crm::staff::audience_of(who);
    made.teams = seen.teams;
    for (const crm::inbox& one : inboxes)
        if (seen.everything || std::ranges::find(seen.inboxes, one.id) != seen.inboxes.end())
            made.teams.push_back(as_team(one.id));
    for (const crm::agent_skill& one : who.skills)
        if (!one.expires.is_set() || one.expires > now)
            made.skills.push_back(
                {one.skill, static_cast<std::uint8_t>(std::clamp(one.level, 1, 5))}
            );
    return made;
}

request to_engine(const crm::request& what, std::span<const crm::inbox> inboxes)
{
    request made;
    made.id = what.id;
    made.on = work_of(what.channel);
    // The key says since when the customer really waits, also after a transfer.
    made.arrival = what.place_us + what.head_start_us;
    made.not_before = what.due.us;
    made.score = points_of(what.score);
    made.rank = tier_of(what.score);
    made.basis = what.score > 0 ? score_basis::orders : score_basis::prior;
    made.boost = what.boost;
    made.congestion = what.congestion_us;
    for (const crm::needed_skill& one : what.skills)
        made.needs.push_back(
            {one.skill, static_cast<std::uint8_t>(std::clamp(one.level, 1, 5)), one.optional}
        );
    if (crm::raw(what.preferred) != 0) {
        made.preferred = what.preferred;
        made.directed = true;
        made.kept_until = what.hold_until.us;
    }
    if (crm::raw(what.sender) != 0)
        made.excluded.push_back({what.sender, what.sender_until.us});
    if (crm::raw(what.team) != 0)
        made.teams.push_back(what.team);
    const crm::inbox* inbox = find_inbox(inboxes, what.inbox);
    if (inbox != nullptr)
        for (const crm::inbox_team& one : inbox->teams) {
            if (one.backup)
                made.backup_teams.push_back(one.team);
            else if (crm::raw(what.team) == 0)
                made.teams.push_back(one.team);
        }
    if (made.teams.empty())
        made.teams.push_back(as_team(what.inbox));
    return made;
}

request restored(
    const crm::request& what, std::span<const crm::inbox> inboxes, const policy& rules, time_us now
)
{
    request made = to_engine(what, inboxes);
    made.waiting_since = std::max(what.enqueued.us, what.due.us);
    made.attempts = what.offers;
    for (const crm::agent_id left_out : what.excluded)
        made.excluded.push_back({left_out, now + rules.of(made.on).pause_after_decline});
    return made;
}

crm::decision stored_form(const offer& made, int used_units, int all_units)
{
    const decision_record& why = made.why;
    boost::json::array reasons;
    const auto say = [&reasons](boost::json::object reason) {
        reasons.emplace_back(std::move(reason));
    };
    if (why.why_agent == agent_reason::preferred || why.why_agent == agent_reason::directed)
        say({{"code", "previous_agent"}});
    else
        say({{"code", name_of(why.why_agent)}});
    if (why.head_start > 0)
        say({{"code", "value"}, {"tier", name_of(why.rank)}});
    if (why.boost > 0)
        say({{"code", "priority"}});
    if (why.ring > 0)
        say({{"code", "waited_long"}, {"ring", why.ring}});
    say({{"code", "had_room"}, {"used", used_units}, {"units", all_units}});
    say(
        {{"code", "record"},
         {"key_us", why.key},
         {"full_head_start_us", why.full_head_start},
         {"lane", fmt::format("{:016x}", why.lane)},
         {"attempt", made.attempt},
         {"basis", name_of(why.basis)},
         {"occasion", name_of(why.why_now)}}
    );
    crm::decision stored;
    stored.request = made.id;
    stored.agent = made.to;
    stored.runner_up = why.runner_up.value_or(request_id{});
    stored.decided = {why.now};
    stored.consumed = why.position;
    stored.policy = why.policy_version;
    stored.urgency = static_cast<double>(why.urgency_permille) / 1000.0;
    stored.waited_us = why.waited;
    stored.head_start_us = why.head_start;
    stored.score = static_cast<double>(why.score) / 100.0;
    stored.ahead_of = why.ahead_of;
    stored.reasons = boost::json::serialize(reasons);
    return stored;
}

} // namespace routing
