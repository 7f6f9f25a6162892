// A big archive in a moment: customers, conversations and entries as the product would have stored
// them, written straight into the tables. Any one thread.
#pragma once

#include "crm/store/connection.hpp"

#include <cstdint>
#include <vector>

namespace load {

struct archive_settings
{
    std::int64_t customers = 10'000;
    std::int64_t entries = 1'000'000;      // shared evenly, but for the first customer
    std::int64_t entries_of_first = 5'000; // one customer with a long history
    std::int64_t inbox = 1;
    std::int64_t first_id = 1'000; // ids count up from here; the first customer has this one
};

/// Fills an empty, migrated database; returns one conversation of each customer.
std::vector<std::int64_t> fill_archive(crm::db::connection& on, const archive_settings& how);

} // namespace load
