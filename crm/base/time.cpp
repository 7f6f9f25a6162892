#include "crm/base/time.hpp"

#include "crm/base/problem.hpp"

#include <atomic>
#include <fmt/format.h>

namespace crm {

namespace {

constexpr std::int64_t us_per_second = 1'000'000;
constexpr std::int64_t us_per_day = 86'400 * us_per_second;

/// Reads exactly `digits` decimal digits at `at`; -1 when there are fewer.
int read_digits(std::string_view text, std::size_t at, std::size_t digits)
{
    if (at + digits > text.size())
        return -1;
    int number = 0;
    for (std::size_t i = at; i < at + digits; ++i) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        number = number * 10 + (text[i] - '0');
    }
    return number;
}

[[noreturn]] void refuse(std::string_view text)
{
    throw problem{
        errc::invalid,
        fmt::format("\"{}\" is not a time; write it as 2026-11-18T09:31:00Z", text.substr(0, 40))
    };
}

/// Microseconds of ".123456" starting at `at`, which moves past it.
std::int64_t read_fraction(std::string_view text, std::size_t& at)
{
    if (at >= text.size() || text[at] != '.')
        return 0;
    std::int64_t us = 0;
    int digits = 0;
    for (++at; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at, ++digits)
        us = us * 10 + (text[at] - '0');
    if (digits == 0 || digits > 6)
        refuse(text);
    for (; digits < 6; ++digits)
        us *= 10;
    return us;
}

/// Minutes east of UTC of the zone at `at`, which must end the text.
int read_offset(std::string_view text, std::size_t at)
{
    if (at + 1 == text.size() && (text[at] == 'Z' || text[at] == 'z'))
        return 0;
    if (at + 6 != text.size() || (text[at] != '+' && text[at] != '-') || text[at + 3] != ':')
        refuse(text);
    const int hours = read_digits(text, at + 1, 2);
    const int minutes = read_digits(text, at + 4, 2);
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59)
        refuse(text);
    const int offset = hours * 60 + minutes;
    return text[at] == '-' ? -offset : offset;
}

} // namespace

std::string to_rfc3339(instant at)
{
    using namespace std::chrono;
    std::int64_t days_since = at.us / us_per_day;
    std::int64_t rest = at.us % us_per_day;
    if (rest < 0) {
        rest += us_per_day;
        --days_since;
    }
    const year_month_day date{sys_days{days{days_since}}};
    const std::int64_t seconds = rest / us_per_second;
    return fmt::format(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z",
        static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()),
        static_cast<unsigned>(date.day()),
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60,
        rest % us_per_second
    );
}

instant instant_from_rfc3339(std::string_view text)
{
    using namespace std::chrono;
    const bool shaped = text.size() >= 20 && text[4] == '-' && text[7] == '-' &&
                        (text[10] == 'T' || text[10] == 't' || text[10] == ' ') &&
                        text[13] == ':' && text[16] == ':';
    if (!shaped)
        refuse(text);
    const int years = read_digits(text, 0, 4);
    const int months_ = read_digits(text, 5, 2);
    const int days_ = read_digits(text, 8, 2);
    const int hours_ = read_digits(text, 11, 2);
    const int minutes_ = read_digits(text, 14, 2);
    int seconds_ = read_digits(text, 17, 2);
    if (years < 0 || months_ < 0 || days_ < 0 || hours_ < 0 || hours_ > 23 || minutes_ < 0 ||
        minutes_ > 59 || seconds_ < 0 || seconds_ > 60)
        refuse(text);
    // A leap second has no number of its own in this count: it is read as the second before.
    seconds_ = std::min(seconds_, 59);
    const year_month_day date{
        year{years}, month{static_cast<unsigned>(months_)}, day{static_cast<unsigned>(days_)}
    };
    if (!date.ok())
        refuse(text);
    std::size_t at = 19;
    const std::int64_t fraction = read_fraction(text, at);
    const std::int64_t offset = read_offset(text, at);
    const std::int64_t day_us = sys_days{date}.time_since_epoch().count() * us_per_day;
    const std::int64_t second_of_day = hours_ * 3600 + (minutes_ - offset) * 60 + seconds_;
    return {day_us + second_of_day * us_per_second + fraction};
}

instant system_clock::now() const
{
    // One floor for the whole process: ids and timelines must not run backwards when the wall clock
    // is set back.
    static std::atomic<std::int64_t> floor{0};
    const std::int64_t read = std::chrono::duration_cast<std::chrono::microseconds>(
                                  std::chrono::system_clock::now().time_since_epoch()
    )
                                  .count();
    std::int64_t seen = floor.load(std::memory_order_relaxed);
    while (seen < read && !floor.compare_exchange_weak(seen, read, std::memory_order_relaxed)) {
    }
    return {std::max(seen, read)};
}

} // namespace crm
