#include "channels/email/bounce.hpp"
#include "channels/email/charset.hpp"
#include "channels/email/header_block.hpp"
#include "crm/base/text.hpp"

#include <algorithm>
#include <array>

namespace channels::email {

namespace {

constexpr std::size_t most_recipients = 100;
constexpr std::size_t diagnostic_length = 1000;

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

std::string line_of(std::string_view value, std::size_t length = diagnostic_length)
{
    return crm::clean_line(decode_words(value), length);
}

// "rfc822; ann@example.com" and "dns; mx.example.com": what stands behind the type.
std::string untyped(std::string_view value)
{
    const std::string line = line_of(value);
    const auto mark = line.find(';');
    return std::string{crm::trim(
        mark == std::string::npos ? std::string_view{line} : std::string_view{line}.substr(mark + 1)
    )};
}

std::string address_in(std::string_view value)
{
    const auto found = read_addresses(value, {}, 1);
    return found.empty() ? std::string{} : found.front().address;
}

bounce_severity severity_for(const reported_recipient& one)
{
    if (one.action == "delayed")
        return bounce_severity::delayed;
    if (one.action == "delivered" || one.action == "relayed" || one.action == "expanded")
        return bounce_severity::delivered;
    return severity_of(one.status, one.diagnostic);
}

// The first status code of a failure: a transcript begins with successes.
std::string find_failure(std::string_view text)
{
    std::string found = find_status(text);
    for (int count = 0; count < 50 && found.starts_with('2'); ++count) {
        text.remove_prefix(text.find(found) + found.size());
        found = find_status(text);
    }
    return found;
}

// One block of message/delivery-status (RFC 3464, 2.3).
std::optional<reported_recipient> read_recipient(const header_block& block)
{
    reported_recipient one;
    bool any = false;
    for (const auto& [raw_name, value] : block.headers) {
        const auto name = crm::ascii_lower(raw_name);
        if (name == "final-recipient" || (name == "original-recipient" && one.address.empty())) {
            const auto text = untyped(value);
            const auto address = address_in(text);
            one.address = address.empty() ? text : address;
            any = true;
        } else if (name == "action") {
            one.action = crm::ascii_lower(line_of(value, 40));
            one.action = one.action.substr(0, one.action.find_first_of(" (;"));
            any = true;
        } else if (name == "status") {
            one.status = find_status(line_of(value));
            any = true;
        } else if (name == "diagnostic-code" || name == "x-actual-recipient-error") {
            one.diagnostic = untyped(value);
        } else if (name == "remote-mta") {
            one.host = untyped(value);
        }
    }
    if (!any)
        return std::nullopt;
    // The code in the other server's words is the one that it gave; Status is what the reporting
    // server made of it.
    if (const auto said = find_failure(one.diagnostic); !said.empty())
        one.status = said;
    one.severity = severity_for(one);
    return one;
}

void read_standard(std::string_view report, bounce_report& into)
{
    std::string text{report};
    std::erase(text, '\r');
    std::string_view rest = text;
    while (!rest.empty() && into.recipients.size() < most_recipients) {
        const auto block = read_header_block(rest, 100, 65'536);
        rest.remove_prefix(block.end);
        if (auto one = read_recipient(block))
            into.recipients.push_back(std::move(*one));
    }
}

void note_original(std::string_view headers, bounce_report& into)
{
    std::string text{headers};
    std::erase(text, '\r');
    for (const auto& [raw_name, value] : read_header_block(text).headers) {
        const auto name = crm::ascii_lower(raw_name);
        if (name == "message-id" && into.original_message_id.empty()) {
            if (const auto ids = read_message_ids(value, 1); !ids.empty())
                into.original_message_id = ids.front();
        } else if (name == "subject" && into.original_subject.empty()) {
            into.original_subject = line_of(value);
        }
    }
}

// Where the copy of our mail begins in a report that is all text.
std::size_t end_of_words(std::string_view text)
{
    constexpr std::array<std::string_view, 12> marks{
        "--- below this line is a copy",
        "------ this is a copy",
        "----- original message",
        "--- the header of the original",
        "------- returned message",
        "----- unsent message",
        "----- message header follows",
        "--- original message",
        "--- returned message",
        "-----original mail info",
        "\nreceived: ",
        "\nreturn-path: "
    };
    const std::string lower = crm::ascii_lower(text);
    std::size_t end = text.size();
    for (const auto mark : marks)
        end = std::min(end, lower.find(mark));
    return end;
}

std::string address_on_line(std::string_view line)
{
    line = crm::trim(line);
    if (line.size() > 300 || line.find('@') == std::string_view::npos)
        return {};
    // "<a@b>:", "a@b", "\"a@b\":", "<a@b>: host said ...", "a@b on Thu, ...", "550 <a@b>...
    // unknown": the line begins with it, or with a reply code in front.
    if (line.size() > 5 && is_digit(line[0]) && is_digit(line[1]) && is_digit(line[2]) &&
        line.substr(3).starts_with(" <"))
        line.remove_prefix(4);
    if (line.front() == '<' || line.front() == '"') {
        const char close = line.front() == '<' ? '>' : '"';
        const auto end = line.find(close, 1);
        if (end == std::string_view::npos)
            return {};
        const auto inside = line.substr(1, end - 1);
        return is_address(inside) ? address_in(inside) : std::string{};
    }
    const auto word = line.substr(0, line.find_first_of(" \t:"));
    const auto rest = line.substr(word.size());
    const bool alone = rest.empty() || rest == ":" || rest.starts_with(" on ") ||
                       rest.starts_with(": ") || !find_status(rest).empty();
    return alone && is_address(word) ? address_in(word) : std::string{};
}

std::string address_after(std::string_view text, std::string_view mark)
{
    const auto at = crm::ascii_lower(text).find(mark);
    if (at == std::string::npos)
        return {};
    const auto rest = text.substr(at + mark.size(), 300);
    const auto end = rest.find('>');
    return end == std::string_view::npos ? std::string{} : address_in(rest.substr(0, end));
}

// Reads the words of servers that send no standard report: each address that begins a line opens a
// recipient, and what follows is what was said of it.
void read_words(const letter& mail, bounce_report& into)
{
    const auto words =
        std::string_view{mail.text}.substr(0, end_of_words(mail.text)).substr(0, 65'536);
    std::string before;
    std::string_view rest = words;
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        const auto line = rest.substr(0, end);
        rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
        auto address = address_on_line(line);
        if (!address.empty() && into.recipients.size() < most_recipients) {
            const bool known =
                std::ranges::any_of(into.recipients, [&](const reported_recipient& one) {
                    return one.address == address;
                });
            if (!known) {
                into.recipients.emplace_back();
                into.recipients.back().address = std::move(address);
            }
        }
        auto& said = into.recipients.empty() ? before : into.recipients.back().diagnostic;
        if (said.size() < 4 * diagnostic_length)
            said += std::string{line} + ' ';
    }
    if (into.recipients.empty()) {
        reported_recipient one;
        one.address = address_in(mail["X-Failed-Recipients"]);
        for (const auto* mark : {"rcpt to:<", "recipient <", "message to <"}) {
            if (one.address.empty())
                one.address = address_after(words, mark);
        }
        into.recipients.push_back(std::move(one));
    }
    const bool late = says_delayed(mail.subject) || says_delayed(before);
    for (auto& one : into.recipients) {
        one.status = find_failure(one.diagnostic);
        if (one.status.empty())
            one.status = find_failure(before);
        one.action = late ? "delayed" : "failed";
        // What was said of this recipient counts; a transcript's beginning speaks of others too, so
        // it is asked only where little was said.
        constexpr std::size_t little = 40;
        one.severity = late ? bounce_severity::delayed
                            : severity_of(one.status, one.diagnostic + mail.subject);
        if (one.severity == bounce_severity::soft && crm::trim(one.diagnostic).size() < little)
            one.severity = severity_of(one.status, before + ' ' + one.diagnostic);
        one.diagnostic =
            crm::clean_line(one.diagnostic.empty() ? before : one.diagnostic, diagnostic_length);
    }
    note_original(
        std::string_view{mail.text}.substr(std::min(words.size() + 1, mail.text.size())), into
    );
}

bool is_answer_or_forward(std::string_view subject)
{
    constexpr std::array<std::string_view, 12> prefixes{
        "re:", "aw:", "sv:", "antw:", "res:", "fwd:", "fw:", "wg:", "tr:", "rv:", "enc:", "vs:"
    };
    const auto lower = crm::ascii_lower(subject.substr(0, 8));
    return std::ranges::any_of(prefixes, [&](std::string_view one) {
        return lower.starts_with(one);
    });
}

bool has_original(const attachment& one)
{
    return one.kind == part_kind::message || one.kind == part_kind::headers;
}

// In a text report the copy of our mail begins somewhere behind a mark; its id is on a line of its
// own.
void find_original_id(std::string_view text, bounce_report& into)
{
    const std::string lower = crm::ascii_lower(text);
    for (std::size_t at = 0; into.original_message_id.empty() &&
                             (at = lower.find("message-id:", at)) != std::string::npos;
         ++at) {
        const auto value = text.substr(at + 11, 600);
        if (const auto ids = read_message_ids(value.substr(0, value.find('\n', 2)), 1);
            !ids.empty())
            into.original_message_id = ids.front();
    }
}

} // namespace

std::string find_status(std::string_view text)
{
    for (std::size_t at = 0; at + 4 < text.size(); ++at) {
        const char first = text[at];
        if ((first != '2' && first != '4' && first != '5') || text[at + 1] != '.')
            continue;
        if (at > 0 && (is_digit(text[at - 1]) || text[at - 1] == '.'))
            continue;
        std::size_t end = at + 2;
        int groups = 0;
        for (; groups < 2; ++groups) {
            const std::size_t begin = end;
            while (end < text.size() && is_digit(text[end]) && end - begin < 4)
                ++end;
            if (end == begin || end - begin > 3)
                break;
            if (groups == 0) {
                if (end >= text.size() || text[end] != '.')
                    break;
                ++end;
            }
        }
        const bool goes_on = end < text.size() &&
                             (is_digit(text[end]) || (text[end] == '.' && end + 1 < text.size() &&
                                                      is_digit(text[end + 1])));
        if (groups == 2 && !goes_on)
            return std::string{text.substr(at, end - at)};
    }
    return {};
}

bool is_from_mail_server(const letter& mail)
{
    constexpr std::array<std::string_view, 10> names{
        "mailer-daemon",
        "postmaster",
        "mail-daemon",
        "maildaemon",
        "mail delivery",
        "mail.delivery",
        "post_master",
        "mailerdaemon",
        "delivery subsystem",
        "mdaemon"
    };
    for (const auto* list : {&mail.from, &mail.sender}) {
        for (const auto& one : *list) {
            const auto who =
                crm::ascii_lower(one.address.substr(0, one.address.find('@')) + ' ' + one.name);
            if (std::ranges::any_of(names, [&](std::string_view name) {
                    return who.find(name) != std::string::npos;
                }))
                return true;
        }
    }
    return false;
}

std::optional<bounce_report> read_bounce(const letter& mail)
{
    bounce_report report;
    for (const auto& one : mail.attachments) {
        if (one.kind == part_kind::delivery_report) {
            read_standard(one.content, report);
            report.is_standard = !report.recipients.empty();
        }
    }
    for (const auto& one : mail.attachments) {
        if (has_original(one))
            note_original(one.content, report);
    }
    const bool failed_header = !mail["X-Failed-Recipients"].empty();
    const bool server = is_from_mail_server(mail) || mail.return_path == "";
    const bool subject = subject_reports_failure(mail.subject);
    const bool text = text_reports_failure(mail.text);
    if (!report.is_standard) {
        // A person who forwards or answers a report has not bounced, though the words are the same.
        const bool passed_on = !mail.in_reply_to.empty() || is_answer_or_forward(mail.subject);
        const bool told = failed_header || (server && (subject || text)) ||
                          (subject && text && !passed_on) ||
                          (text && mail.report_type == "delivery-status");
        if (!told)
            return std::nullopt;
        // Some servers write the fields of a standard report into their text.
        if (mail.text.find("Final-Recipient:") != std::string::npos)
            read_standard(mail.text, report);
        if (report.recipients.empty())
            read_words(mail, report);
    } else {
        // The class alone is all that some reports say; the words beside them say more.
        for (auto& one : report.recipients) {
            if (!one.diagnostic.empty() || one.severity != bounce_severity::soft ||
                report.recipients.size() > 1)
                continue;
            const auto words = std::string_view{mail.text}.substr(0, end_of_words(mail.text));
            if (auto better = find_failure(words); one.status.ends_with(".0.0") && !better.empty())
                one.status = std::move(better);
            one.severity = severity_of(one.status, words);
        }
    }
    find_original_id(mail.text, report);
    return report;
}

} // namespace channels::email
