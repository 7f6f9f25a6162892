#include "crm/sight.hpp"

#include "crm/customer.hpp"
#include "crm/sql_list.hpp"

#include <algorithm>

namespace crm {

bool may_see(const audience& who, const place_of_work& what)
{
    if (who.everything || (raw(who.agent) != 0 && what.assignee == who.agent))
        return true;
    const bool by_inbox = std::ranges::find(who.inboxes, what.inbox) != who.inboxes.end();
    const bool by_team =
        raw(what.team) != 0 && std::ranges::find(who.teams, what.team) != who.teams.end();
    return by_inbox || by_team;
}

bool may_see(const audience& who, const conversation& what)
{
    return may_see(
        who, place_of_work{.inbox = what.inbox, .team = what.team, .assignee = what.assignee}
    );
}

sql_condition seen_beside_inboxes(const audience& who, std::string_view table)
{
    const std::string of{table};
    sql_condition made;
    made.text = of + ".assignee_id = ? OR " + of + ".team_id IN " + sql_list(who.teams.size());
    // Nobody and no team are 0 in the rows; an empty list must not match them.
    made.args.emplace_back(raw(who.agent) == 0 ? agent_id{-1} : who.agent);
    const std::vector<team_id> no_team{team_id{-1}};
    add_list<team_id>(made.args, who.teams.empty() ? no_team : who.teams);
    return made;
}

sql_condition seen_by(const audience& who, std::string_view table)
{
    if (who.everything)
        return {.text = "1 = 1", .args = {}};
    auto made = seen_beside_inboxes(who, table);
    made.text = "(" + made.text + " OR " + std::string{table} + ".inbox_id IN " +
                sql_list(who.inboxes.size()) + ")";
    add_list<inbox_id>(made.args, who.inboxes);
    return made;
}

namespace {

constexpr std::string_view select_places =
    "SELECT DISTINCT inbox_id, team_id, assignee_id FROM conversations WHERE customer_id IN ";
constexpr std::string_view select_order = "SELECT id FROM orders WHERE customer_id IN ";

} // namespace

customer_places places_of(db::connection& on, customer_id any_member)
{
    const auto members = customers::members_of(on, customers::root_of(on, any_member));
    const std::string list = sql_list(members.size());
    std::vector<db::value> args;
    add_list<customer_id>(args, members);
    customer_places made;
    {
        db::rows row = on.query_span(std::string{select_places} + list, args);
        while (row.next())
            made.places.push_back(
                {.inbox = row.id<inbox_id>(0),
                 .team = row.id<team_id>(1),
                 .assignee = row.id<agent_id>(2)}
            );
    }
    if (made.places.empty())
        made.has_orders = on.query_span(std::string{select_order} + list + " LIMIT 1", args).next();
    return made;
}

bool may_see(const audience& who, const customer_places& what)
{
    if (who.everything || (what.places.empty() && !what.has_orders))
        return true;
    return std::ranges::any_of(what.places, [&](const place_of_work& one) {
        return may_see(who, one);
    });
}

} // namespace crm
