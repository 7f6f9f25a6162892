#include "channels/email/read.hpp"
#include "channels/email/bounds.hpp"
#include "channels/email/charset.hpp"
#include "channels/email/gmime.hpp"
#include "channels/email/header_block.hpp"
#include "channels/email/parameters.hpp"
#include "channels/email/parts.hpp"
#include "crm/base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <memory>
#include <vector>

namespace channels::email {

namespace {

constexpr std::size_t subject_length = 998;

letter unreadable(std::string why)
{
    letter none;
    none.is_readable = false;
    none.problem = std::move(why);
    return none;
}

struct free_date
{
    void operator()(GDateTime* date) const { g_date_time_unref(date); }
};

void read_date(std::string_view value, letter& into)
{
    const std::string text = crm::clean_line(to_utf8(value, "").text, 200);
    const std::unique_ptr<GDateTime, free_date> date{g_mime_utils_header_decode_date(text.c_str())};
    if (!date)
        return;
    const std::int64_t seconds = g_date_time_to_unix(date.get());
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max() / 1'000'000;
    if (seconds <= 0 || seconds > most)
        return;
    into.date = crm::instant{seconds * 1'000'000};
    into.date_offset_min = static_cast<int>(g_date_time_get_utc_offset(date.get()) / 60'000'000);
}

// Unlabelled 8-bit bytes in headers are most likely in the character set that the mail names
// somewhere for its text.
std::string charset_named_in(std::string_view mail)
{
    const auto head = mail.substr(0, 65'536);
    for (std::size_t at = 0; (at = head.find("charset", at)) != std::string_view::npos; ++at) {
        const auto begin = head.find_first_not_of(" =\"'", at + 7);
        if (begin == std::string_view::npos)
            break;
        const auto end = head.find_first_of("\"' ;\r\n>", begin);
        const auto name = crm::ascii_lower(head.substr(begin, end - begin));
        if (!name.empty() && name != "us-ascii" && name != "utf-8" && name.size() < 40)
            return name;
    }
    return {};
}

void add_ids(std::vector<std::string>& to, std::string_view value)
{
    constexpr std::size_t most = 200;
    for (auto& id : read_message_ids(value, most)) {
        if (to.size() < most && std::ranges::find(to, id) == to.end())
            to.push_back(std::move(id));
    }
}

void add_addresses(
    std::vector<mailbox>& to, std::string_view value, std::string_view hint, std::size_t most
)
{
    for (auto& one : read_addresses(value, hint, most - std::min(most, to.size())))
        to.push_back(std::move(one));
}

bool names_a_recipient(std::string_view name)
{
    return name == "delivered-to" || name == "x-original-to" || name == "x-delivered-to" ||
           name == "envelope-to" || name == "x-envelope-to" || name == "x-rcpt-to" ||
           name == "apparently-to";
}

void take_header(
    const std::string& name,
    std::string_view value,
    std::string_view hint,
    const read_limits& limits,
    letter& into
)
{
    if (name == "subject") {
        if (into.subject.empty())
            into.subject = crm::clean_line(decode_words(value, hint), subject_length);
    } else if (name == "from") {
        add_addresses(into.from, value, hint, limits.recipients);
    } else if (name == "sender") {
        add_addresses(into.sender, value, hint, limits.recipients);
    } else if (name == "reply-to") {
        add_addresses(into.reply_to, value, hint, limits.recipients);
    } else if (name == "to") {
        add_addresses(into.to, value, hint, limits.recipients);
    } else if (name == "cc") {
        add_addresses(into.cc, value, hint, limits.recipients);
    } else if (names_a_recipient(name)) {
        for (auto& one : read_addresses(value, hint, limits.recipients)) {
            if (!one.address.empty() && into.delivered_to.size() < limits.recipients)
                into.delivered_to.push_back(std::move(one.address));
        }
    } else if (name == "return-path") {
        if (!into.return_path) {
            const auto path = read_addresses(value, hint, 1);
            into.return_path = path.empty() ? std::string{} : path.front().address;
        }
    } else if (name == "message-id") {
        if (const auto ids = read_message_ids(value, 1); into.message_id.empty() && !ids.empty())
            into.message_id = ids.front();
    } else if (name == "in-reply-to") {
        add_ids(into.in_reply_to, value);
    } else if (name == "references") {
        add_ids(into.references, value);
    } else if (name == "date") {
        if (!into.date)
            read_date(value, into);
    } else if (name == "content-type" && into.content_type.empty()) {
        const auto type = read_parameters(value, hint);
        into.content_type = crm::clean_line(type.value, 100);
        into.report_type = crm::ascii_lower(crm::clean_line(type["report-type"], 100));
    }
}

// A multipart whose boundary was lost or mangled on the way: the body says which one it uses. Empty
// when it does not.
std::string boundary_used_in(std::string_view body)
{
    constexpr std::size_t near = 4096;
    constexpr std::size_t longest = 200;
    const auto start = body.substr(0, near);
    for (std::size_t at = start.starts_with("--") ? 0 : start.find("\n--"); at < start.size();
         at = start.find("\n--", at + 1)) {
        const auto begin = at + (start[at] == '\n' ? 3 : 2);
        const auto end = start.find('\n', begin);
        if (end == std::string_view::npos)
            break;
        const auto name = crm::trim(start.substr(begin, end - begin));
        const auto next = crm::ascii_lower(start.substr(end + 1, 8));
        if (next == "content-" && !name.empty() && name.size() <= longest &&
            name.find('"') == std::string_view::npos)
            return std::string{name};
    }
    return {};
}

held<GMimeMessage> parsed(const header_block& headers, std::string_view body, letter& into)
{
    const auto bounded = within_bounds(headers, body);
    if (bounded.was_cut)
        into.notes.emplace_back("far too many parts: the rest is only in the raw mail");
    if (bounded.lost_lines)
        into.notes.emplace_back("a part with far too many headers: most are only in the raw mail");
    const auto stream = stream_of(bounded.bytes);
    const held<GMimeParser> parser{g_mime_parser_new_with_stream(stream.get())};
    return held<GMimeMessage>{g_mime_parser_construct_message(parser.get(), nullptr)};
}

bool has_parts(GMimeObject* root)
{
    return GMIME_IS_MULTIPART(root) && g_mime_multipart_get_count(GMIME_MULTIPART(root)) > 0;
}

// True when a header tells that these bytes are a mail, not just lines with colons.
bool has_mail_headers(const letter& of)
{
    constexpr std::array<std::string_view, 10> telling{
        "from",
        "to",
        "subject",
        "date",
        "message-id",
        "received",
        "content-type",
        "mime-version",
        "return-path",
        "delivered-to"
    };
    return std::ranges::any_of(of.headers, [&](const header& one) {
        return std::ranges::find(telling, crm::ascii_lower(one.name)) != telling.end();
    });
}

header_block read_headers(std::string_view mail, const read_limits& limits, letter& into)
{
    auto block = read_header_block(mail, limits.headers, limits.header_bytes);
    if (block.ignored > 0)
        into.notes.push_back(
            std::to_string(block.ignored) + " header lines were not readable or too many"
        );
    const std::string hint = charset_named_in(mail);
    for (const auto& [name, value] : block.headers) {
        into.headers.push_back(
            {std::string{name}, crm::clean_line(decode_words(value, hint), value.size() + 1)}
        );
        take_header(crm::ascii_lower(name), value, hint, limits, into);
    }
    into.charset = hint;
    return block;
}

} // namespace

letter read(std::string_view raw, const read_limits& limits)
{
    if (raw.empty())
        return unreadable("the mail is empty");
    if (raw.size() > limits.bytes) {
        return unreadable(
            "the mail has " + std::to_string(raw.size()) + " bytes, more than the limit of " +
            std::to_string(limits.bytes)
        );
    }
    ensure_gmime();
    const std::string mail = prepared(raw);
    if (mail.empty())
        return unreadable("the mail has neither headers nor text");
    letter into;
    const auto headers = read_headers(mail, limits, into);
    const auto body = std::string_view{mail}.substr(headers.end);
    held<GMimeMessage> message = has_mail_headers(into) ? parsed(headers, body, into) : nullptr;
    GMimeObject* root = message ? g_mime_message_get_mime_part(message.get()) : nullptr;
    if (root != nullptr && !has_parts(root) &&
        (into.content_type.empty() || into.content_type.starts_with("multipart/"))) {
        // Without any type only a body that begins with a boundary is taken for a multipart: the
        // text of a report may quote one further down.
        const bool is_likely = !into.content_type.empty() || crm::trim(body).starts_with("--");
        if (const auto boundary = is_likely ? boundary_used_in(body) : std::string{};
            !boundary.empty()) {
            into.notes.emplace_back("the mail names no boundary, or another one than it uses");
            const std::string type =
                (into.content_type.empty() ? "multipart/mixed" : into.content_type) +
                "; boundary=\"" + boundary + '"';
            message =
                parsed({.headers = {{"Content-Type", type}}, .end = 0, .ignored = 0}, body, into);
            root = message ? g_mime_message_get_mime_part(message.get()) : nullptr;
        }
    }
    if (root != nullptr) {
        part_reader{into, limits}.take(root);
        return into;
    }
    // No headers at all, or none that GMime follows: what there is is shown as text.
    into.notes.emplace_back("the mail has no readable headers");
    const auto text =
        (has_mail_headers(into) ? body : std::string_view{mail}).substr(0, limits.text_bytes);
    into.text = crm::clean_text(to_utf8(text, "").text);
    return into;
}

} // namespace channels::email
