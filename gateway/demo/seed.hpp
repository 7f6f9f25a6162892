// The demo's data: seeded once per data directory, its log-ins and token kept beside it for whoever
// shows them. Io thread.
#pragma once

#include "gateway/house.hpp"

#include <filesystem>

namespace gateway {

/// Seeds an empty database and writes demo.json (0600) into the directory; does nothing the second
/// time.
task<void> seed_demo(house& in, std::filesystem::path directory);

} // namespace gateway
