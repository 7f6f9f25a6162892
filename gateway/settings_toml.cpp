// The home of toml++: reads a settings file into the tree, naming file, line and column of what is
// wrong.
#include "crm/base/problem.hpp"
#include "gateway/settings.hpp"

#include <toml++/toml.h>

namespace gateway {

namespace {

std::string place_of(const toml::source_region& where, const std::string& file)
{
    return file + ":" + std::to_string(where.begin.line) + ":" + std::to_string(where.begin.column);
}

[[noreturn]] void refuse(const std::string& place, const std::string& why)
{
    throw crm::problem{crm::errc::invalid, place + ": " + why};
}

std::vector<std::string> read_texts(const toml::node& from, const std::string& place)
{
    std::vector<std::string> made;
    const auto* list = from.as_array();
    if (!list)
        refuse(place, "a list of texts is wanted, such as [\"a\", \"b\"]");
    for (const auto& each : *list) {
        const auto text = each.value_exact<std::string>();
        if (!text)
            refuse(place, "every member of the list must be a text");
        made.push_back(*text);
    }
    return made;
}

void read_value(const setting& into, const toml::node& from, const std::string& place)
{
    if (auto* const* words = std::get_if<std::string*>(&into.at)) {
        const auto text = from.value_exact<std::string>();
        if (!text)
            refuse(place, std::string{into.name} + " wants a text in quotes");
        **words = *text;
    } else if (auto* const* flag = std::get_if<bool*>(&into.at)) {
        const auto value = from.value_exact<bool>();
        if (!value)
            refuse(place, std::string{into.name} + " wants true or false");
        **flag = *value;
    } else if (auto* const* number = std::get_if<std::int64_t*>(&into.at)) {
        const auto value = from.value_exact<std::int64_t>();
        if (!value)
            refuse(place, std::string{into.name} + " wants a whole number");
        **number = *value;
    } else {
        *std::get<std::vector<std::string>*>(into.at) = read_texts(from, place);
    }
}

} // namespace

void read_toml(loaded_settings& into, const std::string& text, const std::string& source)
{
    const auto read = [&] {
        try {
            return toml::parse(text, source);
        } catch (const toml::parse_error& failed) {
            refuse(place_of(failed.source(), source), std::string{failed.description()});
        }
    }();
    const auto known = all_settings(into.values);
    for (const auto& [section, node] : read) {
        const auto* table = node.as_table();
        if (!table)
            refuse(
                place_of(node.source(), source),
                "\"" + std::string{section.str()} + "\" stands outside a section such as [http]"
            );
        for (const auto& [key, value] : *table) {
            const auto name = std::string{section.str()} + "." + std::string{key.str()};
            const auto place = place_of(value.source(), source);
            const auto found = std::find_if(known.begin(), known.end(), [&](const setting& one) {
                return one.name == name;
            });
            if (found == known.end()) {
                const auto near = nearest_setting(name);
                refuse(
                    place,
                    "there is no setting " + name +
                        (near.empty() ? "" : "; did you mean " + near + "?")
                );
            }
            read_value(*found, value, place);
            into.sources[name] = place;
        }
    }
}

} // namespace gateway
