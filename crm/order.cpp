#include "crm/order.hpp"

#include "crm/base/money.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"
#include "crm/conversation_list.hpp"
#include "crm/conversation_rows.hpp"
#include "crm/order_lines.hpp"
#include "crm/timeline.hpp"
#include "crm/value.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cstdlib>

namespace crm {

std::int64_t order::margin_minor() const
{
    switch (status) {
    case order_status::placed:
    case order_status::cancelled:
    case order_status::returned:
    case order_status::refunded:
        return 0;
    case order_status::paid:
    case order_status::shipped:
    case order_status::delivered:
        break;
    }
    return total_minor - cost_minor - refunded_minor;
}

namespace orders {
namespace {

void check_place(const order& wanted)
{
    if (wanted.number.empty() || wanted.number.size() > 190 || !is_utf8(wanted.number))
        throw problem{errc::invalid, "An order has a number of 1 to 190 bytes.", "number"};
    static_cast<void>(currency{wanted.currency});
    check_lines(wanted.lines);
    check_amount(wanted.total_minor, "total_minor");
    check_amount(wanted.cost_minor, "cost_minor");
    check_amount(wanted.refunded_minor, "refunded_minor");
}

void sum_lines(order& wanted)
{
    std::int64_t total = 0;
    std::int64_t cost = 0;
    for (const order_line& line : wanted.lines) {
        total += line.quantity * line.unit_minor;
        cost += line.quantity * line.unit_cost_minor;
    }
    if (wanted.total_minor == 0)
        wanted.total_minor = total;
    if (wanted.cost_minor == 0)
        wanted.cost_minor = cost;
}

template <class Order>
auto& moment_of(Order& of, order_status status)
{
    switch (status) {
    case order_status::placed:
        return of.placed;
    case order_status::paid:
        return of.paid;
    case order_status::shipped:
        return of.shipped;
    case order_status::delivered:
        return of.delivered;
    case order_status::returned:
        return of.returned;
    case order_status::refunded:
        return of.refunded;
    case order_status::cancelled:
        return of.cancelled;
    }
    std::abort();
}

void show(transaction& tx, context& by, const order& shown)
{
    boost::json::array lines;
    for (const order_line& line : shown.lines)
        lines.push_back(
            {{"sku", line.sku},
             {"name", line.name},
             {"quantity", line.quantity},
             {"unit_minor", line.unit_minor}}
        );
    boost::json::object details{
        {"order", to_string(shown.id)},
        {"number", shown.number},
        {"status", word(shown.status)},
        {"total_minor", shown.total_minor},
        {"currency", shown.currency}
    };
    // Only what fits: the order itself is one click away.
    if (shown.lines.size() <= 20)
        details["lines"] = std::move(lines);
    new_entry one;
    one.kind = entry_kind::order;
    one.customer = shown.customer;
    one.is_public = false;
    one.details = boost::json::serialize(details);
    one.reference = raw(shown.id);
    one.happened = moment_of(shown, shown.status);
    one.imported = true;
    if (by.who.kind == actor_kind::token)
        one.by = {.kind = author_kind::integration, .id = by.who.id, .identity = {}};
    if (raw(shown.conversation) != 0)
        one.conversation = shown.conversation;
    timeline::append(tx, by, one);
}

/// What follows from every change of an order: log, timeline, value, and the stage of what is live.
void follow(transaction& tx, context& by, const order& changed, happening what, bool show_it)
{
    log_entry line = logged(by, what);
    line.customer = changed.customer;
    line.conversation = changed.conversation;
    line.subject = raw(changed.id);
    line.number = static_cast<std::int64_t>(changed.status);
    line.order_state = std::make_shared<const order>(changed);
    tx.append(std::move(line));
    // The stage first, so that the entry shows the one the order brought about.
    for (const conversation_id live : conversations::live_of_customer(tx.db(), changed.customer))
        conversations::refresh_stage(tx, by, live);
    if (show_it)
        show(tx, by, changed);
    value::refresh(tx, by, changed.customer, what, raw(changed.id));
}

constexpr std::string_view insert_order =
    "INSERT INTO orders (id, number, customer_id, conversation_id, status, currency, total_minor,"
    " cost_minor, refunded_minor, placed_at, paid_at, shipped_at, delivered_at, returned_at,"
    " refunded_at, cancelled_at, carrier, tracking, eta, created_at, updated_at, revision)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)";
constexpr std::string_view customer_exists = "SELECT id FROM customers WHERE id = ?";

} // namespace

bool may_follow(order_status from, order_status to)
{
    switch (to) {
    case order_status::placed:
        return false;
    case order_status::paid:
    case order_status::shipped:
    case order_status::delivered:
        return from < to;
    case order_status::returned:
        return from == order_status::shipped || from == order_status::delivered;
    case order_status::refunded:
        return from >= order_status::paid && from <= order_status::returned;
    case order_status::cancelled:
        return from <= order_status::shipped;
    }
    return false;
}

order place(transaction& tx, context& by, order wanted)
{
    check_place(wanted);
    if (auto first = find(tx.db(), wanted.number)) {
        if (customers::root_of(tx.db(), first->customer) !=
            customers::root_of(tx.db(), wanted.customer))
            throw problem{
                errc::conflict, "Another customer has an order of this number.", "number"
            };
        return std::move(*first);
    }
    {
        db::rows row = tx.query(customer_exists, {wanted.customer});
        if (!row.next())
            throw problem{errc::not_found, "There is no such customer.", "customer"};
    }
    if (raw(wanted.conversation) != 0)
        conversations::need(tx.db(), wanted.conversation);
    sum_lines(wanted);
    wanted.id = by.ids.next<order_id>();
    wanted.revision = 1;
    wanted.updated = by.now;
    if (!wanted.placed.is_set())
        wanted.placed = by.now;
    if (instant& reached = moment_of(wanted, wanted.status); !reached.is_set())
        reached = by.now;
    tx.exec(
        insert_order,
        {wanted.id,
         wanted.number,
         wanted.customer,
         wanted.conversation,
         wanted.status,
         wanted.currency,
         wanted.total_minor,
         wanted.cost_minor,
         wanted.refunded_minor,
         wanted.placed,
         wanted.paid,
         wanted.shipped,
         wanted.delivered,
         wanted.returned,
         wanted.refunded,
         wanted.cancelled,
         wanted.carrier,
         wanted.tracking,
         wanted.eta,
         by.now,
         by.now}
    );
    write_lines(tx, wanted.id, wanted.lines);
    follow(tx, by, wanted, happening::order_placed, true);
    return wanted;
}

namespace {

constexpr std::string_view update_order =
    "UPDATE orders SET status = ?, total_minor = ?, cost_minor = ?, refunded_minor = ?, paid_at = "
    "?,"
    " shipped_at = ?, delivered_at = ?, returned_at = ?, refunded_at = ?, cancelled_at = ?,"
    " carrier = ?, tracking = ?, eta = ?, updated_at = ?, revision = ? WHERE id = ?";

void take(order& now, const order_change& wanted, instant at)
{
    if (wanted.status) {
        now.status = *wanted.status;
        moment_of(now, now.status) = wanted.at.value_or(at);
    }
    now.carrier = wanted.carrier.value_or(now.carrier);
    now.tracking = wanted.tracking.value_or(now.tracking);
    now.eta = wanted.eta.value_or(now.eta);
    if (wanted.lines) {
        now.lines = *wanted.lines;
        now.total_minor = now.cost_minor = 0;
        sum_lines(now);
    }
    now.total_minor = wanted.total_minor.value_or(now.total_minor);
    now.cost_minor = wanted.cost_minor.value_or(now.cost_minor);
    now.refunded_minor = wanted.refunded_minor.value_or(now.refunded_minor);
    if (wanted.status == order_status::refunded && !wanted.refunded_minor)
        now.refunded_minor = now.total_minor;
}

void check_change(
    const order& now, const order_change& wanted, std::optional<std::int64_t> expected
)
{
    if (expected && *expected != now.revision)
        throw problem{errc::precondition, "Somebody changed this order meanwhile: read it again."};
    if (wanted.status && *wanted.status != now.status && !may_follow(now.status, *wanted.status))
        throw problem{
            errc::conflict,
            "An order that is " + std::string{word(now.status)} + " cannot become " +
                std::string{word(*wanted.status)} + ".",
            "status"
        };
    if (wanted.lines)
        check_lines(*wanted.lines);
    for (const auto& [amount, field] :
         {std::pair{wanted.total_minor, "total_minor"},
          std::pair{wanted.cost_minor, "cost_minor"},
          std::pair{wanted.refunded_minor, "refunded_minor"}})
        if (amount)
            check_amount(*amount, field);
}

} // namespace

order change(
    transaction& tx,
    context& by,
    order_id which,
    const order_change& wanted,
    std::optional<std::int64_t> expected
)
{
    auto found = find(tx.db(), which);
    if (!found)
        throw problem{errc::not_found, "There is no such order."};
    order now = std::move(*found);
    check_change(now, wanted, expected);
    order_change differing = wanted;
    if (differing.status == now.status)
        differing.status.reset();
    order after = now;
    take(after, differing, by.now);
    const auto same = [](const order& one, const order& other) {
        return one.status == other.status && one.total_minor == other.total_minor &&
               one.cost_minor == other.cost_minor && one.refunded_minor == other.refunded_minor &&
               one.carrier == other.carrier && one.tracking == other.tracking &&
               one.eta == other.eta && one.lines == other.lines;
    };
    if (same(now, after))
        return now;
    after.updated = by.now;
    ++after.revision;
    tx.exec(
        update_order,
        {after.status,
         after.total_minor,
         after.cost_minor,
         after.refunded_minor,
         after.paid,
         after.shipped,
         after.delivered,
         after.returned,
         after.refunded,
         after.cancelled,
         after.carrier,
         after.tracking,
         after.eta,
         after.updated,
         after.revision,
         after.id}
    );
    if (after.lines != now.lines)
        write_lines(tx, after.id, after.lines);
    follow(tx, by, after, happening::order_changed, after.status != now.status);
    return after;
}

} // namespace orders
} // namespace crm
