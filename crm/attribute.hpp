// Custom attributes: typed fields that an organisation defines for customers, conversations and
// orders. Verbs run inside a store job.
#pragma once

#include "crm/context.hpp"
#include "crm/store/transaction.hpp"
#include "crm/words.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace crm {

enum class attribute_id : std::int64_t
{
};

/// What an attribute belongs to. Stored: never renumber.
enum class attribute_owner : std::int8_t
{
    customer = 1,
    conversation = 2,
    order = 3
};
template <>
struct vocabulary<attribute_owner>
{
    static constexpr std::string_view what = "attribute owner";
    static constexpr auto all = words_of<attribute_owner>(
        {{attribute_owner::customer, "customer"},
         {attribute_owner::conversation, "conversation"},
         {attribute_owner::order, "order"}}
    );
};

/// Stored: never renumber.
enum class attribute_type : std::int8_t
{
    text = 1,
    number = 2,
    date = 3,
    boolean = 4,
    choice = 5
};
template <>
struct vocabulary<attribute_type>
{
    static constexpr std::string_view what = "attribute type";
    static constexpr auto all = words_of<attribute_type>(
        {{attribute_type::text, "text"},
         {attribute_type::number, "number"},
         {attribute_type::date, "date"},
         {attribute_type::boolean, "boolean"},
         {attribute_type::choice, "choice"}}
    );
};

struct attribute
{
    attribute_id id{};
    attribute_owner owner = attribute_owner::customer;
    std::string name{}; // a-z, 0-9 and _
    std::string label{};
    attribute_type type = attribute_type::text;
    std::vector<std::string> choices{}; // of type choice
    instant archived{};
};

/// text and choice: string; number: double; date: instant; boolean: bool; nullptr: not set.
using attribute_value = std::variant<std::nullptr_t, std::string, double, instant, bool>;

struct attribute_set
{
    attribute_id which{};
    std::string name{};
    attribute_type type{};
    attribute_value content;
};

namespace attributes {

/// Defines an attribute. Throws problem{conflict} when the name is taken, problem{invalid} for a
/// bad name or choices.
attribute define(transaction& tx, context& by, attribute wanted);
void archive(transaction& tx, context& by, attribute_id which);
std::vector<attribute> all(db::connection& on);
std::optional<attribute> find(db::connection& on, attribute_owner of, std::string_view name);

/// Sets (or with nullptr clears) a value. Throws problem{invalid} when it is not of the type or not
/// one of the choices, problem{not_found} when owner or attribute is unknown.
void set(
    transaction& tx,
    context& by,
    attribute_owner kind,
    std::int64_t owner,
    std::string_view name,
    const attribute_value& content
);
/// The values set on one owner, by name.
std::vector<attribute_set> of(db::connection& on, attribute_owner kind, std::int64_t owner);

} // namespace attributes
} // namespace crm
