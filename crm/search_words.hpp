// How text becomes the words of the search index, the same for what is stored and what is asked:
// folded words, and pairs of neighbouring characters where a script does not set words apart. Each
// comes out as an ASCII token of at least 4 letters and digits, which FTS5 and FULLTEXT take alike.
// Any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace crm::search {

/// Grows when the same text would give other tokens; the index is then made anew.
inline constexpr std::int64_t words_version = 2;

/// One place of a text: a token, and whether a question for its beginning may find it.
struct token
{
    std::string text;
    bool is_word = false; // a whole word; otherwise a pair (or the last) of characters
};

/// The tokens in the order of the text. At most `most` are made.
std::vector<token> tokens(std::string_view text, std::size_t most = 10'000);

/// The tokens with blanks between, the form that is indexed.
std::string indexed_form(std::string_view text);

/// What stands between blanks in a question: its tokens must stand side by side. `is_open`: its
/// last word may go on ("refun" finds "refund").
struct phrase
{
    std::vector<std::string> tokens;
    bool is_open = false;
};

/// Reads a question: at most 16 phrases of at most 32 tokens; empty when there is nothing to find.
std::vector<phrase> read_question(std::string_view question);

} // namespace crm::search
