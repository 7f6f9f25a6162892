// What the numbers mean by which MySQL, MariaDB and their client library tell errors. Any thread.
#pragma once

#include "crm/store/connection.hpp"

namespace crm::db {

failure::kind kind_of_mysql(int code);

} // namespace crm::db
