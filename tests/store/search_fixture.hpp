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

} // namespace crm::test
