#include "channels/email/build.hpp"
#include "channels/email/build_check.hpp"
#include "channels/email/charset.hpp"
#include "channels/email/gmime.hpp"
#include "channels/email/html_text.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <unicode/uidna.h>

namespace channels::email {

namespace {

std::string plain_of(const outgoing& mail)
{
    std::string text = crm::clean_text(mail.text.empty() ? html_to_text(mail.html) : mail.text);
    while (text.ends_with('\n'))
        text.pop_back();
    if (!mail.signature.empty())
        text += "\n\n-- \n" + crm::clean_text(mail.signature);
    if (!mail.last_line.empty())
        text += "\n\n" + mail.last_line;
    return text + '\n';
}

std::string html_of(const outgoing& mail)
{
    std::string below;
    if (!mail.signature_html.empty() || !mail.signature.empty()) {
        below += "<div>-- </div>";
        below += !mail.signature_html.empty() ? mail.signature_html
                                              : "<div style=\"white-space:pre-wrap\">" +
                                                    escape_html(mail.signature) + "</div>";
    }
    if (!mail.last_line.empty())
        below +=
            "<div style=\"color:#767676;font-size:11px\">" + escape_html(mail.last_line) + "</div>";
    std::string html = mail.html;
    std::erase(html, '\0');
    const auto end = crm::ascii_lower(html).rfind("</body>");
    html.insert(end == std::string::npos ? html.size() : end, below);
    return html;
}

bool has_long_lines(std::string_view text)
{
    constexpr std::size_t longest = 900; // RFC 5322 allows 998
    while (text.size() > longest) {
        const auto end = text.find('\n');
        if (end > longest)
            return true;
        text.remove_prefix(end + 1);
    }
    return false;
}

GMimeContentEncoding encoding_for(std::string_view text)
{
    const auto wide = std::ranges::count_if(text, [](char c) { return (c & 0x80) != 0; });
    if (static_cast<std::size_t>(wide) * 4 > text.size())
        return GMIME_CONTENT_ENCODING_BASE64;
    // Some servers change "From " at the start of a line; GMime's quoted-printable leaves it as it
    // is.
    if (text.starts_with("From ") || text.find("\nFrom ") != std::string_view::npos)
        return GMIME_CONTENT_ENCODING_BASE64;
    if (wide > 0 || has_long_lines(text))
        return GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE;
    return GMIME_CONTENT_ENCODING_7BIT;
}

void set_content(GMimePart* part, std::string_view bytes, GMimeContentEncoding encoding)
{
    const auto stream = stream_of(bytes);
    const held<GMimeDataWrapper> content{
        g_mime_data_wrapper_new_with_stream(stream.get(), GMIME_CONTENT_ENCODING_DEFAULT)
    };
    g_mime_part_set_content(part, content.get());
    g_mime_part_set_content_encoding(part, encoding);
}

held<GMimeObject> text_part(const char* subtype, std::string_view text)
{
    held<GMimeObject> part{GMIME_OBJECT(g_mime_part_new_with_type("text", subtype))};
    g_mime_object_set_content_type_parameter(part.get(), "charset", "utf-8");
    set_content(GMIME_PART(part.get()), text, encoding_for(text));
    return part;
}

held<GMimeObject> file_part(const outgoing_file& file, bool is_inline)
{
    const std::string type =
        file.type.empty() ? "application/octet-stream" : crm::ascii_lower(file.type);
    const auto slash = type.find('/');
    // A mail or a multipart inside must not be encoded (RFC 2046); as bytes it arrives as it is.
    const bool opaque = type.starts_with("message/") || type.starts_with("multipart/");
    held<GMimeObject> part{GMIME_OBJECT(g_mime_part_new_with_type(
        opaque ? "application" : type.substr(0, slash).c_str(),
        opaque ? "octet-stream" : type.substr(slash + 1).c_str()
    ))};
    g_mime_object_set_disposition(part.get(), is_inline ? "inline" : "attachment");
    g_mime_part_set_filename(GMIME_PART(part.get()), crm::clean_file_name(file.name).c_str());
    if (!file.content_id.empty())
        g_mime_part_set_content_id(GMIME_PART(part.get()), file.content_id.c_str());
    set_content(GMIME_PART(part.get()), file.content, GMIME_CONTENT_ENCODING_BASE64);
    return part;
}

held<GMimeObject> multipart(const char* subtype)
{
    return held<GMimeObject>{GMIME_OBJECT(g_mime_multipart_new_with_subtype(subtype))};
}

void add(const held<GMimeObject>& to, const held<GMimeObject>& part)
{
    g_mime_multipart_add(GMIME_MULTIPART(to.get()), part.get());
}

bool is_in_html(const outgoing_file& file, const outgoing& mail)
{
    return !file.content_id.empty() &&
           mail.html.find("cid:" + file.content_id) != std::string::npos;
}

held<GMimeObject> body_of(const outgoing& mail)
{
    auto plain = text_part("plain", plain_of(mail));
    held<GMimeObject> body;
    if (mail.html.empty()) {
        body = std::move(plain);
    } else {
        auto html = text_part("html", html_of(mail));
        const bool pictures = std::ranges::any_of(mail.files, [&](const auto& file) {
            return is_in_html(file, mail);
        });
        if (pictures) {
            auto related = multipart("related");
            add(related, html);
            for (const auto& file : mail.files) {
                if (is_in_html(file, mail))
                    add(related, file_part(file, true));
            }
            html = std::move(related);
        }
        body = multipart("alternative");
        add(body, plain);
        add(body, html);
    }
    const bool files =
        std::ranges::any_of(mail.files, [&](const auto& file) { return !is_in_html(file, mail); });
    if (!files)
        return body;
    auto mixed = multipart("mixed");
    add(mixed, body);
    for (const auto& file : mail.files) {
        if (!is_in_html(file, mail))
            add(mixed, file_part(file, false));
    }
    return mixed;
}

// The domain as the DNS knows it, for servers that speak ASCII only (RFC 5890).
std::string with_ascii_domain(const std::string& address)
{
    const auto at = address.rfind('@');
    if (is_ascii(std::string_view{address}.substr(at)))
        return address;
    UErrorCode status = U_ZERO_ERROR;
    UIDNA* names = uidna_openUTS46(UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_CHECK_BIDI, &status);
    std::array<char, 300> out{};
    UIDNAInfo info = UIDNA_INFO_INITIALIZER;
    const auto length = U_FAILURE(status) ? 0
                                          : uidna_nameToASCII_UTF8(
                                                names,
                                                address.data() + at + 1,
                                                static_cast<std::int32_t>(address.size() - at - 1),
                                                out.data(),
                                                static_cast<std::int32_t>(out.size()),
                                                &info,
                                                &status
                                            );
    uidna_close(names);
    if (U_FAILURE(status) || info.errors != 0)
        refuse_field("'" + address.substr(at + 1) + "' is not a domain", "to");
    return address.substr(0, at + 1) + std::string{out.data(), static_cast<std::size_t>(length)};
}

void add_mailbox(GMimeMessage* message, GMimeAddressType type, const mailbox& one)
{
    g_mime_message_add_mailbox(
        message,
        type,
        one.name.empty() ? nullptr : one.name.c_str(),
        with_ascii_domain(one.address).c_str()
    );
}

void set_header(GMimeMessage* message, const char* name, const std::string& value)
{
    g_mime_object_set_header(GMIME_OBJECT(message), name, value.c_str(), "utf-8");
}

// The mails before this one: the first, which clients hang the thread on, and the newest.
std::string references_of(const outgoing& mail, std::size_t most)
{
    std::vector<std::string> ids;
    for (const auto& id : mail.references) {
        const bool fits =
            !id.empty() && id.size() <= 500 && is_ascii(id) && std::ranges::none_of(id, [](char c) {
                return static_cast<unsigned char>(c) <= ' ' || c == '<' || c == '>' || c == 0x7F;
            });
        if (fits && id != mail.in_reply_to && std::ranges::find(ids, id) == ids.end())
            ids.push_back(id);
    }
    if (!mail.in_reply_to.empty())
        ids.push_back(mail.in_reply_to);
    if (most > 1 && ids.size() > most)
        ids.erase(ids.begin() + 1, ids.end() - static_cast<std::ptrdiff_t>(most - 1));
    std::string line;
    for (const auto& id : ids)
        line += (line.empty() ? "<" : " <") + id + '>';
    return line;
}

void set_headers(GMimeMessage* message, const outgoing& mail, const build_limits& limits)
{
    add_mailbox(message, GMIME_ADDRESS_TYPE_FROM, mail.from);
    if (mail.reply_to)
        add_mailbox(message, GMIME_ADDRESS_TYPE_REPLY_TO, *mail.reply_to);
    for (const auto& one : mail.to)
        add_mailbox(message, GMIME_ADDRESS_TYPE_TO, one);
    for (const auto& one : mail.cc)
        add_mailbox(message, GMIME_ADDRESS_TYPE_CC, one);
    // Copies that nobody is to see, and nobody beside them: some servers refuse a mail without To.
    if (mail.to.empty() && mail.cc.empty())
        set_header(message, "To", "undisclosed-recipients:;");
    g_mime_message_set_subject(message, mail.subject.c_str(), "utf-8");
    GDateTime* date = g_date_time_new_from_unix_utc(mail.date.us / 1'000'000);
    if (date == nullptr)
        refuse_field("this date is out of range", "date");
    g_mime_message_set_date(message, date);
    g_date_time_unref(date);
    g_mime_message_set_message_id(message, mail.message_id.c_str());
    if (!mail.in_reply_to.empty())
        set_header(message, "In-Reply-To", '<' + mail.in_reply_to + '>');
    if (const auto references = references_of(mail, limits.references); !references.empty())
        set_header(message, "References", references);
    if (mail.origin == mail_origin::program) {
        set_header(message, "Auto-Submitted", "auto-replied");
        set_header(message, "X-Auto-Response-Suppress", "All");
        set_header(message, "Precedence", "bulk");
        set_header(message, "X-Parley-Loop", "1");
    }
}

std::string with_crlf(std::string_view text)
{
    std::string out;
    out.reserve(text.size() + text.size() / 32);
    for (const char c : text) {
        if (c == '\n' && !out.ends_with('\r'))
            out += '\r';
        out += c;
    }
    return out;
}

} // namespace

built_mail build(const outgoing& mail, const build_limits& limits)
{
    check_outgoing(mail, limits);
    std::size_t size = mail.text.size() + mail.html.size();
    for (const auto& file : mail.files)
        size += file.content.size() + file.content.size() / 3;
    const auto refuse_size = [&] {
        throw crm::problem{
            crm::errc::too_large,
            "the mail would be larger than " + std::to_string(limits.bytes) +
                " bytes: send a link instead of the files",
            "files"
        };
    };
    if (size > limits.bytes)
        refuse_size();
    ensure_gmime();
    const held<GMimeMessage> message{g_mime_message_new(TRUE)};
    set_headers(message.get(), mail, limits);
    const auto body = body_of(mail);
    g_mime_message_set_mime_part(message.get(), body.get());

    built_mail built;
    built.bytes = with_crlf(bytes_of(GMIME_OBJECT(message.get())));
    if (built.bytes.size() > limits.bytes)
        refuse_size();
    if (mail.origin == mail_origin::person)
        built.envelope_from = with_ascii_domain(mail.from.address);
    built.needs_smtputf8 = !is_ascii(built.envelope_from);
    for (const auto* list : {&mail.to, &mail.cc, &mail.bcc}) {
        for (const auto& one : *list) {
            auto address = with_ascii_domain(one.address);
            const bool known = std::ranges::any_of(built.recipients, [&](const std::string& other) {
                return address_key(other) == address_key(address);
            });
            if (!known)
                built.recipients.push_back(std::move(address));
        }
    }
    const auto end_of_headers = built.bytes.find("\r\n\r\n");
    built.needs_smtputf8 = built.needs_smtputf8 ||
                           !std::ranges::all_of(built.recipients, is_ascii) ||
                           !is_ascii(std::string_view{built.bytes}.substr(0, end_of_headers));
    built.needs_8bitmime = !is_ascii(built.bytes);
    return built;
}

std::string reply_subject(std::string_view subject)
{
    constexpr std::array<std::string_view, 14> prefixes{
        "re:",
        "aw:",
        "sv:",
        "antw:",
        "vs:",
        "rif:",
        "res:",
        "odp:",
        "ynt:",
        "回复:",
        "回复：",
        "答复:",
        "答复：",
        "回覆:"
    };
    std::string_view rest = crm::trim(subject);
    for (bool again = true; again;) {
        again = false;
        for (const auto prefix : prefixes) {
            if (crm::ascii_lower(rest.substr(0, prefix.size())) == prefix) {
                rest = crm::trim(rest.substr(prefix.size()));
                again = true;
            }
        }
    }
    return rest.empty() ? "Re:" : "Re: " + std::string{rest};
}

} // namespace channels::email
