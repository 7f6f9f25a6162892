// Holding a JSON value to a shape, and the JSON Schema of a shape.
#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"
#include "gateway/api/shape.hpp"

#include <boost/json.hpp>

namespace gateway::api {

namespace json = boost::json;

namespace {

enum class unknown_members
{
    pass,
    refuse
};

struct checker
{
    const catalogue& known;
    unknown_members extra;

    [[noreturn]] static void refuse(const std::string& path, const std::string& what)
    {
        throw crm::problem{
            crm::errc::invalid,
            (path.empty() ? "The body" : "\"" + path + "\"") + " must be " + what + ".",
            path
        };
    }

    static void bounds(const type& what, std::int64_t size, const std::string& path, const char* of)
    {
        if ((what.least && size < *what.least) || (what.most && size > *what.most))
            refuse(
                path,
                "between " + std::to_string(what.least.value_or(0)) + " and " +
                    std::to_string(what.most.value_or(0)) + of
            );
    }

    static void text(const type& what, const json::value& value, const std::string& path)
    {
        if (!value.is_string())
            refuse(path, "a text");
        const std::string_view held{value.get_string()};
        if (what.least || what.most)
            bounds(
                what, static_cast<std::int64_t>(crm::code_points(held)), path, " characters long"
            );
    }

    static void digits(const json::value& value, const std::string& path, const char* meant)
    {
        if (!value.is_string())
            refuse(path, meant);
        const std::string_view held{value.get_string()};
        const bool fits = !held.empty() && held.size() <= 19 &&
                          held.find_first_not_of("0123456789") == std::string_view::npos;
        if (!fits)
            refuse(path, meant);
    }

    static void whole(const type& what, const json::value& value, const std::string& path)
    {
        if (!value.is_int64())
            refuse(path, "a whole number");
        bounds(what, value.get_int64(), path, "");
    }

    static void word(const type& what, const json::value& value, const std::string& path)
    {
        if (value.is_string())
            for (const auto& each : what.words)
                if (value.get_string() == each)
                    return;
        std::string choices;
        for (const auto& each : what.words)
            choices += (choices.empty() ? "\"" : ", \"") + each + "\"";
        refuse(path, "one of " + choices);
    }

    void list(const type& what, const json::value& value, const std::string& path) const
    {
        if (!value.is_array())
            refuse(path, "a list");
        const auto& items = value.get_array();
        if (what.least || what.most)
            bounds(what, static_cast<std::int64_t>(items.size()), path, " members long");
        for (std::size_t i = 0; i < items.size(); ++i)
            check(*what.items, items[i], path + "[" + std::to_string(i) + "]");
    }

    void check(const type& what, const json::value& value, const std::string& path) const
    {
        using kind = type::kind;
        if (value.is_null() && (what.nullable || what.is == kind::any))
            return;
        switch (what.is) {
        case kind::any:
            return;
        case kind::id:
            return digits(value, path, "an id: a decimal number written as a text");
        case kind::position:
            return text(what, value, path);
        case kind::text:
            return text(what, value, path);
        case kind::integer:
            return whole(what, value, path);
        case kind::time:
            return whole(what, value, path);
        case kind::number:
            if (!value.is_number())
                refuse(path, "a number");
            return;
        case kind::boolean:
            if (!value.is_bool())
                refuse(path, "true or false");
            return;
        case kind::object:
            if (!value.is_object())
                refuse(path, "an object");
            return;
        case kind::words:
            return word(what, value, path);
        case kind::list:
            return list(what, value, path);
        case kind::shape:
            return object(known.at(what.name), value, path);
        }
    }

    void object(const shape& what, const json::value& value, const std::string& path) const
    {
        if (!value.is_object())
            refuse(path, "an object");
        const auto& held = value.get_object();
        for (const auto& each : what.members) {
            const auto below = path.empty() ? each.name : path + "." + each.name;
            const auto* found = held.if_contains(each.name);
            if (found)
                check(each.type, *found, below);
            else if (!each.optional)
                throw crm::problem{crm::errc::invalid, "\"" + below + "\" is missing.", below};
        }
        if (extra == unknown_members::pass)
            return;
        for (const auto& [key, ignored] : held) {
            const auto is_it = [name = std::string_view{key}](const member& each) {
                return each.name == name;
            };
            if (std::none_of(what.members.begin(), what.members.end(), is_it))
                throw crm::problem{
                    crm::errc::invalid,
                    "\"" + path + "." + std::string{key} + "\" is not a member of " + what.name
                };
        }
    }
};

json::value with_null(const type& what, json::object schema)
{
    if (!what.nullable)
        return schema;
    if (schema.contains("enum")) {
        schema["enum"].get_array().emplace_back(nullptr);
        schema["type"] = json::array{"string", "null"};
        return schema;
    }
    if (schema.contains("type")) {
        schema["type"] = json::array{schema["type"], "null"};
        return schema;
    }
    return json::object{{"anyOf", json::array{std::move(schema), json::object{{"type", "null"}}}}};
}

void add_bounds(json::object& schema, const type& what, const char* least, const char* most)
{
    if (what.least)
        schema[least] = *what.least;
    if (what.most)
        schema[most] = *what.most;
}

json::object plain_schema(const type& what)
{
    using kind = type::kind;
    json::object made;
    switch (what.is) {
    case kind::any:
        break;
    case kind::id:
        made = {{"type", "string"}, {"pattern", "^[0-9]{1,19}$"}};
        break;
    case kind::position:
        made = {
            {"type", "string"}, {"description", "A position of the log; compare for equality."}
        };
        break;
    case kind::text:
        made = {{"type", "string"}};
        add_bounds(made, what, "minLength", "maxLength");
        break;
    case kind::integer:
        made = {{"type", "integer"}};
        add_bounds(made, what, "minimum", "maximum");
        break;
    case kind::time:
        made = {{"type", "integer"}, {"description", "Microseconds since 1970-01-01 UTC."}};
        break;
    case kind::number:
        made = {{"type", "number"}};
        break;
    case kind::boolean:
        made = {{"type", "boolean"}};
        break;
    case kind::object:
        made = {{"type", "object"}};
        break;
    case kind::words: {
        json::array words;
        for (const auto& each : what.words)
            words.emplace_back(each);
        made = {{"type", "string"}, {"enum", std::move(words)}};
        break;
    }
    case kind::list:
        made = {{"type", "array"}, {"items", schema_of(*what.items)}};
        add_bounds(made, what, "minItems", "maxItems");
        break;
    case kind::shape:
        made = {{"$ref", "#/components/schemas/" + what.name}};
        break;
    }
    return made;
}

} // namespace

void catalogue::check(std::string_view name, const json::value& value) const
{
    checker{*this, unknown_members::pass}.object(at(name), value, {});
}

void catalogue::check_exactly(std::string_view name, const json::value& value) const
{
    checker{*this, unknown_members::refuse}.object(at(name), value, {});
}

json::value schema_of(const type& what)
{
    return with_null(what, plain_schema(what));
}

json::object schema_of(const shape& what)
{
    json::object properties;
    json::array required;
    for (const auto& each : what.members) {
        properties[each.name] = schema_of(each.type);
        if (!each.optional)
            required.emplace_back(each.name);
    }
    json::object made{{"type", "object"}, {"properties", std::move(properties)}};
    if (!required.empty())
        made["required"] = std::move(required);
    return made;
}

} // namespace gateway::api
