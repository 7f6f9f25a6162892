// Token buckets by key: who comes too often waits, and is told how long. Io thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace gateway {

/// So many in so long, refilled evenly.
struct rate
{
    double count = 0;
    std::chrono::milliseconds per{1000};
};

class throttle
{
public:
    explicit throttle(rate allowed) : allowed_{allowed} {}

    /// Takes one; throws problem{rate_limited} with the time to wait when none is left.
    void take(std::string_view key, std::int64_t now_ms, const char* what);
    /// How long until one is there; zero when it is there now. Takes nothing.
    [[nodiscard]] std::chrono::milliseconds wait(std::string_view key, std::int64_t now_ms) const;
    /// Takes one without asking; may go below zero by one count at most.
    void charge(std::string_view key, std::int64_t now_ms);
    void forget(std::string_view key);

private:
    struct bucket
    {
        double left = 0;
        std::int64_t at_ms = 0;
    };
    [[nodiscard]] double filled(const bucket& one, std::int64_t now_ms) const;
    bucket& refresh(std::string_view key, std::int64_t now_ms);
    void sweep(std::int64_t now_ms);

    rate allowed_;
    std::map<std::string, bucket, std::less<>> buckets_;
    std::int64_t swept_ms_ = 0;
};

} // namespace gateway
