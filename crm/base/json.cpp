#include "crm/base/json.hpp"

#include "crm/base/problem.hpp"
#include "crm/base/spelling.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <fmt/format.h>

namespace crm::json {

boost::json::value parse(std::string_view text, const read_rules& rules)
{
    if (text.size() > rules.size_limit)
        throw problem{
            errc::too_large,
            fmt::format(
                "this JSON has {} bytes; at most {} are read", text.size(), rules.size_limit
            )
        };
    boost::json::parse_options options;
    options.max_depth = depth_limit;
    boost::system::error_code error;
    boost::json::value parsed = boost::json::parse(text, error, {}, options);
    if (error == boost::json::error::too_deep)
        throw problem{
            errc::malformed, fmt::format("this JSON is nested more than {} deep", depth_limit)
        };
    if (error)
        throw problem{errc::malformed, "this is not JSON in UTF-8: " + error.message()};
    return parsed;
}

std::string to_text(const boost::json::value& from)
{
    return boost::json::serialize(from);
}

namespace detail {

void refuse(const std::string& path, std::string_view what)
{
    throw problem{
        errc::invalid,
        fmt::format("{} {}", path.empty() ? std::string_view{"the body"} : path, what),
        path
    };
}

void refuse_unknown(
    const std::string& path, std::string_view name, const std::vector<std::string_view>& known
)
{
    constexpr std::size_t edits = 4; // further away is not a slip of the hand
    const auto nearest = name.size() > 60 ? std::string_view{} : nearest_word(name, known, edits);
    const std::string advice =
        nearest.empty() ? "is not known" : fmt::format("is not known; did you mean {}?", nearest);
    refuse(member_path(path, name.substr(0, 60)), advice);
}

std::string member_path(const std::string& path, std::string_view name)
{
    return path.empty() ? std::string{name} : fmt::format("{}.{}", path, name);
}

std::string index_path(const std::string& path, std::size_t index)
{
    return fmt::format("{}[{}]", path, index);
}

std::int64_t read_integer(const boost::json::value& from, const std::string& path)
{
    if (const std::int64_t* number = from.if_int64())
        return *number;
    if (from.is_uint64())
        refuse(path, "is too large a number");
    if (const double* real = from.if_double())
        if (std::floor(*real) == *real && std::abs(*real) < 9e15)
            return static_cast<std::int64_t>(*real);
    refuse(path, "must be a whole number");
}

std::int64_t read_id(const boost::json::value& from, const std::string& path)
{
    const std::string text = read_string(from, path);
    try {
        return parse_id(text);
    } catch (const problem& wrong) {
        throw problem{wrong.code(), fmt::format("{}: {}", path, wrong.what()), path};
    }
}

double read_real(const boost::json::value& from, const std::string& path)
{
    if (const double* real = from.if_double())
        return *real;
    if (const std::int64_t* number = from.if_int64())
        return static_cast<double>(*number);
    if (const std::uint64_t* number = from.if_uint64())
        return static_cast<double>(*number);
    refuse(path, "must be a number");
}

bool read_flag(const boost::json::value& from, const std::string& path)
{
    if (const bool* flag = from.if_bool())
        return *flag;
    refuse(path, "must be true or false");
}

std::string read_string(const boost::json::value& from, const std::string& path)
{
    if (const boost::json::string* text = from.if_string())
        return {text->data(), text->size()};
    refuse(path, "must be text");
}

const boost::json::object& read_object(const boost::json::value& from, const std::string& path)
{
    if (const boost::json::object* object = from.if_object())
        return *object;
    refuse(path, "must be an object");
}

const boost::json::array& read_array(const boost::json::value& from, const std::string& path)
{
    if (const boost::json::array* array = from.if_array())
        return *array;
    refuse(path, "must be a list");
}

} // namespace detail
} // namespace crm::json
