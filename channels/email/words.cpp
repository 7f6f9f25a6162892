// RFC 2047 and what mail programs make of it.
#include "channels/email/charset.hpp"
#include "crm/base/text.hpp"

#include <array>
#include <optional>
#include <utility>

namespace channels::email {

namespace {

int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

std::string from_q(std::string_view text)
{
    std::string bytes;
    bytes.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '_') {
            bytes += ' ';
        } else if (text[at] == '=' && at + 2 < text.size() && hex_digit(text[at + 1]) >= 0 &&
                   hex_digit(text[at + 2]) >= 0) {
            bytes += static_cast<char>(hex_digit(text[at + 1]) * 16 + hex_digit(text[at + 2]));
            at += 2;
        } else {
            bytes += text[at];
        }
    }
    return bytes;
}

struct word
{
    std::string charset;
    std::string bytes;
    std::string base64;  // not yet decoded: senders break it anywhere, also inside a group of four
    std::size_t end = 0; // behind it, in the value

    void decode_rest() { bytes += from_base64(std::exchange(base64, {})); }
};

// The word that starts at `at`, if one does. `no_end_from` remembers that no "?=" follows, so that
// a value full of "=?" costs one pass.
std::optional<word> word_at(std::string_view value, std::size_t at, std::size_t& no_end_from)
{
    constexpr std::size_t longest_charset = 60;
    if (!value.substr(at).starts_with("=?") || at >= no_end_from)
        return std::nullopt;
    const auto after_charset = value.substr(0, at + 2 + longest_charset).find('?', at + 2);
    if (after_charset == std::string_view::npos || after_charset == at + 2 ||
        after_charset + 2 >= value.size() || value[after_charset + 2] != '?')
        return std::nullopt;
    const char kind = value[after_charset + 1];
    const bool base64 = kind == 'B' || kind == 'b';
    if (!base64 && kind != 'Q' && kind != 'q')
        return std::nullopt;
    const std::size_t begin = after_charset + 3;
    // In Q text an "=" may follow a "?" that belongs to the text: "=?utf-8?Q?Why?=20not?=".
    std::size_t end = value.find("?=", begin);
    if (!base64 && end != std::string_view::npos) {
        constexpr std::size_t longest_word = 400;
        const auto near = value.substr(0, begin + longest_word);
        const auto blank = near.find(' ', begin);
        while (end + 3 < near.size() && end < blank && hex_digit(near[end + 2]) >= 0 &&
               hex_digit(near[end + 3]) >= 0) {
            const auto next = near.find("?=", end + 2);
            if (next == std::string_view::npos)
                break;
            end = next;
        }
    }
    if (end == std::string_view::npos) {
        no_end_from = at;
        return std::nullopt;
    }
    word found;
    found.charset = std::string{value.substr(at + 2, after_charset - at - 2)};
    const auto text = value.substr(begin, end - begin);
    if (base64)
        found.base64 = std::string{text};
    else
        found.bytes = from_q(text);
    found.end = end + 2;
    return found;
}

std::string unfolded(std::string_view value)
{
    std::string line;
    line.reserve(value.size());
    for (const char c : value) {
        if (c == '\r' || c == '\n') {
            if (!line.empty() && line.back() != ' ')
                line += ' ';
        } else if (const char blank = c == '\t' ? ' ' : c;
                   !(blank == ' ' && !line.empty() && line.back() == ' ' && line.size() > 1)) {
            line += blank;
        }
    }
    return std::string{crm::trim(line)};
}

} // namespace

std::string from_base64(std::string_view text)
{
    static constexpr auto values = [] {
        constexpr std::string_view alphabet =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        std::array<signed char, 256> table{};
        table.fill(-1);
        for (std::size_t at = 0; at < alphabet.size(); ++at)
            table[static_cast<unsigned char>(alphabet[at])] = static_cast<signed char>(at);
        return table;
    }();
    std::string bytes;
    bytes.reserve(text.size() * 3 / 4);
    unsigned held = 0;
    int bits = 0;
    for (const char c : text) {
        const int value = values[static_cast<unsigned char>(c)];
        if (c == '=') {
            bits = 0; // padded pieces may have been glued together
            held = 0;
            continue;
        }
        if (value < 0)
            continue;
        held = (held << 6U | static_cast<unsigned>(value)) & 0xFFFFFFU;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            bytes += static_cast<char>(held >> static_cast<unsigned>(bits) & 0xFFU);
        }
    }
    return bytes;
}

std::string decode_words(std::string_view raw, std::string_view hint)
{
    const std::string value = unfolded(raw);
    std::string text;
    std::size_t no_end_from = std::string::npos;
    std::size_t plain_from = 0;
    std::size_t at = 0;
    std::optional<word> held; // grows while its neighbours use the same character set
    // Guessing a character set costs; nobody changes it fifty times in one header.
    int guesses = 50;
    const auto plain = [&](std::string_view bytes) {
        const bool may_guess = is_ascii(bytes) || --guesses > 0;
        text += to_utf8(bytes, may_guess ? "" : "windows-1252", hint).text;
    };
    const auto flush_word = [&] {
        if (held) {
            held->decode_rest();
            text += to_utf8(held->bytes, held->charset, hint).text;
        }
        held.reset();
    };
    while ((at = value.find("=?", at)) != std::string::npos) {
        auto found = word_at(value, at, no_end_from);
        if (!found) {
            at += 2;
            continue;
        }
        const auto between = std::string_view{value}.substr(plain_from, at - plain_from);
        const bool joined = held && crm::trim(between).empty();
        if (joined && crm::ascii_lower(held->charset) == crm::ascii_lower(found->charset)) {
            if (found->base64.empty() || held->base64.ends_with('='))
                held->decode_rest();
            held->bytes += found->bytes;
            held->base64 += found->base64;
        } else {
            flush_word();
            if (!joined)
                plain(between);
            held = std::move(found);
            found = word{.charset = {}, .bytes = {}, .base64 = {}, .end = held->end};
        }
        plain_from = at = found->end;
    }
    flush_word();
    plain(std::string_view{value}.substr(plain_from));
    return text;
}

} // namespace channels::email
