#include "channels/email/build_check.hpp"
#include "channels/email/charset.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace channels::email {

namespace {

// What goes into a header must not be able to end it.
void check_header_text(std::string_view text, const std::string& field)
{
    constexpr std::size_t longest = 2000;
    if (!crm::is_utf8(text))
        refuse_field("this is not well-formed UTF-8", field);
    if (text.size() > longest)
        refuse_field("at most 2000 bytes fit here", field);
    if (std::ranges::any_of(text, [](char c) {
            return static_cast<unsigned char>(c) < 0x20 || c == 0x7F;
        }))
        refuse_field(
            "a line break or control character cannot stand in a mail header: remove it", field
        );
}

void check_mailbox(const mailbox& one, const std::string& field)
{
    check_header_text(one.name, field + ".name");
    check_header_text(one.address, field + ".address");
    if (!is_address(one.address))
        refuse_field(
            "'" + crm::clean_line(one.address, 100) + "' is not a mail address", field + ".address"
        );
}

void check_id(std::string_view id, const std::string& field)
{
    check_header_text(id, field);
    if (id.empty() || id.size() > 500 || id.find_first_of("<> \t") != std::string_view::npos ||
        !is_ascii(id))
        refuse_field("this is not a message id (without brackets, ASCII)", field);
}

void check_file(const outgoing_file& one, const std::string& field)
{
    check_header_text(one.name, field + ".name");
    check_header_text(one.type, field + ".type");
    check_header_text(one.content_id, field + ".content_id");
    const auto is_type = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               std::string_view{"!#$&-^_.+/"}.find(c) != std::string_view::npos;
    };
    if (!one.type.empty() &&
        (!std::ranges::all_of(one.type, is_type) || std::ranges::count(one.type, '/') != 1 ||
         one.type.front() == '/' || one.type.back() == '/'))
        refuse_field("'" + one.type + "' is not a content type", field + ".type");
    if (one.content_id.find_first_of("<> \"") != std::string::npos || !is_ascii(one.content_id))
        refuse_field("a content id has no brackets, blanks or quotes", field + ".content_id");
}

void check_list(const std::vector<mailbox>& list, const std::string& field)
{
    for (std::size_t at = 0; at < list.size(); ++at)
        check_mailbox(list[at], field + "[" + std::to_string(at) + "]");
}

} // namespace

void refuse_field(const std::string& why, std::string field)
{
    throw crm::problem{crm::errc::invalid, why, std::move(field)};
}

void check_outgoing(const outgoing& mail, const build_limits& limits)
{
    check_mailbox(mail.from, "from");
    if (mail.reply_to)
        check_mailbox(*mail.reply_to, "reply_to");
    check_list(mail.to, "to");
    check_list(mail.cc, "cc");
    check_list(mail.bcc, "bcc");
    const auto count = mail.to.size() + mail.cc.size() + mail.bcc.size();
    if (count == 0)
        refuse_field("a mail needs a recipient", "to");
    if (count > limits.recipients) {
        throw crm::problem{
            crm::errc::too_large,
            "at most " + std::to_string(limits.recipients) + " recipients a mail",
            "to"
        };
    }
    check_header_text(mail.subject, "subject");
    check_id(mail.message_id, "message_id");
    if (!mail.in_reply_to.empty())
        check_id(mail.in_reply_to, "in_reply_to");
    for (std::size_t at = 0; at < mail.files.size(); ++at)
        check_file(mail.files[at], "files[" + std::to_string(at) + "]");
    check_header_text(mail.last_line, "last_line");
    for (const auto& [text, field] :
         {std::pair{&mail.text, "text"},
          std::pair{&mail.html, "html"},
          std::pair{&mail.signature, "signature"},
          std::pair{&mail.signature_html, "signature_html"}}) {
        if (!crm::is_utf8(*text))
            refuse_field("this is not well-formed UTF-8", field);
    }
    if (!mail.date.is_set())
        refuse_field("a mail needs a date", "date");
}

} // namespace channels::email
