// Settings that live in the database because they belong to the installation, and the random
// secrets it made for itself. Verbs run inside a store job.
#pragma once

#include "crm/context.hpp"
#include "crm/store/transaction.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace crm::settings_table {

/// Sets a setting; the content is JSON text of the one who reads it. Logged by name, never by
/// content.
void set(transaction& tx, context& by, std::string_view name, std::string_view content);
std::optional<std::string> get(db::connection& on, std::string_view name);
std::map<std::string, std::string> all(db::connection& on);

/// The secret of this name; `fresh` (made by the caller, at least 16 bytes) becomes it where there
/// is none yet.
std::string
secret(transaction& tx, const context& by, std::string_view name, std::string_view fresh);
std::optional<std::string> find_secret(db::connection& on, std::string_view name);

} // namespace crm::settings_table
