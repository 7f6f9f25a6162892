// The timeline: everything that happened to a customer, one entry each, on every channel. `append`
// is the only way in. Each conversation counts its entries without gaps twice: seq for all of them,
// public_seq for those its customer may see. Verbs run inside a store job.
#pragma once

#include "crm/context.hpp"
#include "crm/entry.hpp"
#include "crm/store/transaction.hpp"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

/// What is to be appended. The conversation names customer, inbox, channel account and stage.
struct new_entry
{
    conversation_id conversation{}; // 0: an entry of the customer alone (an order), without a seq
    customer_id customer{};         // read only where the conversation is 0
    entry_kind kind = entry_kind::message;
    author by{};
    bool is_public = true; // notes and events are internal whatever stands here
    std::string text{};
    std::string html{};
    std::string details = "{}";
    std::vector<attachment_id> attachments{}; // stored by the same author, not yet sent
    std::string cid{};                        // 1 to 64 bytes, or empty
    std::string platform_id{};
    std::optional<crm::channel> channel{
    }; // else the conversation's for messages, none for the rest
    std::optional<channel_account_id> account{};  // else the conversation's
    crm::delivery delivery = crm::delivery::none; // queued or held for what is to leave the house
    std::optional<instant> happened{};            // else now
    bool imported = false; // happened stands as given, nothing counts as unread
    std::int64_t reference = 0;
};

/// The entry as stored and the conversation as it is now (null where it has none). `repeated`: it
/// was there already, nothing was changed.
struct appended
{
    std::shared_ptr<const entry> what;
    std::shared_ptr<const conversation> where;
    bool repeated = false;
};

namespace timeline {

/// Longest text and HTML of an entry, bytes; largest details.
inline constexpr std::size_t text_limit = 64 * 1024;
inline constexpr std::size_t details_limit = 16 * 1024;
inline constexpr std::size_t attachment_limit = 10;

/// Adds an entry and its log entry. A customer's message opens a pending, snoozed or resolved
/// conversation again. Throws problem{not_found} for an unknown conversation, problem{too_large} or
/// problem{invalid} naming what to shorten or leave out.
appended append(transaction& tx, context& by, const new_entry& wanted);
/// The same for a caller who has just read the conversation and has seen in this transaction that
/// the entry is no repetition; brings `where` up to date. Throws problem{too_large} or
/// problem{invalid}.
appended append_new(transaction& tx, context& by, conversation& where, const new_entry& wanted);

/// The entry of this author with this client id, or of this account with the platform's id.
std::optional<entry> find_repeated(db::connection& on, const author& by, std::string_view cid);
std::optional<entry>
find_by_platform(db::connection& on, channel_account_id account, std::string_view platform_id);

/// Replaces the text; the former one is kept as a revision. Throws problem{conflict} for a redacted
/// entry, problem{forbidden} for kinds that are facts (events, orders, calls).
entry revise(transaction& tx, context& by, entry_id which, std::string_view text);

/// Takes the words and files away for good; the entry's place and times stay.
entry redact(transaction& tx, context& by, entry_id which);

/// Moves the delivery on. Older receipts that come late change nothing (returns false).
bool set_delivery(
    transaction& tx, context& by, entry_id which, delivery to, std::string_view detail = {}
);

/// Notes under which id a platform knows an entry of ours, so that receipts and echoes find it.
void set_platform_id(
    transaction& tx,
    context& by,
    entry_id which,
    channel_account_id account,
    std::string_view platform_id
);

/// The HTML of an entry, empty where it has none.
std::string html(db::connection& on, entry_id which);

struct revision
{
    int number = 0;
    std::string text{};
    instant replaced{};
    actor_kind replaced_by_kind{};
    std::int64_t replaced_by = 0;
};
/// What an entry said before, oldest first.
std::vector<revision> revisions(db::connection& on, entry_id which);

} // namespace timeline
} // namespace crm
