// The archive's list: customers within somebody's sight, page by page. Functions run inside store
// jobs.
#pragma once

#include "crm/base/time.hpp"
#include "crm/sight.hpp"

#include <optional>
#include <set>
#include <span>
#include <vector>

namespace crm::customers {

/// A place in the list: below this row.
struct list_place
{
    instant updated{};
    customer_id id{};
};

struct list_page
{
    std::vector<customer_id> customers{};
    /// Where to go on; unset at the end.
    std::optional<list_place> next{};
};

/// Who stands for themselves and is within sight, last changed first. The page is full wherever
/// more follows, unless over 40,000 customers out of sight lie between: then it goes on from there.
/// `limit` is 1 to 200.
list_page
list(db::connection& on, const audience& who, std::optional<list_place> before, int limit);

/// Which of these (at most 200) are within sight, by few queries.
std::set<customer_id>
seen_among(db::connection& on, const audience& who, std::span<const customer_id> asked);

} // namespace crm::customers
