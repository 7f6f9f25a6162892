// The product's tables, in the order they came to be. A released number never changes.
#include "crm/store/migrations.hpp"
#include "crm/store/schema/conversations.hpp"
#include "crm/store/schema/machinery.hpp"
#include "crm/store/schema/people.hpp"
#include "crm/store/schema/staff.hpp"

#include <algorithm>

namespace crm::db {
namespace {

template <std::size_t... Sizes>
constexpr auto joined(const std::array<migration, Sizes>&... parts)
{
    std::array<migration, (Sizes + ...)> all{};
    auto place = all.begin();
    ((place = std::copy(parts.begin(), parts.end(), place)), ...);
    return all;
}

constexpr auto all_migrations =
    joined(schema::people, schema::conversations, schema::staff, schema::machinery);

static_assert(
    gap_free(all_migrations), "migrations are numbered 1, 2, 3, ... in the order they run"
);

} // namespace

std::span<const migration> product_migrations()
{
    return all_migrations;
}

} // namespace crm::db
