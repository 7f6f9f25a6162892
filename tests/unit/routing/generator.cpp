#include "tests/unit/routing/generator.hpp"

namespace routing::test {

agent_defined generator::some_agent(std::int64_t id)
{
    agent_defined made;
    made.id = agent_id{id};
    made.units = one_of(std::vector<int>{4, 8, 12, 12});
    if (kind_.one_lane)
        return made;
    for (int s = 1; s <= kind_.skills; ++s)
        if (chance(60))
            made.skills.push_back({skill_id{s}, static_cast<std::uint8_t>(1 + below(3))});
    for (int t = 1; t <= kind_.teams; ++t)
        if (chance(50))
            made.teams.push_back(team_id{t});
    std::erase_if(made.channels, [&](channel) { return chance(15); });
    return made;
}

request generator::some_request()
{
    request made;
    made.id = request_id{next_request_++};
    made.on = one_of(kind_.channels);
    made.arrival = now_;
    made.score = kind_.ties ? below(5) * 2'500 : below(10'001);
    made.rank = static_cast<tier>(below(4));
    if (kind_.one_lane)
        return made;
    for (int s = 1; s <= kind_.skills; ++s)
        if (chance(25))
            made.needs.push_back({skill_id{s}, static_cast<std::uint8_t>(1 + below(3)), chance(30)}
            );
    if (chance(25))
        made.teams.push_back(team_id{1 + below(kind_.teams)});
    if (chance(30))
        made.backup_teams.push_back(team_id{1 + below(kind_.teams)});
    if (chance(30))
        made.preferred = agent_id{1 + below(kind_.agents)};
    if (made.preferred && chance(30))
        made.kept_until = now_ + below(180) * one_second;
    if (chance(10))
        made.excluded.push_back({agent_id{1 + below(kind_.agents)}});
    if (chance(10))
        made.boost = 100 * (1 + below(3));
    if (chance(8))
        made.not_before = now_ + below(120) * one_second;
    return made;
}

std::vector<step> generator::opening()
{
    std::vector<step> steps;
    for (int a = 1; a <= kind_.agents; ++a) {
        steps.push_back(at(some_agent(a)));
        if (chance(70))
            steps.push_back(at(presence_changed{agent_id{a}, presence::online}));
    }
    return steps;
}

event generator::about(const engine& seen, request_slot slot)
{
    const request_state& r = seen.requests()[slot];
    const agent_id anyone{1 + below(kind_.agents)};
    if (kind_.manual_work && chance(8))
        return request_assigned{r.id, anyone};
    if (kind_.manual_work && chance(8)) {
        request_transferred moved{r.id, {}, {}, {}, {}};
        if (chance(50))
            moved.to_agent = anyone;
        else
            moved.to_teams = std::vector{team_id{1 + below(kind_.teams)}};
        if (chance(50))
            moved.by = agent_id{1 + below(kind_.agents)};
        return moved;
    }
    if (r.is == phase::offered) {
        const agent_id asked = seen.agents()[r.agent].id;
        const int stale = chance(5) ? 1 : 0;
        if (chance(55))
            return offer_accepted{r.id, asked, r.attempt - stale};
        if (chance(70))
            return offer_declined{r.id, asked, r.attempt - stale};
        return offer_lost{r.id, r.attempt - stale};
    }
    if (r.is == phase::active)
        return chance(90) ? event{request_finished{r.id}} : event{offer_lost{r.id, r.attempt}};
    if (chance(25))
        return request_rescored{r.id, below(10'001), tier::vip, score_basis::model};
    if (!kind_.one_lane && chance(25))
        return request_escalated{r.id, 100 * (1 + below(3))};
    return request_abandoned{r.id};
}

step generator::next(const engine& seen)
{
    now_ += kind_.ties ? below(4) * one_second : below(3'000'000);
    std::erase_if(alive_, [&](request_id id) { return !seen.requests().find(id); });
    if (seen.next_due() <= now_)
        return at(time_advanced{});
    const bool room = static_cast<int>(alive_.size()) < kind_.most_requests;
    if (room && (alive_.empty() || chance(40))) {
        const request made = some_request();
        alive_.push_back(made.id);
        return at(request_queued{made});
    }
    if (chance(15)) {
        const agent_id who{1 + below(kind_.agents)};
        if (!kind_.one_lane && chance(10))
            return at(some_agent(crm::raw(who)));
        return at(
            presence_changed{who, chance(70) ? presence::online : static_cast<presence>(below(3))}
        );
    }
    if (seen.next_due() != never && chance(10)) {
        now_ = std::max(now_, seen.next_due());
        return at(time_advanced{});
    }
    return at(about(seen, *seen.requests().find(one_of(alive_))));
}

policy lively_policy(std::uint64_t seed)
{
    policy rules;
    rules.of(channel::messaging).target = 90 * one_second;
    rules.of(channel::email).target = 120 * one_second;
    rules.of(channel::email).longest_hold = 40 * one_second;
    rules.of(channel::email).pause_after_decline = 30 * one_second;
    rules.of(channel::callback).target = 100 * one_second;
    rules.of(channel::chat).most_at_once = seed % 3 == 0 ? 2 : 0;
    rules.congestion_permille = seed % 2 == 0 ? 800 : 0;
    return rules;
}

std::string text_of(const std::vector<decision>& decisions)
{
    std::string text;
    for (const decision& d : decisions) {
        text += to_text(d);
        text += '\n';
    }
    return text;
}

} // namespace routing::test
