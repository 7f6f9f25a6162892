#include "gateway/api/openapi.hpp"

#include "gateway/api/shape.hpp"
#include "gateway/routes.hpp"

#include <boost/json.hpp>

namespace gateway::api {

namespace json = boost::json;

namespace {

constexpr std::string_view method_words[]{"get", "post", "put", "patch", "delete"};

json::object reference(std::string_view shape)
{
    return {{"$ref", "#/components/schemas/" + std::string{shape}}};
}

json::object content(std::string_view media_type, json::object schema)
{
    json::object typed;
    typed["schema"] = std::move(schema);
    json::object made;
    made[media_type] = std::move(typed);
    return made;
}

/// "page conversation" is the list of conversations with its cursor.
json::object page_of(std::string_view shape)
{
    json::object items{{"type", "array"}, {"items", reference(shape)}};
    json::object cursor{{"type", json::array{"string", "null"}}};
    json::object position{{"type", "string"}};
    return {
        {"type", "object"},
        {"properties",
         json::object{
             {"items", std::move(items)},
             {"next", std::move(cursor)},
             {"as_of", std::move(position)}
         }},
        {"required", json::array{"items", "next", "as_of"}},
    };
}

json::object answer_of(const operation& what)
{
    const auto problem = [](const char* text) {
        return json::object{
            {"description", text},
            {"content", content("application/problem+json", reference("problem"))}
        };
    };
    json::object made;
    auto answer = what.answer;
    std::string_view status = "200";
    if (answer.starts_with("created ")) {
        status = "201";
        answer.remove_prefix(8);
    }
    if (answer.empty())
        made["204"] = json::object{{"description", "Done"}};
    else if (answer == "bytes")
        made[status] = json::object{
            {"description", "The bytes"},
            {"content", content("application/octet-stream", {{"type", "string"}})}
        };
    else if (answer.starts_with("page "))
        made[status] = json::object{
            {"description", "One page"},
            {"content", content("application/json", page_of(answer.substr(5)))}
        };
    else
        made[status] = json::object{
            {"description", "Done"}, {"content", content("application/json", reference(answer))}
        };
    made["default"] = problem("A problem document that says what to do");
    return made;
}

json::array parameters_of(const operation& what)
{
    json::array made;
    for (std::size_t at = what.path.find('{'); at != std::string_view::npos;) {
        const auto end = what.path.find('}', at);
        made.push_back(json::object{
            {"name", std::string{what.path.substr(at + 1, end - at - 1)}},
            {"in", "path"},
            {"required", true},
            {"schema", json::object{{"type", "string"}}},
        });
        at = what.path.find('{', end);
    }
    if (!what.query.empty()) {
        const catalogue one{{{"query", what.query}}};
        for (const auto& each : one.at("query").members)
            made.push_back(json::object{
                {"name", each.name},
                {"in", "query"},
                {"required", !each.optional},
                {"schema", schema_of(each.type)},
            });
    }
    if (takes_key(what))
        made.push_back(json::object{{"$ref", "#/components/parameters/idempotency_key"}});
    return made;
}

/// "GET /conversations/{id}/why" is get_conversations_id_why.
std::string operation_id(const operation& what)
{
    std::string made{method_words[static_cast<std::size_t>(what.method)]};
    for (const char each : what.path) {
        if (each == '/' || each == '-')
            made += '_';
        else if (each != '{' && each != '}')
            made += each;
    }
    return made;
}

json::object describe(const operation& what)
{
    json::object made{
        {"operationId", operation_id(what)},
        {"summary", what.summary},
        {"x-permission", what.permission},
        {"responses", answer_of(what)},
    };
    if (auto parameters = parameters_of(what); !parameters.empty())
        made["parameters"] = std::move(parameters);
    if (what.body == "bytes")
        made["requestBody"] = json::object{
            {"required", true},
            {"content", content("application/octet-stream", {{"type", "string"}})}
        };
    else if (!what.body.empty())
        made["requestBody"] = json::object{
            {"required", true}, {"content", content("application/json", reference(what.body))}
        };
    if (what.permission == "anyone")
        made["security"] = json::array{};
    else if (what.permission == "session")
        made["security"] = json::array{json::object{{"session", json::array{}}}};
    return made;
}

json::object components()
{
    json::object schemas;
    for (const auto& [name, shape] : catalogue::all().shapes())
        if (!name.starts_with("frame_"))
            schemas[name] = schema_of(shape);
    json::object key{
        {"name", "Idempotency-Key"},
        {"in", "header"},
        {"required", false},
        {"description", "The same key with the same body brings the first answer for 72 hours."},
        {"schema", json::object{{"type", "string"}, {"minLength", 1}, {"maxLength", 64}}},
    };
    json::object session{
        {"type", "apiKey"},
        {"in", "cookie"},
        {"name", "__Host-parley"},
        {"description",
         "The console's session; requests that change something also send X-Parley-CSRF."},
    };
    json::object token{
        {"type", "http"}, {"scheme", "bearer"}, {"description", "An API token, parley_..."}
    };
    return {
        {"schemas", std::move(schemas)},
        {"parameters", json::object{{"idempotency_key", std::move(key)}}},
        {"securitySchemes",
         json::object{{"session", std::move(session)}, {"token", std::move(token)}}},
    };
}

json::object document()
{
    json::object paths;
    for (const auto& each : operations()) {
        auto& path = paths[each.path];
        if (!path.is_object())
            path = json::object{};
        path.get_object()[method_words[static_cast<std::size_t>(each.method)]] = describe(each);
    }
    json::object either{{"session", json::array{}}};
    json::object other{{"token", json::array{}}};
    return {
        {"openapi", "3.1.0"},
        {"info",
         json::object{
             {"title", "Parley"},
             {"version", "1"},
             {"description", "The REST API of Parley; docs/api.md says how to use it."}
         }},
        {"servers", json::array{json::object{{"url", "/api/v1"}}}},
        {"security", json::array{std::move(either), std::move(other)}},
        {"paths", std::move(paths)},
        {"components", components()},
    };
}

void indent(std::string& out, int depth)
{
    out += '\n';
    out.append(static_cast<std::size_t>(depth), ' ');
}

/// Indented by one blank a level, so that a change shows as the lines it changed.
void print(std::string& out, const json::value& what, int depth)
{
    if (what.is_object() && !what.get_object().empty()) {
        out += '{';
        bool first = true;
        for (const auto& [key, value] : what.get_object()) {
            out += first ? "" : ",";
            first = false;
            indent(out, depth + 1);
            out += json::serialize(json::string{key}) + ": ";
            print(out, value, depth + 1);
        }
        indent(out, depth);
        out += '}';
    } else if (what.is_array() && !what.get_array().empty() &&
               what.get_array().front().is_object()) {
        out += '[';
        bool first = true;
        for (const auto& value : what.get_array()) {
            out += first ? "" : ",";
            first = false;
            indent(out, depth + 1);
            print(out, value, depth + 1);
        }
        indent(out, depth);
        out += ']';
    } else {
        out += json::serialize(what);
    }
}

} // namespace

const std::string& openapi_document()
{
    static const std::string made = [] {
        std::string text;
        print(text, document(), 0);
        text += '\n';
        return text;
    }();
    return made;
}

} // namespace gateway::api
