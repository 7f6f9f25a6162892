#include "crm/base/text.hpp"

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace crm {

namespace {

constexpr std::size_t file_name_code_points = 120;

struct decoded
{
    std::uint32_t point = 0;
    std::size_t length = 0; // 0: malformed
};

bool is_continuation(char c)
{
    return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

/// The code point at the front of `text`, which is not empty.
decoded decode(std::string_view text)
{
    const auto first = static_cast<unsigned char>(text[0]);
    if (first < 0x80)
        return {first, 1};
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || text.size() < length)
        return {};
    std::uint32_t point = first & (0x7FU >> length);
    for (std::size_t i = 1; i < length; ++i) {
        if (!is_continuation(text[i]))
            return {};
        point = point << 6U | (static_cast<unsigned char>(text[i]) & 0x3FU);
    }
    const bool overlong = (length == 3 && point < 0x800) || (length == 4 && point < 0x10000);
    const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    if (overlong || surrogate || point > 0x10FFFF)
        return {};
    return {point, length};
}

/// How many bytes at the front are ASCII.
std::size_t ascii_prefix(std::string_view text)
{
    constexpr std::uint64_t high_bits = 0x8080808080808080U;
    std::size_t at = 0;
    for (std::uint64_t eight = 0; at + sizeof eight <= text.size(); at += sizeof eight) {
        std::memcpy(&eight, text.data() + at, sizeof eight);
        if ((eight & high_bits) != 0)
            break;
    }
    while (at < text.size() && static_cast<unsigned char>(text[at]) < 0x80)
        ++at;
    return at;
}

bool is_control(std::uint32_t point)
{
    return point < 0x20 || (point >= 0x7F && point < 0xA0);
}

/// Whether this byte of well-formed text is a control character that clean_text drops, or begins
/// one of U+0080 to U+009F (or of the letters and signs that share the first byte with them).
bool may_be_control(char byte)
{
    const auto code = static_cast<unsigned char>(byte);
    return (code < 0x20 && byte != '\n' && byte != '\t') || code == 0x7F || code == 0xC2;
}

/// Characters that are not seen and change how their neighbours look: direction marks and
/// overrides, zero-width blanks, word joiners, the byte order mark, line and paragraph separators.
/// The zero-width joiner stays: emoji and several scripts need it.
bool is_deceiving(std::uint32_t point)
{
    return (point >= 0x202A && point <= 0x202E) || (point >= 0x2066 && point <= 0x2069) ||
           point == 0x200B || point == 0x200E || point == 0x200F || point == 0x2060 ||
           point == 0xFEFF || point == 0x2028 || point == 0x2029 || point == 0x061C;
}

bool is_space(std::uint32_t point)
{
    return point == ' ' || (point >= '\t' && point <= '\r') || point == 0xA0 || point == 0x3000;
}

constexpr std::string_view replacement = "\xEF\xBF\xBD";

/// Calls `visit(point, bytes)` for each code point; malformed bytes come as U+FFFD.
template <class Visit>
void each_code_point(std::string_view text, Visit visit)
{
    while (!text.empty()) {
        const decoded one = decode(text);
        if (one.length == 0) {
            visit(std::uint32_t{0xFFFD}, replacement);
            text.remove_prefix(1);
        } else {
            visit(one.point, text.substr(0, one.length));
            text.remove_prefix(one.length);
        }
    }
}

} // namespace

bool is_utf8(std::string_view text)
{
    for (;;) {
        text.remove_prefix(ascii_prefix(text));
        if (text.empty())
            return true;
        const decoded one = decode(text);
        if (one.length == 0)
            return false;
        text.remove_prefix(one.length);
    }
}

std::size_t code_points(std::string_view text)
{
    std::size_t count = 0;
    each_code_point(text, [&](std::uint32_t, std::string_view) { ++count; });
    return count;
}

std::string_view truncate(std::string_view text, std::size_t count)
{
    std::size_t at = 0;
    for (; count > 0 && at < text.size(); --count) {
        const std::size_t length = decode(text.substr(at)).length;
        at += length == 0 ? 1 : length;
    }
    return text.substr(0, at);
}

std::string_view truncate_bytes(std::string_view text, std::size_t bytes)
{
    if (text.size() <= bytes)
        return text;
    while (bytes > 0 && is_continuation(text[bytes]))
        --bytes;
    return text.substr(0, bytes);
}

std::string_view trim(std::string_view text)
{
    constexpr std::string_view blanks = " \t\r\n\v\f";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::string ascii_lower(std::string_view text)
{
    std::string lower{text};
    for (char& c : lower)
        if (c >= 'A' && c <= 'Z')
            c = static_cast<char>(c - 'A' + 'a');
    return lower;
}

std::string clean_line(std::string_view text, std::size_t count)
{
    std::string clean;
    std::size_t kept = 0;
    bool blank_due = false;
    each_code_point(text, [&](std::uint32_t point, std::string_view bytes) {
        if (is_space(point)) {
            blank_due = kept > 0;
            return;
        }
        if (is_control(point) || is_deceiving(point))
            return;
        const std::size_t needed = blank_due ? 2 : 1;
        if (kept + needed > count) {
            kept = count;
            return;
        }
        if (blank_due)
            clean += ' ';
        clean += bytes;
        kept += needed;
        blank_due = false;
    });
    return clean;
}

std::string clean_text(std::string_view text)
{
    // Nearly all texts are clean already.
    if (is_utf8(text) && std::ranges::none_of(text, may_be_control))
        return std::string{text};
    std::string clean;
    clean.reserve(text.size());
    each_code_point(text, [&](std::uint32_t point, std::string_view bytes) {
        if (!is_control(point) || point == '\n' || point == '\t')
            clean += bytes;
    });
    return clean;
}

std::string clean_file_name(std::string_view text)
{
    const std::size_t slash = text.find_last_of("/\\");
    if (slash != std::string_view::npos)
        text.remove_prefix(slash + 1);
    std::string name = clean_line(text, file_name_code_points);
    for (char& c : name)
        if (std::string_view{"<>:\"|?*"}.find(c) != std::string_view::npos)
            c = '_';
    const std::size_t visible = name.find_first_not_of(". ");
    if (visible == std::string::npos)
        return "file";
    return name.substr(visible);
}

} // namespace crm
