// How a request's skills lie in the database. For the files of this subject only.
#pragma once

#include "crm/request.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace crm::requests {

/// "12:3 15:1": skill and level, parted by blanks.
std::string write_skills(const std::vector<needed_skill>& skills);
std::vector<needed_skill> read_skills(std::string_view text);

} // namespace crm::requests
