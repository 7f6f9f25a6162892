// Entries as the timeline writes them, put straight into the tables.
#pragma once

#include "crm/search.hpp"
#include "crm/store/transaction.hpp"

#include <string>
#include <string_view>

namespace crm::test {

inline constexpr std::string_view insert_entry_row =
    "INSERT INTO entries (id, conversation_id, customer_id, inbox_id, seq, public_seq, happened, "
    "received, kind, author_kind, author_id, identity_id, channel, channel_account_id, stage, "
    "is_public, delivery, delivery_detail, revision, redacted_at, attachment_count, has_html, "
    "reference, platform_id, content, details) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0, 1, 0, '', 0, 0, 0, 0, 0, '', ?, '')";

/// An entry without its log entry, as history that was there before the index.
inline void write_old_entry(
    transaction& in,
    std::int64_t id,
    const std::string& text,
    std::int64_t inbox = 1,
    std::int64_t customer = 1
)
{
    in.exec(insert_entry_row, {id, customer, customer, inbox, id, id, id, id, text});
}

inline void write_entry(
    transaction& in,
    std::int64_t id,
    const std::string& text,
    std::int64_t inbox = 1,
    std::int64_t customer = 1
)
{
    write_old_entry(in, id, text, inbox, customer);
    in.append(
        {.what = happening::entry_added,
         .customer = customer_id{customer},
         .inbox = inbox_id{inbox},
         .entry_ref = entry_id{id}}
    );
}

inline constexpr std::string_view insert_conversation_row =
    "INSERT INTO conversations (id, inbox_id, customer_id, channel_account_id, identity_id, "
    "channel, subject, status, priority, stage, stage_by_hand, assignee_id, team_id, order_id, "
    "tags, locale, last_seq, last_public_seq, last_happened, preview, preview_kind, "
    "preview_author, preview_at, unread, agent_read_seq, customer_read_seq, failed, opened_at, "
    "last_activity_at, waiting_since, first_response_due, first_response_at, snoozed_until, "
    "resolved_at, reopened, request_id, request_state, request_since, revision) "
    "VALUES (?, ?, ?, 0, 0, 0, '', 0, 0, 0, 0, ?, ?, 0, '', '', 0, 0, 0, '', 0, 0, 0, 0, 0, 0, 0, "
    "0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1)";

/// The conversation of a customer's entries above, with what sight depends on.
inline void
write_conversation(transaction& in, std::int64_t customer, std::int64_t assignee, std::int64_t team)
{
    in.exec(insert_conversation_row, {customer, std::int64_t{1}, customer, assignee, team});
}

} // namespace crm::test
