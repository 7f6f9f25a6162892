// What a JSON value must look like, written once in a small notation and used three times: requests
// are checked against it, the OpenAPI document is made from it, and tests hold real answers to it.
// The notation, one member after the other, parted by commas or line ends:
//
//     name: text(1..200), parent?: id|null, tags: [id], status: open|resolved, order: order
//
// `?` may be absent; `|null` may be null; `[x]` a list; words parted by `|` are an enumeration;
// `(a..b)` bounds the characters of a text, the number, or the length of a list. A base type is one
// of id text integer number time boolean object any position; any other word names another shape.
// Io thread; the catalogue is immutable after its first use.
#pragma once

#include <boost/json/fwd.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gateway::api {

/// One type of the notation.
struct type
{
    enum class kind
    {
        id,
        text,
        integer,
        number,
        time,
        boolean,
        object,
        any,
        position,
        words,
        list,
        shape
    };
    kind is = kind::any;
    bool nullable = false;
    std::optional<std::int64_t> least;
    std::optional<std::int64_t> most;
    std::vector<std::string> words;    // kind::words
    std::shared_ptr<const type> items; // kind::list
    std::string name;                  // kind::shape
};

/// One member of an object.
struct member
{
    std::string name;
    bool optional = false;
    api::type type;
};

/// A named object.
struct shape
{
    std::string name;
    std::vector<member> members;
};

/// Every shape of the product, by name. Throws std::logic_error at the first use when the notation
/// is broken or names a shape that is not there.
class catalogue
{
public:
    static const catalogue& all();
    /// Builds a catalogue from pairs of name and notation; for `all` and for tests.
    explicit catalogue(const std::vector<std::pair<std::string_view, std::string_view>>& texts);

    [[nodiscard]] const shape& at(std::string_view name) const;
    [[nodiscard]] const std::map<std::string, shape, std::less<>>& shapes() const
    {
        return shapes_;
    }

    /// Throws problem{invalid} with the path of the first member of `value` that does not fit shape
    /// `name`. Members the shape does not know are let pass (requests ignore them).
    void check(std::string_view name, const boost::json::value& value) const;
    /// The same, but refuses unknown members too: for holding our own answers to their shape.
    void check_exactly(std::string_view name, const boost::json::value& value) const;

private:
    std::map<std::string, shape, std::less<>> shapes_;
};

/// Reads one type of the notation. Throws std::logic_error.
type read_type(std::string_view text);

/// The JSON Schema (2020-12) of a shape or type, with references to `#/components/schemas/`.
boost::json::object schema_of(const shape& what);
boost::json::value schema_of(const type& what);

/// The notations of all shapes: requests, answers, and what both share.
std::vector<std::pair<std::string_view, std::string_view>> shape_texts();

} // namespace gateway::api
