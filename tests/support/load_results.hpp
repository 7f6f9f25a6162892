// The cumulative results of the torture runs: one line a run, saved after every cycle so that a run
// that was stopped goes on where it was. Any one thread.
#pragma once

#include "tests/support/load_history.hpp"

#include <cstdint>
#include <filesystem>
#include <string>

namespace load {

/// What one run (one seed of one kind of torture) has come to so far.
struct torture_run
{
    std::string what;  // "server", "database", "proxy"
    std::string store; // "sqlite", "mysql"
    std::uint32_t seed = 0;
    int cycles = 0; // done
    int wanted = 0;
    std::int64_t acknowledged = 0;
    std::int64_t refused = 0;
    std::int64_t lost = 0;
    std::int64_t doubled = 0;
    std::int64_t gaps = 0;
    std::int64_t different = 0;
    std::int64_t resurrected = 0;
    std::int64_t other = 0; // anything else that must not happen: the server died, nothing answered
    std::int64_t resumes = 0;
    std::int64_t snapshots = 0;
    std::int64_t strikes = 0; // faults that struck
    double seconds = 0;

    [[nodiscard]] std::int64_t violations() const
    {
        return lost + doubled + gaps + different + resurrected + other;
    }
    /// Adds what a judge found.
    void count(const verdict& found);
};

/// The run to go on with: that of `seed`; for seed 0 the first one of this kind that is not
/// complete, or a new one with the next seed.
torture_run find_run(
    const std::filesystem::path& file,
    const std::string& what,
    const std::string& store,
    std::uint32_t seed,
    int wanted
);

/// Writes a run's line, in place of its former one.
void save_run(const std::filesystem::path& file, const torture_run& run);

} // namespace load
