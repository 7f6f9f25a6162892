// What the log says, in the words of the realtime protocol: which events a log entry becomes, and
// whom they concern. The same functions serve live news and the replay after a lost connection.
// Pure; any thread.
#pragma once

#include "crm/conversation.hpp"
#include "crm/order.hpp"
#include "crm/sight.hpp"
#include "crm/store/log.hpp"
#include "gateway/rights.hpp"
#include "gateway/wire/wire.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::live {

/// A log entry with everything that its events show.
struct told
{
    crm::log_entry what;
    std::string extra;             // JSON of the customer or offer that the entry is about
    crm::customer_places places{}; // of the customer that the entry or its order is about
};

/// True when the entry's events can be made without reading the database.
bool is_complete(const crm::log_entry& what);
/// Reads what is missing. The states are the present ones, which is what events carry.
told complete(crm::db::connection& on, crm::log_entry what, crm::instant now);

/// One event for agents. Bodies are the members after `at`, without the opening brace.
struct agent_event
{
    enum class audience
    {
        everyone,
        who_sees_it, // `where` within sight, or until now
        one_agent,
        who_sees_customer // by `places`
    };
    audience to = audience::everyone;
    crm::agent_id agent{};
    std::shared_ptr<const crm::conversation> where;
    std::shared_ptr<const crm::conversation> before; // as far as sight goes; null: as now
    bool is_new = false;                             // nobody saw it before
    crm::customer_places places;
    std::string body;
    std::string enter_body;
    std::string leave_body;
};

/// What this viewer is to be told: one of the bodies, or nothing.
const std::string* body_for(const agent_event& what, const viewer& who);

/// The events of a log entry for agents, in order. `offered_to`: whom the request had been offered
/// to, 0 for nobody.
std::vector<agent_event>
agent_events(const told& what, const wire::names& known, crm::agent_id offered_to);

/// The event of a log entry for its customer; nullopt when it is none of the customer's business.
/// `at_text`: the opaque position. `shows_read_marks`: of the inbox.
std::optional<std::string> customer_event(
    const crm::log_entry& what,
    const wire::names& known,
    const wire::address_of& address,
    bool shows_read_marks
);

/// The frame from `at` on, as session::send_event takes it.
std::shared_ptr<const std::string> tail_of(std::string_view at, const std::string& body);

} // namespace gateway::live
