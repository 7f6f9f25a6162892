// The templates behind crm/base/json.hpp; include that.
#pragma once

#include "crm/base/json.hpp"

#include <algorithm>
#include <boost/mp11/algorithm.hpp>
#include <utility>

namespace crm::json::detail {

[[noreturn]] void refuse(const std::string& path, std::string_view what);
[[noreturn]] void refuse_unknown(
    const std::string& path, std::string_view name, const std::vector<std::string_view>& known
);
std::string member_path(const std::string& path, std::string_view name);
std::string index_path(const std::string& path, std::size_t index);
std::int64_t read_integer(const boost::json::value& from, const std::string& path);
std::int64_t read_id(const boost::json::value& from, const std::string& path);
double read_real(const boost::json::value& from, const std::string& path);
bool read_flag(const boost::json::value& from, const std::string& path);
std::string read_string(const boost::json::value& from, const std::string& path);
const boost::json::object& read_object(const boost::json::value& from, const std::string& path);
const boost::json::array& read_array(const boost::json::value& from, const std::string& path);

template <class T>
struct is_optional : std::false_type
{
};
template <class T>
struct is_optional<std::optional<T>> : std::true_type
{
};
template <class T>
struct is_vector : std::false_type
{
};
template <class T>
struct is_vector<std::vector<T>> : std::true_type
{
};
template <class T>
struct is_map : std::false_type
{
};
template <class T>
struct is_map<std::map<std::string, T>> : std::true_type
{
};

template <class T>
using members = boost::describe::
    describe_members<T, boost::describe::mod_public | boost::describe::mod_inherited>;

template <class T>
std::vector<std::string_view> member_names()
{
    std::vector<std::string_view> names;
    boost::mp11::mp_for_each<members<T>>([&](auto member) { names.emplace_back(member.name); });
    return names;
}

template <class T>
T read_number(const boost::json::value& from, const std::string& path)
{
    const std::int64_t number = read_integer(from, path);
    if (!std::in_range<T>(number))
        refuse(
            path,
            "must be from " + std::to_string(std::numeric_limits<T>::min()) + " to " +
                std::to_string(std::numeric_limits<T>::max())
        );
    return static_cast<T>(number);
}

template <class T>
T read_enum(const boost::json::value& from, const std::string& path)
{
    const std::string text = read_string(from, path);
    T found{};
    if (boost::describe::enum_from_string(text.c_str(), found))
        return found;
    std::string known;
    boost::mp11::mp_for_each<boost::describe::describe_enumerators<T>>([&](auto one) {
        known += known.empty() ? "" : ", ";
        known += one.name;
    });
    refuse(path, "must be one of " + known);
}

template <class T>
T read_struct(const boost::json::value& from, const read_rules& rules, const std::string& path)
{
    const boost::json::object& object = read_object(from, path);
    T made{};
    std::size_t seen = 0;
    boost::mp11::mp_for_each<members<T>>([&](auto member) {
        auto& place = made.*member.pointer;
        using field = std::remove_cvref_t<decltype(place)>;
        const boost::json::value* given = object.if_contains(member.name);
        if (given != nullptr) {
            ++seen;
            place = read<field>(*given, rules, member_path(path, member.name));
        } else if (!is_optional<field>::value && rules.absent == absent_members::refused) {
            refuse(member_path(path, member.name), "is missing");
        }
    });
    if (rules.unknown == unknown_members::rejected && seen != object.size()) {
        const std::vector<std::string_view> known = member_names<T>();
        for (const auto& one : object)
            if (std::ranges::find(known, std::string_view{one.key()}) == known.end())
                refuse_unknown(path, one.key(), known);
    }
    return made;
}

template <class T>
T read_vector(const boost::json::value& from, const read_rules& rules, const std::string& path)
{
    const boost::json::array& array = read_array(from, path);
    T made;
    made.reserve(array.size());
    for (std::size_t i = 0; i < array.size(); ++i)
        made.push_back(read<typename T::value_type>(array[i], rules, index_path(path, i)));
    return made;
}

template <class T>
T read_map(const boost::json::value& from, const read_rules& rules, const std::string& path)
{
    T made;
    for (const auto& one : read_object(from, path))
        made.emplace(
            one.key(),
            read<typename T::mapped_type>(one.value(), rules, member_path(path, one.key()))
        );
    return made;
}

template <class T>
boost::json::value struct_to_value(const T& from)
{
    boost::json::object object;
    boost::mp11::mp_for_each<members<T>>([&](auto member) {
        const auto& place = from.*member.pointer;
        if constexpr (is_optional<std::remove_cvref_t<decltype(place)>>::value) {
            if (place)
                object.emplace(member.name, to_value(*place));
        } else {
            object.emplace(member.name, to_value(place));
        }
    });
    return object;
}

} // namespace crm::json::detail

namespace crm::json {

template <class T>
T read(const boost::json::value& from, const read_rules& rules, const std::string& path)
{
    if constexpr (std::same_as<T, boost::json::value>)
        return from;
    else if constexpr (std::same_as<T, boost::json::object>)
        return detail::read_object(from, path);
    else if constexpr (std::same_as<T, boost::json::array>)
        return detail::read_array(from, path);
    else if constexpr (std::same_as<T, bool>)
        return detail::read_flag(from, path);
    else if constexpr (std::integral<T>)
        return detail::read_number<T>(from, path);
    else if constexpr (std::floating_point<T>)
        return static_cast<T>(detail::read_real(from, path));
    else if constexpr (std::same_as<T, std::string>)
        return detail::read_string(from, path);
    else if constexpr (std::same_as<T, instant>)
        return instant{detail::read_integer(from, path)};
    else if constexpr (detail::is_optional<T>::value)
        return from.is_null() ? T{} : T{read<typename T::value_type>(from, rules, path)};
    else if constexpr (detail::is_vector<T>::value)
        return detail::read_vector<T>(from, rules, path);
    else if constexpr (detail::is_map<T>::value)
        return detail::read_map<T>(from, rules, path);
    else if constexpr (boost::describe::has_describe_enumerators<T>::value)
        return detail::read_enum<T>(from, path);
    else if constexpr (strong_id<T>)
        return static_cast<T>(detail::read_id(from, path));
    else
        return detail::read_struct<T>(from, rules, path);
}

template <class T>
boost::json::value to_value(const T& from)
{
    if constexpr (std::same_as<T, boost::json::value> || std::same_as<T, boost::json::object> ||
                  std::same_as<T, boost::json::array>)
        return from;
    else if constexpr (std::same_as<T, bool> || std::floating_point<T>)
        return boost::json::value(from);
    else if constexpr (std::integral<T>)
        return boost::json::value(static_cast<std::int64_t>(from));
    else if constexpr (std::convertible_to<T, std::string_view>)
        return boost::json::value(boost::json::string{std::string_view{from}});
    else if constexpr (std::same_as<T, instant>)
        return boost::json::value(from.us);
    else if constexpr (detail::is_optional<T>::value)
        return from ? to_value(*from) : boost::json::value(nullptr);
    else if constexpr (detail::is_vector<T>::value) {
        boost::json::array array;
        array.reserve(from.size());
        for (const auto& one : from)
            array.push_back(to_value(one));
        return array;
    } else if constexpr (detail::is_map<T>::value) {
        boost::json::object object;
        for (const auto& [key, one] : from)
            object.emplace(key, to_value(one));
        return object;
    } else if constexpr (boost::describe::has_describe_enumerators<T>::value)
        return boost::json::value(word(from));
    else if constexpr (strong_id<T>)
        return boost::json::value(to_string(from));
    else
        return detail::struct_to_value(from);
}

} // namespace crm::json
