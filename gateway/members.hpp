// Reading members of a JSON object that was held to its shape before. Any thread.
#pragma once

#include "crm/base/ids.hpp"
#include "crm/base/time.hpp"

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// The text; empty when absent or null.
std::string text_of(const boost::json::object& from, std::string_view name);
std::optional<std::string> maybe_text(const boost::json::object& from, std::string_view name);
/// The number; `otherwise` when absent or null.
std::int64_t
integer_of(const boost::json::object& from, std::string_view name, std::int64_t otherwise = 0);
std::optional<std::int64_t> maybe_integer(const boost::json::object& from, std::string_view name);
bool flag_of(const boost::json::object& from, std::string_view name, bool otherwise = false);
std::optional<bool> maybe_flag(const boost::json::object& from, std::string_view name);
std::optional<crm::instant> maybe_time(const boost::json::object& from, std::string_view name);
/// The number of an id member, 0 when absent or null. Throws problem{invalid}.
std::int64_t raw_id_of(const boost::json::object& from, std::string_view name);
bool has_member(const boost::json::object& from, std::string_view name);

template <crm::strong_id Id>
Id id_of(const boost::json::object& from, std::string_view name)
{
    return static_cast<Id>(raw_id_of(from, name));
}

template <crm::strong_id Id>
std::optional<Id> maybe_id(const boost::json::object& from, std::string_view name)
{
    const auto raw = raw_id_of(from, name);
    return raw == 0 ? std::nullopt : std::optional{static_cast<Id>(raw)};
}

std::vector<std::int64_t> raw_ids_of(const boost::json::object& from, std::string_view name);

template <crm::strong_id Id>
std::vector<Id> ids_of(const boost::json::object& from, std::string_view name)
{
    std::vector<Id> made;
    for (const auto each : raw_ids_of(from, name))
        made.push_back(static_cast<Id>(each));
    return made;
}

} // namespace gateway
