#include "crm/audit.hpp"

#include "crm/base/problem.hpp"

#include <limits>
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

bool fits(const log_entry& line, const query& wanted)
{
    return (!wanted.what || line.what == *wanted.what) &&
           (!wanted.actor || line.actor == *wanted.actor) &&
           (!wanted.actor_id || line.actor_id == *wanted.actor_id) &&
           (!wanted.customer || line.customer == *wanted.customer) &&
           (!wanted.conversation || line.conversation == *wanted.conversation) &&
           (!wanted.from || line.at >= *wanted.from) && (!wanted.to || line.at < *wanted.to);
}

} // namespace

page search(db::connection& on, const query& wanted)
{
    // The log has no index but its position, which keeps every commit cheap; so a search walks back
    // through a bounded stretch of it and says where to go on.
    constexpr int stretch = 20'000;
    if (wanted.limit < 1 || wanted.limit > 200)
        throw problem{errc::invalid, "limit is 1 to 200.", "limit"};
    static const std::string sql =
        std::string{select_log} + "WHERE l.position < ? ORDER BY l.position DESC LIMIT ?";
    page found;
    int seen = 0;
    std::int64_t last = 0;
    db::rows row = on.query(
        sql, {wanted.before > 0 ? wanted.before : std::numeric_limits<std::int64_t>::max(), stretch}
    );
    while (row.next()) {
        ++seen;
        log_entry line = read_line(row);
        last = line.position;
        if (fits(line, wanted)) {
            found.items.push_back(std::move(line));
            if (std::cmp_equal(found.items.size(), wanted.limit)) {
                found.next = last;
                return found;
            }
        }
    }
    found.next = seen == stretch ? last : 0;
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
