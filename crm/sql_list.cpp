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

} // namespace crm
