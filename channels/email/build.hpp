// A mail of ours as bytes for an SMTP server. Pure; any thread.
#pragma once

#include "channels/email/address.hpp"
#include "channels/email/letter.hpp"
#include "crm/base/time.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace channels::email {

/// A file that goes out with a mail.
struct outgoing_file
{
    std::string name;
    std::string type;       // "image/png"; application/octet-stream when empty
    std::string content_id; // set for a picture that the HTML shows as cid:<content_id>
    std::string content;
};

enum class mail_origin
{
    person, // an agent wrote it
    program // an automatic answer: marked so that no other program answers it
};

/// What is to be sent. Texts are UTF-8.
struct outgoing
{
    mailbox from;
    std::optional<mailbox> reply_to; // the signed reply address
    std::vector<mailbox> to;
    std::vector<mailbox> cc;
    std::vector<mailbox> bcc; // are in the envelope only
    std::string subject;
    std::string text;
    std::string html;           // empty: text only
    std::string signature;      // of the inbox, plain; put below "-- "
    std::string signature_html; // empty: made from `signature`
    std::string last_line;      // body_mark(), for providers that rewrite ids; may be empty
    std::vector<outgoing_file> files;
    std::string message_id;  // without brackets
    std::string in_reply_to; // of the mail that is answered, without brackets; may be empty
    std::vector<std::string> references; // of that mail, oldest first
    crm::instant date;
    mail_origin origin = mail_origin::person;
};

/// A mail ready for SMTP.
struct built_mail
{
    std::string bytes;                   // CR LF line ends, no dot-stuffing
    std::string envelope_from;           // MAIL FROM; empty (the null path) for automatic answers
    std::vector<std::string> recipients; // RCPT TO, each once
    bool needs_smtputf8 = false;         // an address is not ASCII (RFC 6531)
    bool needs_8bitmime = false;         // the body has 8-bit bytes
};

struct build_limits
{
    std::size_t bytes = 26'214'400; // of the whole mail
    std::size_t recipients = 100;
    std::size_t references = 20; // the newest are kept, and the first
};

/// Builds a mail: text and HTML as alternatives, pictures beside the HTML, files around both, with
/// threading headers, our Message-ID, and for a program's mail the marks that keep other programs
/// from answering. Throws problem{invalid} naming the field for a line break or control character
/// in a header, for what is no address, for no recipient, sender or id; problem{too_large} beyond a
/// limit.
built_mail build(const outgoing& mail, const build_limits& limits = {});

/// "Re: " once before a subject, whatever stands there already in other languages.
std::string reply_subject(std::string_view subject);

} // namespace channels::email
