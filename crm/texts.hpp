// Every text that the server itself sends, in English and Chinese. An inbox may replace any of them
// (crm/inbox.hpp). Any thread.
#pragma once

#include "crm/inbox.hpp"
#include "crm/words.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace crm {

/// Texts of the catalogue.
enum class text_name
{
    greeting,            // {brand}
    away,                // nobody is online
    out_of_hours,        // {opens}
    queue_place,         // {place} {minutes}
    queue_first,         // next in line
    agent_joined,        // {agent}
    agent_left,          // {agent}
    conversation_ended,  //
    offline_thanks,      // {email}
    privacy_notice,      // {brand}
    mail_reply_subject,  // {subject}
    mail_auto_subject,   // {brand}
    mail_auto_body,      // {brand} {hours}
    invite_mail_subject, // {brand}
    invite_mail_body,    // {name} {link} {hours}
    reset_mail_subject,  //
    reset_mail_body      // {name} {link} {minutes}
};
template <>
struct vocabulary<text_name>
{
    static constexpr std::string_view what = "text";
    static constexpr auto all = words_of<text_name>(
        {{text_name::greeting, "greeting"},
         {text_name::away, "away"},
         {text_name::out_of_hours, "out_of_hours"},
         {text_name::queue_place, "queue_place"},
         {text_name::queue_first, "queue_first"},
         {text_name::agent_joined, "agent_joined"},
         {text_name::agent_left, "agent_left"},
         {text_name::conversation_ended, "conversation_ended"},
         {text_name::offline_thanks, "offline_thanks"},
         {text_name::privacy_notice, "privacy_notice"},
         {text_name::mail_reply_subject, "mail_reply_subject"},
         {text_name::mail_auto_subject, "mail_auto_subject"},
         {text_name::mail_auto_body, "mail_auto_body"},
         {text_name::invite_mail_subject, "invite_mail_subject"},
         {text_name::invite_mail_body, "invite_mail_body"},
         {text_name::reset_mail_subject, "reset_mail_subject"},
         {text_name::reset_mail_body, "reset_mail_body"}}
    );
};

namespace texts {

/// A word in braces and what stands for it.
using blank = std::pair<std::string_view, std::string_view>;

/// The catalogue's text in the language nearest to `locale` ("zh" for any Chinese, else English).
std::string_view plain(text_name which, std::string_view locale);

/// The text with its blanks filled, once, left to right; what fills a blank is never read again.
std::string filled(std::string_view text, std::initializer_list<blank> blanks);

/// The inbox's own text where it has one for the language, else the catalogue's, filled.
std::string of_inbox(
    const inbox& of, text_name which, std::string_view locale, std::initializer_list<blank> blanks
);

} // namespace texts
} // namespace crm
