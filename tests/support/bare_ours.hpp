// The product's own tables and the statements that one customer's message runs in a conversation
// that exists, for the bare relay: who is it, is it a repetition, where does it belong; then the
// entry and the conversation's counters; and once for a whole batch the log. Each text stands in
// crm/ word for word (a test compares). One thread.
#pragma once

#include "tests/support/bare_store.hpp"

#include <array>
#include <string_view>

namespace bench {

namespace texts {

inline constexpr std::string_view find_token =
    "SELECT id, customer_id, identity_id, inbox_id, expires_at FROM visitor_tokens"
    " WHERE token_hash = ? AND closed_at = 0 AND expires_at > ?";
inline constexpr std::string_view touch_token =
    "UPDATE visitor_tokens SET last_seen_at = ? WHERE id = ? AND last_seen_at < ?";
inline constexpr std::string_view entry_columns =
    "SELECT e.id, e.conversation_id, e.customer_id, e.inbox_id, e.seq, e.public_seq, e.happened,"
    " e.received, e.kind, e.author_kind, e.author_id, e.identity_id, e.channel,"
    " e.channel_account_id, e.stage, e.is_public, e.delivery, e.delivery_detail, e.revision,"
    " e.redacted_at, e.attachment_count, e.has_html, e.reference, e.cid, e.platform_id,"
    " e.content, e.details FROM entries e ";
inline constexpr std::string_view with_cid =
    "WHERE e.author_kind = ? AND e.author_id = ? AND e.cid = ?";
inline constexpr std::string_view merged_into = "SELECT merged_into FROM customers WHERE id = ?";
inline constexpr std::string_view merged =
    "SELECT id FROM customers WHERE merged_into = ? ORDER BY id";
inline constexpr std::string_view reopen_days = "SELECT reopen_days FROM inboxes WHERE id = ?";
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
    "WHERE c.customer_id = ? AND c.inbox_id = ? AND c.channel_account_id = ?"
    " AND (c.status <> ? OR c.resolved_at >= ?) ORDER BY c.id DESC LIMIT 1";
inline constexpr std::string_view insert_entry =
    "INSERT INTO entries (id, conversation_id, customer_id, inbox_id, seq, public_seq, happened,"
    " received, kind, author_kind, author_id, identity_id, channel, channel_account_id, stage,"
    " is_public, delivery, delivery_detail, revision, redacted_at, attachment_count, has_html,"
    " reference, cid, platform_id, content, details)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, 0, ?, ?, ?, ?, ?, ?, ?)";
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
    find_token,
    touch_token,
    entry_columns,
    with_cid,
    merged_into,
    merged,
    reopen_days,
    conversation_columns,
    current,
    insert_entry,
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
