// Real mails and payloads that lie beside the project and are read in place: the folder that
// PARLEY_TEST_DATA names, or ../shared/data. Tests that need them skip without them.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace tests {

/// The folder of that name inside the test data; nothing when it is not there, which is then said
/// once in a line "skipped: ...".
std::optional<std::filesystem::path> test_data(std::string_view folder);

/// All bytes of a file; throws std::runtime_error when it cannot be read.
std::string file_bytes(const std::filesystem::path& file);

/// Every regular file below a folder, sorted by path.
std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder);

} // namespace tests
