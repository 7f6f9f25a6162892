// The yardstick "the same SQL as ours" is worth something only while it is the same.
#include "tests/support/bare_ours.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

namespace fs = std::filesystem;

TEST_CASE("every statement of the bare relay stands in the product word for word")
{
    std::string sources;
    for (const auto& item : fs::recursive_directory_iterator{fs::path{PARLEY_SOURCE_DIR} / "crm"})
        if (item.path().extension() == ".cpp") {
            std::ostringstream whole;
            whole << std::ifstream{item.path()}.rdbuf();
            sources += whole.str();
        }
    // Long literals are written in pieces.
    const std::string joined = std::regex_replace(sources, std::regex{"\"\\s*\n\\s*\""}, "");
    for (const std::string_view text : bench::texts::all) {
        INFO(text);
        CHECK(joined.find(text) != std::string::npos);
    }
}
