// Mail servers' reports on mail of ours: what became of which recipient. Pure; any thread.
#pragma once

#include "channels/email/letter.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace channels::email {

/// What a report means for the address.
enum class bounce_severity
{
    delivered, // it arrived, or was handed to a system that sends no reports
    delayed,   // still being tried: nothing to do yet
    soft,      // this mail was not delivered, another may be: full, blocked, too large, given up
    hard       // the address or its domain does not exist or takes no mail: do not write again
};

/// One recipient of a mail that was reported on.
struct reported_recipient
{
    std::string address; // as reported; empty when the report names none
    bounce_severity severity = bounce_severity::soft;
    std::string action;     // "failed", "delayed", "delivered", "relayed", "expanded"
    std::string status;     // enhanced code (RFC 3463) "5.1.1"; empty when none is given
    std::string diagnostic; // what the other server said, one line
    std::string host;       // that said it
};

/// A report (RFC 3464, or the text of a server that knows no RFC 3464).
struct bounce_report
{
    std::vector<reported_recipient> recipients; // never empty, at most 100
    std::string original_message_id;            // of the mail reported on; empty when not told
    std::string original_subject;
    bool is_standard = false; // it had a machine-readable part
};

/// The report that a mail is, if it is one. A report is no proof: who wants to harm an address can
/// forge one. Act on it only when `original_message_id` is a mail of ours to that recipient.
std::optional<bounce_report> read_bounce(const letter& mail);

/// What a server's words and its enhanced status code say of an address.
bounce_severity severity_of(std::string_view status, std::string_view diagnostic);

/// The first enhanced status code in a text, "5.1.1"; empty when there is none.
std::string find_status(std::string_view text);

/// True when the sender looks like a mail server rather than a person.
bool is_from_mail_server(const letter& mail);

/// True when the subject says that mail was not delivered, or is late (several languages).
bool subject_reports_failure(std::string_view subject);

/// The same for the text of a report.
bool text_reports_failure(std::string_view text);

/// True when the words speak of a mail that is late and still being tried.
bool says_delayed(std::string_view text);

} // namespace channels::email
