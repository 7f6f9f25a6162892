// Orders: pushed in over the API, shown on the customer's timeline, and what decides the stage and
// (for now) the value. Verbs run inside a store job.
#pragma once

#include "crm/context.hpp"
#include "crm/stage.hpp"
#include "crm/store/transaction.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

/// A line of an order; money in minor units of the order's currency.
struct order_line
{
    std::string sku{};
    std::string name{};
    std::int64_t quantity = 1;
    std::int64_t unit_minor = 0;
    std::int64_t unit_cost_minor = 0;
    std::string image{}; // URL, may be empty
    friend bool operator==(const order_line&, const order_line&) = default;
};

/// An order. Each status keeps the moment it was reached.
struct order
{
    order_id id{};
    std::string number{}; // the shop's own, unique
    customer_id customer{};
    conversation_id conversation{}; // it came out of, 0 none
    order_status status = order_status::placed;
    std::string currency = "EUR";
    std::int64_t total_minor = 0;
    std::int64_t cost_minor = 0;
    std::int64_t refunded_minor = 0;
    instant placed{};
    instant paid{};
    instant shipped{};
    instant delivered{};
    instant returned{};
    instant refunded{};
    instant cancelled{};
    std::string carrier{};
    std::string tracking{};
    instant eta{};
    std::vector<order_line> lines{};
    instant updated{};
    std::int64_t revision = 0;

    /// What it brings: total less cost less what was paid back; 0 while unpaid, cancelled or taken
    /// back.
    [[nodiscard]] std::int64_t margin_minor() const;
};

/// What may change with or without a new status.
struct order_change
{
    std::optional<order_status> status{};
    std::optional<instant> at{}; // when the status was reached; else now
    std::optional<std::string> carrier{};
    std::optional<std::string> tracking{};
    std::optional<instant> eta{};
    std::optional<std::int64_t> total_minor{};
    std::optional<std::int64_t> cost_minor{};
    std::optional<std::int64_t> refunded_minor{};
    std::optional<std::vector<order_line>> lines{};
};

namespace orders {

/// True when an order may go from one status to the other: forward along placed, paid, shipped,
/// delivered (steps may be skipped), to returned or refunded once paid, to cancelled before
/// delivery.
bool may_follow(order_status from, order_status to);

/// A new order; id and revision are given, total and cost are summed from the lines where they are
/// 0. The same number of the same customer again changes nothing and returns the first. Throws
/// problem{conflict} when another customer has the number, problem{invalid} naming the member.
order place(transaction& tx, context& by, order wanted);

/// Moves an order on. The status it already has changes nothing. Throws problem{conflict} when the
/// status may not follow, problem{precondition} when `expected` is not its revision.
order change(
    transaction& tx,
    context& by,
    order_id which,
    const order_change& wanted,
    std::optional<std::int64_t> expected = std::nullopt
);

std::optional<order> find(db::connection& on, order_id which);
std::optional<order> find(db::connection& on, std::string_view number);

/// A customer's orders over all merged members, newest first.
std::vector<order> of_customer(db::connection& on, customer_id root, int limit);
std::int64_t count_of_customer(db::connection& on, customer_id root);

/// The status of the newest order of any member that is not cancelled; what the stage derives from.
std::optional<order_status> newest_status(db::connection& on, customer_id any_member);

} // namespace orders
} // namespace crm
