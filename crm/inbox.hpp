// Inboxes: the unit of permission. Each has its channel accounts, teams, hours, brand, texts and
// widget settings. Verbs run inside a store job.
#pragma once

#include "crm/channel_account.hpp"
#include "crm/context.hpp"
#include "crm/needed_skill.hpp"
#include "crm/store/transaction.hpp"
#include "crm/words.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

/// Open from one minute of a local day to another; 0 to 1440, opens < closes. Weekday 0 is Monday.
struct open_span
{
    int weekday = 0;
    int opens_minute = 9 * 60;
    int closes_minute = 18 * 60;
    friend bool operator==(const open_span&, const open_span&) = default;
};

/// A local day (YYYY-MM-DD) that differs: opens = closes means closed all day.
struct exception_day
{
    std::string day{};
    int opens_minute = 0;
    int closes_minute = 0;
    std::string label{};
    friend bool operator==(const exception_day&, const exception_day&) = default;
};

/// A question of the pre-chat form. type: text, email, phone, choice.
struct form_field
{
    std::string name{};
    std::string label{};
    std::string type = "text";
    bool required = false;
    friend bool operator==(const form_field&, const form_field&) = default;
};

/// A text the inbox sends by itself instead of the catalogue's (crm/texts.hpp).
struct inbox_text
{
    std::string name{};
    std::string locale{};
    std::string content{};
    friend bool operator==(const inbox_text&, const inbox_text&) = default;
};

/// A team that serves the inbox; backup teams only when skills are relaxed.
struct inbox_team
{
    team_id team{};
    bool backup = false;
    friend bool operator==(const inbox_team&, const inbox_team&) = default;
};

/// A skill that answering in the inbox takes: over one of its channels, or (channel none) over all.
struct inbox_skill
{
    needed_skill what{};
    crm::channel over = crm::channel::none;
    friend bool operator==(const inbox_skill&, const inbox_skill&) = default;
};

/// Whether the customer's language is a skill that answering takes. Stored: never renumber.
enum class language_need : std::int8_t
{
    none = 0,
    wanted = 1,  // given up when the wait has grown long
    required = 2 // always
};
template <>
struct vocabulary<language_need>
{
    static constexpr std::string_view what = "language";
    static constexpr auto all = words_of<language_need>(
        {{language_need::none, "none"},
         {language_need::wanted, "wanted"},
         {language_need::required, "required"}}
    );
};

/// One inbox with everything that hangs on it. No hours at all means always open.
struct inbox
{
    inbox_id id{};
    std::string slug{};
    std::string name{};
    std::string brand{};
    std::string locale = "en";
    std::string timezone = "UTC"; // IANA name
    std::string color = "#2f6f4f";
    std::string privacy_notice{};
    int retention_days = 0; // 0 keeps for ever
    int reopen_days = 7;    // a resolved conversation opens again for so long
    std::chrono::microseconds first_response_target{std::chrono::minutes{5}};
    bool shows_typing = true;     // the customer's unsent words are shown to agents
    bool shows_read_marks = true; // reading is shown to the customer
    bool asks_form = false;
    language_need language = language_need::none;
    std::vector<inbox_skill> skills{};
    std::vector<inbox_team> teams{};
    std::vector<open_span> hours{};
    std::vector<exception_day> exceptions{};
    std::vector<inbox_text> texts{};
    std::vector<form_field> form{};
    std::vector<std::string> origins{}; // exact origins of pages that may embed the widget
    instant archived{};
    std::int64_t revision = 0;
};

/// A secret that signs visitors' identities on the host's server.
struct identity_secret
{
    std::string kid{};
    std::string secret{};
    instant created{};
};

namespace inboxes {

/// Opens an inbox; id and revision are given. Throws problem{conflict} when the slug is taken,
/// problem{invalid} naming the member at fault.
inbox create(transaction& tx, context& by, inbox wanted);

/// Replaces everything but id and slug. `expected` is the revision the caller saw. Throws
/// problem{precondition} when somebody was faster.
inbox change(transaction& tx, context& by, inbox wanted, std::int64_t expected);

/// One inbox; nullopt when there is none.
std::optional<inbox> find(db::connection& on, inbox_id id);
std::optional<inbox> find(db::connection& on, std::string_view slug);

/// All inboxes that are not archived, by name.
std::vector<inbox> all(db::connection& on);

/// What answering a customer of this locale over this channel of the inbox takes: the inbox's own
/// skills, and the skill for the locale's language if the inbox asks for it and there is one. Each
/// skill once, as its strictest mention says.
std::vector<needed_skill>
needed_skills(db::connection& on, inbox_id of, channel over, std::string_view locale);

/// Adds a signing secret of at least 32 bytes under a new kid. Throws problem{conflict} when two
/// are active already: retire one first.
void add_secret(
    transaction& tx, context& by, inbox_id of, std::string_view kid, std::string_view secret
);

/// Ends a secret: what it signed is refused from now on.
void retire_secret(transaction& tx, context& by, inbox_id of, std::string_view kid);

/// The active secrets, at most two, newest first.
std::vector<identity_secret> secrets(db::connection& on, inbox_id of);

} // namespace inboxes
} // namespace crm
