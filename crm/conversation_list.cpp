#include "crm/conversation_list.hpp"

#include "crm/base/problem.hpp"
#include "crm/conversation_rows.hpp"
#include "crm/sql_list.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <limits>
#include <utility>

namespace crm {

namespace conversations {
namespace {

/// A query in the making: conditions and their values, in order.
struct sql_where
{
    std::string text = "WHERE 1 = 1";
    std::vector<db::value> args;

    void add(std::string_view condition, std::initializer_list<db::value> values = {})
    {
        text += " AND ";
        text += condition;
        args.insert(args.end(), values.begin(), values.end());
    }

    template <strong_id Id>
    void add_in(std::string_view column, const std::vector<Id>& ids)
    {
        text += " AND " + std::string{column} + " IN " + sql_list(ids.size());
        add_list<Id>(args, ids);
    }
};

void add_rights(sql_where& where, const audience& who)
{
    const auto seen = seen_by(who, "c");
    where.text += " AND " + seen.text;
    where.args.insert(where.args.end(), seen.args.begin(), seen.args.end());
}

constexpr std::string_view mentioned =
    "c.id IN (SELECT conversation_id FROM mentions WHERE agent_id = ?)";
constexpr std::string_view drafted =
    "c.id IN (SELECT conversation_id FROM drafts WHERE agent_id = ?)";
constexpr std::string_view tagged =
    "c.id IN (SELECT conversation_id FROM conversation_tags WHERE tag_id = ?)";

void add_view(sql_where& where, const audience& who, view wanted)
{
    switch (wanted) {
    case view::mine:
        where.add("c.assignee_id = ?", {raw(who.agent) == 0 ? agent_id{-1} : who.agent});
        break;
    case view::unassigned:
        where.add("c.assignee_id = 0");
        break;
    case view::team:
        if (who.teams.empty())
            where.add("c.team_id = -1");
        else
            where.add_in("c.team_id", who.teams);
        break;
    case view::mentions:
        where.add(mentioned, {who.agent});
        break;
    case view::drafts:
        where.add(drafted, {who.agent});
        break;
    case view::failed:
        where.add("c.failed = 1");
        break;
    case view::all:
    case view::snoozed:
        break;
    }
}

/// The statuses a view shows; none means any.
std::vector<conversation_status> statuses_of(const list_query& wanted)
{
    if (wanted.status)
        return {*wanted.status};
    switch (wanted.view) {
    case view::mine:
    case view::unassigned:
    case view::team:
    case view::all:
        return {conversation_status::open, conversation_status::pending};
    case view::snoozed:
        return {conversation_status::snoozed};
    case view::mentions:
    case view::drafts:
    case view::failed:
        break;
    }
    return {};
}

void add_filters(sql_where& where, const list_query& wanted)
{
    if (wanted.inbox)
        where.add("c.inbox_id = ?", {*wanted.inbox});
    if (wanted.team)
        where.add("c.team_id = ?", {*wanted.team});
    if (wanted.stage)
        where.add("c.stage = ?", {*wanted.stage});
    if (wanted.tag)
        where.add(tagged, {*wanted.tag});
}

constexpr std::int64_t far = std::numeric_limits<std::int64_t>::max();

// Those nobody waits in come last, so 0 stands for the far end.
constexpr std::string_view waiting_key =
    "CASE WHEN c.waiting_since = 0 THEN 9223372036854775807 ELSE c.waiting_since END";

std::int64_t key_of(const conversation& one, view_order order)
{
    if (order == view_order::activity)
        return one.last_activity.us;
    return one.waiting_since.is_set() ? one.waiting_since.us : far;
}

void add_cursor(sql_where& where, const list_query& wanted)
{
    if (wanted.cursor.empty())
        return;
    std::int64_t key = 0;
    std::int64_t id = 0;
    const char* const end = wanted.cursor.data() + wanted.cursor.size();
    const auto [middle, bad_key] = std::from_chars(wanted.cursor.data(), end, key);
    const bool parted = bad_key == std::errc{} && middle != end && *middle == '-';
    if (!parted || std::from_chars(middle + 1, end, id).ptr != end)
        throw problem{
            errc::invalid, "This cursor is not one of ours: start again without it.", "cursor"
        };
    if (wanted.order == view_order::activity)
        where.add(
            "c.last_activity_at <= ? AND (c.last_activity_at < ? OR c.id < ?)", {key, key, id}
        );
    else
        where.add(
            std::string{waiting_key} + " >= ? AND (" + std::string{waiting_key} +
                " > ? OR c.id > ?)",
            {key, key, id}
        );
}

} // namespace

namespace {

std::vector<conversation> first_of_status(
    db::connection& on,
    const audience& who,
    const list_query& wanted,
    std::optional<conversation_status> status
)
{
    sql_where where;
    if (status)
        where.add("c.status = ?", {*status});
    add_rights(where, who);
    add_view(where, who, wanted.view);
    add_filters(where, wanted);
    add_cursor(where, wanted);
    std::string sql = select_conversations() + where.text;
    if (wanted.order == view_order::activity)
        sql += " ORDER BY c.last_activity_at DESC, c.id DESC LIMIT ?";
    else
        sql += " ORDER BY " + std::string{waiting_key} + ", c.id LIMIT ?";
    where.args.emplace_back(wanted.limit + 1);
    return read_all(on, sql, where.args);
}

void sort_page(std::vector<conversation>& items, view_order order)
{
    std::ranges::sort(items, [&](const conversation& one, const conversation& other) {
        const std::pair left{key_of(one, order), one.id};
        const std::pair right{key_of(other, order), other.id};
        return order == view_order::activity ? left > right : left < right;
    });
}

} // namespace

conversation_page list(db::connection& on, const audience& who, const list_query& wanted)
{
    if (wanted.limit < 1 || wanted.limit > 200)
        throw problem{errc::invalid, "limit is 1 to 200.", "limit"};
    conversation_page page;
    const std::vector<conversation_status> statuses = statuses_of(wanted);
    if (statuses.empty())
        page.items = first_of_status(on, who, wanted, std::nullopt);
    // One query a status, because the index is in order of activity within one status only; two
    // statuses at once would sort all that is live for one page.
    for (const conversation_status one : statuses)
        std::ranges::move(first_of_status(on, who, wanted, one), std::back_inserter(page.items));
    if (statuses.size() > 1)
        sort_page(page.items, wanted.order);
    if (std::cmp_greater(page.items.size(), wanted.limit)) {
        page.items.resize(static_cast<std::size_t>(wanted.limit));
        const conversation& last = page.items.back();
        page.next = std::to_string(key_of(last, wanted.order)) + "-" + to_string(last.id);
    }
    return page;
}

namespace {

// One pass over the index of what is live, which is small beside what was ever resolved.
constexpr std::string_view count_live =
    "SELECT c.inbox_id, c.team_id, c.assignee_id, c.status, COUNT(*) FROM conversations c"
    " WHERE c.status IN (?, ?, ?) GROUP BY c.inbox_id, c.team_id, c.assignee_id, c.status";
// Rights are part of these too: a number would tell of what is out of sight.
constexpr std::string_view count_mentions =
    "SELECT COUNT(DISTINCT m.conversation_id) FROM mentions m JOIN conversations c"
    " ON c.id = m.conversation_id ";
constexpr std::string_view count_drafts =
    "SELECT COUNT(DISTINCT d.conversation_id) FROM drafts d JOIN conversations c"
    " ON c.id = d.conversation_id ";
constexpr std::string_view count_failed = "SELECT COUNT(*) FROM conversations c ";

/// How many conversations within sight a count finds under one more condition.
std::int64_t count_seen(
    db::connection& on,
    std::string_view sql,
    const audience& who,
    std::string_view condition,
    std::initializer_list<db::value> values
)
{
    sql_where where;
    where.add(condition, values);
    add_rights(where, who);
    db::rows row = on.query_span(std::string{sql} + where.text, where.args);
    return row.next() ? row.integer(0) : 0;
}

void count_group(view_counts& to, const audience& who, const conversation& group, std::int64_t size)
{
    if (!may_see(who, group))
        return;
    if (group.status == conversation_status::snoozed) {
        to.snoozed += size;
        return;
    }
    to.all += size;
    if (raw(group.assignee) == 0)
        to.unassigned += size;
    else if (group.assignee == who.agent)
        to.mine += size;
    if (raw(group.team) != 0 && std::ranges::find(who.teams, group.team) != who.teams.end())
        to.team += size;
}

} // namespace

view_counts counts(db::connection& on, const audience& who)
{
    view_counts found;
    {
        db::rows row = on.query(
            count_live,
            {conversation_status::open, conversation_status::pending, conversation_status::snoozed}
        );
        conversation group;
        while (row.next()) {
            group.inbox = row.id<inbox_id>(0);
            group.team = row.id<team_id>(1);
            group.assignee = row.id<agent_id>(2);
            group.status = static_cast<conversation_status>(row.integer(3));
            count_group(found, who, group, row.integer(4));
        }
    }
    found.mentions =
        count_seen(on, count_mentions, who, "m.agent_id = ? AND m.seen_at = 0", {who.agent});
    found.drafts = count_seen(on, count_drafts, who, "d.agent_id = ?", {who.agent});
    found.failed = count_seen(on, count_failed, who, "c.failed = 1", {});
    return found;
}

std::vector<conversation>
of_customer(db::connection& on, const audience& who, customer_id root, int limit)
{
    sql_where where;
    where.add_in("c.customer_id", customers::members_of(on, root));
    add_rights(where, who);
    where.args.emplace_back(limit);
    return read_all(
        on,
        select_conversations() + where.text +
            " ORDER BY c.last_activity_at DESC, c.id DESC LIMIT ?",
        where.args
    );
}

constexpr std::string_view select_live =
    "SELECT id FROM conversations WHERE customer_id = ? AND status <> ? ORDER BY id DESC LIMIT 200";

std::vector<conversation_id> live_of_customer(db::connection& on, customer_id any_member)
{
    std::vector<conversation_id> live;
    for (const customer_id member : customers::members_of(on, customers::root_of(on, any_member))) {
        db::rows row = on.query(select_live, {member, conversation_status::resolved});
        while (row.next() && live.size() < 200)
            live.push_back(row.id<conversation_id>(0));
    }
    return live;
}

} // namespace conversations
} // namespace crm
