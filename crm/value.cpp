#include "crm/value.hpp"

#include "crm/base/problem.hpp"
#include "crm/stage.hpp"
#include "crm/value_cuts.hpp"

#include <algorithm>
#include <cmath>

namespace crm::value {
namespace {

// The margin of an order, as order::margin_minor says; one currency per installation for now, that
// of the newest paid order.
constexpr std::string_view select_worth =
    "SELECT SUM(total_minor - cost_minor - refunded_minor), COUNT(*), MAX(currency) FROM orders"
    " WHERE customer_id = ? AND status IN (?, ?, ?)";

} // namespace

worth worth_of(db::connection& on, customer_id root)
{
    worth all;
    for (const customer_id member : customers::members_of(on, root)) {
        db::rows row = on.query(
            select_worth,
            {member, order_status::paid, order_status::shipped, order_status::delivered}
        );
        if (!row.next() || row.integer(1) == 0)
            continue;
        all.value_minor += row.integer(0);
        all.orders += row.integer(1);
        if (all.currency.empty())
            all.currency = row.string(2);
    }
    return all;
}

namespace {

constexpr std::string_view select_snapshot =
    "SELECT id, customer_id, taken_at, basis, value_minor, currency, orders_counted, score,"
    " top_percent, tier, cause_kind, cause_id FROM value_snapshots ";

value_snapshot read_snapshot(const db::rows& row)
{
    return {
        .id = row.id<snapshot_id>(0),
        .customer = row.id<customer_id>(1),
        .taken = row.time(2),
        .basis = static_cast<value_basis>(row.integer(3)),
        .value_minor = row.integer(4),
        .currency = row.string(5),
        .orders = row.integer(6),
        .score = row.real(7),
        .top_percent = row.real(8),
        .tier = static_cast<tier>(row.integer(9)),
        .cause = static_cast<happening>(row.integer(10)),
        .cause_id = row.integer(11)
    };
}

constexpr std::string_view insert_snapshot =
    "INSERT INTO value_snapshots (id, customer_id, taken_at, basis, value_minor, currency,"
    " orders_counted, score, top_percent, tier, cause_kind, cause_id, details)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '{}')";
constexpr std::string_view show_value =
    "UPDATE customers SET score = ?, tier = ?, value_minor = ?, currency = ? WHERE id = ?";

bool same_value(const value_snapshot& one, const value_snapshot& other)
{
    return one.basis == other.basis && one.value_minor == other.value_minor &&
           one.currency == other.currency && one.orders == other.orders &&
           one.score == other.score && one.tier == other.tier;
}

/// Between which cuts a value stands, as the share of customers at least as valuable.
double top_percent_of(std::int64_t value_minor, const breakpoints& cuts)
{
    if (cuts.customers < enough_customers)
        return 0;
    if (value_minor >= cuts.vip_from_minor)
        return 1;
    if (value_minor >= cuts.major_from_minor)
        return 5;
    return value_minor >= cuts.regular_from_minor ? 20 : 100;
}

void write(transaction& tx, context& by, const customer& who, value_snapshot& fresh)
{
    fresh.id = by.ids.next<snapshot_id>();
    tx.exec(
        insert_snapshot,
        {fresh.id,
         fresh.customer,
         fresh.taken,
         fresh.basis,
         fresh.value_minor,
         fresh.currency,
         fresh.orders,
         fresh.score,
         fresh.top_percent,
         fresh.tier,
         fresh.cause,
         fresh.cause_id}
    );
    tx.exec(show_value, {fresh.score, fresh.tier, fresh.value_minor, fresh.currency, who.id});
    log_entry line = logged(by, happening::customer_changed);
    line.customer = who.id;
    line.subject = raw(fresh.id);
    line.number = static_cast<std::int64_t>(fresh.tier);
    line.amount = std::llround(fresh.score * 1'000.0);
    tx.append(std::move(line));
}

/// What a customer is worth now, as a snapshot with this tier unless one is pinned; written if it
/// differs from the last one.
template <class Decide>
value_snapshot measure(
    transaction& tx,
    context& by,
    const customer& who,
    const breakpoints& cuts,
    const Decide& decided,
    happening cause,
    std::int64_t cause_id
)
{
    const worth found = worth_of(tx.db(), who.id);
    value_snapshot fresh;
    fresh.customer = who.id;
    fresh.taken = by.now;
    fresh.basis = found.orders > 0 ? value_basis::orders : value_basis::none;
    if (who.tier_pinned)
        fresh.basis = value_basis::manual;
    fresh.value_minor = found.value_minor;
    fresh.currency = found.currency;
    fresh.orders = found.orders;
    fresh.score = score_of(found.value_minor, cuts);
    fresh.top_percent = found.orders > 0 ? top_percent_of(found.value_minor, cuts) : 0;
    fresh.tier = who.tier_pinned ? who.tier : decided(found);
    fresh.cause = cause;
    fresh.cause_id = cause_id;
    const auto last = as_of(tx.db(), who.id, by.now);
    if (last ? same_value(*last, fresh) : fresh.tier == tier::none)
        return last.value_or(fresh);
    write(tx, by, who, fresh);
    return fresh;
}

bool by_rank(const breakpoints& cuts)
{
    return cuts.customers >= enough_customers;
}

constexpr std::string_view select_trend =
    "SELECT toward, nights FROM tier_trends WHERE customer_id = ?";
constexpr std::string_view delete_trend = "DELETE FROM tier_trends WHERE customer_id = ?";
constexpr std::string_view insert_trend =
    "INSERT INTO tier_trends (customer_id, toward, nights) VALUES (?, ?, ?)";

/// The tier after this night; where the value points meanwhile is kept for the next.
tier tier_tonight(transaction& tx, const customer& who, const worth& found, const breakpoints& cuts)
{
    tier_standing before{.now = who.tier};
    {
        db::rows row = tx.query(select_trend, {who.id});
        if (row.next())
            before = {who.tier, row.as<tier>(0), static_cast<int>(row.integer(1))};
    }
    const tier_standing after = after_night(before, found.value_minor, found.orders, cuts);
    if (before.nights != 0 && before != after)
        tx.exec(delete_trend, {who.id});
    if (after.nights != 0 && before != after)
        tx.exec(insert_trend, {who.id, after.toward, after.nights});
    return after.now;
}

} // namespace

value_snapshot refresh(
    transaction& tx, context& by, customer_id any_member, happening cause, std::int64_t cause_id
)
{
    const customer who = customers::need(tx.db(), customers::root_of(tx.db(), any_member));
    const breakpoints cuts = present(tx.db());
    const bool at_once =
        cause == happening::setting_changed || cause == happening::customer_changed;
    const auto decided = [&](const worth& found) {
        const bool waits = by_rank(cuts) && !at_once && who.tier != tier::none && found.orders > 0;
        return waits ? who.tier : tier_of(found.value_minor, found.orders, cuts);
    };
    return measure(tx, by, who, cuts, decided, cause, cause_id);
}

constexpr std::string_view next_customers = "SELECT id FROM customers WHERE id > ? AND merged_into "
                                            "= 0 AND erased_at = 0 ORDER BY id LIMIT ?";

std::optional<customer_id> refresh_some(transaction& tx, context& by, customer_id after, int limit)
{
    if (limit < 1 || limit > 100)
        throw problem{errc::invalid, "limit is 1 to 100.", "limit"};
    std::vector<customer_id> next;
    {
        db::rows row = tx.query(next_customers, {after, limit});
        while (row.next())
            next.push_back(row.id<customer_id>(0));
    }
    const breakpoints cuts = present(tx.db());
    for (const customer_id one : next) {
        const customer who = customers::need(tx.db(), one);
        const auto decided = [&](const worth& found) {
            return by_rank(cuts) ? tier_tonight(tx, who, found, cuts)
                                 : tier_of(found.value_minor, found.orders, cuts);
        };
        measure(tx, by, who, cuts, decided, happening::setting_changed, 0);
    }
    if (next.empty())
        return std::nullopt;
    return next.back();
}

std::optional<value_snapshot> as_of(db::connection& on, customer_id root, instant at)
{
    static const std::string sql =
        std::string{select_snapshot} +
        "WHERE customer_id = ? AND taken_at <= ? ORDER BY taken_at DESC, id DESC LIMIT 1";
    db::rows row = on.query(sql, {root, at});
    if (!row.next())
        return std::nullopt;
    return read_snapshot(row);
}

std::vector<value_snapshot> history(db::connection& on, customer_id root, int limit)
{
    static const std::string sql = std::string{select_snapshot} +
                                   "WHERE customer_id = ? ORDER BY taken_at DESC, id DESC LIMIT ?";
    std::vector<value_snapshot> found;
    db::rows row = on.query(sql, {root, limit});
    while (row.next())
        found.push_back(read_snapshot(row));
    return found;
}

} // namespace crm::value
