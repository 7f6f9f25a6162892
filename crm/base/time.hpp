// Points in time as the whole product stores them: 64-bit microseconds since 1970-01-01 UTC.
// Any thread.
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

namespace crm {

/// A point in time, microseconds UTC. Zero means "never" where a field may be unset.
struct instant
{
    std::int64_t us = 0;

    friend constexpr auto operator<=>(instant, instant) = default;
    friend constexpr instant operator+(instant at, std::chrono::microseconds by)
    {
        return {at.us + by.count()};
    }
    friend constexpr instant operator-(instant at, std::chrono::microseconds by)
    {
        return {at.us - by.count()};
    }
    friend constexpr std::chrono::microseconds operator-(instant later, instant earlier)
    {
        return std::chrono::microseconds{later.us - earlier.us};
    }
    [[nodiscard]] constexpr bool is_set() const { return us != 0; }
};

/// RFC 3339 with microseconds, "2026-11-18T09:31:00.000000Z".
std::string to_rfc3339(instant at);

/// Reads RFC 3339 (any offset, 0 to 6 fractional digits). Throws problem{invalid} naming the text.
instant instant_from_rfc3339(std::string_view text);

/// Where time comes from; tests hand in a manual_clock.
class clock
{
public:
    virtual ~clock() = default;
    /// Now, UTC. Thread-safe.
    [[nodiscard]] virtual instant now() const = 0;
};

/// The machine's wall clock, held monotonic: never returns less than it returned before.
class system_clock final : public clock
{
public:
    [[nodiscard]] instant now() const override;
};

/// A clock that stands still until a test moves it.
class manual_clock final : public clock
{
public:
    explicit manual_clock(instant start) : now_{start} {}
    [[nodiscard]] instant now() const override { return now_; }
    void advance(std::chrono::microseconds by) { now_ = now_ + by; }

private:
    instant now_;
};

} // namespace crm
