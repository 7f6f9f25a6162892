// The words of stored enumerations: one table per enumeration, beside it. The number goes into the
// database and never changes; the word goes into JSON. Any thread.
#pragma once

#include "crm/base/problem.hpp"

#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace crm {

/// Specialised beside each enumeration with `what` (its name, for messages) and `all` (value,
/// word).
template <class Enum>
struct vocabulary;

/// An enumeration that has a vocabulary.
template <class Enum>
concept worded = requires { vocabulary<Enum>::all; };

/// A table of values and their words.
template <class Enum, std::size_t Size>
constexpr auto words_of(const std::pair<Enum, std::string_view> (&pairs)[Size])
{
    return std::to_array(pairs);
}

/// The word of a value; "unknown" for a number that this program does not know.
template <worded Enum>
constexpr std::string_view word(Enum value)
{
    for (const auto& [known, text] : vocabulary<Enum>::all)
        if (known == value)
            return text;
    return "unknown";
}

/// The value of a word. Throws problem{invalid} that lists the words allowed.
template <worded Enum>
Enum from_word(std::string_view text, std::string field = std::string{vocabulary<Enum>::what})
{
    std::string allowed{};
    for (const auto& [known, name] : vocabulary<Enum>::all) {
        if (name == text)
            return known;
        allowed += allowed.empty() ? "" : ", ";
        allowed += name;
    }
    throw problem{
        errc::invalid,
        std::string{vocabulary<Enum>::what} + " must be one of: " + allowed,
        std::move(field)
    };
}

/// True when the number stands for a value of the enumeration.
template <worded Enum>
constexpr bool is_known(Enum value)
{
    return word(value) != "unknown";
}

} // namespace crm
