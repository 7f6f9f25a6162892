// Where a customer stands between looking and owning: before, in or after a sale. Derived from
// orders, frozen on every entry. Any thread.
#pragma once

#include "crm/words.hpp"

#include <cstdint>
#include <optional>

namespace crm {

/// Stored: never renumber.
enum class stage : std::int8_t
{
    pre_sale = 1,
    in_sale = 2,
    after_sale = 3
};
template <>
struct vocabulary<stage>
{
    static constexpr std::string_view what = "stage";
    static constexpr auto all = words_of<stage>(
        {{stage::pre_sale, "pre_sale"},
         {stage::in_sale, "in_sale"},
         {stage::after_sale, "after_sale"}}
    );
};

/// Where an order stands. Stored: never renumber.
enum class order_status : std::int8_t
{
    placed = 1,
    paid = 2,
    shipped = 3,
    delivered = 4,
    returned = 5,
    refunded = 6,
    cancelled = 7
};
template <>
struct vocabulary<order_status>
{
    static constexpr std::string_view what = "status";
    static constexpr auto all = words_of<order_status>(
        {{order_status::placed, "placed"},
         {order_status::paid, "paid"},
         {order_status::shipped, "shipped"},
         {order_status::delivered, "delivered"},
         {order_status::returned, "returned"},
         {order_status::refunded, "refunded"},
         {order_status::cancelled, "cancelled"}}
    );
};

/// The stage that an order puts its customer in; no order (or a cancelled one) is before the sale.
constexpr stage stage_of(std::optional<order_status> newest)
{
    if (!newest)
        return stage::pre_sale;
    switch (*newest) {
    case order_status::placed:
    case order_status::paid:
    case order_status::shipped:
        return stage::in_sale;
    case order_status::delivered:
    case order_status::returned:
    case order_status::refunded:
        return stage::after_sale;
    case order_status::cancelled:
        break;
    }
    return stage::pre_sale;
}

} // namespace crm
