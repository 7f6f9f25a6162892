#include "crm/order_lines.hpp"

#include "crm/base/problem.hpp"
#include "crm/sql_list.hpp"

#include <initializer_list>
#include <string>
#include <vector>

namespace crm::orders {

namespace {

constexpr std::int64_t largest_amount = 1'000'000'000'000'00;

constexpr std::string_view insert_lines =
    "INSERT INTO order_lines (order_id, line, sku, name, quantity, unit_minor, unit_cost_minor,"
    " image) VALUES ";
constexpr std::size_t line_columns = 8;
constexpr std::string_view delete_lines = "DELETE FROM order_lines WHERE order_id = ?";

} // namespace

void check_amount(std::int64_t minor, std::string_view field)
{
    if (minor < 0 || minor > largest_amount)
        throw problem{
            errc::invalid, "Amounts are 0 to 10^14 in the smallest unit.", std::string{field}
        };
}

void check_lines(std::span<const order_line> lines)
{
    if (lines.size() > most_lines)
        throw problem{errc::invalid, "An order has at most 200 lines.", "lines"};
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::string at = "lines[" + std::to_string(i) + "]";
        const order_line& line = lines[i];
        if (line.quantity < 1 || line.quantity > 1'000'000)
            throw problem{errc::invalid, "quantity is 1 to 1,000,000.", at + ".quantity"};
        if (line.name.empty() || line.name.size() > 500)
            throw problem{errc::invalid, "A line has a name of at most 500 bytes.", at + ".name"};
        if (line.sku.size() > 190)
            throw problem{errc::invalid, "A sku has at most 190 bytes.", at + ".sku"};
        check_amount(line.unit_minor, at + ".unit_minor");
        check_amount(line.unit_cost_minor, at + ".unit_cost_minor");
    }
}

void write_lines(transaction& tx, order_id of, std::span<const order_line> lines)
{
    tx.exec(delete_lines, {of});
    std::int64_t place = 0;
    std::vector<db::value> values;
    for (const order_line& line : lines) {
        const std::initializer_list<db::value> row{
            of,
            ++place,
            line.sku,
            line.name,
            line.quantity,
            line.unit_minor,
            line.unit_cost_minor,
            line.image
        };
        values.insert(values.end(), row);
    }
    insert_rows(tx.db(), insert_lines, line_columns, values);
}

} // namespace crm::orders
