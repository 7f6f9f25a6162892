#include "gateway/throttle.hpp"

#include "crm/base/problem.hpp"

#include <algorithm>
#include <cmath>

namespace gateway {

namespace {

constexpr std::int64_t sweep_every_ms = 10'000;

} // namespace

double throttle::filled(const bucket& one, std::int64_t now_ms) const
{
    const auto passed = static_cast<double>(now_ms - one.at_ms);
    return std::min(
        allowed_.count,
        one.left + passed * allowed_.count / static_cast<double>(allowed_.per.count())
    );
}

throttle::bucket& throttle::refresh(std::string_view key, std::int64_t now_ms)
{
    sweep(now_ms);
    auto found = buckets_.find(key);
    if (found == buckets_.end())
        found = buckets_.emplace(std::string{key}, bucket{allowed_.count, now_ms}).first;
    found->second.left = filled(found->second, now_ms);
    found->second.at_ms = now_ms;
    return found->second;
}

void throttle::sweep(std::int64_t now_ms)
{
    if (now_ms - swept_ms_ < sweep_every_ms)
        return;
    swept_ms_ = now_ms;
    std::erase_if(buckets_, [&](const auto& each) {
        return filled(each.second, now_ms) >= allowed_.count;
    });
}

std::chrono::milliseconds throttle::wait(std::string_view key, std::int64_t now_ms) const
{
    const auto found = buckets_.find(key);
    const double left = found == buckets_.end() ? allowed_.count : filled(found->second, now_ms);
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

void throttle::take(std::string_view key, std::int64_t now_ms, const char* what)
{
    if (const auto needed = wait(key, now_ms); needed.count() > 0) {
        const auto seconds = std::max<std::int64_t>(1, (needed.count() + 999) / 1000);
        throw crm::problem{
            crm::errc::rate_limited,
            std::string{"Wait "} + std::to_string(seconds) + " s before the next " + what + "."
        }
            .retry_after(needed);
    }
    refresh(key, now_ms).left -= 1;
}

void throttle::forget(std::string_view key)
{
    if (const auto found = buckets_.find(key); found != buckets_.end())
        buckets_.erase(found);
}

} // namespace gateway
