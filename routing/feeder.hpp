// Turns log entries into the engine's events, in position order. Used by the dispatcher as the
// entries are committed and by the replay from the stored log; both therefore decide alike. Holds
// the engine and what leads from customers, conversations and inboxes to requests. No I/O.
#pragma once

#include "crm/inbox.hpp"
#include "crm/request.hpp"
#include "crm/staff.hpp"
#include "crm/store/log.hpp"
#include "routing/engine/engine.hpp"

#include <map>
#include <optional>
#include <set>
#include <span>
#include <unordered_map>
#include <vector>

namespace routing {

/// What a run of log entries refers to, read from the database once for all of them.
struct facts
{
    std::map<crm::request_id, crm::request> requests;
    std::optional<std::vector<crm::agent>> agents;
    std::optional<std::vector<crm::inbox>> inboxes;
};

/// Which rows a run of log entries makes necessary.
struct wanted_facts
{
    std::vector<crm::request_id> requests;
    bool agents = false;
    bool inboxes = false;

    [[nodiscard]] bool any() const { return !requests.empty() || agents || inboxes; }
};

/// True for entries that routing hears at all.
bool concerns_routing(const crm::log_entry& what);
wanted_facts wanted_by(std::span<const crm::log_entry> news);
facts look_up(crm::db::connection& on, const wanted_facts& wanted);

/// A request that is not over, as the tables show it at a restart.
struct open_request
{
    crm::request what;
    crm::priority level = crm::priority::none;
};

/// The present state with the log position it holds at; requests are read page by page.
struct house_state
{
    std::int64_t as_of = 0;
    std::vector<crm::agent> agents;
    std::vector<crm::inbox> inboxes;
    std::vector<open_request> requests;
};
/// All but the requests.
house_state read_state(crm::db::connection& on);
/// The next requests that are not over after `after` in id order; none at the end.
std::vector<open_request> read_requests(crm::db::connection& on, crm::request_id after);

class feeder
{
public:
    explicit feeder(policy rules) : engine_{std::move(rules)} {}

    /// Lays out the state at a start; decides what follows from it.
    void restore(const house_state& state, time_us now, std::vector<decision>& out);
    /// Takes one entry in. Entries at or below the restored position change nothing.
    void feed(const crm::log_entry& what, const facts& known, std::vector<decision>& out);

    [[nodiscard]] engine& router() { return engine_; }
    [[nodiscard]] const engine& router() const { return engine_; }
    [[nodiscard]] std::optional<request_id> waiting_in(crm::conversation_id where) const;
    /// The snapshot behind the latest score of a customer's request.
    [[nodiscard]] crm::snapshot_id snapshot_of(request_id which) const;
    [[nodiscard]] const crm::request* known(request_id which) const;

    /// Waiting and offered requests of an inbox: how many, and since when the longest.
    struct waiting
    {
        std::int64_t count = 0;
        time_us since = 0;
    };
    [[nodiscard]] std::map<crm::inbox_id, waiting> lines() const;
    /// True when an agent who may serve the inbox is present, with room or without.
    [[nodiscard]] bool anyone_for(crm::inbox_id which) const;

private:
    void tell(const crm::log_entry& what, const event& happened, std::vector<decision>& out);
    void take_agents(
        const crm::log_entry& what, const std::vector<crm::agent>& now, std::vector<decision>& out
    );
    void add(const crm::request& what);
    void answered(const crm::log_entry& what, std::vector<decision>& out);
    void turned_down(const crm::log_entry& what, std::vector<decision>& out);
    void revalued(const crm::log_entry& what, std::vector<decision>& out);
    void merged(crm::customer_id survivor, crm::customer_id other);
    void over(request_id which);
    void note_wait(request_id which);
    void note_due(time_us now);

    engine engine_;
    std::int64_t as_of_ = 0;
    std::vector<crm::inbox> inboxes_;
    std::map<agent_id, agent_defined> agents_; ///< as the engine was told
    std::unordered_map<std::int64_t, crm::request> requests_;
    std::unordered_map<std::int64_t, request_id> by_conversation_;
    std::map<crm::customer_id, std::set<request_id>> by_customer_;
    std::map<crm::inbox_id, std::set<std::pair<time_us, request_id>>> waiting_;
    std::set<std::pair<time_us, request_id>> later_; ///< in line, but not due yet: by due time
};

} // namespace routing
