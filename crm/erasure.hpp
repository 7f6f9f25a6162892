// Erasing a customer: what was said, by what the customer is known, files and drafts go; when
// something happened, in which order, and what it was worth stays. A chain of small background jobs
// with a stored cursor, so it goes on after a restart and holds up nobody. Verbs run inside a store
// job.
#pragma once

#include "crm/context.hpp"
#include "crm/store/transaction.hpp"

#include <optional>
#include <string>
#include <vector>

namespace crm {

/// What is being erased, in this order. Stored: never renumber.
enum class erasure_phase : std::int8_t
{
    people = 1,        // names, fields, addresses, tokens
    conversations = 2, // subjects, previews, drafts; what is open is resolved
    files = 3,
    entries = 4,
    orders = 5,
    answers = 6, // kept answers of API requests
    intake = 7,  // raw bodies as they came in
    over = 8
};

/// How far it has come.
struct erasure
{
    customer_id customer{}; // the root of the merged customers
    instant asked{};
    erasure_phase phase = erasure_phase::people;
    std::int64_t member = 0;   // place in the list of merged customers
    std::int64_t place = 0;    // the last row done of this phase and member
    std::int64_t place_id = 0; // what tells rows of one place apart
    instant done{};
};

namespace erasures {

/// Begins for a customer and all that are merged with it: from here on it cannot be changed or
/// merged, and the agenda carries on with the rest. Asked again it answers how far it is. Throws
/// problem{not_found}.
erasure begin(transaction& tx, context& by, customer_id any_member);

/// The next piece; at most some 200 rows. The caller removes the blobs named, after the commit.
struct piece
{
    bool finished = false;
    std::vector<std::string> blobs{};
};
piece step(transaction& tx, context& by, customer_id root);

std::optional<erasure> find(db::connection& on, customer_id root);

} // namespace erasures
} // namespace crm
