#include "crm/attribute.hpp"

#include "crm/base/json.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>

namespace crm::attributes {
namespace {

constexpr std::string_view select_attribute =
    "SELECT id, owner_kind, name, label, type, choices, archived_at FROM attributes ";
constexpr std::string_view insert_attribute =
    "INSERT INTO attributes (id, owner_kind, name, label, type, choices, created_at, archived_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, 0)";
constexpr std::string_view archive_attribute =
    "UPDATE attributes SET archived_at = ? WHERE id = ? AND archived_at = 0";

std::vector<std::string> read_choices(std::string_view text)
{
    std::vector<std::string> choices;
    const boost::json::value parsed = json::parse(text);
    for (const boost::json::value& one : parsed.as_array())
        choices.emplace_back(one.as_string());
    return choices;
}

attribute read_attribute(const db::rows& row)
{
    return {
        .id = row.id<attribute_id>(0),
        .owner = static_cast<attribute_owner>(row.integer(1)),
        .name = row.string(2),
        .label = row.string(3),
        .type = static_cast<attribute_type>(row.integer(4)),
        .choices = read_choices(row.text(5)),
        .archived = row.time(6)
    };
}

void check_define(const attribute& wanted)
{
    const bool fits = !wanted.name.empty() && wanted.name.size() <= 60 &&
                      std::ranges::all_of(wanted.name, [](char c) {
                          return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_';
                      });
    if (!fits)
        throw problem{errc::invalid, "A name has 1 to 60 of a-z, 0-9 and _.", "name"};
    if (!is_known(wanted.type) || !is_known(wanted.owner))
        throw problem{errc::invalid, "Choose an owner and a type.", "type"};
    const bool needs_choices = wanted.type == attribute_type::choice;
    if (needs_choices != !wanted.choices.empty() || wanted.choices.size() > 200)
        throw problem{
            errc::invalid, "A choice has 1 to 200 choices, any other type has none.", "choices"
        };
}

void log_about(transaction& tx, const context& by, happening what, attribute_id which)
{
    log_entry line = logged(by, what);
    line.subject = raw(which);
    tx.append(std::move(line));
}

} // namespace

attribute define(transaction& tx, context& by, attribute wanted)
{
    wanted.label = clean_line(wanted.label.empty() ? wanted.name : wanted.label, 80);
    check_define(wanted);
    if (find(tx.db(), wanted.owner, wanted.name))
        throw problem{errc::conflict, "There is an attribute of this name already.", "name"};
    wanted.id = by.ids.next<attribute_id>();
    boost::json::array choices;
    for (const std::string& one : wanted.choices)
        choices.emplace_back(clean_line(one, 80));
    tx.exec(
        insert_attribute,
        {wanted.id,
         wanted.owner,
         wanted.name,
         wanted.label,
         wanted.type,
         boost::json::serialize(choices),
         by.now}
    );
    log_about(tx, by, happening::attribute_defined, wanted.id);
    return wanted;
}

void archive(transaction& tx, context& by, attribute_id which)
{
    if (tx.exec(archive_attribute, {by.now, which}) == 0)
        throw problem{errc::not_found, "There is no such attribute."};
    log_about(tx, by, happening::attribute_defined, which);
}

std::vector<attribute> all(db::connection& on)
{
    static const std::string sql =
        std::string{select_attribute} + "WHERE archived_at = 0 ORDER BY owner_kind, name";
    std::vector<attribute> found;
    db::rows row = on.query(sql);
    while (row.next())
        found.push_back(read_attribute(row));
    return found;
}

std::optional<attribute> find(db::connection& on, attribute_owner of, std::string_view name)
{
    static const std::string sql =
        std::string{select_attribute} + "WHERE owner_kind = ? AND name = ?";
    db::rows row = on.query(sql, {of, name});
    if (!row.next())
        return std::nullopt;
    return read_attribute(row);
}

namespace {

constexpr std::string_view owner_customer = "SELECT id FROM customers WHERE id = ?";
constexpr std::string_view owner_conversation = "SELECT id FROM conversations WHERE id = ?";
constexpr std::string_view owner_order = "SELECT id FROM orders WHERE id = ?";

void check_owner(db::connection& on, attribute_owner kind, std::int64_t owner)
{
    std::string_view sql = owner_customer;
    if (kind == attribute_owner::conversation)
        sql = owner_conversation;
    else if (kind == attribute_owner::order)
        sql = owner_order;
    db::rows row = on.query(sql, {owner});
    if (!row.next())
        throw problem{
            errc::not_found, "There is no such " + std::string{word(kind)} + ".", "owner"
        };
}

void check_value(const attribute& of, const attribute_value& content)
{
    const auto refuse = [&](const std::string& advice) {
        throw problem{errc::invalid, of.label + " " + advice, of.name};
    };
    switch (of.type) {
    case attribute_type::text:
        if (const auto* text = std::get_if<std::string>(&content); !text || text->size() > 4'000)
            refuse("is a text of at most 4,000 bytes.");
        return;
    case attribute_type::number:
        if (const auto* number = std::get_if<double>(&content); !number || !std::isfinite(*number))
            refuse("is a number.");
        return;
    case attribute_type::date:
        if (!std::holds_alternative<instant>(content))
            refuse("is a date.");
        return;
    case attribute_type::boolean:
        if (!std::holds_alternative<bool>(content))
            refuse("is yes or no.");
        return;
    case attribute_type::choice:
        if (const auto* text = std::get_if<std::string>(&content);
            !text || std::ranges::find(of.choices, *text) == of.choices.end())
            refuse("is one of its choices.");
        return;
    }
}

constexpr std::string_view delete_value =
    "DELETE FROM attribute_values WHERE owner_id = ? AND attribute_id = ?";
constexpr std::string_view insert_value =
    "INSERT INTO attribute_values (owner_id, attribute_id, text_value, whole_value, real_value,"
    " set_at) VALUES (?, ?, ?, ?, ?, ?)";

void write(
    transaction& tx,
    instant now,
    std::int64_t owner,
    attribute_id which,
    const attribute_value& content
)
{
    db::value text{nullptr};
    db::value whole{nullptr};
    db::value real{nullptr};
    if (const auto* words = std::get_if<std::string>(&content))
        text = db::value{*words};
    else if (const auto* number = std::get_if<double>(&content))
        real = db::value{*number};
    else if (const auto* date = std::get_if<instant>(&content))
        whole = db::value{*date};
    else
        whole = db::value{std::get<bool>(content)};
    tx.exec(insert_value, {owner, which, text, whole, real, now});
}

} // namespace

void set(
    transaction& tx,
    context& by,
    attribute_owner kind,
    std::int64_t owner,
    std::string_view name,
    const attribute_value& content
)
{
    const auto defined = find(tx.db(), kind, name);
    if (!defined || defined->archived.is_set())
        throw problem{errc::not_found, "There is no such attribute: " + std::string{name}, "name"};
    check_owner(tx.db(), kind, owner);
    const bool clears = std::holds_alternative<std::nullptr_t>(content);
    if (!clears)
        check_value(*defined, content);
    tx.exec(delete_value, {owner, defined->id});
    if (!clears)
        write(tx, by.now, owner, defined->id, content);
    log_entry line = logged(by, happening::attribute_set);
    line.subject = raw(defined->id);
    line.number = static_cast<std::int64_t>(kind);
    if (kind == attribute_owner::customer)
        line.customer = customer_id{owner};
    else if (kind == attribute_owner::conversation)
        line.conversation = conversation_id{owner};
    tx.append(std::move(line));
}

constexpr std::string_view select_values =
    "SELECT a.id, a.name, a.type, v.text_value, v.whole_value, v.real_value FROM attribute_values v"
    " JOIN attributes a ON a.id = v.attribute_id WHERE v.owner_id = ? AND a.owner_kind = ?"
    " AND a.archived_at = 0 ORDER BY a.name";

std::vector<attribute_set> of(db::connection& on, attribute_owner kind, std::int64_t owner)
{
    std::vector<attribute_set> found;
    db::rows row = on.query(select_values, {owner, kind});
    while (row.next()) {
        attribute_set one;
        one.which = row.id<attribute_id>(0);
        one.name = row.string(1);
        one.type = static_cast<attribute_type>(row.integer(2));
        switch (one.type) {
        case attribute_type::text:
        case attribute_type::choice:
            one.content = row.string(3);
            break;
        case attribute_type::number:
            one.content = row.real(5);
            break;
        case attribute_type::date:
            one.content = row.time(4);
            break;
        case attribute_type::boolean:
            one.content = row.flag(4);
            break;
        }
        found.push_back(std::move(one));
    }
    return found;
}

} // namespace crm::attributes
