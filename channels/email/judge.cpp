#include "channels/email/judge.hpp"
#include "crm/base/text.hpp"

#include <algorithm>
#include <array>

namespace channels::email {

namespace {

// "support+c1.mac@example.org" is the mailbox support@example.org.
std::string without_plus(std::string_view address)
{
    const auto at = address.rfind('@');
    const auto plus = address.substr(0, at).find('+');
    if (at == std::string_view::npos || plus == std::string_view::npos || plus == 0)
        return address_key(address);
    return address_key(std::string{address.substr(0, plus)} + std::string{address.substr(at)});
}

class examiner
{
public:
    examiner(const letter& mail, const house& ours) : mail_{mail}, ours_{ours} {}

    judgement examine()
    {
        look_at_reports();
        look_at_auto_submitted();
        look_at_other_headers();
        look_at_lists();
        look_at_subject();
        look_for_ourselves();
        found_.proof = proof_of_sender(mail_, ours_.authserv_ids);
        found_.is_automatic = found_.is_automatic || found_.is_automatic_reply || found_.is_list ||
                              found_.is_complaint || found_.bounce || found_.is_own;
        return std::move(found_);
    }

private:
    void reason(std::string why) { found_.reasons.push_back(std::move(why)); }

    std::string lower(std::string_view name) const { return crm::ascii_lower(mail_[name]); }

    void look_at_reports()
    {
        // Hotmail's reports are older than the standard.
        found_.is_complaint = mail_.report_type == "feedback-report" ||
                              mail_.subject.starts_with("complaint about message from ") ||
                              std::ranges::any_of(mail_.attachments, [](const attachment& one) {
                                  return one.kind == part_kind::complaint;
                              });
        if (found_.is_complaint) {
            reason("feedback report");
            return;
        }
        if (mail_.report_type == "disposition-notification") {
            found_.is_automatic_reply = true;
            reason("read receipt");
            return;
        }
        // A vacation note often has the null path of a report; it says what it is.
        if (lower("Auto-Submitted").starts_with("auto-replied") && !is_from_mail_server(mail_) &&
            mail_.report_type != "delivery-status")
            return;
        found_.bounce = read_bounce(mail_);
        if (found_.bounce)
            reason(found_.bounce->is_standard ? "delivery report" : "text of a mail server");
    }

    void look_at_auto_submitted()
    {
        const auto value = lower("Auto-Submitted");
        const auto word = crm::trim(std::string_view{value}.substr(0, value.find_first_of(";(")));
        if (word.empty() || word == "no")
            return;
        if (word == "auto-replied" && !found_.bounce)
            found_.is_automatic_reply = true;
        found_.is_automatic = true;
        reason("Auto-Submitted: " + std::string{word});
    }

    void look_at_other_headers()
    {
        for (const auto* name :
             {"X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply-From"}) {
            const auto value = lower(name);
            if (!value.empty() && value != "no") {
                found_.is_automatic_reply = true;
                reason(name);
            }
        }
        for (const auto* name : {"Precedence", "X-Precedence"}) {
            const auto value = lower(name);
            if (value == "auto_reply")
                found_.is_automatic_reply = true;
            if (value == "auto_reply" || value == "bulk" || value == "list" || value == "junk") {
                found_.is_automatic = true;
                found_.is_list = found_.is_list || value == "list";
                reason(std::string{name} + ": " + value);
            }
        }
        if (const auto value = lower("X-Auto-Response-Suppress");
            value.find("all") != std::string::npos) {
            found_.is_automatic = true;
            reason("X-Auto-Response-Suppress: All");
        }
        if (!lower("X-Loop").empty()) {
            found_.is_automatic = true;
            reason("X-Loop");
        }
        for (const auto& one : mail_.delivered_to) {
            if (crm::ascii_lower(one).starts_with("autoresponder@")) {
                found_.is_automatic_reply = true;
                reason("Delivered-To: autoresponder");
            }
        }
        if (is_from_mail_server(mail_) && mail_.return_path == "" && !found_.is_automatic) {
            found_.is_automatic = true;
            reason("null return path");
        }
    }

    void look_at_lists()
    {
        for (const auto* name : {"List-Id", "List-Unsubscribe", "List-Post"}) {
            if (!mail_[name].empty()) {
                found_.is_list = true;
                reason(name);
            }
        }
    }

    void look_at_subject()
    {
        constexpr std::array<std::string_view, 15> starts{
            "auto reply",
            "auto-reply",
            "autoreply",
            "automatic reply",
            "automatic response",
            "out of office",
            "out of the office",
            "vacation reply",
            "automatische antwort",
            "abwesenheitsnotiz",
            "r\xC3\xA9ponse automatique",
            "respuesta autom\xC3\xA1tica",
            "risposta automatica",
            "自动回复",
            "自動回覆"
        };
        const auto subject = crm::ascii_lower(mail_.subject);
        if (!found_.bounce && std::ranges::any_of(starts, [&](std::string_view one) {
                return subject.starts_with(one);
            })) {
            found_.is_automatic_reply = true;
            reason("subject of an automatic reply");
        }
    }

    void look_for_ourselves()
    {
        if (!mail_["X-Parley-Loop"].empty()) {
            found_.is_own = true;
            reason("X-Parley-Loop");
        }
        const auto from = without_plus(mail_.from_address());
        if (!from.empty() && std::ranges::any_of(ours_.addresses, [&](const std::string& one) {
                return address_key(one) == from;
            })) {
            found_.is_own = true;
            reason("from our own mailbox");
        }
        // An id of ours means a mail that was sent on to us as it was; a bounce has an id of its
        // own.
        if (!ours_.message_id_domain.empty() &&
            crm::ascii_lower(mail_.message_id)
                .ends_with('@' + crm::ascii_lower(ours_.message_id_domain))) {
            found_.is_own = true;
            reason("message id of ours");
        }
    }

    const letter& mail_;
    const house& ours_;
    judgement found_;
};

// One "method=result property=value ..." of the header.
struct finding
{
    std::string method;
    std::string result;
    std::string domain; // that the method speaks of
};

finding read_finding(std::string_view text)
{
    finding read;
    std::string words = crm::ascii_lower(text);
    for (auto open = words.find('('); open != std::string::npos; open = words.find('(', open)) {
        const auto close = words.find(')', open);
        words.erase(open, close == std::string::npos ? close : close + 1 - open);
    }
    std::string_view rest = words;
    while (!rest.empty()) {
        rest = crm::trim(rest);
        const auto end = std::min(rest.find_first_of(" \t"), rest.size());
        const auto word = rest.substr(0, end);
        rest.remove_prefix(end);
        const auto equals = word.find('=');
        if (equals == std::string_view::npos)
            continue;
        const auto name = word.substr(0, equals);
        auto value = word.substr(equals + 1);
        if (read.method.empty()) {
            read.method = std::string{name};
            read.result = std::string{value};
        } else if (name == "header.from" || name == "header.d" || name == "smtp.mailfrom" ||
                   (name == "header.i" && read.domain.empty())) {
            const auto at = value.rfind('@');
            if (at != std::string_view::npos)
                value.remove_prefix(at + 1);
            read.domain = std::string{value};
        }
    }
    return read;
}

} // namespace

sender_proof proof_of_sender(const letter& mail, const std::vector<std::string>& authserv_ids)
{
    // Two authors in one mail prove nobody.
    if (mail.from.size() != 1 || authserv_ids.empty())
        return sender_proof::none;
    const auto header = mail["Authentication-Results"];
    const auto end_of_id = header.find(';');
    if (end_of_id == std::string_view::npos)
        return sender_proof::none;
    // A version number may follow the name.
    auto id = crm::trim(header.substr(0, end_of_id));
    id = id.substr(0, id.find_first_of(" \t"));
    if (std::ranges::none_of(authserv_ids, [&](const std::string& one) {
            return crm::ascii_lower(one) == crm::ascii_lower(id);
        }))
        return sender_proof::none;
    const auto address = mail.from_address();
    const auto domain = address.substr(std::min(address.rfind('@') + 1, address.size()));
    bool looked = false;
    bool aligned = false;
    std::string dmarc;
    std::string_view rest = header.substr(end_of_id + 1);
    for (int count = 0; count < 50 && !rest.empty(); ++count) {
        const auto end = std::min(rest.find(';'), rest.size());
        const auto one = read_finding(rest.substr(0, end));
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (one.method == "dmarc")
            dmarc = one.domain.empty() || one.domain == domain ? one.result : "fail";
        if (one.method == "dmarc" || one.method == "spf" || one.method == "dkim")
            looked = true;
        if ((one.method == "spf" || one.method == "dkim") && one.result == "pass" &&
            !domain.empty() && one.domain == domain)
            aligned = true;
    }
    if (!looked)
        return sender_proof::none;
    if (dmarc == "pass" || (aligned && (dmarc.empty() || dmarc == "none")))
        return sender_proof::passed;
    return sender_proof::failed;
}

judgement judge(const letter& mail, const house& ours)
{
    return examiner{mail, ours}.examine();
}

} // namespace channels::email
