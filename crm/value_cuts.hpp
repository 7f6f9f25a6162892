// Where scores and tiers are cut, from the values of everybody: gathered in short reads, so that
// the writer never waits for a walk over all customers. Functions run inside store jobs.
#pragma once

#include "crm/value.hpp"

#include <cstdint>
#include <vector>

namespace crm::value {

/// Below so many customers with a value the built-in cuts stay.
inline constexpr std::int64_t enough_customers = 100;

/// Values of customers with paid orders, in no order that matters.
struct gathered
{
    std::vector<std::int64_t> values{};
    customer_id last{}; // where to go on
    bool is_last = false;
};
/// Those of the next `limit` customers after `after` in id order.
gathered gather(db::connection& on, customer_id after, int limit);

/// The cuts for these values by the shares that the house has set; nullopt for too few.
std::optional<breakpoints> cuts_from(db::connection& on, std::vector<std::int64_t> values);

/// Stores them as a setting, if they differ.
void keep(transaction& tx, context& by, const breakpoints& cuts);

} // namespace crm::value
