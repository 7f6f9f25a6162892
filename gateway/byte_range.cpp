#include "gateway/byte_range.hpp"

#include <algorithm>
#include <charconv>

namespace gateway {

namespace {

/// Digits only; nullopt for anything else, and for more than fits.
std::optional<std::int64_t> number(std::string_view text)
{
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    const bool fits = failed == std::errc{} && end == text.data() + text.size();
    if (!fits || text.front() == '-')
        return std::nullopt;
    return value;
}

} // namespace

std::optional<byte_range> read_range(std::string_view header, std::int64_t whole)
{
    constexpr std::string_view unit = "bytes=";
    const byte_range everything{.from = 0, .size = whole, .is_part = false};
    if (!header.starts_with(unit))
        return everything;
    const auto asked = header.substr(unit.size());
    const auto dash = asked.find('-');
    if (dash == std::string_view::npos)
        return everything;
    const auto first = asked.substr(0, dash);
    const auto last = asked.substr(dash + 1);
    if (first.empty()) {
        const auto count = number(last);
        if (!count)
            return everything;
        const auto size = std::min(*count, whole);
        if (size == 0)
            return std::nullopt;
        return byte_range{.from = whole - size, .size = size, .is_part = true};
    }
    const auto from = number(first);
    const auto to = last.empty() ? std::optional{whole - 1} : number(last);
    if (!from || !to || (!last.empty() && *to < *from))
        return everything;
    if (*from >= whole)
        return std::nullopt;
    return byte_range{.from = *from, .size = std::min(*to, whole - 1) - *from + 1, .is_part = true};
}

} // namespace gateway
