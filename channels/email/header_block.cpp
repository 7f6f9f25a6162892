#include "channels/email/header_block.hpp"
#include "crm/base/text.hpp"

#include <algorithm>

namespace channels::email {

namespace {

std::string_view take_line(std::string_view& rest)
{
    const auto end = rest.find('\n');
    const auto line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    return line;
}

bool is_empty(std::string_view line)
{
    return line.empty() || line == "\r";
}

// A name is printable ASCII without blanks; some programs put blanks before the colon.
std::string_view name_of(std::string_view line)
{
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || colon == 0 || colon > 200)
        return {};
    const auto name = crm::trim(line.substr(0, colon));
    const bool good =
        !name.empty() && name.size() == line.substr(0, colon).find_last_not_of(" \t") + 1 &&
        std::ranges::none_of(name, [](char c) {
            return static_cast<unsigned char>(c) <= ' ' || (c & 0x80) != 0 || c == 0x7F;
        });
    return good ? name : std::string_view{};
}

bool has_lone_returns_only(std::string_view raw)
{
    return raw.find('\r') != std::string_view::npos && raw.find('\n') == std::string_view::npos;
}

} // namespace

header_block read_header_block(std::string_view text, std::size_t most, std::size_t bytes)
{
    header_block block;
    std::string_view rest = text;
    std::size_t kept = 0;
    while (!rest.empty()) {
        const char* begin = rest.data();
        const auto line = take_line(rest);
        if (is_empty(line))
            break;
        const auto name = name_of(line);
        if (name.empty()) {
            ++block.ignored;
            continue;
        }
        while (!rest.empty() && (rest.front() == ' ' || rest.front() == '\t')) {
            // A line of blanks only is folding gone wrong or the end of the headers; both read on.
            take_line(rest);
        }
        const auto whole = std::string_view{begin, static_cast<std::size_t>(rest.data() - begin)};
        kept += whole.size();
        if (block.headers.size() >= most || kept > bytes) {
            ++block.ignored;
            continue;
        }
        block.headers.push_back({name, whole.substr(whole.find(':') + 1)});
    }
    block.end = text.size() - rest.size();
    return block;
}

std::string prepared(std::string_view raw)
{
    if (raw.starts_with("\xEF\xBB\xBF"))
        raw.remove_prefix(3);
    std::string mail{raw};
    if (has_lone_returns_only(raw))
        std::ranges::replace(mail, '\r', '\n');
    std::string_view rest = mail;
    while (!rest.empty() && (rest.front() == '\r' || rest.front() == '\n'))
        rest.remove_prefix(1);
    // An mbox's envelope line, or one that a mail program has quoted.
    while (rest.starts_with("From ") || rest.starts_with(">From "))
        take_line(rest);
    mail.erase(0, mail.size() - rest.size());
    const auto end = std::min({mail.find("\n\n"), mail.find("\n\r\n"), mail.size()});
    const auto nuls =
        std::remove(mail.begin(), mail.begin() + static_cast<std::ptrdiff_t>(end), '\0');
    mail.erase(nuls, mail.begin() + static_cast<std::ptrdiff_t>(end));
    return mail;
}

} // namespace channels::email
