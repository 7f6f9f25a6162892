#include "crm/audit.hpp"

#include "crm/base/problem.hpp"
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

page search(db::connection& on, const query& wanted)
{
    // The log has no index but its position, which keeps every commit cheap; so a search looks
    // through a bounded stretch of it, inside the database, and says where to go on.
    constexpr std::int64_t stretch = 100'000;
    if (wanted.limit < 1 || wanted.limit > 200)
        throw problem{errc::invalid, "limit is 1 to 200.", "limit"};
    const log_bounds log = read_log_bounds(on);
    const std::int64_t before =
        wanted.before > 0 ? std::min(wanted.before, log.head + 1) : log.head + 1;
    const std::int64_t least = std::max(log.floor + 1, before - stretch);
    conditions all = conditions_of(wanted);
    const std::string sql = std::string{select_log} + "WHERE l.position < ? AND l.position >= ?" +
                            all.sql + " ORDER BY l.position DESC LIMIT ?";
    all.values.insert(all.values.begin(), {db::value{before}, db::value{least}});
    all.values.emplace_back(wanted.limit);
    page found;
    db::rows row = on.query_span(sql, all.values);
    while (row.next())
        found.items.push_back(read_line(row));
    if (std::cmp_equal(found.items.size(), wanted.limit))
        found.next = found.items.back().position;
    else if (least > log.floor + 1)
        found.next = least;
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

void erase_addresses(transaction& tx, const context& by, actor_kind kind, std::int64_t id)
{
    const std::int64_t erased = tx.exec(
        "UPDATE log_addresses SET address = '' WHERE actor_kind = ? AND actor_id = ?", {kind, id}
    );
    if (erased == 0)
        return;
    log_entry line = logged(by, happening::customer_changed);
    line.customer = kind == actor_kind::customer ? customer_id{id} : customer_id{};
    line.amount = erased;
    tx.append(std::move(line));
}

} // namespace crm::audit
