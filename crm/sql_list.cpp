#include "crm/sql_list.hpp"

#include <stdexcept>

namespace crm {

std::size_t list_places(std::size_t count)
{
    for (const std::size_t places : {1U, 4U, 16U, 64U, 256U, 1024U})
        if (count <= places)
            return places;
    throw std::length_error{"more than 1,024 values in one list"};
}

std::string sql_list(std::size_t count)
{
    std::string text = "(?";
    for (std::size_t i = 1; i < list_places(count); ++i)
        text += ", ?";
    return text + ")";
}

void insert_rows(
    db::connection& on,
    std::string_view insert,
    std::size_t columns,
    std::span<const db::value> values
)
{
    std::string row = "(?";
    for (std::size_t i = 1; i < columns; ++i)
        row += ", ?";
    row += ')';
    while (!values.empty()) {
        std::size_t count = 64;
        while (count * columns > values.size())
            count /= 4;
        std::string text{insert};
        for (std::size_t i = 0; i < count; ++i)
            (text += i == 0 ? "" : ", ") += row;
        on.exec_span(text, values.first(count * columns));
        values = values.subspan(count * columns);
    }
}

} // namespace crm
