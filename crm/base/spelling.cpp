#include "crm/base/spelling.hpp"

#include <algorithm>
#include <vector>

namespace crm {

namespace {

std::size_t distance(std::string_view one, std::string_view other)
{
    std::vector<std::size_t> row(other.size() + 1);
    for (std::size_t j = 0; j <= other.size(); ++j)
        row[j] = j;
    for (std::size_t i = 1; i <= one.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= other.size(); ++j) {
            const std::size_t replaced = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
            diagonal = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

} // namespace

std::string_view
nearest_word(std::string_view misspelt, std::span<const std::string_view> known, std::size_t edits)
{
    std::string_view nearest;
    for (const std::string_view one : known)
        if (const std::size_t far = distance(misspelt, one); far < edits) {
            edits = far;
            nearest = one;
        }
    return nearest;
}

} // namespace crm
