#include "crm/audit_index.hpp"

#include "crm/store/log_reader.hpp"

namespace crm::audit::index {
namespace {

constexpr int entries_at_once = 45; // with four places each within 200 rows

constexpr std::string_view select_reach = "SELECT position FROM audit_progress WHERE id = 1";
constexpr std::string_view insert_reach = "INSERT INTO audit_progress (id, position) VALUES (1, ?)";
constexpr std::string_view update_reach = "UPDATE audit_progress SET position = ? WHERE id = 1";
constexpr std::string_view insert_place =
    "INSERT INTO audit_places (scope, subject, position) VALUES (?, ?, ?)";
constexpr std::string_view delete_place =
    "DELETE FROM audit_places WHERE scope = ? AND subject = ? AND position = ?";

/// Runs the statement once for each scope that the entry belongs to.
void for_each_place(transaction& tx, std::string_view statement, const log_entry& of)
{
    const auto run = [&](scope which, std::int64_t subject) {
        if (subject != 0)
            tx.exec(statement, {which, subject, of.position});
    };
    run(scope::what, static_cast<std::int64_t>(of.what));
    run(scope::agent, of.actor == actor_kind::agent ? of.actor_id : 0);
    run(scope::customer, raw(of.customer));
    run(scope::conversation, raw(of.conversation));
}

} // namespace

std::int64_t reaches(db::connection& on)
{
    db::rows row = on.query(select_reach);
    return row.next() ? row.integer(0) : 0;
}

bool follow(transaction& tx)
{
    const std::int64_t from = reaches(tx.db());
    const std::vector<log_entry> next = read_log(tx.db(), from, entries_at_once);
    if (next.empty())
        return false;
    for (const log_entry& one : next)
        for_each_place(tx, insert_place, one);
    if (tx.exec(update_reach, {next.back().position}) == 0)
        tx.exec(insert_reach, {next.back().position});
    return next.size() == entries_at_once;
}

void forget(transaction& tx, std::span<const log_entry> gone)
{
    for (const log_entry& one : gone)
        for_each_place(tx, delete_place, one);
}

} // namespace crm::audit::index
