// Customers: one person (or company contact), one timeline. An anonymous visitor is a customer from
// the first word. Merging sets a reference and rewrites nothing, so it can be taken back. Verbs run
// inside a store job.
#pragma once

#include "crm/context.hpp"
#include "crm/customer_record.hpp"
#include "crm/store/transaction.hpp"

#include <optional>
#include <string>
#include <vector>

namespace crm {

namespace customers {

/// A new customer; without a name it is anonymous. `identities` are added by crm/identity.hpp.
customer create(transaction& tx, context& by, const customer_change& known);

/// Changes what is given; a field keeps its former values with their source. Naming an anonymous
/// customer makes it a known one. Throws problem{precondition} when `expected` is not its revision.
customer change(
    transaction& tx,
    context& by,
    customer_id which,
    const customer_change& wanted,
    source from,
    std::optional<std::int64_t> expected = std::nullopt
);

/// Says that `other` is the same person as `survivor`: both timelines are read as one from now on.
/// Both must be roots and different. Throws problem{conflict} with what to do.
void merge(transaction& tx, context& by, customer_id survivor, customer_id other);

/// Takes the last merge of `other` back. Throws problem{conflict} when it is not merged.
void unmerge(transaction& tx, context& by, customer_id other);

std::optional<customer> find(db::connection& on, customer_id id);
/// The same; throws problem{not_found}.
customer need(db::connection& on, customer_id id);

/// The customer that stands for this one after merges; itself when not merged.
customer_id root_of(db::connection& on, customer_id id);
/// The customer and everyone merged into it, itself first. At most 100.
std::vector<customer_id> members_of(db::connection& on, customer_id root);

customer_archive archive(db::connection& on, customer_id id);
/// Every value a field of the customer ever had, newest first.
std::vector<field_value> history(db::connection& on, customer_id id);

} // namespace customers
} // namespace crm
