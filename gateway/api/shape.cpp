#include "gateway/api/shape.hpp"

#include <boost/json.hpp>
#include <charconv>
#include <stdexcept>

namespace gateway::api {

namespace {

std::string_view trimmed(std::string_view text)
{
    const auto from = text.find_first_not_of(" \t\r\n");
    if (from == std::string_view::npos)
        return {};
    return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

[[noreturn]] void broken(std::string_view text)
{
    throw std::logic_error{"shape notation: cannot read \"" + std::string{text} + "\""};
}

std::int64_t number_in(std::string_view text)
{
    std::int64_t value = 0;
    const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failed != std::errc{} || end != text.data() + text.size())
        broken(text);
    return value;
}

const std::map<std::string_view, type::kind>& base_types()
{
    using kind = type::kind;
    static const std::map<std::string_view, kind> known{
        {"id", kind::id},
        {"text", kind::text},
        {"integer", kind::integer},
        {"number", kind::number},
        {"time", kind::time},
        {"boolean", kind::boolean},
        {"object", kind::object},
        {"any", kind::any},
        {"position", kind::position},
    };
    return known;
}

/// Cuts "(a..b)" off the end of `text`.
void read_bounds(std::string_view& text, type& into)
{
    const auto open = text.rfind('(');
    if (open == std::string_view::npos || text.back() != ')')
        return;
    const auto inside = text.substr(open + 1, text.size() - open - 2);
    const auto dots = inside.find("..");
    if (dots == std::string_view::npos)
        broken(text);
    into.least = number_in(inside.substr(0, dots));
    into.most = number_in(inside.substr(dots + 2));
    text = trimmed(text.substr(0, open));
}

std::vector<std::string_view> split(std::string_view text, std::string_view at)
{
    std::vector<std::string_view> parts;
    int depth = 0;
    std::size_t from = 0;
    for (std::size_t i = 0; i <= text.size(); ++i) {
        if (i < text.size() && (text[i] == '[' || text[i] == '('))
            ++depth;
        if (i < text.size() && (text[i] == ']' || text[i] == ')'))
            --depth;
        if (i == text.size() || (depth == 0 && at.find(text[i]) != std::string_view::npos)) {
            if (const auto part = trimmed(text.substr(from, i - from)); !part.empty())
                parts.push_back(part);
            from = i + 1;
        }
    }
    return parts;
}

shape read_shape(std::string_view name, std::string_view text)
{
    shape made{.name = std::string{name}, .members = {}};
    for (const auto part : split(text, ",\n")) {
        const auto colon = part.find(':');
        if (colon == std::string_view::npos)
            broken(part);
        auto label = trimmed(part.substr(0, colon));
        const bool optional = label.ends_with('?');
        if (optional)
            label.remove_suffix(1);
        made.members.push_back(
            {std::string{label}, optional, read_type(trimmed(part.substr(colon + 1)))}
        );
    }
    return made;
}

void check_names(const type& what, const std::map<std::string, shape, std::less<>>& known)
{
    if (what.is == type::kind::shape && !known.contains(what.name))
        throw std::logic_error{"shape notation: no shape is called \"" + what.name + "\""};
    if (what.items)
        check_names(*what.items, known);
}

} // namespace

type read_type(std::string_view text)
{
    type made;
    auto words = split(text, "|");
    std::erase_if(words, [&](std::string_view word) {
        made.nullable = made.nullable || word == "null";
        return word == "null";
    });
    if (words.empty())
        broken(text);
    if (words.size() > 1) {
        made.is = type::kind::words;
        made.words.assign(words.begin(), words.end());
        return made;
    }
    auto word = words.front();
    read_bounds(word, made);
    if (word.starts_with('[') && word.ends_with(']')) {
        made.is = type::kind::list;
        made.items = std::make_shared<type>(read_type(trimmed(word.substr(1, word.size() - 2))));
        return made;
    }
    const auto found = base_types().find(word);
    made.is = found == base_types().end() ? type::kind::shape : found->second;
    if (made.is == type::kind::shape)
        made.name = word;
    return made;
}

catalogue::catalogue(const std::vector<std::pair<std::string_view, std::string_view>>& texts)
{
    for (const auto& [name, text] : texts)
        if (!shapes_.emplace(name, read_shape(name, text)).second)
            throw std::logic_error{"shape notation: \"" + std::string{name} + "\" stands twice"};
    for (const auto& [name, made] : shapes_)
        for (const auto& each : made.members)
            check_names(each.type, shapes_);
}

const catalogue& catalogue::all()
{
    static const catalogue made{shape_texts()};
    return made;
}

const shape& catalogue::at(std::string_view name) const
{
    const auto found = shapes_.find(name);
    if (found == shapes_.end())
        throw std::logic_error{"no shape is called \"" + std::string{name} + "\""};
    return found->second;
}

} // namespace gateway::api
