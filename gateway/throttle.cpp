#include "gateway/throttle.hpp"

#include "crm/base/problem.hpp"

#include <algorithm>
#include <cmath>

namespace gateway {

namespace {

constexpr std::size_t most_keys = 100'000;
constexpr std::string_view shared_key = "";

} // namespace

double throttle::filled(const bucket& one, std::int64_t now_ms) const
{
    const auto passed = static_cast<double>(now_ms - one.at_ms);
    return std::min(
        allowed_.count,
        one.left + passed * allowed_.count / static_cast<double>(allowed_.per.count())
    );
}

const throttle::bucket* throttle::find(std::string_view key) const
{
    auto found = buckets_.find(key);
    if (found == buckets_.end() && buckets_.size() >= most_keys)
        found = buckets_.find(shared_key);
    return found == buckets_.end() ? nullptr : &found->second;
}

throttle::bucket& throttle::refresh(std::string_view key, std::int64_t now_ms)
{
    sweep(now_ms);
    auto found = buckets_.find(key);
    if (found == buckets_.end()) {
        const bool room = buckets_.size() < most_keys;
        found =
            buckets_
                .try_emplace(std::string{room ? key : shared_key}, bucket{allowed_.count, now_ms})
                .first;
    }
    found->second.left = filled(found->second, now_ms);
    found->second.at_ms = now_ms;
    return found->second;
}

/// Looks at two for each one that is taken: more go than come, and nobody waits for a walk over
/// all.
void throttle::sweep(std::int64_t now_ms)
{
    for (int looked_at = 0; looked_at < 2 && !buckets_.empty(); ++looked_at) {
        auto next = buckets_.upper_bound(swept_to_);
        if (next == buckets_.end())
            next = buckets_.begin();
        swept_to_ = next->first;
        if (filled(next->second, now_ms) >= allowed_.count)
            buckets_.erase(next);
    }
}

std::chrono::milliseconds throttle::wait(std::string_view key, std::int64_t now_ms) const
{
    const auto* found = find(key);
    const double left = found == nullptr ? allowed_.count : filled(*found, now_ms);
    if (left >= 1)
        return std::chrono::milliseconds{0};
    const double need = (1 - left) * static_cast<double>(allowed_.per.count()) / allowed_.count;
    return std::chrono::milliseconds{static_cast<std::int64_t>(std::ceil(need))};
}

void throttle::charge(std::string_view key, std::int64_t now_ms)
{
    auto& held = refresh(key, now_ms);
    held.left = std::max(-allowed_.count, held.left - 1);
}

void throttle::give_back(std::string_view key, std::int64_t now_ms)
{
    auto& held = refresh(key, now_ms);
    held.left = std::min(allowed_.count, held.left + 1);
}

void throttle::check(std::string_view key, std::int64_t now_ms, const char* what) const
{
    const auto needed = wait(key, now_ms);
    if (needed.count() == 0)
        return;
    const auto seconds = std::max<std::int64_t>(1, (needed.count() + 999) / 1000);
    throw crm::problem{
        crm::errc::rate_limited,
        std::string{"Wait "} + std::to_string(seconds) + " s before the next " + what + "."
    }
        .retry_after(needed);
}

void throttle::take(std::string_view key, std::int64_t now_ms, const char* what)
{
    check(key, now_ms, what);
    refresh(key, now_ms).left -= 1;
}

void throttle::forget(std::string_view key)
{
    if (const auto found = buckets_.find(key); found != buckets_.end())
        buckets_.erase(found);
}

} // namespace gateway
