// Rows that wait to be written together: one statement for many of them is one round trip to a
// database server instead of one each. The writer thread's.
#pragma once

#include "crm/store/connection.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace crm::db {

/// A statement for many rows: head, the first row's text, the text of each further row after
/// `between`, tail; and one for a single row where that is another. An empty head: this dialect has
/// no such text, each row is a statement. A constant; its address names it.
struct row_statement
{
    struct text_of_many
    {
        std::string_view head;
        std::string_view first;
        std::string_view further;
        std::string_view between;
        std::string_view tail;
    };
    std::string_view one;
    text_of_many sqlite;
    text_of_many mysql;
};

/// The values of one row, in the order of the statement of one. Where a key is not 0, a row takes
/// the place of the one with the same key that still waits.
struct later_row
{
    std::int64_t key = 0;
    std::vector<value> values;
};

class waiting_rows
{
public:
    void add(const row_statement& how, later_row row, std::shared_ptr<const void> owner);
    [[nodiscard]] bool empty() const { return groups_.empty(); }
    /// Writes all, in groups of few sizes; what waits is then gone, also when it throws failure.
    void write(connection& on);
    /// Writes one row at once. Throws failure.
    void write_one(connection& on, const row_statement& how, const later_row& row);
    void clear() { groups_.clear(); }

private:
    struct group
    {
        const row_statement* how;
        std::vector<later_row> rows;
        std::vector<std::shared_ptr<const void>> owners;
        std::map<std::int64_t, std::size_t> places; // of rows with a key
    };

    const std::string& text(connection& on, const row_statement& how, std::size_t rows);
    void write(connection& on, const group& which);

    std::vector<group> groups_; // in the order in which each was first asked for
    std::map<std::pair<const row_statement*, std::size_t>, std::string> texts_;
};

} // namespace crm::db
