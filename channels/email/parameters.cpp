#include "channels/email/parameters.hpp"
#include "channels/email/charset.hpp"
#include "crm/base/text.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>
#include <utility>

namespace channels::email {

namespace {

constexpr std::size_t most_parameters = 100;

struct section
{
    std::string bytes;
    bool encoded = false; // percent-encoded, by the trailing star
};

std::string without_percents(std::string_view text)
{
    std::string bytes;
    bytes.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        unsigned value = 0;
        if (text[at] == '%' && at + 2 < text.size() + 0 &&
            std::from_chars(text.data() + at + 1, text.data() + at + 3, value, 16).ptr ==
                text.data() + at + 3) {
            bytes += static_cast<char>(value);
            at += 2;
        } else {
            bytes += text[at];
        }
    }
    return bytes;
}

// Takes one piece up to the next ";" that stands outside of quotes.
std::string_view take_piece(std::string_view& rest)
{
    bool quoted = false;
    for (std::size_t at = 0; at < rest.size(); ++at) {
        if (rest[at] == '\\' && quoted) {
            ++at;
        } else if (rest[at] == '"') {
            quoted = !quoted;
        } else if (rest[at] == ';' && !quoted) {
            const auto piece = rest.substr(0, at);
            rest.remove_prefix(at + 1);
            return piece;
        }
    }
    // A quote that never closes must not swallow what follows it.
    if (quoted) {
        const auto end = rest.find(';');
        const auto piece = rest.substr(0, end);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        return piece;
    }
    return std::exchange(rest, {});
}

std::string unquoted(std::string_view text)
{
    text = crm::trim(text);
    if (!text.starts_with('"'))
        return std::string{text};
    text.remove_prefix(1);
    std::string value;
    for (std::size_t at = 0; at < text.size(); ++at) {
        // A backslash before anything but a quote is part of a Windows path.
        if (text[at] == '\\' && at + 1 < text.size() &&
            (text[at + 1] == '"' || text[at + 1] == '\\'))
            value += text[++at];
        else if (text[at] == '"')
            break;
        else if (text[at] != '\r' && text[at] != '\n')
            value += text[at];
    }
    return value;
}

std::string without_comments(std::string_view text)
{
    std::string out;
    int depth = 0;
    for (const char c : text) {
        if (c == '(')
            ++depth;
        else if (c == ')' && depth > 0)
            --depth;
        else if (depth == 0)
            out += c;
    }
    return out;
}

// "name*2*" is section 2 of "name", percent-encoded.
struct parameter_name
{
    std::string name;
    std::optional<unsigned> section;
    bool encoded = false;
};

parameter_name read_name(std::string_view text)
{
    parameter_name read;
    std::string name = crm::ascii_lower(crm::trim(text));
    if (name.ends_with('*')) {
        read.encoded = true;
        name.pop_back();
    }
    if (const auto star = name.find('*'); star != std::string::npos) {
        unsigned number = 0;
        const auto [end, error] =
            std::from_chars(name.data() + star + 1, name.data() + name.size(), number);
        if (error == std::errc{} && end == name.data() + name.size() && number < most_parameters)
            read.section = number;
        name.resize(star);
    }
    read.name = std::move(name);
    return read;
}

// The parts of a split parameter in order, "charset'language'" taken from the first.
std::string joined(const std::map<unsigned, section>& sections, std::string_view hint)
{
    std::string charset;
    std::string bytes;
    bool any_encoded = false;
    for (const auto& [number, part] : sections) {
        std::string_view text = part.bytes;
        if (part.encoded) {
            any_encoded = true;
            const auto first = text.find('\'');
            const auto second =
                first == std::string_view::npos ? first : text.find('\'', first + 1);
            if (charset.empty() && bytes.empty() && second != std::string_view::npos) {
                charset = std::string{text.substr(0, first)};
                text.remove_prefix(second + 1);
            }
            bytes += without_percents(text);
        } else {
            bytes += text;
        }
    }
    if (any_encoded)
        return to_utf8(bytes, charset, hint).text;
    return decode_words(bytes, hint);
}

} // namespace

std::string_view parametered::operator[](std::string_view name) const
{
    const auto found =
        std::ranges::find(parameters, name, &std::pair<std::string, std::string>::first);
    return found == parameters.end() ? std::string_view{} : std::string_view{found->second};
}

parametered read_parameters(std::string_view raw, std::string_view hint)
{
    parametered read;
    std::string_view rest = raw;
    const auto head = take_piece(rest);
    read.value = crm::ascii_lower(crm::trim(unquoted(without_comments(head))));
    std::erase_if(read.value, [](char c) { return static_cast<unsigned char>(c) <= ' '; });
    std::map<std::string, std::map<unsigned, section>, std::less<>> split;
    // "filename*=" wins over a plain "filename=" beside it: the plain one is the fallback.
    std::map<std::string, std::string, std::less<>> plain;
    for (std::size_t count = 0; count < most_parameters && !rest.empty(); ++count) {
        const auto piece = take_piece(rest);
        const auto equals = piece.find('=');
        if (equals == std::string_view::npos)
            continue;
        const auto name = read_name(piece.substr(0, equals));
        if (name.name.empty() || name.name.size() > 60)
            continue;
        std::string value = unquoted(piece.substr(equals + 1));
        if (name.section || name.encoded)
            split[name.name].try_emplace(name.section.value_or(0), section{value, name.encoded});
        else
            plain.try_emplace(name.name, std::move(value));
    }
    for (const auto& [name, sections] : split)
        read.parameters.emplace_back(name, joined(sections, hint));
    for (const auto& [name, value] : plain) {
        if (!split.contains(name) || read[name].empty())
            read.parameters.emplace_back(name, decode_words(value, hint));
    }
    return read;
}

} // namespace channels::email
