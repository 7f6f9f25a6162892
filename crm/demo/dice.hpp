// Chance that comes out the same everywhere: the standard's distributions differ between libraries.
#pragma once

#include <cstdint>

namespace crm::demo {

/// A small counter-based generator (splitmix64).
class dice
{
public:
    explicit dice(std::uint64_t seed) : state_{seed} {}

    std::uint64_t next()
    {
        state_ += 0x9E3779B97F4A7C15ULL;
        std::uint64_t mixed = state_;
        mixed = (mixed ^ (mixed >> 30U)) * 0xBF58476D1CE4E5B9ULL;
        mixed = (mixed ^ (mixed >> 27U)) * 0x94D049BB133111EBULL;
        return mixed ^ (mixed >> 31U);
    }
    /// 0 to count - 1.
    std::uint64_t below(std::uint64_t count) { return next() % count; }
    /// 0 to just under 1.
    double share() { return static_cast<double>(next() >> 11U) / 9007199254740992.0; }
    bool one_in(std::uint64_t count) { return below(count) == 0; }

private:
    std::uint64_t state_;
};

} // namespace crm::demo
