#include "routing/feeder.hpp"

#include "crm/store/log_reader.hpp"
#include "routing/translate.hpp"

#include <algorithm>

namespace routing {

using crm::happening;

namespace {

time_us waits_since(const crm::request& what)
{
    return std::max(what.enqueued.us, what.due.us);
}

} // namespace

bool concerns_routing(const crm::log_entry& what)
{
    const auto kind = static_cast<int>(what.what);
    const bool routing = kind >= static_cast<int>(happening::request_enqueued) &&
                         kind <= static_cast<int>(happening::routing_timers_due);
    switch (what.what) {
    case happening::customer_changed:
        return what.subject != 0; // a new value; other changes do not matter here
    case happening::customer_merged:
    case happening::priority_changed:
    case happening::presence_changed:
    case happening::agent_created:
    case happening::agent_changed:
    case happening::agent_deactivated:
    case happening::rights_changed:
    case happening::team_created:
    case happening::skill_changed:
    case happening::inbox_created:
    case happening::inbox_changed:
        return true;
    default:
        return routing;
    }
}

wanted_facts wanted_by(std::span<const crm::log_entry> news)
{
    wanted_facts wanted;
    for (const crm::log_entry& one : news) {
        switch (one.what) {
        case happening::request_enqueued:
            wanted.requests.push_back(crm::request_id{one.subject});
            break;
        case happening::agent_created:
        case happening::agent_changed:
        case happening::agent_deactivated:
        case happening::rights_changed:
        case happening::team_created:
        case happening::skill_changed:
            wanted.agents = true;
            break;
        case happening::inbox_created:
        case happening::inbox_changed:
            wanted.agents = wanted.inboxes = true;
            break;
        default:
            break;
        }
    }
    return wanted;
}

facts look_up(crm::db::connection& on, const wanted_facts& wanted)
{
    facts found;
    for (const crm::request_id one : wanted.requests)
        if (auto row = crm::requests::find(on, one))
            found.requests.emplace(one, std::move(*row));
    if (wanted.agents)
        found.agents = crm::staff::agents(on);
    if (wanted.inboxes)
        found.inboxes = crm::inboxes::all(on);
    return found;
}

house_state read_state(crm::db::connection& on)
{
    house_state now;
    now.as_of = crm::read_log_bounds(on).head;
    now.agents = crm::staff::agents(on);
    now.inboxes = crm::inboxes::all(on);
    return now;
}

constexpr std::string_view select_priority = "SELECT priority FROM conversations WHERE id = ?";

std::vector<open_request> read_requests(crm::db::connection& on, crm::request_id after)
{
    constexpr int at_once = 500;
    std::vector<open_request> page;
    for (crm::request& one : crm::requests::open(on, after, at_once)) {
        auto level = crm::priority::none;
        {
            crm::db::rows row = on.query(select_priority, {one.conversation});
            if (row.next())
                level = row.as<crm::priority>(0);
        }
        page.push_back({std::move(one), level});
    }
    return page;
}

void feeder::restore(const house_state& state, time_us now, std::vector<decision>& out)
{
    as_of_ = state.as_of;
    inboxes_ = state.inboxes;
    const auto tell_engine = [&](const event& e) { engine_.apply(as_of_, now, e, out); };
    tell_engine(restore_began{});
    for (const crm::agent& one : state.agents) {
        agent_defined made = to_engine(one, inboxes_, {now});
        tell_engine(made);
        agents_[one.id] = std::move(made);
        tell_engine(presence_changed{one.id, presence_of(one.presence)});
    }
    for (const open_request& one : state.requests) {
        const crm::request& row = one.what;
        add(row);
        request known = restored(row, inboxes_, engine_.rules(), now);
        known.boost = std::max(known.boost, boost_of(one.level));
        if (row.state == crm::request_state::active) {
            tell_engine(work_started{known, row.agent, row.accepted.us});
            continue;
        }
        tell_engine(request_queued{known});
        if (row.state == crm::request_state::offered)
            tell_engine(offer_restored{row.id, row.agent, row.offers, row.offer_expires.us});
    }
    tell_engine(restore_ended{});
    for (const open_request& one : state.requests)
        note_wait(one.what.id);
}

void feeder::tell(const crm::log_entry& what, const event& happened, std::vector<decision>& out)
{
    engine_.apply(what.position, what.at.us, happened, out);
}

void feeder::feed(const crm::log_entry& what, const facts& known, std::vector<decision>& out)
{
    if (what.position <= as_of_)
        return;
    const request_id request{what.subject};
    switch (what.what) {
    case happening::request_enqueued:
        if (const auto row = known.requests.find(request); row != known.requests.end()) {
            add(row->second);
            routing::request fresh = to_engine(row->second, inboxes_);
            fresh.score = static_cast<score_t>(what.number);
            fresh.rank = tier_of(static_cast<double>(what.number) / 100.0);
            fresh.basis = what.number > 0 ? score_basis::orders : score_basis::prior;
            tell(what, request_queued{fresh}, out);
        }
        break;
    case happening::request_accepted:
        answered(what, out);
        break;
    case happening::request_declined:
        turned_down(what, out);
        break;
    case happening::offer_withdrawn:
        // Only a decision that could not be stored carries its attempt.
        if (what.amount > 0)
            tell(what, offer_lost{request, static_cast<int>(what.amount)}, out);
        break;
    case happening::request_requeued:
        tell(what, request_transferred{request, {}, {}, {}, {}}, out);
        break;
    case happening::request_abandoned:
        tell(what, request_abandoned{request}, out);
        over(request);
        break;
    case happening::request_closed:
        tell(what, request_finished{request}, out);
        over(request);
        break;
    case happening::routing_timers_due:
        tell(what, time_advanced{}, out);
        note_due(what.at.us);
        break;
    case happening::presence_changed:
        tell(
            what,
            routing::presence_changed{
                agent_id{what.subject}, presence_of(static_cast<crm::presence>(what.number))
            },
            out
        );
        break;
    case happening::customer_changed:
        revalued(what, out);
        break;
    case happening::customer_merged:
        merged(what.customer, crm::customer_id{what.subject});
        break;
    case happening::priority_changed:
        if (const auto waiting = waiting_in(what.conversation))
            tell(
                what,
                request_escalated{*waiting, boost_of(static_cast<crm::priority>(what.number))},
                out
            );
        break;
    default:
        break;
    }
    if (wanted_by({&what, 1}).inboxes && known.inboxes)
        inboxes_ = *known.inboxes;
    if (wanted_by({&what, 1}).agents && known.agents)
        take_agents(what, *known.agents, out);
    if (what.subject != 0)
        note_wait(request);
}

void feeder::take_agents(
    const crm::log_entry& what, const std::vector<crm::agent>& now, std::vector<decision>& out
)
{
    for (const crm::agent& one : now) {
        agent_defined made = to_engine(one, inboxes_, what.at);
        // Told again, an agent's held requests would be looked at anew.
        if (const auto told = agents_.find(one.id); told != agents_.end() && told->second == made)
            continue;
        tell(what, made, out);
        agents_[one.id] = std::move(made);
    }
}

void feeder::add(const crm::request& what)
{
    requests_[crm::raw(what.id)] = what;
    by_conversation_[crm::raw(what.conversation)] = what.id;
    by_customer_[what.customer].insert(what.id);
}

void feeder::over(request_id which)
{
    const auto known = requests_.find(crm::raw(which));
    if (known == requests_.end())
        return;
    const crm::request& row = known->second;
    if (const auto at = by_conversation_.find(crm::raw(row.conversation));
        at != by_conversation_.end() && at->second == which)
        by_conversation_.erase(at);
    if (const auto at = by_customer_.find(row.customer); at != by_customer_.end()) {
        at->second.erase(which);
        if (at->second.empty())
            by_customer_.erase(at);
    }
    waiting_[row.inbox].erase({waits_since(row), which});
    later_.erase({row.due.us, which});
    requests_.erase(known);
}

// Keeps the lines of the inboxes: who waits or is being offered.
void feeder::note_wait(request_id which)
{
    const auto known = requests_.find(crm::raw(which));
    if (known == requests_.end())
        return;
    const crm::request& row = known->second;
    const auto slot = engine_.requests().find(which);
    const std::pair<time_us, request_id> place{waits_since(row), which};
    const auto is = slot ? engine_.requests()[*slot].is : phase::active;
    if (is == phase::scheduled)
        later_.insert({row.due.us, which});
    if (is != phase::active && is != phase::scheduled)
        waiting_[row.inbox].insert(place);
    else
        waiting_[row.inbox].erase(place);
}

// What was to wait until now stands in line now.
void feeder::note_due(time_us now)
{
    const auto end = later_.upper_bound({now, request_id{never}});
    const std::vector<std::pair<time_us, request_id>> due{later_.begin(), end};
    later_.erase(later_.begin(), end);
    for (const auto& [when, which] : due)
        note_wait(which);
}

// The database says who has the request now. If that is the offer that the engine knows of, it was
// accepted; otherwise a person was faster.
void feeder::answered(const crm::log_entry& what, std::vector<decision>& out)
{
    const request_id request{what.subject};
    const agent_id by{what.number};
    const auto slot = engine_.requests().find(request);
    if (!slot)
        return;
    const request_state& now = engine_.requests()[*slot];
    const bool as_offered = now.is == phase::offered && engine_.agents()[now.agent].id == by;
    if (as_offered)
        tell(what, offer_accepted{request, by, now.attempt}, out);
    else
        tell(what, request_assigned{request, by}, out);
}

void feeder::turned_down(const crm::log_entry& what, std::vector<decision>& out)
{
    const request_id request{what.subject};
    const auto slot = engine_.requests().find(request);
    if (!slot || engine_.requests()[*slot].is != phase::offered)
        return;
    const request_state& now = engine_.requests()[*slot];
    tell(what, offer_declined{request, agent_id{what.number}, now.attempt}, out);
}

void feeder::revalued(const crm::log_entry& what, std::vector<decision>& out)
{
    const auto theirs = by_customer_.find(what.customer);
    if (theirs == by_customer_.end())
        return;
    const double score = static_cast<double>(what.amount) / 1'000.0;
    for (const request_id one : theirs->second) {
        requests_[crm::raw(one)].value = crm::snapshot_id{what.subject};
        const request_rescored better{one, points_of(score), tier_of(score), score_basis::orders};
        tell(what, better, out);
    }
}

void feeder::merged(crm::customer_id survivor, crm::customer_id other)
{
    const auto theirs = by_customer_.find(other);
    if (theirs == by_customer_.end())
        return;
    for (const request_id one : theirs->second)
        requests_[crm::raw(one)].customer = survivor;
    by_customer_[survivor].merge(theirs->second);
    by_customer_.erase(other);
}

std::optional<request_id> feeder::waiting_in(crm::conversation_id where) const
{
    const auto known = by_conversation_.find(crm::raw(where));
    return known == by_conversation_.end() ? std::nullopt : std::optional(known->second);
}

crm::snapshot_id feeder::snapshot_of(request_id which) const
{
    const crm::request* row = known(which);
    return row == nullptr ? crm::snapshot_id{} : row->value;
}

const crm::request* feeder::known(request_id which) const
{
    const auto at = requests_.find(crm::raw(which));
    return at == requests_.end() ? nullptr : &at->second;
}

std::map<crm::inbox_id, feeder::waiting> feeder::lines() const
{
    std::map<crm::inbox_id, waiting> found;
    for (const auto& [inbox, places] : waiting_)
        if (!places.empty())
            found[inbox] = {static_cast<std::int64_t>(places.size()), places.begin()->first};
    return found;
}

bool feeder::anyone_for(crm::inbox_id which) const
{
    crm::request newcomer;
    newcomer.inbox = which;
    newcomer.channel = crm::channel::web;
    demand asked{channel::chat, {}, to_engine(newcomer, inboxes_).teams};
    std::sort(asked.teams.begin(), asked.teams.end());
    const roster& agents = engine_.agents();
    for (agent_slot one = 0; one < agents.size(); ++one)
        if (agents[one].now == presence::online &&
            covers(engine_.who_may().ability_of(agents[one].of_class), asked))
            return true;
    return false;
}

} // namespace routing
