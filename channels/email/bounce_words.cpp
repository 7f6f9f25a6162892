// The words of mail servers, in the languages they use.
#include "channels/email/bounce.hpp"
#include "crm/base/text.hpp"

#include <algorithm>
#include <array>

namespace channels::email {

namespace {

template <std::size_t Count>
bool says_any(std::string_view lower, const std::array<std::string_view, Count>& phrases)
{
    return std::ranges::any_of(phrases, [&](std::string_view one) {
        return lower.find(one) != std::string_view::npos;
    });
}

constexpr std::array<std::string_view, 31> failure_subjects{
    "undeliver",
    "delivery status notification",
    "delivery failure",
    "delivery failed",
    "delivery has failed",
    "mail delivery",
    "mail failure",
    "mail failed",
    "delivery report",
    "delivery notification",
    "returned mail",
    "returned to sender",
    "returning to sender",
    "returning message",
    "failure notice",
    "mail system error",
    "error sending your mail",
    "could not be delivered",
    "not delivered",
    "message blocked",
    "delayed mail",
    "message delayed",
    "warning: message",
    "delayed delivery",
    "errors from",
    "unzustellbar",
    "non remis",
    "не доставлено",
    "送信エラー",
    "退信",
    "投递失败",
};

constexpr std::array<std::string_view, 29> failure_texts{
    "could not be delivered",
    "could not deliver",
    "couldn't be delivered",
    "couldn't deliver",
    "unable to deliver",
    "wasn't able to deliver",
    "was not delivered",
    "not been delivered",
    "can not be delivered",
    "cannot be delivered",
    "undeliverable",
    "delivery has failed",
    "delivery failed",
    "delivery to the following",
    "failed permanently",
    "permanent error",
    "permanent fatal errors",
    "did not reach the following",
    "had delivery problems",
    "delivery errors",
    "trouble delivering",
    "error: invalid user",
    "failure reasons",
    "following recipients did not receive",
    "transcript of session follows",
    "送信できませんでした",
    "не может быть доставлено",
    "nicht zugestellt werden",
    "无法投递",
};

constexpr std::array<std::string_view, 12> delays{
    "has been delayed",
    "delayed mail",
    "message delayed",
    "delayed 2",
    "(delay)",
    "still being retried",
    "warning message only",
    "will be retried",
    "will continue to be made",
    "will keep trying",
    "do not need to resend",
    "delivery attempts will continue",
};

// The address lives and cannot take this mail now.
constexpr std::array<std::string_view, 22> full_or_suspended{
    "mailbox full",
    "mailbox is full",
    "mailfolder is full",
    "over quota",
    "overquota",
    "over the allowed quota",
    "quota exceeded",
    "exceeded the storage",
    "exceeded storage",
    "out of storage",
    "exceeds allowed size",
    "disk space",
    "system storage",
    "too large",
    "too big",
    "account is disabled",
    "account disabled",
    "is inactive",
    "is locked",
    "suspended",
    "has been disabled",
    "mailbox disabled",
};

// Refused for what the mail or its sender is.
constexpr std::array<std::string_view, 29> refused{
    "spam",
    "blacklist",
    "blocklist",
    "block list",
    "blocked",
    "reputation",
    "dmarc",
    "dkim",
    "spf ",
    "spf=",
    "(spf)",
    "authenticat",
    "reverse dns",
    "ptr record",
    "rdns",
    "relay",
    "policy",
    "content rejected",
    "message content",
    "virus",
    "banned",
    "too many",
    "rate limit",
    "sender address rejected",
    "sender rejected",
    "domain of sender",
    "sender domain",
    "after mail from",
    "not accepted from",
};

constexpr std::array<std::string_view, 39> no_such_user{
    "user unknown",
    "unknown user",
    "userunknown",
    "no such user",
    "no such mailbox",
    "no such recipient",
    "no such address",
    "no such person",
    "unknown recipient",
    "recipient unknown",
    "invalid recipient",
    "invalid user",
    "invalid mailbox",
    "does not exist",
    "doesn't exist",
    "doesn't have a",
    "not a valid mailbox",
    "not a valid recipient",
    "mailbox not found",
    "mailbox unavailable",
    "user not found",
    "recipient not found",
    "could not be found",
    "wasn't found",
    "unknown address",
    "unknown local",
    "unrouteable address",
    "no mailbox",
    "no account",
    "name is not recognized",
    "address unknown",
    "mailbox unknown",
    "not listed in",
    "user doesn't",
    "no valid recipient",
    "recipient address rejected: access denied",
    "unknown or illegal alias",
    "has moved",
    "mailbox name not allowed",
};

constexpr std::array<std::string_view, 20> no_such_host{
    "host unknown",
    "unknown host",
    "host not found",
    "domain not found",
    "domain must exist",
    "no such domain",
    "no such host",
    "domain does not exist",
    "name or service not known",
    "unrouteable mail domain",
    "nxdomain",
    "host name lookup failure",
    "can't find any host",
    "couldn't find any host",
    "unresolvable",
    "domain is not reachable",
    "no smtp service",
    "null mx",
    "nullmx",
    "does not accept mail",
};

bool is_dead(std::string_view status)
{
    constexpr std::array<std::string_view, 8> dead{
        "5.1.1", "5.1.2", "5.1.3", "5.1.4", "5.1.6", "5.1.10", "5.4.4", "5.1.351"
    };
    return std::ranges::find(dead, status) != dead.end();
}

} // namespace

bool subject_reports_failure(std::string_view subject)
{
    return says_any(crm::ascii_lower(subject), failure_subjects);
}

bool text_reports_failure(std::string_view text)
{
    return says_any(crm::ascii_lower(text.substr(0, 4096)), failure_texts);
}

bool says_delayed(std::string_view text)
{
    return says_any(crm::ascii_lower(text.substr(0, 4096)), delays);
}

bounce_severity severity_of(std::string_view status, std::string_view diagnostic)
{
    if (status.starts_with('2'))
        return bounce_severity::delivered;
    if (status.starts_with('4'))
        return bounce_severity::soft;
    const std::string words = crm::ascii_lower(diagnostic.substr(0, 4096));
    // Servers give 5.1.1 for full and for blocked mailboxes too: what they say in words goes first.
    if (says_any(words, full_or_suspended) || status == "5.2.2")
        return bounce_severity::soft;
    const bool unknown = says_any(words, no_such_user) || says_any(words, no_such_host);
    if (says_any(words, refused) && !(unknown && is_dead(status)))
        return bounce_severity::soft;
    return unknown || is_dead(status) ? bounce_severity::hard : bounce_severity::soft;
}

} // namespace channels::email
