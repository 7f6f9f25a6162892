// Lists of values for IN (...): padded to a few lengths, so that few statements are kept prepared.
#pragma once

#include "crm/store/connection.hpp"

#include <array>
#include <span>
#include <string>
#include <vector>

namespace crm {

/// How many places a list of `count` values gets. Throws std::length_error over 1,024.
std::size_t list_places(std::size_t count);

/// "(?, ?, ...)" with that many places.
std::string sql_list(std::size_t count);

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
