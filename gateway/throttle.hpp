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

/// Keeps at most 100,000 keys; whoever comes beyond that shares one bucket until some are full
/// again, so that nobody fills the memory with keys of their own making.
class throttle
{
public:
    explicit throttle(rate allowed) : allowed_{allowed} {}

    /// Takes one; throws problem{rate_limited} with the time to wait when none is left.
    void take(std::string_view key, std::int64_t now_ms, const char* what);
    /// Throws as take() would; takes nothing.
    void check(std::string_view key, std::int64_t now_ms, const char* what) const;
    /// How long until one is there; zero when it is there now. Takes nothing.
    [[nodiscard]] std::chrono::milliseconds wait(std::string_view key, std::int64_t now_ms) const;
    /// Takes one without asking; may go below zero by one count at most.
    void charge(std::string_view key, std::int64_t now_ms);
    /// Takes a charge back.
    void give_back(std::string_view key, std::int64_t now_ms);
    void forget(std::string_view key);
    /// How many keys are kept.
    [[nodiscard]] std::size_t size() const { return buckets_.size(); }

private:
    struct bucket
    {
        double left = 0;
        std::int64_t at_ms = 0;
    };
    [[nodiscard]] double filled(const bucket& one, std::int64_t now_ms) const;
    [[nodiscard]] const bucket* find(std::string_view key) const;
    bucket& refresh(std::string_view key, std::int64_t now_ms);
    void sweep(std::int64_t now_ms);

    rate allowed_;
    std::map<std::string, bucket, std::less<>> buckets_;
    std::string swept_to_;
};

} // namespace gateway
