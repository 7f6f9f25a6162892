#include "channels/email/address.hpp"
#include "channels/email/charset.hpp"
#include "crm/base/text.hpp"

#include <algorithm>
#include <utility>

namespace channels::email {

namespace {

constexpr std::size_t name_length = 200;

bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// One mailbox's text, taken apart: what stands in quotes or loosely, in comments, in brackets.
struct piece
{
    std::string name;
    std::string comment;
    std::string address;
    bool has_brackets = false;
    bool closed = false; // by a comma or semicolon, not by the end
};

// Where a quoted string that begins at `at` ends, or npos: a quote that never closes is a mere
// character.
std::size_t end_of_quotes(std::string_view text, std::size_t at)
{
    for (std::size_t next = at + 1; next < text.size(); ++next) {
        if (text[next] == '\\')
            ++next;
        else if (text[next] == '"')
            return next;
    }
    return std::string_view::npos;
}

std::size_t end_of_comment(std::string_view text, std::size_t at)
{
    int depth = 0;
    for (std::size_t next = at; next < text.size(); ++next) {
        if (text[next] == '\\')
            ++next;
        else if (text[next] == '(')
            ++depth;
        else if (text[next] == ')' && --depth == 0)
            return next;
    }
    return std::string_view::npos;
}

std::string unescaped(std::string_view text)
{
    std::string out;
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] == '\\' && at + 1 < text.size())
            ++at;
        out += text[at];
    }
    return out;
}

// The end of an encoded word that starts at `at`, so that commas inside it separate nothing.
std::size_t end_of_word(std::string_view text, std::size_t at)
{
    const auto near = text.substr(0, at + 200);
    std::size_t mark = at + 1;
    for (int marks = 0; marks < 2; ++marks) {
        mark = near.find('?', mark + 1);
        if (mark == std::string_view::npos)
            return mark;
    }
    const auto end = near.find("?=", mark + 1);
    return end == std::string_view::npos ? end : end + 1;
}

class list_reader
{
public:
    explicit list_reader(std::string_view text) : text_{text} {}

    [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }

    piece next()
    {
        piece read;
        for (; at_ < text_.size(); ++at_) {
            const char c = text_[at_];
            if (c == ',' || c == ';') {
                ++at_;
                read.closed = true;
                return read;
            }
            if (c == ':' && !read.has_brackets && read.name.find('@') == std::string::npos &&
                crm::ascii_lower(crm::trim(read.name)) != "mailto") {
                read.name.clear(); // the name of a group
                continue;
            }
            take(c, read);
        }
        return read;
    }

private:
    void take(char c, piece& read)
    {
        if (c == '"' && at_ < no_quote_from_) {
            const auto end = end_of_quotes(text_, at_);
            if (end != std::string_view::npos) {
                // "x"@host: the quotes belong to the local part.
                const bool local = end + 1 < text_.size() && text_[end + 1] == '@';
                read.name += local ? std::string{text_.substr(at_, end + 1 - at_)}
                                   : unescaped(text_.substr(at_ + 1, end - at_ - 1));
                at_ = end;
                return;
            }
            no_quote_from_ = at_;
            return;
        }
        if (c == '(' && at_ < no_comment_from_) {
            const auto end = end_of_comment(text_, at_);
            if (end != std::string_view::npos) {
                read.comment = unescaped(text_.substr(at_ + 1, end - at_ - 1));
                at_ = end;
                return;
            }
            no_comment_from_ = at_;
        }
        if (c == '<') {
            const auto near = text_.substr(0, at_ + 1000);
            const auto end = near.find('>', at_);
            const auto stop = end == std::string_view::npos ? near.find_first_of(",;", at_) : end;
            const auto inside = near.substr(
                at_ + 1, stop == std::string_view::npos ? std::string_view::npos : stop - at_ - 1
            );
            // "<<a@b>>" and "<name> <a@b>": the last one with an @ counts.
            if (!read.has_brackets || inside.find('@') != std::string_view::npos)
                read.address = std::string{inside};
            read.has_brackets = true;
            at_ = stop == std::string_view::npos ? text_.size() : stop;
            if (end == std::string_view::npos && stop != std::string_view::npos)
                --at_;
            return;
        }
        if (c == '=' && text_.substr(at_).starts_with("=?")) {
            const auto end = end_of_word(text_, at_);
            if (end != std::string_view::npos) {
                read.name += text_.substr(at_, end + 1 - at_);
                at_ = end;
                return;
            }
        }
        if (c != '>')
            read.name += c;
    }

    std::string_view text_;
    std::size_t at_ = 0;
    std::size_t no_quote_from_ = std::string_view::npos;
    std::size_t no_comment_from_ = std::string_view::npos;
};

std::string clean_address(std::string_view text, std::string_view hint)
{
    constexpr std::size_t longest = 1000; // far beyond any address, comments included
    if (text.size() > longest)
        return {};
    std::string address = to_utf8(text, "", hint).text;
    if (!address.starts_with('"')) {
        for (auto open = address.rfind('('); open != std::string::npos; open = address.rfind('(')) {
            const auto close = address.find(')', open);
            if (close == std::string::npos)
                break;
            address.erase(open, close + 1 - open);
        }
        std::erase_if(address, is_blank);
    }
    std::erase_if(address, [](char c) { return c == '<' || c == '>' || c == '\0'; });
    if (crm::ascii_lower(address).starts_with("mailto:"))
        address.erase(0, 7);
    if (address.starts_with('@')) { // a route: "@one,@two:ann@example.com"
        if (const auto colon = address.find(':'); colon != std::string::npos)
            address.erase(0, colon + 1);
    }
    while (!address.empty() && (address.back() == '.' || address.back() == '\''))
        address.pop_back();
    if (address.starts_with('\''))
        address.erase(0, 1);
    const auto at = address.rfind('@');
    if (at == std::string::npos || at == 0 || at + 1 == address.size())
        return {};
    return address.substr(0, at + 1) + crm::ascii_lower(address.substr(at + 1));
}

// Without brackets: the token with the @ is the address, the rest the name.
void find_bare_address(piece& read)
{
    const std::string text = std::exchange(read.name, {});
    if (text.starts_with('"')) { // a quoted local part keeps its blanks
        read.address = text;
        return;
    }
    std::size_t at = 0;
    while (at < text.size()) {
        const auto begin = text.find_first_not_of(" \t\r\n", at);
        if (begin == std::string::npos)
            break;
        const auto end = std::min(text.find_first_of(" \t\r\n", begin), text.size());
        const auto token = text.substr(begin, end - begin);
        if (read.address.empty() && token.find('@') != std::string::npos)
            read.address = token;
        else
            read.name += (read.name.empty() ? "" : " ") + token;
        at = end;
    }
}

mailbox to_mailbox(piece read, std::string_view hint)
{
    if (!read.has_brackets) {
        // The whole mailbox may have been packed into one encoded word.
        if (read.name.find('@') == std::string::npos && read.name.find("=?") != std::string::npos)
            read.name = decode_words(read.name, hint);
        find_bare_address(read);
    }
    mailbox found;
    found.address = clean_address(
        read.address.find("=?") == std::string::npos ? read.address
                                                     : decode_words(read.address, hint),
        hint
    );
    std::string name = decode_words(read.name, hint);
    if (crm::trim(name).empty())
        name = decode_words(read.comment, hint);
    found.name = crm::clean_line(name, name_length);
    while (found.name.size() >= 2 && found.name.front() == found.name.back() &&
           (found.name.front() == '\'' || found.name.front() == '"'))
        found.name = crm::clean_line(found.name.substr(1, found.name.size() - 2), name_length);
    return found;
}

} // namespace

std::vector<mailbox> read_addresses(std::string_view raw, std::string_view hint, std::size_t most)
{
    std::vector<mailbox> found;
    list_reader reader{raw};
    std::string carried; // "Doe, John <j@example.com>": what stood before the comma
    while (!reader.at_end() && found.size() < most) {
        piece read = reader.next();
        const bool bare = !read.has_brackets && read.name.find('@') == std::string::npos &&
                          read.name.find("=?") == std::string::npos;
        if (bare && read.closed && carried.size() < name_length) {
            carried += read.name + ",";
            continue;
        }
        if (!carried.empty())
            read.name = std::exchange(carried, {}) + read.name;
        auto one = to_mailbox(std::move(read), hint);
        if (!one.address.empty() || !one.name.empty())
            found.push_back(std::move(one));
    }
    if (found.empty() && !crm::trim(carried).empty()) {
        carried.pop_back();
        if (auto name = crm::clean_line(decode_words(carried, hint), name_length); !name.empty())
            found.push_back({std::move(name), {}});
    }
    return found;
}

bool is_address(std::string_view address)
{
    const auto at = address.rfind('@');
    if (at == std::string_view::npos || at == 0 || at > 64 || address.size() > 254)
        return false;
    const auto local = address.substr(0, at);
    const auto domain = address.substr(at + 1);
    if (domain.empty() || !crm::is_utf8(address))
        return false;
    const bool quoted = local.size() > 2 && local.starts_with('"') && local.ends_with('"');
    const auto forbidden = [](char c, std::string_view these) {
        return static_cast<unsigned char>(c) < 0x20 || c == 0x7F ||
               these.find(c) != std::string_view::npos;
    };
    if (std::ranges::any_of(local, [&](char c) {
            return forbidden(c, quoted ? "" : " ()<>[]:;,\\\"@");
        }))
        return false;
    if (quoted && local.substr(1, local.size() - 2).find_first_of("\"\\") != std::string_view::npos)
        return false;
    if (!quoted && (local.front() == '.' || local.back() == '.'))
        return false;
    if (domain.front() == '.' || domain.front() == '-' || domain.back() == '.')
        return false;
    return std::ranges::none_of(domain, [&](char c) { return forbidden(c, " ()<>;,\\\"@/?#'"); }) &&
           domain.find("..") == std::string_view::npos;
}

std::string address_key(std::string_view address)
{
    return crm::ascii_lower(crm::trim(address));
}

std::vector<std::string> read_message_ids(std::string_view raw, std::size_t most)
{
    constexpr std::size_t longest = 500;
    std::vector<std::string> ids;
    const auto keep = [&](std::string_view text) {
        std::string id = to_utf8(text, "").text;
        std::erase_if(id, [](char c) {
            return static_cast<unsigned char>(c) <= ' ' || c == '<' || c == '>';
        });
        if (!id.empty() && id.size() <= longest && std::ranges::find(ids, id) == ids.end())
            ids.push_back(std::move(id));
    };
    std::string_view rest = raw;
    while (!rest.empty() && ids.size() < most) {
        const auto open = rest.find('<');
        // What stands outside of brackets counts only when it looks like an id.
        std::string_view loose = rest.substr(0, open);
        while (!loose.empty() && ids.size() < most) {
            const auto begin = loose.find_first_not_of(" \t\r\n,;");
            if (begin == std::string_view::npos)
                break;
            loose.remove_prefix(begin);
            const auto token = loose.substr(0, loose.find_first_of(" \t\r\n,;"));
            if (token.find('@') != std::string_view::npos)
                keep(token);
            loose.remove_prefix(token.size());
        }
        if (open == std::string_view::npos || ids.size() >= most)
            break;
        const auto close = rest.find('>', open);
        keep(rest.substr(open + 1, close == std::string_view::npos ? close : close - open - 1));
        rest.remove_prefix(close == std::string_view::npos ? rest.size() : close + 1);
    }
    return ids;
}

} // namespace channels::email
