#include "crm/agenda.hpp"

namespace crm::agenda {
namespace {

constexpr std::string_view select_timer =
    "SELECT id, due_at, kind, subject, number, attempts FROM agenda ";
constexpr std::string_view move_timer =
    "UPDATE agenda SET due_at = ?, number = ?, attempts = 0 WHERE kind = ? AND subject = ?";
constexpr std::string_view insert_timer =
    "INSERT INTO agenda (id, due_at, kind, subject, number, attempts, created_at)"
    " VALUES (?, ?, ?, ?, ?, 0, ?)";
constexpr std::string_view delete_timer = "DELETE FROM agenda WHERE kind = ? AND subject = ?";
constexpr std::string_view take_timer =
    "DELETE FROM agenda WHERE id = ? AND due_at = ? AND due_at <= ?";
constexpr std::string_view postpone_timer =
    "UPDATE agenda SET due_at = ?, attempts = attempts + 1 WHERE id = ? AND due_at = ?";

timer read_timer(const db::rows& row)
{
    return {
        .id = row.id<agenda_id>(0),
        .due = row.time(1),
        .kind = static_cast<timer_kind>(row.integer(2)),
        .subject = row.integer(3),
        .number = row.integer(4),
        .attempts = static_cast<int>(row.integer(5))
    };
}

} // namespace

timer set(
    transaction& tx,
    context& by,
    timer_kind kind,
    std::int64_t subject,
    instant due,
    std::int64_t number
)
{
    if (tx.exec(move_timer, {due, number, kind, subject}) == 0)
        tx.exec(insert_timer, {by.ids.next<agenda_id>(), due, kind, subject, number, by.now});
    log_entry line = logged(by, happening::timer_set);
    line.subject = subject;
    line.number = static_cast<std::int64_t>(kind);
    line.amount = due.us;
    tx.append(std::move(line));
    return *find(tx.db(), kind, subject);
}

void again(transaction& tx, context& by, const timer& fired, instant due, std::int64_t number)
{
    tx.exec(
        insert_timer, {by.ids.next<agenda_id>(), due, fired.kind, fired.subject, number, by.now}
    );
}

void cancel(transaction& tx, timer_kind kind, std::int64_t subject)
{
    tx.exec(delete_timer, {kind, subject});
}

bool take(transaction& tx, const context& by, const timer& which)
{
    return tx.exec(take_timer, {which.id, which.due, by.now}) == 1;
}

void postpone(transaction& tx, const timer& which, instant next)
{
    tx.exec(postpone_timer, {next, which.id, which.due});
}

std::vector<timer> due(db::connection& on, instant until, int limit)
{
    static const std::string sql =
        std::string{select_timer} + "WHERE due_at <= ? ORDER BY due_at, id LIMIT ?";
    std::vector<timer> found;
    db::rows row = on.query(sql, {until, limit});
    while (row.next())
        found.push_back(read_timer(row));
    return found;
}

std::optional<instant> next(db::connection& on)
{
    db::rows row = on.query("SELECT MIN(due_at) FROM agenda");
    if (!row.next() || row.is_null(0))
        return std::nullopt;
    return row.time(0);
}

std::optional<timer> find(db::connection& on, timer_kind kind, std::int64_t subject)
{
    static const std::string sql = std::string{select_timer} + "WHERE kind = ? AND subject = ?";
    db::rows row = on.query(sql, {kind, subject});
    if (!row.next())
        return std::nullopt;
    return read_timer(row);
}

} // namespace crm::agenda
