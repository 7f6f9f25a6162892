// Character references of HTML: numbers, and the names that mails use.
#include "channels/email/html_text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace channels::email {

namespace {

// The names of Latin-1 in the order of their code points, from U+00A0 on.
constexpr std::array<std::string_view, 96> latin{
    "nbsp",   "iexcl",  "cent",   "pound",  "curren", "yen",    "brvbar", "sect",   "uml",
    "copy",   "ordf",   "laquo",  "not",    "shy",    "reg",    "macr",   "deg",    "plusmn",
    "sup2",   "sup3",   "acute",  "micro",  "para",   "middot", "cedil",  "sup1",   "ordm",
    "raquo",  "frac14", "frac12", "frac34", "iquest", "Agrave", "Aacute", "Acirc",  "Atilde",
    "Auml",   "Aring",  "AElig",  "Ccedil", "Egrave", "Eacute", "Ecirc",  "Euml",   "Igrave",
    "Iacute", "Icirc",  "Iuml",   "ETH",    "Ntilde", "Ograve", "Oacute", "Ocirc",  "Otilde",
    "Ouml",   "times",  "Oslash", "Ugrave", "Uacute", "Ucirc",  "Uuml",   "Yacute", "THORN",
    "szlig",  "agrave", "aacute", "acirc",  "atilde", "auml",   "aring",  "aelig",  "ccedil",
    "egrave", "eacute", "ecirc",  "euml",   "igrave", "iacute", "icirc",  "iuml",   "eth",
    "ntilde", "ograve", "oacute", "ocirc",  "otilde", "ouml",   "divide", "oslash", "ugrave",
    "uacute", "ucirc",  "uuml",   "yacute", "thorn",  "yuml"
};

constexpr std::array<std::pair<std::string_view, unsigned>, 62> others{{
    {"amp", '&'},       {"lt", '<'},        {"gt", '>'},       {"quot", '"'},
    {"apos", '\''},     {"AMP", '&'},       {"LT", '<'},       {"GT", '>'},
    {"QUOT", '"'},      {"OElig", 0x152},   {"oelig", 0x153},  {"Scaron", 0x160},
    {"scaron", 0x161},  {"Yuml", 0x178},    {"fnof", 0x192},   {"circ", 0x2C6},
    {"tilde", 0x2DC},   {"ensp", 0x2002},   {"emsp", 0x2003},  {"thinsp", 0x2009},
    {"zwnj", 0x200C},   {"zwj", 0x200D},    {"lrm", 0x200E},   {"rlm", 0x200F},
    {"ndash", 0x2013},  {"mdash", 0x2014},  {"lsquo", 0x2018}, {"rsquo", 0x2019},
    {"sbquo", 0x201A},  {"ldquo", 0x201C},  {"rdquo", 0x201D}, {"bdquo", 0x201E},
    {"dagger", 0x2020}, {"Dagger", 0x2021}, {"bull", 0x2022},  {"hellip", 0x2026},
    {"permil", 0x2030}, {"prime", 0x2032},  {"Prime", 0x2033}, {"lsaquo", 0x2039},
    {"rsaquo", 0x203A}, {"euro", 0x20AC},   {"trade", 0x2122}, {"larr", 0x2190},
    {"uarr", 0x2191},   {"rarr", 0x2192},   {"darr", 0x2193},  {"harr", 0x2194},
    {"rArr", 0x21D2},   {"minus", 0x2212},  {"infin", 0x221E}, {"asymp", 0x2248},
    {"ne", 0x2260},     {"le", 0x2264},     {"ge", 0x2265},    {"check", 0x2713},
    {"alpha", 0x3B1},   {"beta", 0x3B2},    {"pi", 0x3C0},     {"Omega", 0x3A9},
    {"Delta", 0x394},   {"hearts", 0x2665},
}};

std::string utf8(unsigned point)
{
    if (point == 0 || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
        point = 0xFFFD;
    std::string text;
    if (point < 0x80) {
        text += static_cast<char>(point);
    } else if (point < 0x800) {
        text += static_cast<char>(0xC0 | point >> 6U);
        text += static_cast<char>(0x80 | (point & 0x3FU));
    } else if (point < 0x10000) {
        text += static_cast<char>(0xE0 | point >> 12U);
        text += static_cast<char>(0x80 | (point >> 6U & 0x3FU));
        text += static_cast<char>(0x80 | (point & 0x3FU));
    } else {
        text += static_cast<char>(0xF0 | point >> 18U);
        text += static_cast<char>(0x80 | (point >> 12U & 0x3FU));
        text += static_cast<char>(0x80 | (point >> 6U & 0x3FU));
        text += static_cast<char>(0x80 | (point & 0x3FU));
    }
    return text;
}

reference by_number(std::string_view text)
{
    const bool hex = text.size() > 2 && (text[2] == 'x' || text[2] == 'X');
    const auto digits = text.substr(hex ? 3 : 2, 8);
    unsigned point = 0;
    const auto [end, error] =
        std::from_chars(digits.data(), digits.data() + digits.size(), point, hex ? 16 : 10);
    if (end == digits.data())
        return {};
    std::size_t length = (hex ? 3 : 2) + static_cast<std::size_t>(end - digits.data());
    if (length < text.size() && text[length] == ';')
        ++length;
    if (error != std::errc{})
        point = 0xFFFD;
    // Numbers 128 to 159 are meant as windows-1252, whatever the standard says.
    constexpr std::array<unsigned, 32> windows{
        0x20AC, 0x81,   0x201A, 0x192,  0x201E, 0x2026, 0x2020, 0x2021, 0x2C6,  0x2030, 0x160,
        0x2039, 0x152,  0x8D,   0x17D,  0x8F,   0x90,   0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
        0x2013, 0x2014, 0x2DC,  0x2122, 0x161,  0x203A, 0x153,  0x9D,   0x17E,  0x178
    };
    if (point >= 0x80 && point < 0xA0)
        point = windows[point - 0x80];
    return {utf8(point), length};
}

} // namespace

reference read_reference(std::string_view text)
{
    if (text.size() > 2 && text[1] == '#')
        return by_number(text);
    constexpr std::size_t longest_name = 8;
    std::size_t end = 1;
    while (end < text.size() && end <= longest_name &&
           ((text[end] >= 'a' && text[end] <= 'z') || (text[end] >= 'A' && text[end] <= 'Z') ||
            (text[end] >= '0' && text[end] <= '9')))
        ++end;
    const auto name = text.substr(1, end - 1);
    const bool closed = end < text.size() && text[end] == ';';
    if (name.empty())
        return {};
    unsigned point = 0;
    if (const auto found = std::ranges::find(latin, name); found != latin.end())
        point = 0xA0 + static_cast<unsigned>(found - latin.begin());
    else if (const auto other =
                 std::ranges::find(others, name, &std::pair<std::string_view, unsigned>::first);
             other != others.end())
        point = other->second;
    if (point == 0)
        return {};
    return {utf8(point), end + (closed ? 1 : 0)};
}

std::string escape_html(std::string_view text)
{
    std::string out;
    out.reserve(text.size() + text.size() / 16);
    for (const char c : text) {
        switch (c) {
        case '&':
            out += "&amp;";
            break;
        case '<':
            out += "&lt;";
            break;
        case '>':
            out += "&gt;";
            break;
        case '"':
            out += "&quot;";
            break;
        case '\'':
            out += "&#39;";
            break;
        default:
            out += c;
        }
    }
    return out;
}

} // namespace channels::email
