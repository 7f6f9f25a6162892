// Lists of values for IN (...), and rows for VALUES: padded to a few lengths, so that few
// statements are kept prepared.
#pragma once

#include "crm/store/connection.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

/// How many places a list of `count` values gets. Throws std::length_error over 1,024.
std::size_t list_places(std::size_t count);

/// "(?, ?, ...)" with that many places.
std::string sql_list(std::size_t count);

/// Runs "INSERT ... VALUES " for rows of so many columns, many rows a statement; of few lengths,
/// too.
void insert_rows(
    db::connection& on,
    std::string_view insert,
    std::size_t columns,
    std::span<const db::value> values
);

/// Appends the values, and the first one again until every place is taken. No values: zeros, which
/// no id is.
template <strong_id Id>
void add_list(std::vector<db::value>& to, std::span<const Id> ids)
{
    for (const Id one : ids)
        to.emplace_back(one);
    for (std::size_t i = ids.size(); i < list_places(ids.size()); ++i)
        to.emplace_back(ids.empty() ? Id{} : ids.front());
}

} // namespace crm
