// Reads a routing story (tests/scenarios/*.txt) and plays it against the engine. The format is
// described in tests/scenarios/README.md.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace routing::test {

/// What went otherwise than told, one line each with file and line number; empty when all held.
std::vector<std::string> play_story(const std::filesystem::path& file);

} // namespace routing::test
