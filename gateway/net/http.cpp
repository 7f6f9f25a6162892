#include "gateway/net/http.hpp"

#include <stdexcept>

namespace gateway::net {

namespace {

int hex_digit(char of)
{
    if (of >= '0' && of <= '9')
        return of - '0';
    if (of >= 'a' && of <= 'f')
        return of - 'a' + 10;
    if (of >= 'A' && of <= 'F')
        return of - 'A' + 10;
    return -1;
}

/// True when a segment steps up or stands still: those have no place in our paths.
bool has_dot_segment(std::string_view path)
{
    for (std::size_t from = 0; from < path.size();) {
        const auto end = std::min(path.find('/', from), path.size());
        const auto segment = path.substr(from, end - from);
        if (segment == "." || segment == "..")
            return true;
        from = end + 1;
    }
    return false;
}

} // namespace

std::string_view request::header(std::string_view name) const
{
    for (const auto& each : headers)
        if (each.name == name)
            return each.value;
    return {};
}

std::string_view request::cookie(std::string_view name) const
{
    std::string_view found;
    int times = 0;
    for (const auto& each : headers) {
        if (each.name != "cookie")
            continue;
        std::string_view rest = each.value;
        while (!rest.empty()) {
            const auto end = std::min(rest.find(';'), rest.size());
            auto pair = rest.substr(0, end);
            rest.remove_prefix(std::min(end + 1, rest.size()));
            while (pair.starts_with(' '))
                pair.remove_prefix(1);
            if (pair.size() > name.size() && pair.starts_with(name) && pair[name.size()] == '=') {
                found = pair.substr(name.size() + 1);
                ++times;
            }
        }
    }
    return times == 1 ? found : std::string_view{};
}

response& response::set(std::string_view name, std::string value)
{
    if (value.find_first_of(std::string_view{"\r\n\0", 3}) != std::string::npos)
        throw std::invalid_argument{"a header value holds a line break"};
    for (auto& each : headers)
        if (each.name == name) {
            each.value = std::move(value);
            return *this;
        }
    headers.push_back({std::string{name}, std::move(value)});
    return *this;
}

task<std::optional<response>> application::admit(request&)
{
    co_return std::nullopt;
}

std::string_view reason_phrase(unsigned status)
{
    switch (status) {
    case 101:
        return "Switching Protocols";
    case 200:
        return "OK";
    case 201:
        return "Created";
    case 204:
        return "No Content";
    case 206:
        return "Partial Content";
    case 301:
        return "Moved Permanently";
    case 302:
        return "Found";
    case 304:
        return "Not Modified";
    case 400:
        return "Bad Request";
    case 401:
        return "Unauthorized";
    case 403:
        return "Forbidden";
    case 404:
        return "Not Found";
    case 405:
        return "Method Not Allowed";
    case 408:
        return "Request Timeout";
    case 409:
        return "Conflict";
    case 410:
        return "Gone";
    case 411:
        return "Length Required";
    case 412:
        return "Precondition Failed";
    case 413:
        return "Content Too Large";
    case 414:
        return "URI Too Long";
    case 415:
        return "Unsupported Media Type";
    case 416:
        return "Range Not Satisfiable";
    case 421:
        return "Misdirected Request";
    case 422:
        return "Unprocessable Content";
    case 426:
        return "Upgrade Required";
    case 429:
        return "Too Many Requests";
    case 431:
        return "Request Header Fields Too Large";
    case 500:
        return "Internal Server Error";
    case 503:
        return "Service Unavailable";
    default:
        return "Status";
    }
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_blank)
{
    std::string made;
    made.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '+' && plus_is_blank) {
            made += ' ';
        } else if (text[i] != '%') {
            made += text[i];
        } else {
            if (i + 2 >= text.size() || hex_digit(text[i + 1]) < 0 || hex_digit(text[i + 2]) < 0)
                return std::nullopt;
            made += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        }
    }
    return made;
}

bool read_target(std::string_view target, std::string& path, std::string& query)
{
    if (!target.starts_with('/') || target.find('#') != std::string_view::npos)
        return false;
    const auto mark = std::min(target.find('?'), target.size());
    auto decoded = percent_decode(target.substr(0, mark));
    if (!decoded || decoded->find('\0') != std::string::npos || has_dot_segment(*decoded) ||
        decoded->find('\\') != std::string::npos)
        return false;
    path = std::move(*decoded);
    query = mark < target.size() ? target.substr(mark + 1) : std::string_view{};
    return true;
}

std::optional<std::string> query_value(std::string_view query, std::string_view name)
{
    while (!query.empty()) {
        const auto end = std::min(query.find('&'), query.size());
        const auto pair = query.substr(0, end);
        query.remove_prefix(std::min(end + 1, query.size()));
        const auto equals = std::min(pair.find('='), pair.size());
        if (pair.substr(0, equals) == name)
            return percent_decode(
                equals < pair.size() ? pair.substr(equals + 1) : std::string_view{}, true
            );
    }
    return std::nullopt;
}

} // namespace gateway::net
