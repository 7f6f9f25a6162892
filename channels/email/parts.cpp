#include "channels/email/parts.hpp"
#include "channels/email/charset.hpp"
#include "channels/email/header_block.hpp"
#include "channels/email/html_text.hpp"
#include "channels/email/parameters.hpp"
#include "channels/email/read.hpp"
#include "channels/email/tnef.hpp"
#include "crm/base/text.hpp"

#include <algorithm>

namespace channels::email {

// What a part's own headers say.
struct part_reader::part_facts
{
    parametered type;
    parametered disposition;
    std::string name; // as given, not cleaned
    std::string content_id;
    bool has_type = false;

    part_facts(GMimeObject* object, std::string_view hint)
    {
        GMimeHeaderList* list = g_mime_object_get_header_list(object);
        const int count = g_mime_header_list_get_count(list);
        for (int at = 0; at < count; ++at) {
            GMimeHeader* one = g_mime_header_list_get_header_at(list, at);
            const auto key = crm::ascii_lower(view(g_mime_header_get_name(one)));
            const auto value = view(g_mime_header_get_raw_value(one));
            if (key == "content-type" && !has_type) {
                type = read_parameters(value, hint);
                has_type = true;
            } else if (key == "content-disposition" && disposition.value.empty()) {
                disposition = read_parameters(value, hint);
            } else if (key == "content-id" && content_id.empty()) {
                const auto ids = read_message_ids(value, 1);
                content_id =
                    ids.empty() ? std::string{crm::trim(to_utf8(value, "").text)} : ids.front();
                content_id = crm::clean_line(content_id, 200);
            }
        }
        name = std::string{disposition["filename"]};
        if (name.empty())
            name = std::string{type["name"]};
        if (type.value.find('/') == std::string::npos)
            type.value = GMIME_IS_MULTIPART(object) ? "multipart/mixed" : "text/plain";
    }

    [[nodiscard]] bool is_text() const { return type.value.starts_with("text/"); }
    [[nodiscard]] bool is(std::string_view wanted) const { return type.value == wanted; }
    [[nodiscard]] bool is_attachment() const { return disposition.value == "attachment"; }
};

namespace {

// The character set that an HTML text names in its head.
std::string charset_in_head(std::string_view html)
{
    const std::string head = crm::ascii_lower(html.substr(0, 1024));
    const auto at = head.find("charset=");
    if (at == std::string::npos)
        return {};
    const auto begin = head.find_first_not_of("\"' ", at + 8);
    if (begin == std::string::npos)
        return {};
    return head.substr(begin, head.find_first_of("\"'> ;/", begin) - begin);
}

std::string with_line_feeds(std::string text)
{
    std::string out;
    out.reserve(text.size());
    for (std::size_t at = 0; at < text.size(); ++at) {
        if (text[at] != '\r')
            out += text[at];
        else if (at + 1 == text.size() || text[at + 1] != '\n')
            out += '\n';
    }
    return out;
}

bool is_blank(std::string_view text)
{
    return crm::trim(text).empty();
}

// A type that we show nobody as text, but whose bytes are text all the same.
bool looks_like_text(std::string_view bytes)
{
    const auto sample = bytes.substr(0, 4096);
    return !sample.empty() && std::ranges::none_of(sample, [](char c) {
        return static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t' &&
               c != '\f' && c != 0x1B;
    });
}

part_kind kind_of(std::string_view type)
{
    if (type.starts_with("image/"))
        return part_kind::picture;
    if (type == "text/calendar" || type == "application/ics")
        return part_kind::invitation;
    if (type == "application/pgp-signature" || type == "application/pkcs7-signature" ||
        type == "application/x-pkcs7-signature")
        return part_kind::signature;
    if (type == "application/pgp-encrypted" || type == "application/pkcs7-mime" ||
        type == "application/x-pkcs7-mime")
        return part_kind::encrypted;
    if (type == "message/delivery-status" || type == "message/global-delivery-status")
        return part_kind::delivery_report;
    if (type == "text/rfc822-headers" || type == "message/rfc822-headers" ||
        type == "message/global-headers")
        return part_kind::headers;
    if (type == "message/feedback-report")
        return part_kind::complaint;
    if (type == "message/rfc822" || type == "message/global" || type == "message/news")
        return part_kind::message;
    return part_kind::file;
}

} // namespace

part_reader::part_reader(letter& into, const read_limits& limits)
    : into_{into}, limits_{limits}, until_{std::chrono::steady_clock::now() + limits.time}
{
}

void part_reader::take(GMimeObject* root)
{
    is_root_leaf_ = !GMIME_IS_MULTIPART(root);
    visit(root, 0, false);
    finish();
}

void part_reader::note(std::string text)
{
    if (std::ranges::find(into_.notes, text) == into_.notes.end() && into_.notes.size() < 50)
        into_.notes.push_back(std::move(text));
}

bool part_reader::may_take_more()
{
    if (parts_ >= limits_.parts) {
        note(
            "more than " + std::to_string(limits_.parts) +
            " parts: the rest is only in the raw mail"
        );
        return false;
    }
    if (std::chrono::steady_clock::now() >= until_) {
        note("reading took too long: the rest is only in the raw mail");
        return false;
    }
    return true;
}

void part_reader::visit(GMimeObject* object, int depth, bool in_alternative)
{
    if (object == nullptr || !may_take_more())
        return;
    const part_facts facts{object, into_.charset};
    if (GMIME_IS_MULTIPART(object)) {
        if (depth >= limits_.depth) {
            note(
                "parts nested deeper than " + std::to_string(limits_.depth) +
                " are only in the raw mail"
            );
            return;
        }
        visit_multipart(GMIME_MULTIPART(object), facts, depth);
        return;
    }
    ++parts_;
    if (GMIME_IS_MESSAGE_PART(object))
        visit_message(GMIME_MESSAGE_PART(object), facts);
    else if (GMIME_IS_PART(object))
        visit_leaf(GMIME_PART(object), facts, in_alternative);
}

void part_reader::visit_multipart(GMimeMultipart* multipart, const part_facts& facts, int depth)
{
    const bool alternative = facts.is("multipart/alternative");
    const auto from = pieces_.size();
    const int count = g_mime_multipart_get_count(multipart);
    for (int at = 0; at < count; ++at)
        visit(g_mime_multipart_get_part(multipart, at), depth + 1, alternative);
    // A multipart whose boundary never comes has its whole text before the first part.
    if (count == 0) {
        const auto prologue = view(g_mime_multipart_get_prologue(multipart));
        if (!is_blank(prologue))
            pieces_.push_back({with_line_feeds(crm::clean_text(to_utf8(prologue, "").text)), {}});
    }
    if (alternative)
        merge_pieces(from);
}

// The pieces from there on say the same thing in several forms.
void part_reader::merge_pieces(std::size_t from)
{
    if (pieces_.size() <= from + 1)
        return;
    piece whole;
    for (auto at = from; at < pieces_.size(); ++at) {
        auto& one = pieces_[at];
        if (!is_blank(one.plain))
            whole.plain += (whole.plain.empty() ? "" : "\n") + one.plain;
        whole.html += one.html;
    }
    pieces_.resize(from);
    pieces_.push_back(std::move(whole));
}

void part_reader::visit_message(GMimeMessagePart* part, const part_facts& facts)
{
    GMimeMessage* message = g_mime_message_part_get_message(part);
    std::string content = message == nullptr ? std::string{} : bytes_of(GMIME_OBJECT(message));
    attach(facts, std::move(content), part_kind::message);
}

void part_reader::visit_leaf(GMimePart* part, const part_facts& facts, bool in_alternative)
{
    std::string bytes = content_of(part);
    decoded_ += bytes.size();
    if (decoded_ > limits_.decoded_bytes) {
        note(
            "decoded parts over " + std::to_string(limits_.decoded_bytes) +
            " bytes are only in the raw mail"
        );
        return;
    }
    const part_kind kind = kind_of(facts.type.value);
    if (kind == part_kind::file && take_tnef(bytes))
        return;
    const bool plain_or_html = facts.is("text/plain") || facts.is("text/html");
    if (in_alternative && facts.is_text() && !plain_or_html && kind == part_kind::file) {
        note("another form of the text (" + facts.type.value + ") is only in the raw mail");
        return;
    }
    const bool readable = plain_or_html ||
                          (facts.is_text() && kind == part_kind::file && facts.name.empty()) ||
                          (is_root_leaf_ && kind == part_kind::file && facts.name.empty() &&
                           !facts.is_attachment() && looks_like_text(bytes));
    if (readable && !facts.is_attachment() &&
        (facts.name.empty() || in_alternative || is_root_leaf_))
        take_text(bytes, facts);
    else if (!(bytes.empty() && facts.name.empty() && facts.content_id.empty()))
        attach(facts, std::move(bytes), kind);
}

void part_reader::take_text(std::string_view bytes, const part_facts& facts)
{
    if (bytes.size() > limits_.text_bytes) {
        note(
            "text over " + std::to_string(limits_.text_bytes) +
            " bytes is cut; the rest is in the raw mail"
        );
        bytes = bytes.substr(0, limits_.text_bytes);
    }
    const bool html = facts.is("text/html");
    std::string label{facts.type["charset"]};
    if (label.empty() && html)
        label = charset_in_head(bytes);
    auto read = to_utf8(bytes, label, into_.charset);
    if (read.replaced > 0)
        note(std::to_string(read.replaced) + " characters could not be read as " + read.charset);
    if (into_.charset.empty() || into_.charset == "us-ascii")
        into_.charset = read.charset;
    if (html) {
        std::erase(read.text, '\0');
        pieces_.push_back({{}, std::move(read.text)});
        return;
    }
    auto text = crm::clean_text(with_line_feeds(std::move(read.text)));
    if (crm::ascii_lower(facts.type["format"]) == "flowed")
        text = unflowed(text, crm::ascii_lower(facts.type["delsp"]) == "yes");
    pieces_.push_back({std::move(text), {}});
}

bool part_reader::take_tnef(std::string_view bytes)
{
    const auto content = read_tnef(bytes, limits_.parts - std::min(limits_.parts, parts_));
    if (!content || (content->files.empty() && content->text.empty() && content->html.empty()))
        return false;
    for (const auto& file : content->files) {
        ++parts_;
        attachment one;
        one.type = crm::ascii_lower(crm::clean_line(file.type, 100));
        if (one.type.find('/') == std::string::npos)
            one.type = "application/octet-stream";
        one.kind = kind_of(one.type);
        one.was_named = !file.name.empty();
        one.name = one.was_named
                       ? crm::clean_file_name(file.name)
                       : made_up_name(one.type, one.kind, {}, into_.attachments.size() + 1);
        one.content = file.bytes;
        into_.attachments.push_back(std::move(one));
    }
    // The same text usually stands in the mail itself; finish() takes this when it does not.
    if (!is_blank(content->text) || !is_blank(content->html))
        pieces_.push_back({crm::clean_text(with_line_feeds(content->text)), content->html});
    return true;
}

void part_reader::attach(const part_facts& facts, std::string content, part_kind kind)
{
    attachment one;
    one.type = crm::clean_line(facts.type.value, 100);
    one.kind = kind;
    one.content_id = facts.content_id;
    one.is_inline =
        facts.disposition.value == "inline" ||
        (!facts.content_id.empty() && !facts.is_attachment() && kind == part_kind::picture);
    one.was_named = !is_blank(facts.name);
    std::string subject;
    if (kind == part_kind::message && !one.was_named) {
        for (const auto& [name, value] : read_header_block(content).headers) {
            if (crm::ascii_lower(name) == "subject")
                subject = decode_words(value, into_.charset);
        }
    }
    one.name = one.was_named ? crm::clean_file_name(facts.name)
                             : made_up_name(one.type, kind, subject, into_.attachments.size() + 1);
    one.content = std::move(content);
    into_.attachments.push_back(std::move(one));
}

void part_reader::finish()
{
    const bool any_html =
        std::ranges::any_of(pieces_, [](const piece& one) { return !is_blank(one.html); });
    for (auto& one : pieces_) {
        const std::string shown = is_blank(one.plain) ? html_to_text(one.html) : one.plain;
        if (!is_blank(shown)) {
            if (!into_.text.empty() && !into_.text.ends_with('\n'))
                into_.text += '\n';
            into_.text += shown;
        }
        if (!any_html)
            continue;
        if (!is_blank(one.html))
            into_.html += one.html;
        else if (!is_blank(one.plain))
            into_.html +=
                "<div style=\"white-space:pre-wrap\">" + escape_html(one.plain) + "</div>";
    }
    if (is_blank(into_.text))
        use_other_text();
    if (into_.text.size() > limits_.text_bytes)
        into_.text = std::string{crm::truncate_bytes(into_.text, limits_.text_bytes)};
}

// A mail without a text of its own: a text that came as a file, a report, a forwarded mail.
void part_reader::use_other_text()
{
    for (const auto& one : into_.attachments) {
        const bool plain = one.type == "text/plain" || one.kind == part_kind::delivery_report ||
                           one.kind == part_kind::complaint || one.kind == part_kind::headers;
        const auto bytes = std::string_view{one.content}.substr(0, limits_.text_bytes);
        if (plain)
            into_.text = crm::clean_text(with_line_feeds(to_utf8(bytes, "", into_.charset).text));
        else if (one.type == "text/html")
            into_.text = html_to_text(to_utf8(bytes, charset_in_head(bytes), into_.charset).text);
        if (!is_blank(into_.text))
            return;
    }
    for (const auto& one : into_.attachments) {
        if (one.kind != part_kind::message || limits_.depth <= 1)
            continue;
        read_limits less = limits_;
        less.depth = 1; // one mail deep and no further
        into_.text = read(one.content, less).text;
        if (!is_blank(into_.text))
            return;
    }
}

} // namespace channels::email
