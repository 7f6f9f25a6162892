// The schema's history: whole numbers without gaps, one statement each, forward only. A released
// number never changes; a change is a new number. Runs at start, before any other thread.
#pragma once

#include "crm/base/time.hpp"
#include "crm/store/connection.hpp"

#include <span>
#include <string>
#include <string_view>

namespace crm::db {

/// One step. Words in braces differ by database: {id} (64-bit primary key column), {i64}, {key}
/// (exact bytes, at most 190), {text}, {bytes}, {real}. A CREATE TABLE gets its engine, charset and
/// collation added.
struct migration
{
    int number;
    std::string_view sql;
};

/// True when the numbers are 1, 2, 3, …; held by static_assert beside each list.
constexpr bool gap_free(std::span<const migration> list)
{
    int expected = 1;
    for (const migration& one : list)
        if (one.number != expected++)
            return false;
    return true;
}

/// The product's tables (crm/store/schema.cpp).
std::span<const migration> product_migrations();

/// The store's own tables: log, log_head, writers, idempotency keys, the schema's version
/// (crm/store/own_schema.cpp).
std::span<const migration> store_migrations();

/// The statement in the words of one database. Throws std::logic_error for an unknown word.
std::string in_dialect(std::string_view sql, dialect of);

/// Brings the database up to this program: takes the lock, checks that what ran before is what this
/// program knows (by checksum), runs what is missing. Throws problem{unavailable} when the database
/// is newer than the program or its history differs.
void migrate(connection& on, instant now);

/// The same with other lists; tests use it.
void migrate(
    connection& on,
    instant now,
    std::span<const migration> store_list,
    std::span<const migration> product_list
);

} // namespace crm::db
