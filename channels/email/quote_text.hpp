// Small questions about lines of text, for those who look for quotes. Pure; any thread.
#pragma once

#include "crm/base/text.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace channels::email {

/// True when one of these stands in the text.
template <std::size_t Count>
bool contains_any(std::string_view text, const std::array<std::string_view, Count>& these)
{
    return std::ranges::any_of(these, [&](std::string_view one) {
        return text.find(one) != std::string_view::npos;
    });
}

/// True when the text begins with one of these.
template <std::size_t Count>
bool starts_with_any(std::string_view text, const std::array<std::string_view, Count>& these)
{
    return std::ranges::any_of(these, [&](std::string_view one) { return text.starts_with(one); });
}

/// True when the text ends with one of these.
template <std::size_t Count>
bool ends_with_any(std::string_view text, const std::array<std::string_view, Count>& these)
{
    return std::ranges::any_of(these, [&](std::string_view one) { return text.ends_with(one); });
}

/// True for 0 to 9.
inline bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/// No-break, narrow and ideographic blanks as plain ones.
std::string with_plain_blanks(std::string_view line);

/// Lower-case in every script that has one.
std::string lower(std::string_view text);

} // namespace channels::email
