#include "crm/audit.hpp"

#include "crm/audit_index.hpp"
#include "crm/base/problem.hpp"
#include "crm/sql_list.hpp"
#include "crm/store/log_reader.hpp"

#include <algorithm>
#include <utility>

namespace crm::audit {
namespace {

constexpr std::string_view select_log =
    "SELECT l.position, l.at, l.what, l.actor_kind, l.actor_id, l.via, l.customer_id,"
    " l.conversation_id, l.inbox_id, l.entry_id, l.seq, l.subject, l.number, l.amount, a.address"
    " FROM log_entries l LEFT JOIN log_addresses a ON a.id = l.address_id ";

log_entry read_line(const db::rows& row)
{
    log_entry one;
    one.position = row.integer(0);
    one.at = row.time(1);
    one.what = static_cast<happening>(row.integer(2));
    one.actor = static_cast<actor_kind>(row.integer(3));
    one.actor_id = row.integer(4);
    one.by = static_cast<via>(row.integer(5));
    one.customer = row.id<customer_id>(6);
    one.conversation = row.id<conversation_id>(7);
    one.inbox = row.id<inbox_id>(8);
    one.entry_ref = row.id<entry_id>(9);
    one.seq = row.integer(10);
    one.subject = row.integer(11);
    one.number = row.integer(12);
    one.amount = row.integer(13);
    one.address = row.string(14);
    return one;
}

/// The conditions of a query beside its positions, with their values.
struct conditions
{
    std::string sql{};
    std::vector<db::value> values{};

    template <class Value>
    void also(std::string_view column, const std::optional<Value>& wanted)
    {
        if (!wanted)
            return;
        sql += " AND ";
        sql += column;
        values.emplace_back(*wanted);
    }
};

conditions conditions_of(const query& wanted)
{
    conditions all;
    all.also("l.what = ?", wanted.what);
    all.also("l.actor_kind = ?", wanted.actor);
    all.also("l.actor_id = ?", wanted.actor_id);
    all.also("l.customer_id = ?", wanted.customer);
    all.also("l.conversation_id = ?", wanted.conversation);
    all.also("l.at >= ?", wanted.from);
    all.also("l.at < ?", wanted.to);
    return all;
}

} // namespace

namespace {

// So many entries are looked through at once, inside the database.
constexpr std::int64_t stretch = 100'000;
constexpr std::int64_t places_at_once = 5'000;

/// The narrowest scope that the question names.
std::optional<index::place> narrowest(const query& wanted)
{
    if (wanted.conversation)
        return index::place{index::scope::conversation, raw(*wanted.conversation)};
    if (wanted.customer)
        return index::place{index::scope::customer, raw(*wanted.customer)};
    if (wanted.actor == actor_kind::agent && wanted.actor_id)
        return index::place{index::scope::agent, *wanted.actor_id};
    if (wanted.what)
        return index::place{index::scope::what, static_cast<std::int64_t>(*wanted.what)};
    return std::nullopt;
}

void read_into(page& found, db::connection& on, const std::string& sql, const conditions& all)
{
    db::rows row = on.query_span(sql, all.values);
    while (row.next())
        found.items.push_back(read_line(row));
}

/// Looks through positions from `least` up to below `before`.
void scan(
    page& found, db::connection& on, const query& wanted, std::int64_t before, std::int64_t least
)
{
    conditions all = conditions_of(wanted);
    const std::string sql = std::string{select_log} + "WHERE l.position < ? AND l.position >= ?" +
                            all.sql + " ORDER BY l.position DESC LIMIT ?";
    all.values.insert(all.values.begin(), {db::value{before}, db::value{least}});
    all.values.emplace_back(wanted.limit);
    read_into(found, on, sql, all);
}

constexpr std::string_view from_places =
    "SELECT position FROM audit_places WHERE scope = ? AND subject = ? AND position < ?"
    " ORDER BY position DESC LIMIT 1 OFFSET ?";

/// Looks through the positions below `before` that the index names, so many at most; returns where
/// to go on, 0 at the end.
std::int64_t look_up(
    page& found,
    db::connection& on,
    const query& wanted,
    const index::place& where,
    std::int64_t before
)
{
    std::int64_t least = 0;
    {
        db::rows row =
            on.query(from_places, {where.scope, where.subject, before, places_at_once - 1});
        if (row.next())
            least = row.integer(0);
    }
    conditions all = conditions_of(wanted);
    // Not as a join, in which a planner might walk through the log.
    const std::string sql = std::string{select_log} +
                            "WHERE l.position IN (SELECT p.position FROM (" +
                            std::string{index::select_positions} + ") p)" + all.sql +
                            " ORDER BY l.position DESC LIMIT ?";
    all.values.insert(
        all.values.begin(),
        {db::value{where.scope},
         db::value{where.subject},
         db::value{before},
         db::value{places_at_once}}
    );
    all.values.emplace_back(wanted.limit - static_cast<int>(found.items.size()));
    read_into(found, on, sql, all);
    return least;
}

} // namespace

page search(db::connection& on, const query& wanted)
{
    if (wanted.limit < 1 || wanted.limit > 200)
        throw problem{errc::invalid, "limit is 1 to 200.", "limit"};
    const log_bounds log = read_log_bounds(on);
    const std::int64_t before =
        wanted.before > 0 ? std::min(wanted.before, log.head + 1) : log.head + 1;
    const auto where = narrowest(wanted);
    // What came since the night is in no index yet.
    const std::int64_t indexed = where ? std::max(index::reaches(on), log.floor) : log.floor;
    page found;
    const auto full = [&] { return std::cmp_greater_equal(found.items.size(), wanted.limit); };
    if (before > indexed + 1) {
        const std::int64_t least = std::max(indexed + 1, before - stretch);
        scan(found, on, wanted, before, least);
        if (!full() && least > indexed + 1) {
            found.next = least;
            return found;
        }
    }
    std::int64_t more = 0;
    if (!full() && where)
        more = look_up(found, on, wanted, *where, std::min(before, indexed + 1));
    found.next = full() ? found.items.back().position : more;
    return found;
}

std::int64_t last_position(db::connection& on)
{
    db::rows row = on.query("SELECT at FROM log_head WHERE id = 1");
    return row.next() ? row.integer(0) : 0;
}

std::vector<log_entry> after(db::connection& on, std::int64_t position, int limit)
{
    if (limit < 1 || limit > 1'000)
        throw problem{errc::invalid, "limit is 1 to 1,000.", "limit"};
    static const std::string sql =
        std::string{select_log} + "WHERE l.position > ? ORDER BY l.position LIMIT ?";
    std::vector<log_entry> found;
    db::rows row = on.query(sql, {position, limit});
    while (row.next())
        found.push_back(read_line(row));
    return found;
}

std::vector<log_entry> of_customers(
    db::connection& on,
    std::span<const customer_id> whose,
    std::int64_t from,
    std::int64_t to,
    std::int64_t limit
)
{
    std::vector<db::value> values{db::value{from}, db::value{to}};
    add_list(values, whose);
    values.emplace_back(limit);
    const std::string sql = std::string{select_log} +
                            "WHERE l.position > ? AND l.position <= ? AND l.customer_id IN " +
                            sql_list(whose.size()) + " ORDER BY l.position LIMIT ?";
    std::vector<log_entry> found;
    db::rows row = on.query_span(sql, values);
    while (row.next())
        found.push_back(read_line(row));
    return found;
}

constexpr std::string_view known_addresses =
    "SELECT id FROM log_addresses WHERE actor_kind = ? AND actor_id = ? AND address <> '' LIMIT ?";
constexpr std::string_view empty_address = "UPDATE log_addresses SET address = '' WHERE id = ?";

int erase_addresses(transaction& tx, const context& by, actor_kind kind, std::int64_t id, int most)
{
    std::vector<std::int64_t> known;
    {
        db::rows row = tx.query(known_addresses, {kind, id, most});
        while (row.next())
            known.push_back(row.integer(0));
    }
    for (const std::int64_t one : known)
        tx.exec(empty_address, {one});
    if (known.empty())
        return 0;
    log_entry line = logged(by, happening::customer_changed);
    line.customer = kind == actor_kind::customer ? customer_id{id} : customer_id{};
    line.amount = static_cast<std::int64_t>(known.size());
    tx.append(std::move(line));
    return static_cast<int>(known.size());
}

} // namespace crm::audit
