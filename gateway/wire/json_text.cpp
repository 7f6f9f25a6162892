#include "gateway/wire/json_text.hpp"

#include "crm/base/text.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

namespace gateway::wire {

namespace {

constexpr std::string_view hex = "0123456789abcdef";

void append_escape(std::string& to, char each)
{
    switch (each) {
    case '"':
        to += "\\\"";
        return;
    case '\\':
        to += "\\\\";
        return;
    case '\n':
        to += "\\n";
        return;
    case '\r':
        to += "\\r";
        return;
    case '\t':
        to += "\\t";
        return;
    default:
        break;
    }
    const auto code = static_cast<unsigned char>(each);
    to += "\\u00";
    to += hex[code >> 4U];
    to += hex[code & 15U];
}

bool must_escape(char each)
{
    return each == '"' || each == '\\' || static_cast<unsigned char>(each) < 0x20;
}

/// Bytes that stand in JSON as they are, whatever is beside them.
constexpr std::array<bool, 256> plain = [] {
    std::array<bool, 256> made{};
    for (std::size_t code = 0x20; code < 0x80; ++code)
        made[code] = code != '"' && code != '\\';
    return made;
}();

bool is_plain(char each)
{
    return plain[static_cast<unsigned char>(each)];
}

void append_number(std::string& to, std::int64_t number)
{
    // Not std::to_string: ids and times are too long for a string without an allocation.
    std::array<char, 20> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    to.append(digits.data(), end);
}

} // namespace

void append_quoted(std::string& to, std::string_view text)
{
    if (std::ranges::all_of(text, is_plain)) {
        to += '"';
        to += text;
        to += '"';
        return;
    }
    if (!crm::is_utf8(text)) {
        append_quoted(to, crm::clean_text(text));
        return;
    }
    to += '"';
    std::size_t from = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (!must_escape(text[i]))
            continue;
        to.append(text, from, i - from);
        append_escape(to, text[i]);
        from = i + 1;
    }
    to.append(text, from);
    to += '"';
}

void json_text::separate()
{
    if (after_value_)
        text_ += ',';
    after_value_ = true;
}

json_text& json_text::open_object()
{
    separate();
    text_ += '{';
    after_value_ = false;
    return *this;
}

json_text& json_text::close_object()
{
    text_ += '}';
    after_value_ = true;
    return *this;
}

json_text& json_text::open_list()
{
    separate();
    text_ += '[';
    after_value_ = false;
    return *this;
}

json_text& json_text::close_list()
{
    text_ += ']';
    after_value_ = true;
    return *this;
}

json_text& json_text::key(std::string_view name)
{
    separate();
    append_quoted(text_, name);
    text_ += ':';
    after_value_ = false;
    return *this;
}

json_text& json_text::value(std::string_view text)
{
    separate();
    append_quoted(text_, text);
    return *this;
}

json_text& json_text::value(std::int64_t number)
{
    separate();
    append_number(text_, number);
    return *this;
}

json_text& json_text::value(double number)
{
    if (!std::isfinite(number))
        return null();
    separate();
    std::array<char, 32> digits{};
    const auto [end, failed] = std::to_chars(digits.data(), digits.data() + digits.size(), number);
    text_.append(digits.data(), end);
    return *this;
}

json_text& json_text::value(bool flag)
{
    separate();
    text_ += flag ? "true" : "false";
    return *this;
}

json_text& json_text::null()
{
    separate();
    text_ += "null";
    return *this;
}

json_text& json_text::digits(std::int64_t number)
{
    separate();
    text_ += '"';
    append_number(text_, number);
    text_ += '"';
    return *this;
}

json_text& json_text::raw(std::string_view json)
{
    separate();
    text_ += json;
    return *this;
}

} // namespace gateway::wire
