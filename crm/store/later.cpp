#include "crm/store/later.hpp"

#include <algorithm>
#include <array>

namespace crm::db {

namespace {

// Few sizes, so that few statements are kept prepared.
constexpr std::array<std::size_t, 4> row_counts{64, 16, 4, 1};

const row_statement::text_of_many& text_for(connection& on, const row_statement& how)
{
    return on.speaks() == dialect::sqlite ? how.sqlite : how.mysql;
}

} // namespace

void waiting_rows::add(const row_statement& how, later_row row, std::shared_ptr<const void> owner)
{
    auto into = std::ranges::find(groups_, &how, &group::how);
    if (into == groups_.end())
        into = groups_.insert(into, group{&how, {}, {}, {}});
    if (row.key != 0) {
        const auto [place, is_new] = into->places.try_emplace(row.key, into->rows.size());
        if (!is_new) {
            into->rows[place->second] = std::move(row);
            into->owners[place->second] = std::move(owner);
            return;
        }
    }
    into->rows.push_back(std::move(row));
    into->owners.push_back(std::move(owner));
}

void waiting_rows::write(connection& on)
{
    const std::vector<group> waiting = std::exchange(groups_, {});
    for (const group& one : waiting)
        write(on, one);
}

void waiting_rows::write_one(connection& on, const row_statement& how, const later_row& row)
{
    on.exec_span(how.one.empty() ? text(on, how, 1) : how.one, row.values);
}

void waiting_rows::write(connection& on, const group& which)
{
    const bool has_many = !text_for(on, *which.how).head.empty();
    std::vector<value> values;
    std::size_t at = 0;
    for (const std::size_t count : row_counts) {
        while ((has_many || count == 1) && which.rows.size() - at >= count) {
            if (count == 1) {
                write_one(on, *which.how, which.rows[at++]);
                continue;
            }
            values.clear();
            for (const std::size_t end = at + count; at < end; ++at)
                values.insert(
                    values.end(), which.rows[at].values.begin(), which.rows[at].values.end()
                );
            on.exec_span(text(on, *which.how, count), values);
        }
    }
}

const std::string& waiting_rows::text(connection& on, const row_statement& how, std::size_t rows)
{
    std::string& made = texts_[{&how, rows}];
    if (made.empty()) {
        const row_statement::text_of_many& parts = text_for(on, how);
        made.append(parts.head).append(parts.first);
        for (std::size_t row = 1; row < rows; ++row)
            made.append(parts.between).append(parts.further);
        made.append(parts.tail);
    }
    return made;
}

} // namespace crm::db
