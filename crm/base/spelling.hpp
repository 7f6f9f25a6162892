// What somebody probably meant who mistyped a name. Any thread.
#pragma once

#include <span>
#include <string_view>

namespace crm {

/// The known word from which `misspelt` differs in fewer than `edits` insertions, deletions and
/// replacements (Levenshtein's distance), the nearest and of these the first; empty when there is
/// none.
std::string_view
nearest_word(std::string_view misspelt, std::span<const std::string_view> known, std::size_t edits);

} // namespace crm
