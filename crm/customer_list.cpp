#include "crm/customer_list.hpp"

#include "crm/sql_list.hpp"

#include <utility>

namespace crm::customers {
namespace {

constexpr int first_stretch = 500;
constexpr int stretch_growth = 4;
constexpr int most_looked_at = 40'000;

constexpr list_place above_all{.updated = {INT64_MAX}, .id = customer_id{INT64_MAX}};
constexpr list_place below_all{.updated = {INT64_MIN}, .id = customer_id{INT64_MIN}};

constexpr std::string_view select_end =
    "SELECT updated_at, id FROM customers WHERE updated_at <= ? AND (updated_at < ? OR id < ?)"
    " ORDER BY updated_at DESC, id DESC LIMIT 1 OFFSET ?";

/// The last of the next `rows` rows; nullopt when there are fewer.
std::optional<list_place> end_of_stretch(db::connection& on, const list_place& from, int rows)
{
    db::rows row = on.query(select_end, {from.updated, from.updated, from.id, rows - 1});
    if (!row.next())
        return std::nullopt;
    return list_place{.updated = row.time(0), .id = row.id<customer_id>(1)};
}

// The sum keeps the index of merges out of it: nearly every row is its own root.
constexpr std::string_view select_between =
    "SELECT c.updated_at, c.id FROM customers c WHERE c.merged_into + 0 = 0"
    " AND c.updated_at <= ? AND (c.updated_at < ? OR c.id < ?)"
    " AND c.updated_at >= ? AND (c.updated_at > ? OR c.id >= ?)";
constexpr std::string_view in_order = " ORDER BY c.updated_at DESC, c.id DESC LIMIT ?";

/// Everyone within sight, and all who have merged members: of those only places_of() knows.
/// `or_else` stands before the rest of the condition.
sql_condition maybe_seen_by(const audience& who, std::string_view or_else = {})
{
    if (who.everything)
        return {};
    auto made = seen_by(who, "v");
    made.text = " AND (" + std::string{or_else} +
                "EXISTS (SELECT 1 FROM conversations v WHERE v.customer_id = c.id AND " +
                made.text +
                ") OR EXISTS (SELECT 1 FROM customers m WHERE m.merged_into = c.id)"
                " OR (NOT EXISTS (SELECT 1 FROM conversations n WHERE n.customer_id = c.id)"
                " AND NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id)))";
    return made;
}

/// The next rows below `from`, down to and with `end`, that may be within sight.
std::vector<list_place> candidates(
    db::connection& on,
    const audience& who,
    const list_place& from,
    const list_place& end,
    int limit
)
{
    const auto rights = maybe_seen_by(who);
    const std::string sql = std::string{select_between} + rights.text + std::string{in_order};
    std::vector<db::value> args{
        from.updated, from.updated, from.id, end.updated, end.updated, end.id
    };
    args.insert(args.end(), rights.args.begin(), rights.args.end());
    args.emplace_back(limit);
    std::vector<list_place> found;
    db::rows row = on.query_span(sql, args);
    while (row.next())
        found.push_back({.updated = row.time(0), .id = row.id<customer_id>(1)});
    return found;
}

/// Takes what is within sight between `from` and `end`, up to `most` altogether.
void take(
    db::connection& on,
    const audience& who,
    list_place from,
    const list_place& end,
    std::size_t most,
    std::vector<list_place>& into
)
{
    while (into.size() < most) {
        const auto wanted = static_cast<int>(most - into.size());
        const auto some = candidates(on, who, from, end, wanted);
        for (const list_place& one : some)
            if (who.everything || may_see(who, places_of(on, one.id)))
                into.push_back(one);
        if (std::cmp_less(some.size(), wanted))
            return;
        from = some.back();
    }
}

constexpr std::string_view select_among = "SELECT c.id FROM customers c WHERE c.id IN ";

} // namespace

std::set<customer_id>
seen_among(db::connection& on, const audience& who, std::span<const customer_id> asked)
{
    if (who.everything)
        return {asked.begin(), asked.end()};
    // Of merged customers only places_of() knows.
    const auto rights = maybe_seen_by(who, "c.merged_into <> 0 OR ");
    std::vector<db::value> args;
    add_list<customer_id>(args, asked);
    args.insert(args.end(), rights.args.begin(), rights.args.end());
    std::vector<customer_id> maybe;
    {
        db::rows row =
            on.query_span(std::string{select_among} + sql_list(asked.size()) + rights.text, args);
        while (row.next())
            maybe.push_back(row.id<customer_id>(0));
    }
    std::set<customer_id> seen;
    for (const customer_id one : maybe)
        if (may_see(who, places_of(on, one)))
            seen.insert(one);
    return seen;
}

list_page list(db::connection& on, const audience& who, std::optional<list_place> before, int limit)
{
    // One more than fits tells whether anything follows.
    const auto most = static_cast<std::size_t>(limit) + 1;
    list_place from = before.value_or(above_all);
    std::optional<list_place> next;
    std::vector<list_place> seen;
    int stretch = first_stretch;
    for (int looked_at = 0; seen.size() < most; looked_at += stretch, stretch *= stretch_growth) {
        next.reset();
        if (looked_at >= most_looked_at) {
            next = from;
            break;
        }
        const auto end = who.everything ? std::nullopt : end_of_stretch(on, from, stretch);
        take(on, who, from, end.value_or(below_all), most, seen);
        if (!end)
            break;
        from = *end;
    }
    if (seen.size() == most) {
        seen.pop_back();
        next = seen.back();
    }
    list_page made;
    made.next = next;
    for (const list_place& one : seen)
        made.customers.push_back(one.id);
    return made;
}

} // namespace crm::customers
