#include "gateway/members.hpp"

#include <boost/json.hpp>

namespace gateway {

namespace json = boost::json;

namespace {

const json::value* find(const json::object& from, std::string_view name)
{
    const auto* found = from.if_contains(name);
    return found && !found->is_null() ? found : nullptr;
}

} // namespace

bool has_member(const json::object& from, std::string_view name)
{
    return from.contains(name);
}

std::optional<std::string> maybe_text(const json::object& from, std::string_view name)
{
    const auto* found = find(from, name);
    if (!found || !found->is_string())
        return std::nullopt;
    return std::string{found->get_string()};
}

std::string text_of(const json::object& from, std::string_view name)
{
    return maybe_text(from, name).value_or(std::string{});
}

std::optional<std::int64_t> maybe_integer(const json::object& from, std::string_view name)
{
    const auto* found = find(from, name);
    if (!found || !found->is_int64())
        return std::nullopt;
    return found->get_int64();
}

std::int64_t integer_of(const json::object& from, std::string_view name, std::int64_t otherwise)
{
    return maybe_integer(from, name).value_or(otherwise);
}

std::optional<bool> maybe_flag(const json::object& from, std::string_view name)
{
    const auto* found = find(from, name);
    if (!found || !found->is_bool())
        return std::nullopt;
    return found->get_bool();
}

bool flag_of(const json::object& from, std::string_view name, bool otherwise)
{
    return maybe_flag(from, name).value_or(otherwise);
}

std::optional<crm::instant> maybe_time(const json::object& from, std::string_view name)
{
    const auto number = maybe_integer(from, name);
    return number ? std::optional{crm::instant{*number}} : std::nullopt;
}

std::int64_t raw_id_of(const json::object& from, std::string_view name)
{
    const auto text = maybe_text(from, name);
    return text ? crm::parse_id(*text) : 0;
}

std::vector<std::int64_t> raw_ids_of(const json::object& from, std::string_view name)
{
    std::vector<std::int64_t> made;
    const auto* found = find(from, name);
    if (found && found->is_array())
        for (const auto& each : found->get_array())
            made.push_back(crm::parse_id(std::string_view{each.get_string()}));
    return made;
}

} // namespace gateway
