#include "tests/unit/routing/story.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <fstream>

namespace fs = std::filesystem;

TEST_CASE("every routing story happens as it is told")
{
    std::vector<fs::path> files;
    for (const auto& entry :
         fs::directory_iterator(fs::path(PARLEY_SOURCE_DIR) / "tests/scenarios"))
        if (entry.path().extension() == ".txt")
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    REQUIRE(files.size() >= 10);
    for (const fs::path& file : files) {
        INFO(file.string());
        for (const std::string& complaint : routing::test::play_story(file))
            FAIL_CHECK(complaint);
    }
}

TEST_CASE("a story that tells it wrong is found out")
{
    const fs::path file =
        fs::temp_directory_path() / ("parley-story-" + std::to_string(::getpid()) + ".txt");
    std::ofstream(file) << "agent ann\n09:00:00 ann online\n09:00:01 chat c1\n09:00:02 dance c1\n";
    const auto complaints = routing::test::play_story(file);
    fs::remove(file);
    REQUIRE(complaints.size() == 2);
    CHECK(complaints[0].find(":3: told: ; happened: c1 to ann") != std::string::npos);
    CHECK(complaints[1].find(":4:") != std::string::npos);
}
