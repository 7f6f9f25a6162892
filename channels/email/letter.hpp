// A mail as we understand it: what read() makes of raw bytes. Plain data; any thread.
#pragma once

#include "channels/email/address.hpp"
#include "crm/base/time.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace channels::email {

/// What a part is to the reader of the mail, beside its type.
enum class part_kind
{
    file,
    picture,         // shown inside the text (cid: or inline)
    message,         // another mail, offered as .eml
    invitation,      // text/calendar
    signature,       // detached PGP or S/MIME signature
    encrypted,       // opaque PGP or S/MIME data
    delivery_report, // message/delivery-status
    headers,         // the headers of the mail that a report is about
    complaint        // message/feedback-report
};

/// A part that is not the text.
struct attachment
{
    std::string name; // clean and never empty; made up from the type where the mail names none
    std::string type; // lower-case "image/png", as claimed by the sender
    std::string content_id; // without brackets; empty when none
    part_kind kind = part_kind::file;
    bool is_inline = false; // to be shown in the text; without a content_id: at its end
    bool was_named = true;  // false when the name is made up
    std::string content;    // decoded bytes
};

/// A header as it came: name as written, value unfolded and decoded to UTF-8.
struct header
{
    std::string name;
    std::string value;
};

/// A mail. Everything is UTF-8 and free of control characters (the HTML excepted: it is only
/// well-formed UTF-8, and as hostile as its sender).
struct letter
{
    bool is_readable = true; // false: nothing but `problem` is filled; keep and show the raw bytes
    std::string problem;     // why it is unreadable
    std::vector<std::string> notes; // what was left out or repaired, in English, for administrators

    std::string subject;
    std::vector<mailbox> from;
    std::vector<mailbox> sender;
    std::vector<mailbox> reply_to;
    std::vector<mailbox> to;
    std::vector<mailbox> cc;
    std::vector<std::string> delivered_to;  // addresses that mail servers noted, newest first
    std::optional<std::string> return_path; // empty string: the null path <>
    std::string message_id;                 // ids stand without brackets
    std::vector<std::string> in_reply_to;
    std::vector<std::string> references; // oldest first
    std::optional<crm::instant> date;    // as the sender says, unclamped; see clamped_date()
    int date_offset_min = 0;             // the sender's zone, minutes east of UTC

    std::string content_type; // of the mail as a whole
    std::string report_type;  // of multipart/report, lower-case
    std::string text;         // what the mail says; from the HTML where there is no plain text
    std::string html;         // empty when the mail has none
    std::string charset;      // that its text was read with
    std::vector<attachment> attachments;
    std::vector<header> headers; // in order, at most the limit

    /// The first header of that name (any case); empty when there is none.
    [[nodiscard]] std::string_view operator[](std::string_view name) const;
    /// All headers of that name, topmost first.
    [[nodiscard]] std::vector<std::string_view> all(std::string_view name) const;
    /// The address that an answer goes to: Reply-To, else From, else Sender; empty when none.
    [[nodiscard]] std::string answer_address() const;
    /// The address that the mail claims to be from.
    [[nodiscard]] std::string from_address() const;
};

/// What read() accepts. Beyond a limit it leaves out and notes, it does not fail, except for size.
struct read_limits
{
    std::size_t bytes = 26'214'400;     // a larger mail is unreadable
    std::size_t parts = 200;            // leaves of the MIME tree, and files out of winmail.dat
    int depth = 10;                     // nesting of multiparts; deeper parts are left out
    std::size_t headers = 1000;         // of the mail itself
    std::size_t header_bytes = 262'144; // of all headers together
    std::size_t recipients = 500;       // in each address header
    std::size_t text_bytes = 4'194'304; // of text and of HTML, each
    std::size_t decoded_bytes = 104'857'600; // of all parts together
    std::chrono::milliseconds time{10'000};  // checked between parts
};

/// When the mail was written, for the timeline: a date in the future or before 1990 (clocks of dead
/// batteries), or none at all, is `arrived`.
crm::instant clamped_date(const letter& of, crm::instant arrived);

/// The bytes that tell a mail from others in one mailbox: its Message-ID, or where it has none a
/// fingerprint of date, sender, recipients, subject and text.
std::string identity_of(const letter& of);

} // namespace channels::email
