#include "tests/support/test_data.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>
#include <utility>

namespace tests {

std::optional<std::filesystem::path> test_data(std::string_view folder)
{
    const char* named = std::getenv("PARLEY_TEST_DATA");
    const auto root =
        std::filesystem::path{named != nullptr && *named != '\0' ? named : "../shared/data"};
    std::error_code none;
    if (std::filesystem::is_directory(root / folder, none))
        return root / folder;
    static bool said = false;
    if (!std::exchange(said, true)) {
        std::cout << "skipped: no test data (" << root.string()
                  << "; PARLEY_TEST_DATA names another place)\n";
    }
    return std::nullopt;
}

std::string file_bytes(const std::filesystem::path& file)
{
    std::ifstream in{file, std::ios::binary};
    if (!in)
        throw std::runtime_error{"cannot read " + file.string()};
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<std::filesystem::path> files_below(const std::filesystem::path& folder)
{
    std::vector<std::filesystem::path> files;
    for (const auto& one : std::filesystem::recursive_directory_iterator{folder}) {
        if (one.is_regular_file())
            files.push_back(one.path());
    }
    std::ranges::sort(files);
    return files;
}

} // namespace tests
