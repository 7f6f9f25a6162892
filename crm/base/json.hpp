// JSON in both directions for BOOST_DESCRIBE'd structs. Reading names the path of what is wrong;
// the names on the wire are the members' names. Strong ids are decimal strings, instants whole
// numbers of microseconds, described enums their words, optionals may be absent. Any thread.
#pragma once

#include "crm/base/ids.hpp"
#include "crm/base/time.hpp"

#include <boost/describe.hpp>
#include <boost/json/value.hpp>
#include <concepts>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace crm::json {

enum class unknown_members
{
    ignored, // API bodies and frames: newer clients may send more
    rejected // settings: a misspelt key must not be silently without effect
};

enum class absent_members
{
    refused, // unless optional
    default_value
};

struct read_rules
{
    unknown_members unknown = unknown_members::ignored;
    absent_members absent = absent_members::refused;
    std::size_t size_limit = 1U << 20U; // bytes of text
};

/// Deepest nesting of arrays and objects that is read.
inline constexpr int depth_limit = 32;

/// Parses text: at most `size_limit` bytes, nested at most 32 deep, UTF-8. Throws
/// problem{too_large} or problem{malformed}.
boost::json::value parse(std::string_view text, const read_rules& rules = {});

/// Reads a T. Throws problem{invalid} whose field is the path of the member at fault.
template <class T>
T read(const boost::json::value& from, const read_rules& rules = {}, const std::string& path = {});

/// Parses and reads in one step.
template <class T>
T read_text(std::string_view text, const read_rules& rules = {})
{
    return read<T>(parse(text, rules), rules);
}

/// The JSON value of a T; absent optionals are left out of objects.
template <class T>
boost::json::value to_value(const T& from);

/// Compact text of a value or a T.
std::string to_text(const boost::json::value& from);
template <class T>
    requires(!std::same_as<T, boost::json::value>)
std::string to_text(const T& from)
{
    return to_text(to_value(from));
}

/// The word of a described enumerator, or of its number when it has none.
template <class Enum>
std::string_view word(Enum of)
{
    return boost::describe::enum_to_string(of, "?");
}

} // namespace crm::json

#include "crm/base/json_impl.hpp"
