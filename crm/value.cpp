#include "crm/value.hpp"

#include "crm/base/json.hpp"
#include "crm/base/problem.hpp"
#include "crm/settings_table.hpp"
#include "crm/stage.hpp"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>

namespace crm::value {
namespace {

constexpr std::string_view breakpoints_name = "value.breakpoints";
constexpr std::int64_t enough_customers = 100;

// The margin of an order, as order::margin_minor says; one currency per installation for now, that
// of the newest paid order.
constexpr std::string_view select_worth =
    "SELECT SUM(total_minor - cost_minor - refunded_minor), COUNT(*), MAX(currency) FROM orders"
    " WHERE customer_id = ? AND status IN (?, ?, ?)";

} // namespace

double score_of(std::int64_t value_minor, const breakpoints& cuts)
{
    if (value_minor <= 0)
        return 0;
    const double middle = std::max(1.0, static_cast<double>(cuts.v50_minor));
    const double top = std::max(middle, static_cast<double>(cuts.v999_minor));
    const double score =
        100.0 * std::log1p(static_cast<double>(value_minor) / middle) / std::log1p(top / middle);
    return std::clamp(score, 0.0, 100.0);
}

tier tier_of(std::int64_t value_minor, std::int64_t orders, const breakpoints& cuts)
{
    if (orders == 0)
        return tier::none;
    if (value_minor >= cuts.vip_from_minor)
        return tier::vip;
    if (value_minor >= cuts.major_from_minor)
        return tier::major;
    if (value_minor >= cuts.regular_from_minor)
        return tier::regular;
    return tier::small;
}

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

} // namespace

value_snapshot refresh(
    transaction& tx, context& by, customer_id any_member, happening cause, std::int64_t cause_id
)
{
    const customer who = customers::need(tx.db(), customers::root_of(tx.db(), any_member));
    const worth found = worth_of(tx.db(), who.id);
    const breakpoints cuts = present(tx.db());
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
    fresh.tier = who.tier_pinned ? who.tier : tier_of(found.value_minor, found.orders, cuts);
    fresh.cause = cause;
    fresh.cause_id = cause_id;
    const auto last = as_of(tx.db(), who.id, by.now);
    if (last ? same_value(*last, fresh) : fresh.tier == tier::none)
        return last.value_or(fresh);
    write(tx, by, who, fresh);
    return fresh;
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
    for (const customer_id one : next)
        refresh(tx, by, one, happening::setting_changed, 0);
    if (next.empty())
        return std::nullopt;
    return next.back();
}

constexpr std::string_view count_valued =
    "SELECT COUNT(*) FROM customers WHERE tier <> 0 AND merged_into = 0 AND currency <> ''";
constexpr std::string_view value_at_rank =
    "SELECT value_minor FROM customers WHERE tier <> 0 AND merged_into = 0 AND currency <> ''"
    " ORDER BY value_minor DESC, id DESC LIMIT 1 OFFSET ?";

namespace {

std::int64_t at_rank(db::connection& on, std::int64_t rank)
{
    db::rows row = on.query(value_at_rank, {rank});
    return row.next() ? row.integer(0) : 0;
}

} // namespace

breakpoints recompute(transaction& tx, context& by)
{
    breakpoints cuts;
    std::int64_t count = 0;
    {
        db::rows row = tx.query(count_valued);
        row.next();
        count = row.integer(0);
    }
    if (count < enough_customers)
        return present(tx.db());
    // The share of the best customers that still belongs to a tier ends at this rank.
    const auto rank = [&](std::int64_t per_mille) {
        return std::max<std::int64_t>(1, count * per_mille / 1000) - 1;
    };
    cuts.customers = count;
    cuts.vip_from_minor = at_rank(tx.db(), rank(10));
    cuts.major_from_minor = at_rank(tx.db(), rank(50));
    cuts.regular_from_minor = at_rank(tx.db(), rank(200));
    cuts.v50_minor = std::max<std::int64_t>(1, at_rank(tx.db(), rank(500)));
    cuts.v999_minor = std::max<std::int64_t>(cuts.v50_minor + 1, at_rank(tx.db(), rank(1)));
    if (cuts == present(tx.db()))
        return cuts;
    settings_table::set(
        tx,
        by,
        breakpoints_name,
        boost::json::serialize(boost::json::object{
            {"v50_minor", cuts.v50_minor},
            {"v999_minor", cuts.v999_minor},
            {"vip_from_minor", cuts.vip_from_minor},
            {"major_from_minor", cuts.major_from_minor},
            {"regular_from_minor", cuts.regular_from_minor},
            {"customers", cuts.customers}
        })
    );
    return cuts;
}

breakpoints present(db::connection& on)
{
    breakpoints cuts;
    const auto stored = settings_table::get(on, breakpoints_name);
    if (!stored)
        return cuts;
    const boost::json::value parsed = json::parse(*stored);
    const auto read = [&](const char* name, std::int64_t& to) {
        to = parsed.as_object().at(name).as_int64();
    };
    read("v50_minor", cuts.v50_minor);
    read("v999_minor", cuts.v999_minor);
    read("vip_from_minor", cuts.vip_from_minor);
    read("major_from_minor", cuts.major_from_minor);
    read("regular_from_minor", cuts.regular_from_minor);
    read("customers", cuts.customers);
    return cuts;
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
