// The product's tables. Numbers that were released never change.
#include "crm/store/migrations.hpp"

namespace crm::db {

std::span<const migration> product_migrations()
{
    return {};
}

} // namespace crm::db
