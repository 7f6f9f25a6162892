// Random but repeatable routing histories: small worlds with few agents, skills and teams, so that
// the interesting things (full agents, declines, ties, rings) happen all the time.
#pragma once

#include "routing/engine/engine.hpp"

#include <random>

namespace routing::test {

/// What kind of history is wanted.
struct world
{
    int agents = 6;
    int skills = 3;
    int teams = 2;
    int most_requests = 50;
    std::vector<channel> channels{all_channels.begin(), all_channels.end()};
    bool manual_work = true; ///< assignments and transfers by hand, which may overfill an agent
    bool one_lane = false;   ///< no skills, teams, preferences or boosts
    bool ties = true;        ///< few distinct times and scores
};

/// One step of a history.
struct step
{
    std::int64_t position = 0;
    time_us now = 0;
    event what;
};

/// Produces the next event from what the engine has shown so far. The same seed and the same
/// engine give the same history.
class generator
{
public:
    generator(std::uint64_t seed, world kind) : kind_(std::move(kind)), random_(seed) {}

    /// The agents, at position 1 and on.
    std::vector<step> opening();
    step next(const engine& seen);

private:
    int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
    bool chance(int percent) { return below(100) < percent; }
    template <class T>
    const T& one_of(const std::vector<T>& from)
    {
        return from[static_cast<std::size_t>(below(static_cast<int>(from.size())))];
    }
    agent_defined some_agent(std::int64_t id);
    request some_request();
    event about(const engine& seen, request_slot slot);
    step at(event what) { return {++position_, now_, std::move(what)}; }

    world kind_;
    std::mt19937_64 random_;
    std::int64_t position_ = 0;
    std::int64_t next_request_ = 1;
    time_us now_ = 1'000 * one_second;
    std::vector<request_id> alive_;
};

/// A policy with short times, so that rings, holds and alerts happen within a short history.
policy lively_policy(std::uint64_t seed);

/// Every decision as text, one per line.
std::string text_of(const std::vector<decision>& decisions);

} // namespace routing::test
