// The lines of an order: what may stand in them, and their rows. Inside a store job.
#pragma once

#include "crm/order.hpp"

#include <span>

namespace crm::orders {

/// Lines of one order; a job changes few rows.
inline constexpr std::size_t most_lines = 200;

/// Throws problem{invalid} with `field` unless it is 0 to 10^14 in the smallest unit.
void check_amount(std::int64_t minor, std::string_view field);

/// Throws problem{invalid} that names the member at fault.
void check_lines(std::span<const order_line> lines);

/// Puts these lines in place of those the order has, in statements of many rows.
void write_lines(transaction& tx, order_id of, std::span<const order_line> lines);

} // namespace crm::orders
