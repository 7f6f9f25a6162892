// Reads what the store really holds, past the server, for the judge. Any one thread.
#pragma once

#include "tests/support/load_history.hpp"

#include <string>
#include <vector>

namespace load {

/// Every entry of the database at `url` ("sqlite:PATH" or "mysql://..."), in any order. Throws
/// crm::db::failure when it cannot be read.
std::vector<seen_entry> read_entries(const std::string& url);

} // namespace load
