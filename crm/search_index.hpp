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

/// Puts a document in, in place of an older one of its id; one without words is taken out.
void put_document(transaction& in, document kind, const hit& about, std::string_view text);
void remove_document(transaction& in, std::int64_t id);

} // namespace crm::search
