// Channel accounts: one mailbox, one page, one number, one widget. What an account can do is data,
// so that no other room asks which channel it is. Verbs run inside a store job.
#pragma once

#include "crm/context.hpp"
#include "crm/store/transaction.hpp"
#include "crm/words.hpp"

#include <boost/describe.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

/// Kinds of channels. Stored: never renumber.
enum class channel : std::int8_t
{
    none = 0, // entries that no channel carried: notes, events, orders
    web = 1,
    socket = 2,
    email = 3,
    whatsapp = 4,
    messenger = 5,
    instagram = 6,
    telegram = 7,
    line = 8,
    wechat = 9,
    wecom = 10,
    sms = 11,
    voice = 12,
    in_person = 13,
    generic = 14
};
template <>
struct vocabulary<channel>
{
    static constexpr std::string_view what = "channel";
    static constexpr auto all = words_of<channel>(
        {{channel::none, "none"},
         {channel::web, "web"},
         {channel::socket, "socket"},
         {channel::email, "email"},
         {channel::whatsapp, "whatsapp"},
         {channel::messenger, "messenger"},
         {channel::instagram, "instagram"},
         {channel::telegram, "telegram"},
         {channel::line, "line"},
         {channel::wechat, "wechat"},
         {channel::wecom, "wecom"},
         {channel::sms, "sms"},
         {channel::voice, "voice"},
         {channel::in_person, "in_person"},
         {channel::generic, "generic"}}
    );
};

/// What a channel account can carry. Stored as JSON; unknown members are ignored when read.
struct capabilities
{
    bool is_live = false;              // somebody waits at the other end: chat, not mail
    bool html = false;                 // formatted text leaves as written
    bool attachments = false;          // files may be sent
    bool typing = false;               // typing can be shown at the other end
    bool delivery_marks = false;       // the platform reports delivery
    bool read_marks = false;           // the platform reports reading
    bool edits = false;                // a sent message can be changed
    bool needs_courier = true;         // false where our own socket is the delivery
    bool repeats_safely = false;       // a retry after an unknown outcome cannot double
    std::int64_t text_limit = 20'000;  // code points in one message
    std::int64_t attachment_bytes = 0; // largest file
    std::int64_t reply_window_ms = 0;  // free answers only so long after the customer; 0 = always
    std::int64_t outcome_wait_ms = 60'000; // how long an unknown outcome may still resolve itself
    std::string after_unknown = "ask";     // then: ask, retry, drop
};
BOOST_DESCRIBE_STRUCT(
    capabilities,
    (),
    (is_live,
     html,
     attachments,
     typing,
     delivery_marks,
     read_marks,
     edits,
     needs_courier,
     repeats_safely,
     text_limit,
     attachment_bytes,
     reply_window_ms,
     outcome_wait_ms,
     after_unknown)
)

/// What a kind of channel can do when its account says nothing else.
capabilities usual_capabilities(channel of);

/// One account. `config` is a JSON object of the channel's own, without secrets.
struct channel_account
{
    channel_account_id id{};
    std::string slug{};
    inbox_id inbox{};
    crm::channel channel = crm::channel::web;
    std::string name{};
    std::string address{}; // what the outside calls it: a mail address, a number, a page id
    capabilities can{};
    std::string config = "{}";
    instant archived{};
    std::int64_t revision = 0;
};

namespace channel_accounts {

/// Opens an account; id and revision are given. Throws problem{conflict} when the slug is taken,
/// problem{invalid} naming the member at fault.
channel_account create(transaction& tx, context& by, channel_account wanted);

/// Changes name, address, capabilities, config, inbox. `expected` is the revision the caller saw.
/// Throws problem{precondition} when somebody was faster.
channel_account change(transaction& tx, context& by, channel_account wanted, std::int64_t expected);

/// One account; nullopt when there is none.
std::optional<channel_account> find(db::connection& on, channel_account_id id);
std::optional<channel_account> find(db::connection& on, std::string_view slug);

/// All accounts that are not archived.
std::vector<channel_account> all(db::connection& on);

/// Sets a secret of the account ("password", "app_secret"); empty removes it. Never shown again.
void set_secret(
    transaction& tx,
    context& by,
    channel_account_id of,
    std::string_view name,
    std::string_view secret
);
std::optional<std::string> secret(db::connection& on, channel_account_id of, std::string_view name);

/// How far a polled channel was read; empty before the first time.
std::string cursor(db::connection& on, channel_account_id of, std::string_view name);
void move_cursor(
    transaction& tx,
    const context& by,
    channel_account_id of,
    std::string_view name,
    std::string_view place
);

} // namespace channel_accounts
} // namespace crm
