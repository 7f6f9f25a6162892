// What search.cpp and search_index.cpp share: the tokens of a document's rights, and its row.
#pragma once

#include "crm/search.hpp"

#include <string>

namespace crm::search {

/// Tokens that say in which inbox, about whom and what kind a document is. No word makes such a
/// one: words begin with "www", "uuu", "hhh" or "c".
std::string inbox_token(std::int64_t inbox);
std::string customer_token(std::int64_t customer);
std::string kind_token(document kind);

/// What the index was changed by: rows at most, bytes of indexed words.
struct taken_in
{
    int rows = 0;
    std::size_t bytes = 0;
};

/// A step of the follower takes in no further document once so much went in or out.
inline constexpr std::int64_t most_bytes_in_step = 32 * 1024;

/// Puts a document in, in place of an older one of its id; one without words is taken out.
taken_in put_document(transaction& in, document kind, const hit& about, std::string_view text);
taken_in remove_document(transaction& in, std::int64_t id);

} // namespace crm::search
