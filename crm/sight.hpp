// What somebody may see of what customers write: one rule, for a conversation at hand, as part of a
// query, and for a customer, who is seen by whoever sees one of the customer's conversations.
#pragma once

#include "crm/conversation.hpp"
#include "crm/store/connection.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace crm {

/// Whose conversations an agent may see: everybody's, or those of these inboxes and these teams;
/// those assigned to the agent are always included.
struct audience
{
    bool everything = false;
    agent_id agent{};
    std::vector<inbox_id> inboxes{};
    std::vector<team_id> teams{};
};

/// What sight of a conversation depends on.
struct place_of_work
{
    inbox_id inbox{};
    team_id team{};
    agent_id assignee{};
};

/// True when the conversation is within the audience.
bool may_see(const audience& who, const place_of_work& what);
bool may_see(const audience& who, const conversation& what);

/// A condition over the columns of a conversation, with its values.
struct sql_condition
{
    std::string text;
    std::vector<db::value> args;
};
/// The same rule in SQL; `table` is what the query calls its conversations.
sql_condition seen_by(const audience& who, std::string_view table);
/// Only what is seen by team or assignee: what an index by inbox does not find.
sql_condition seen_beside_inboxes(const audience& who, std::string_view table);

/// Where a customer's conversations stand, over all merged members.
struct customer_places
{
    std::vector<place_of_work> places{};
    bool has_orders = false;
};
customer_places places_of(db::connection& on, customer_id any_member);

/// True when one of the conversations is within the audience. Whoever stands in no inbox yet, with
/// neither a conversation nor an order, is open to all who read customers: a first conversation
/// must be begun by somebody.
bool may_see(const audience& who, const customer_places& what);

} // namespace crm
