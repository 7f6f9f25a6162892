// I-2 … I-8: what must hold after every event of any history.
#include "tests/unit/routing/generator.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <set>

using namespace routing;
using namespace routing::test;

namespace {

world world_of(std::uint64_t seed)
{
    world kind;
    kind.agents = 1 + static_cast<int>(seed % 8);
    kind.ties = seed % 3 != 0;
    kind.manual_work = false; // people may overfill an agent; the engine may not
    return kind;
}

std::vector<request_slot> all_requests(const engine& e, std::int64_t last)
{
    std::vector<request_slot> found;
    for (std::int64_t id = 1; id <= last; ++id)
        if (const auto slot = e.requests().find(request_id{id}))
            found.push_back(*slot);
    return found;
}

// Plays a history and hands every step's decisions to `check(engine, decisions)`.
template <class Check>
void watch(std::uint64_t seed, world kind, int steps, Check check)
{
    engine watched(lively_policy(seed));
    generator from(seed, std::move(kind));
    std::vector<decision> decided;
    const auto play = [&](const step& s) {
        INFO("seed " << seed << " position " << s.position << " event " << s.what.index());
        decided.clear();
        watched.apply(s.position, s.now, s.what, decided);
        check(watched, decided);
    };
    for (const step& s : from.opening())
        play(s);
    for (int i = 0; i < steps; ++i)
        play(from.next(watched));
}

constexpr std::int64_t most_ids = 400;

// Requests that came (back) to their lane in this very event: they may not have been waiting yet
// when another one was offered.
std::set<request_id> moved_in(const std::vector<decision>& decided)
{
    std::set<request_id> moved;
    for (const decision& d : decided) {
        if (const auto* w = std::get_if<withdrawn>(&d))
            moved.insert(w->id);
        if (const auto* r = std::get_if<ring_relaxed>(&d))
            moved.insert(r->id);
    }
    return moved;
}

} // namespace

TEST_CASE("I-2, I-3: who came earlier and is worth as much, or more, goes first in a lane")
{
    int pairs = 0;
    for (std::uint64_t seed = 1; seed <= 160; ++seed) {
        world kind = world_of(seed);
        kind.one_lane = seed % 2 == 0;
        kind.agents = 1 + static_cast<int>(seed % 3);
        watch(seed, kind, 300, [&](const engine& e, const std::vector<decision>& decided) {
            const auto moved = moved_in(decided);
            for (const decision& d : decided) {
                const auto* made = std::get_if<offer>(&d);
                const auto served = made ? e.requests().find(made->id) : std::nullopt;
                if (!served)
                    continue;
                const request_state& i = e.requests()[*served];
                for (request_slot slot : all_requests(e, most_ids)) {
                    const request_state& j = e.requests()[slot];
                    const bool same_line = j.is == phase::waiting && j.lane == i.lane &&
                                           j.boost == i.boost && !moved.contains(j.id);
                    const bool asked_not =
                        std::any_of(j.pauses.begin(), j.pauses.end(), [&](const agent_pause& p) {
                            return p.who == made->to;
                        });
                    // A preferred agent may be given past the line, and a call-back counts from
                    // its due time.
                    if (!same_line || asked_not || made->why.why_agent == agent_reason::preferred ||
                        i.not_before > 0 || j.not_before > 0)
                        continue;
                    ++pairs;
                    const bool dominates = j.arrival <= i.arrival && j.score >= i.score &&
                                           (j.arrival < i.arrival || j.score > i.score);
                    CHECK_FALSE(dominates);
                }
            }
        });
    }
    CHECK(pairs > 5'000);
}

TEST_CASE("I-4: overtaking is bounded by the difference of the head starts")
{
    int overtaken = 0;
    int oldest_overtaken = 0;
    for (std::uint64_t seed = 1; seed <= 160; ++seed) {
        world kind = world_of(seed);
        kind.one_lane = true;
        kind.agents = 2;
        watch(seed, kind, 300, [&](const engine& e, const std::vector<decision>& decided) {
            const auto moved = moved_in(decided);
            for (const decision& d : decided) {
                const auto* made = std::get_if<offer>(&d);
                const auto served = made ? e.requests().find(made->id) : std::nullopt;
                if (!served)
                    continue;
                const request_state& j = e.requests()[*served];
                for (request_slot slot : all_requests(e, most_ids)) {
                    const request_state& i = e.requests()[slot];
                    const bool paused =
                        std::any_of(i.pauses.begin(), i.pauses.end(), [&](const agent_pause& p) {
                            return p.who == made->to;
                        });
                    if (i.is != phase::waiting || i.lane != j.lane || j.arrival <= i.arrival ||
                        paused || moved.contains(i.id))
                        continue;
                    ++overtaken;
                    const time_us passed = j.arrival - i.arrival;
                    CHECK(passed <= (j.arrival - j.key) - (i.arrival - i.key));
                    CHECK(passed <= j.full);
                    // Nobody older was there when j came: then h·τ alone is the bound.
                    const channel_policy& row = e.rules().of(i.on);
                    const int eta = e.rules().congestion_permille;
                    if (j.full <= full_head_start(row, eta, j.arrival - i.since)) {
                        ++oldest_overtaken;
                        CHECK(passed <= in_targets(row.head_start_x100, row.target));
                    }
                }
            }
        });
    }
    CHECK(overtaken > 1'000);
    CHECK(oldest_overtaken > 100);
}

TEST_CASE("I-5: a customer of no value is served although valuable ones never stop coming")
{
    for (const int congestion : {0, 800}) {
        policy rules;
        rules.congestion_permille = congestion;
        const time_us head =
            in_targets(rules.of(channel::chat).head_start_x100, rules.of(channel::chat).target);
        engine e(rules);
        std::vector<decision> out;
        e.apply(1, 0, agent_defined{agent_id{1}, {}, {}, {channel::chat}, 4}, out);
        e.apply(2, 0, presence_changed{agent_id{1}, presence::online}, out);

        const auto vip = [](std::int64_t id, time_us at) {
            request r;
            r.id = request_id{id};
            r.arrival = at;
            r.score = top_score;
            return request_queued{r};
        };
        request poor;
        poor.id = request_id{1'000'000};
        poor.arrival = 10 * one_second;
        // Ten valuable customers wait already; then one more every 5 s, while each takes 4 s to
        // serve.
        std::int64_t next = 1;
        for (; next <= 10; ++next)
            e.apply(next, 10 * one_second, vip(next, 10 * one_second), out);
        e.apply(next, poor.arrival, request_queued{poor}, out);

        int served_before = 0;
        time_us now = poor.arrival;
        bool served = false;
        while (!served && now < 2 * one_hour) {
            now += one_second;
            out.clear();
            if (now / one_second % 5 == 0)
                e.apply(next, now, vip(next, now), out), ++next;
            if (now / one_second % 4 == 0) {
                for (std::int64_t id = 1; id < next; ++id) {
                    const auto slot = e.requests().find(request_id{id});
                    if (slot && e.requests()[*slot].is == phase::offered) {
                        ++served_before;
                        e.apply(next, now, request_finished{request_id{id}}, out);
                        break;
                    }
                }
            }
            const auto slot = e.requests().find(poor.id);
            served = slot && e.requests()[*slot].is == phase::offered;
        }
        CHECK(served);
        // Q(a) = 10 waited already; A(a, a + H) arrive within the head start of the best customer.
        const auto arrivals = static_cast<int>(head / (5 * one_second)) + 1;
        CHECK(served_before <= 10 + arrivals);
    }
}

TEST_CASE("I-6: the engine never gives an agent more than its units")
{
    std::int64_t full = 0;
    for (std::uint64_t seed = 1; seed <= 160; ++seed) {
        watch(
            seed,
            world_of(seed),
            300,
            [&](const engine& e, const std::vector<decision>& decided) {
                std::map<agent_slot, int> firm;
                std::map<agent_slot, int> all;
                for (request_slot slot : all_requests(e, most_ids)) {
                    const request_state& r = e.requests()[slot];
                    if (r.is != phase::offered && r.is != phase::active)
                        continue;
                    const channel_policy& row = e.rules().of(r.on);
                    all[r.agent] += row.units;
                    firm[r.agent] += row.interruptible ? 0 : row.units;
                }
                for (const auto& [agent, units] : all) {
                    CHECK(e.agents()[agent].firm_units == firm[agent]);
                    CHECK(
                        e.agents()[agent].firm_units + e.agents()[agent].interruptible_units ==
                        units
                    );
                }
                for (const decision& d : decided)
                    if (const auto* made = std::get_if<offer>(&d)) {
                        const agent_slot agent = *e.agents().find(made->to);
                        const int units = e.who_may().ability_of(e.agents()[agent].of_class).units;
                        CHECK(firm[agent] <= units);
                        full += firm[agent] == units;
                    }
            }
        );
    }
    CHECK(full > 1'000);
}

TEST_CASE("I-7: no request waits while an agent who may take it has room")
{
    std::int64_t waiting = 0;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        world kind = world_of(seed);
        kind.manual_work = true;
        watch(seed, kind, 300, [&](const engine& e, const std::vector<decision>&) {
            for (request_slot slot : all_requests(e, most_ids)) {
                const request_state& r = e.requests()[slot];
                if (r.is == phase::held) {
                    const channel_policy& row = e.rules().of(r.on);
                    const time_us usual = std::min(row.target / 2, row.longest_hold);
                    CHECK(r.hold_until <= std::max(r.since + usual, r.kept_until));
                    CHECK((e.agents()[r.agent].now == presence::online || r.kept_until > 0));
                }
                waiting += r.is == phase::waiting;
                for (agent_slot agent = 0; agent < e.agents().size(); ++agent)
                    CHECK_FALSE(e.admissible(slot, agent));
            }
        });
    }
    CHECK(waiting > 10'000);
}

TEST_CASE("I-8: a request is in exactly one place and has at most one live offer")
{
    std::map<phase, int> seen;
    for (std::uint64_t seed = 1; seed <= 60; ++seed) {
        world kind = world_of(seed);
        kind.manual_work = true;
        std::map<request_id, int> live; // attempt of the live offer
        watch(seed, kind, 300, [&](const engine& e, const std::vector<decision>& decided) {
            for (const decision& d : decided) {
                if (const auto* w = std::get_if<withdrawn>(&d))
                    live.erase(w->id);
                const auto* made = std::get_if<offer>(&d);
                if (made && made->expires)
                    CHECK(live.try_emplace(made->id, made->attempt).second);
            }
            std::erase_if(live, [&](const auto& o) {
                const auto slot = e.requests().find(o.first);
                return !slot || e.requests()[*slot].is ==
                                    phase::active; // accepted or finished by this event
            });
            for (request_slot slot : all_requests(e, most_ids)) {
                const request_state& r = e.requests()[slot];
                ++seen[r.is];
                int held = 0;
                int ringing = 0;
                for (agent_slot a = 0; a < e.agents().size(); ++a) {
                    held += static_cast<int>(
                        std::count(e.agents()[a].held.begin(), e.agents()[a].held.end(), slot)
                    );
                    ringing += static_cast<int>(
                        std::count(e.agents()[a].ringing.begin(), e.agents()[a].ringing.end(), slot)
                    );
                }
                CHECK(e.requests().in_lane(slot) == (r.is == phase::waiting));
                CHECK(held == (r.is == phase::held ? 1 : 0));
                CHECK(ringing == (r.is == phase::offered ? 1 : 0));
                CHECK(live.contains(r.id) == (r.is == phase::offered));
                CHECK(r.queued == (r.is != phase::scheduled && r.is != phase::active));
                CHECK(
                    (r.timer_at == indexed_heap::absent) <=
                    (r.is == phase::active || r.told_overdue)
                );
            }
        });
    }
    for (phase p : {phase::scheduled, phase::waiting, phase::held, phase::offered, phase::active})
        CHECK(seen[p] > 100);
}
