// Reading orders.
#include "crm/customer.hpp"
#include "crm/order.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

namespace crm::orders {
namespace {

constexpr std::string_view select_order =
    "SELECT id, number, customer_id, conversation_id, status, currency, total_minor, cost_minor,"
    " refunded_minor, placed_at, paid_at, shipped_at, delivered_at, returned_at, refunded_at,"
    " cancelled_at, carrier, tracking, eta, updated_at, revision FROM orders ";
constexpr std::string_view select_lines =
    "SELECT sku, name, quantity, unit_minor, unit_cost_minor, image FROM order_lines"
    " WHERE order_id = ? ORDER BY line";

std::vector<order>
read_all(db::connection& on, std::string_view sql, std::initializer_list<db::value> args)
{
    std::vector<order> found;
    {
        db::rows row = on.query(sql, args);
        while (row.next()) {
            order& one = found.emplace_back();
            one.id = row.id<order_id>(0);
            one.number = row.string(1);
            one.customer = row.id<customer_id>(2);
            one.conversation = row.id<conversation_id>(3);
            one.status = static_cast<order_status>(row.integer(4));
            one.currency = row.string(5);
            one.total_minor = row.integer(6);
            one.cost_minor = row.integer(7);
            one.refunded_minor = row.integer(8);
            one.placed = row.time(9);
            one.paid = row.time(10);
            one.shipped = row.time(11);
            one.delivered = row.time(12);
            one.returned = row.time(13);
            one.refunded = row.time(14);
            one.cancelled = row.time(15);
            one.carrier = row.string(16);
            one.tracking = row.string(17);
            one.eta = row.time(18);
            one.updated = row.time(19);
            one.revision = row.integer(20);
        }
    }
    for (order& one : found) {
        db::rows row = on.query(select_lines, {one.id});
        while (row.next())
            one.lines.push_back(
                {.sku = row.string(0),
                 .name = row.string(1),
                 .quantity = row.integer(2),
                 .unit_minor = row.integer(3),
                 .unit_cost_minor = row.integer(4),
                 .image = row.string(5)}
            );
    }
    return found;
}

} // namespace

std::optional<order> find(db::connection& on, order_id which)
{
    static const std::string sql = std::string{select_order} + "WHERE id = ?";
    auto found = read_all(on, sql, {which});
    if (found.empty())
        return std::nullopt;
    return std::move(found.front());
}

std::optional<order> find(db::connection& on, std::string_view number)
{
    static const std::string sql = std::string{select_order} + "WHERE number = ?";
    auto found = read_all(on, sql, {number});
    if (found.empty())
        return std::nullopt;
    return std::move(found.front());
}

std::vector<order> of_customer(db::connection& on, customer_id root, int limit)
{
    static const std::string sql = std::string{select_order} +
                                   "WHERE customer_id = ? ORDER BY placed_at DESC, id DESC LIMIT ?";
    std::vector<order> found;
    for (const customer_id member : customers::members_of(on, root))
        std::ranges::move(read_all(on, sql, {member, limit}), std::back_inserter(found));
    std::ranges::sort(found, [](const order& one, const order& other) {
        return std::pair{one.placed, one.id} > std::pair{other.placed, other.id};
    });
    if (std::cmp_greater(found.size(), limit))
        found.resize(static_cast<std::size_t>(limit));
    return found;
}

constexpr std::string_view count_orders = "SELECT COUNT(*) FROM orders WHERE customer_id = ?";

std::int64_t count_of_customer(db::connection& on, customer_id root)
{
    std::int64_t count = 0;
    for (const customer_id member : customers::members_of(on, root)) {
        db::rows row = on.query(count_orders, {member});
        row.next();
        count += row.integer(0);
    }
    return count;
}

constexpr std::string_view select_newest =
    "SELECT status, placed_at FROM orders WHERE customer_id = ? AND status <> ?"
    " ORDER BY placed_at DESC, id DESC LIMIT 1";

std::optional<order_status> newest_status(db::connection& on, customer_id any_member)
{
    std::optional<order_status> newest;
    instant placed;
    for (const customer_id member : customers::members_of(on, customers::root_of(on, any_member))) {
        db::rows row = on.query(select_newest, {member, order_status::cancelled});
        if (row.next() && (!newest || row.time(1) > placed)) {
            newest = static_cast<order_status>(row.integer(0));
            placed = row.time(1);
        }
    }
    return newest;
}

} // namespace crm::orders
