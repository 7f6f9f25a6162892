// The product's own tables and the statements that a batch of customers' messages runs in
// conversations that exist, for the bare relay: who are they, is one a repetition, where do they
// belong; then the entries, the conversations' counters and the log. Grouped as the product groups
// them. Each text stands in crm/ word for word (a test compares). One thread.
#pragma once

#include "tests/support/bare_store.hpp"

#include <array>
#include <string_view>

namespace bench {

namespace texts {

inline constexpr std::string_view callers =
    "SELECT t.token_hash, t.id, t.customer_id, t.identity_id, t.inbox_id, t.expires_at,"
    " t.last_seen_at, c.merged_into,"
    " EXISTS (SELECT 1 FROM customers m WHERE m.merged_into = t.customer_id)"
    " FROM visitor_tokens t LEFT JOIN customers c ON c.id = t.customer_id"
    " WHERE t.closed_at = 0 AND t.token_hash IN (";
inline constexpr std::string_view said = "SELECT e.author_id, e.cid FROM entries e WHERE ";
inline constexpr std::string_view one_said =
    "(e.author_kind = 1 AND e.author_id = ? AND e.cid = ?)";
inline constexpr std::string_view conversation_columns =
    "SELECT c.id, c.inbox_id, c.customer_id, c.channel_account_id, c.identity_id, c.channel,"
    " c.subject, c.status, c.priority, c.stage, c.stage_by_hand, c.assignee_id, c.team_id,"
    " c.order_id, c.tags, c.locale,"
    " c.last_seq, c.last_public_seq, c.last_happened, c.preview, c.preview_kind,"
    " c.preview_author, c.preview_at, c.unread, c.agent_read_seq, c.customer_read_seq, "
    "c.failed,"
    " c.opened_at, c.last_activity_at, c.waiting_since, c.first_response_due,"
    " c.first_response_at, c.snoozed_until, c.resolved_at, c.reopened, c.request_id,"
    " c.request_state, c.request_since, c.revision,"
    " p.name, p.locale, p.tier, p.score, p.anonymous, p.verified, p.merged_into,"
    " a.name, o.number, o.status, c.waits_for_id, c.waits_until"
    " FROM conversations c LEFT JOIN customers p ON p.id = c.customer_id"
    " LEFT JOIN agents a ON a.id = c.assignee_id LEFT JOIN orders o ON o.id = c.order_id ";
inline constexpr std::string_view current =
    "JOIN inboxes i ON i.id = c.inbox_id WHERE c.inbox_id = ? AND c.channel_account_id = ?"
    " AND (c.status <> ? OR c.resolved_at >= ? - i.reopen_days * 86400000000)"
    " AND c.customer_id IN (";
inline constexpr std::string_view insert_entry =
    "INSERT INTO entries (id, conversation_id, customer_id, inbox_id, seq, public_seq, happened,"
    " received, kind, author_kind, author_id, identity_id, channel, channel_account_id, stage,"
    " is_public, delivery, delivery_detail, revision, redacted_at, attachment_count, has_html,"
    " reference, cid, platform_id, content, details) VALUES ";
inline constexpr std::string_view entry_row =
    "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, 0, ?, ?, ?, ?, ?, ?, ?)";
inline constexpr std::string_view update_conversation =
    "UPDATE conversations SET last_seq = ?, last_public_seq = ?, last_happened = ?, preview = ?,"
    " preview_kind = ?, preview_author = ?, preview_at = ?, unread = ?, agent_read_seq = ?,"
    " last_activity_at = ?, waiting_since = ?, first_response_at = ? WHERE id = ?";
inline constexpr std::string_view advance_head = "UPDATE log_head SET at = at + ? WHERE id = 1";
inline constexpr std::string_view select_head = "SELECT at FROM log_head WHERE id = 1";
inline constexpr std::string_view insert_log =
    "INSERT INTO log_entries (position, at, what, actor_kind, actor_id, via, customer_id, "
    "conversation_id, inbox_id, entry_id, seq, subject, number, amount, address_id) VALUES ";
inline constexpr std::string_view log_row = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

/// All of them, for the test.
inline constexpr std::array all{
    callers,
    said,
    one_said,
    conversation_columns,
    current,
    insert_entry,
    entry_row,
    update_conversation,
    advance_head,
    select_head,
    insert_log,
    log_row
};

} // namespace texts

/// Opens a new database with the product's schema and a thousand customers who have written once.
std::unique_ptr<bare_store> open_our_statements(const std::string& file);

} // namespace bench
