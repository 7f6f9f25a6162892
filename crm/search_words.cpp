#include "crm/search_words.hpp"

#include "crm/base/hash.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <stdexcept>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>
#include <unicode/unistr.h>
#include <unicode/uscript.h>

namespace crm::search {

namespace {

constexpr std::size_t longest_word = 60;  // bytes of a token; longer words go by their hash
constexpr std::size_t size_of_single = 6; // "c" and five digits: one character, not a pair
constexpr std::size_t most_phrases = 16;
constexpr std::size_t most_phrase_tokens = 32;
constexpr std::size_t shortest_open_word = 3; // letters; shorter ones would begin too many words

/// Folds case, width and compatibility forms and takes accents from letters: "ＣＡＦÉ" and "cafe"
/// meet.
icu::UnicodeString folded(std::string_view text)
{
    UErrorCode status = U_ZERO_ERROR;
    const icu::Normalizer2* casefold = icu::Normalizer2::getNFKCCasefoldInstance(status);
    const icu::Normalizer2* decompose = icu::Normalizer2::getNFDInstance(status);
    if (U_FAILURE(status) != 0)
        throw std::runtime_error{"ICU's normalisation data is missing"};
    const auto size = static_cast<std::int32_t>(text.size());
    const icu::UnicodeString given =
        icu::UnicodeString::fromUTF8(icu::StringPiece{text.data(), size});
    return decompose->normalize(casefold->normalize(given, status), status);
}

bool is_accent(UChar32 point)
{
    return point >= 0x0300 && point <= 0x036F;
}

bool is_word_part(UChar32 point)
{
    return u_isalnum(point) != 0 || u_charType(point) == U_NON_SPACING_MARK ||
           u_charType(point) == U_COMBINING_SPACING_MARK;
}

/// Scripts that write words without blanks between them (or, Korean, with endings grown on).
bool is_unspaced(UChar32 point)
{
    UErrorCode status = U_ZERO_ERROR;
    switch (uscript_getScript(point, &status)) {
    case USCRIPT_HAN:
    case USCRIPT_HIRAGANA:
    case USCRIPT_KATAKANA:
    case USCRIPT_HANGUL:
    case USCRIPT_BOPOMOFO:
    case USCRIPT_YI:
    case USCRIPT_THAI:
    case USCRIPT_LAO:
    case USCRIPT_KHMER:
    case USCRIPT_MYANMAR:
        return true;
    default:
        return false;
    }
}

/// Collects the tokens while the code points go by.
class collector
{
public:
    explicit collector(std::size_t most) : most_{most} {}

    void take(UChar32 point)
    {
        if (is_accent(point))
            return;
        if (!is_word_part(point)) {
            end_word();
            end_run();
        } else if (is_unspaced(point)) {
            end_word();
            take_unspaced(point);
        } else {
            end_run();
            take_spaced(point);
        }
    }

    std::vector<token> finish()
    {
        end_word();
        end_run();
        return std::move(made_);
    }

private:
    void take_unspaced(UChar32 point)
    {
        if (before_ != 0)
            add({fmt::format("c{:05x}{:05x}", before_, point), false});
        before_ = point;
    }

    void take_spaced(UChar32 point)
    {
        if (point < 0x80) {
            word_ += static_cast<char>(point);
            return;
        }
        icu::UnicodeString{point}.toUTF8String(word_);
        is_ascii_ = false;
    }

    void end_word()
    {
        if (word_.empty())
            return;
        // The first letter says how the rest is to be read, so that no two words share a token.
        std::string text = is_ascii_ ? "www" + word_ : "uuu" + to_hex(word_);
        if (text.size() > longest_word)
            text = "hhh" + to_hex(sha256(word_)).substr(0, 32);
        add({std::move(text), true});
        word_.clear();
        is_ascii_ = true;
    }

    /// The last character of a run begins no pair, yet a question for it alone must find it.
    void end_run()
    {
        if (before_ != 0)
            add({fmt::format("c{:05x}", before_), false});
        before_ = 0;
    }

    void add(token one)
    {
        if (made_.size() < most_)
            made_.push_back(std::move(one));
    }

    std::size_t most_;
    std::vector<token> made_;
    std::string word_;
    bool is_ascii_ = true;
    UChar32 before_ = 0;
};

phrase read_phrase(std::string_view chunk)
{
    std::vector<token> found = tokens(chunk, most_phrase_tokens);
    phrase read;
    for (std::size_t i = 0; i < found.size(); ++i) {
        const bool ends_run = !found[i].is_word && found[i].text.size() == size_of_single;
        // After its pairs a last character adds nothing, and in the text the run may go on.
        const bool is_last = i + 1 == found.size();
        const bool follows_pair =
            i > 0 && !found[i - 1].is_word && found[i - 1].text.size() > size_of_single;
        if (ends_run && is_last && follows_pair)
            break;
        read.tokens.push_back(found[i].text);
        read.is_open = ends_run || found[i].is_word;
    }
    return read;
}

} // namespace

std::vector<token> tokens(std::string_view text, std::size_t most)
{
    const icu::UnicodeString ready = folded(text);
    collector made{most};
    for (std::int32_t i = 0; i < ready.length();) {
        const UChar32 point = ready.char32At(i);
        made.take(point);
        i += U16_LENGTH(point);
    }
    return made.finish();
}

std::string indexed_form(std::string_view text)
{
    std::string form;
    for (const token& one : tokens(text)) {
        form += form.empty() ? "" : " ";
        form += one.text;
    }
    return form;
}

std::vector<phrase> read_question(std::string_view question)
{
    std::vector<phrase> read;
    constexpr std::string_view blanks = " \t\r\n";
    bool last_word_open = true;
    while (read.size() < most_phrases) {
        const std::size_t begin = question.find_first_not_of(blanks);
        if (begin == std::string_view::npos)
            break;
        question.remove_prefix(begin);
        const std::string_view chunk = question.substr(0, question.find_first_of(blanks));
        question.remove_prefix(chunk.size());
        // Whoever typed a blank or a stop after a word meant the whole word.
        last_word_open = question.empty();
        phrase one = read_phrase(chunk);
        if (!one.tokens.empty())
            read.push_back(std::move(one));
    }
    for (std::size_t i = 0; i < read.size(); ++i) {
        const std::string& last = read[i].tokens.back();
        const bool is_word = last.front() != 'c';
        const bool is_long = last.size() >= shortest_open_word + 3 && last.front() == 'w';
        const bool is_last = i + 1 == read.size() && last_word_open;
        read[i].is_open = read[i].is_open && (!is_word || (is_last && is_long));
    }
    return read;
}

} // namespace crm::search
