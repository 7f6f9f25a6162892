#include "crm/store/fence.hpp"

namespace crm {

namespace {

constexpr std::string_view take_row =
    "UPDATE writers SET incarnation = ?, batch = 0 WHERE node = ?";
constexpr std::string_view insert_row =
    "INSERT INTO writers (node, incarnation, batch) VALUES (?, ?, 0)";
constexpr std::string_view advance =
    "UPDATE writers SET batch = ? WHERE node = ? AND incarnation = ? AND batch = ?";
constexpr std::string_view select_row = "SELECT incarnation, batch FROM writers WHERE node = ?";

} // namespace

fence::fence(db::connection& on, int node, std::int64_t incarnation)
    : node_{node}, incarnation_{incarnation}
{
    on.begin_write();
    try {
        if (on.exec(take_row, {incarnation_, node_}) == 0)
            on.exec(insert_row, {node_, incarnation_});
        on.commit();
    } catch (...) {
        on.rollback();
        throw;
    }
}

fence::entered fence::enter(db::connection& on) const
{
    if (on.exec(advance, {batch_ + 1, node_, incarnation_, batch_}) == 1)
        return entered::ready;
    db::rows found = on.query(select_row, {node_});
    const bool ours =
        found.next() && found.integer(0) == incarnation_ && found.integer(1) == batch_ + 1;
    return ours ? entered::committed : entered::displaced;
}

} // namespace crm
