// Schema: inboxes, conversations and what is said in them. Included by schema.cpp alone.
#pragma once

#include "crm/store/migrations.hpp"

#include <array>

namespace crm::db::schema {

inline constexpr auto conversations = std::to_array<migration>({
    // The inbox is the unit of permission; a conversation belongs to one.
    {29,
     "CREATE TABLE inboxes (id {id}, slug {key} NOT NULL, name {text} NOT NULL, brand {text} NOT "
     "NULL,"
     " locale {key} NOT NULL, timezone {key} NOT NULL, color {key} NOT NULL,"
     " privacy_notice {text} NOT NULL, retention_days {i64} NOT NULL, reopen_days {i64} NOT NULL,"
     " first_response_target_us {i64} NOT NULL, shows_typing {i64} NOT NULL,"
     " shows_read_marks {i64} NOT NULL, asks_form {i64} NOT NULL, language_need {i64} NOT NULL, "
     "created_at {i64} NOT NULL,"
     " updated_at {i64} NOT NULL, archived_at {i64} NOT NULL, revision {i64} NOT NULL)"},
    // The widget and URLs name an inbox by its slug.
    {30, "CREATE UNIQUE INDEX inboxes_by_slug ON inboxes (slug)"},
    {31,
     "CREATE TABLE inbox_teams (inbox_id {i64} NOT NULL, team_id {i64} NOT NULL,"
     " is_backup {i64} NOT NULL, PRIMARY KEY (inbox_id, team_id))"},
    // Minutes of the day in the inbox's time zone; weekday 0 is Monday.
    {32,
     "CREATE TABLE inbox_hours (inbox_id {i64} NOT NULL, weekday {i64} NOT NULL,"
     " opens_minute {i64} NOT NULL, closes_minute {i64} NOT NULL,"
     " PRIMARY KEY (inbox_id, weekday, opens_minute))"},
    // Holidays and make-up workdays: local days (YYYY-MM-DD); opens = closes means closed all day.
    {33,
     "CREATE TABLE inbox_exceptions (inbox_id {i64} NOT NULL, local_day {key} NOT NULL,"
     " opens_minute {i64} NOT NULL, closes_minute {i64} NOT NULL, label {text} NOT NULL,"
     " PRIMARY KEY (inbox_id, local_day, opens_minute))"},
    {34,
     "CREATE TABLE inbox_texts (inbox_id {i64} NOT NULL, name {key} NOT NULL, locale {key} NOT "
     "NULL,"
     " content {text} NOT NULL, PRIMARY KEY (inbox_id, name, locale))"},
    {35,
     "CREATE TABLE inbox_form_fields (inbox_id {i64} NOT NULL, place {i64} NOT NULL,"
     " name {key} NOT NULL, label {text} NOT NULL, type {key} NOT NULL, is_required {i64} NOT NULL,"
     " PRIMARY KEY (inbox_id, place))"},
    {36,
     "CREATE TABLE inbox_origins (inbox_id {i64} NOT NULL, origin {key} NOT NULL,"
     " PRIMARY KEY (inbox_id, origin))"},
    // Secrets that sign visitors' identities; two may be active while one replaces the other.
    {37,
     "CREATE TABLE inbox_secrets (inbox_id {i64} NOT NULL, kid {key} NOT NULL,"
     " secret {bytes} NOT NULL, created_at {i64} NOT NULL, retired_at {i64} NOT NULL,"
     " PRIMARY KEY (inbox_id, kid))"},

    // capabilities and config are JSON objects; secrets of a provider live in channel_secrets.
    {38,
     "CREATE TABLE channel_accounts (id {id}, slug {key} NOT NULL, inbox_id {i64} NOT NULL,"
     " channel {i64} NOT NULL, name {text} NOT NULL, address {text} NOT NULL,"
     " capabilities {text} NOT NULL, config {text} NOT NULL, created_at {i64} NOT NULL,"
     " updated_at {i64} NOT NULL, archived_at {i64} NOT NULL, revision {i64} NOT NULL)"},
    // Webhooks and channel sockets name an account by its slug.
    {39, "CREATE UNIQUE INDEX channel_accounts_by_slug ON channel_accounts (slug)"},
    // Replies leave through an account of the inbox.
    {40, "CREATE INDEX channel_accounts_by_inbox ON channel_accounts (inbox_id, channel)"},
    {41,
     "CREATE TABLE channel_secrets (channel_account_id {i64} NOT NULL, name {key} NOT NULL,"
     " secret {bytes} NOT NULL, set_at {i64} NOT NULL, PRIMARY KEY (channel_account_id, name))"},
    // How far a polled channel was read; moves in the transaction that keeps what was read.
    {42,
     "CREATE TABLE channel_cursors (channel_account_id {i64} NOT NULL, name {key} NOT NULL,"
     " place {text} NOT NULL, moved_at {i64} NOT NULL, PRIMARY KEY (channel_account_id, name))"},

    // told_read_seq is where agent_read_seq stood before it was set back: what the customer was
    // told
    // stays. waits_for: the agent for whom its request waits alone after a transfer. assignee,
    // team, order, request: 0 is none, so that an index finds "unassigned".
    // stage_by_hand
    // is 0 or the overriding stage. tags repeats conversation_tags as ids parted by spaces; the
    // preview and counters repeat what the entries say; both save the hot path further reads.
    {43,
     "CREATE TABLE conversations (id {id}, inbox_id {i64} NOT NULL, customer_id {i64} NOT NULL,"
     " channel_account_id {i64} NOT NULL, identity_id {i64} NOT NULL, channel {i64} NOT NULL,"
     " subject {text} NOT NULL, status {i64} NOT NULL, priority {i64} NOT NULL, stage {i64} NOT "
     "NULL,"
     " stage_by_hand {i64} NOT NULL, assignee_id {i64} NOT NULL, team_id {i64} NOT NULL,"
     " order_id {i64} NOT NULL, tags {text} NOT NULL, locale {key} NOT NULL,"
     " last_seq {i64} NOT NULL, last_public_seq {i64} NOT NULL, last_happened {i64} NOT NULL,"
     " preview {text} NOT NULL, preview_kind {i64} NOT NULL, preview_author {i64} NOT NULL,"
     " preview_at {i64} NOT NULL, unread {i64} NOT NULL, agent_read_seq {i64} NOT NULL,"
     " customer_read_seq {i64} NOT NULL, failed {i64} NOT NULL, opened_at {i64} NOT NULL,"
     " last_activity_at {i64} NOT NULL, waiting_since {i64} NOT NULL,"
     " first_response_due {i64} NOT NULL, first_response_at {i64} NOT NULL,"
     " snoozed_until {i64} NOT NULL, resolved_at {i64} NOT NULL, reopened {i64} NOT NULL,"
     " request_id {i64} NOT NULL, request_state {i64} NOT NULL, request_since {i64} NOT NULL,"
     " revision {i64} NOT NULL, told_read_seq {i64} NOT NULL DEFAULT 0,"
     " waits_for_id {i64} NOT NULL DEFAULT 0, waits_until {i64} NOT NULL DEFAULT 0)"},
    // The next message of a customer finds the conversation; the customer page lists them. Without
    // the activity, so that a message rewrites one index row only (the next one).
    {44, "CREATE INDEX conversations_by_customer ON conversations (customer_id, id)"},
    // View "all": newest activity of one status.
    {45, "CREATE INDEX conversations_by_activity ON conversations (status, last_activity_at, id)"},
    // Views "mine" and "unassigned" (assignee 0); with the next one also what the counts need.
    {46,
     "CREATE INDEX conversations_by_assignee ON conversations (assignee_id, status, inbox_id, "
     "team_id)"},
    // View "team".
    {47, "CREATE INDEX conversations_by_team ON conversations (team_id, status, inbox_id)"},
    // Counts and lists of an inbox.
    {48,
     "CREATE INDEX conversations_by_inbox ON conversations (status, inbox_id, team_id, assignee_id)"
    },
    // Conversations with a failed delivery.
    {49, "CREATE INDEX conversations_by_failure ON conversations (failed, id)"},

    // Everybody in a conversation besides its customer: people copied in, groups.
    {50,
     "CREATE TABLE participants (conversation_id {i64} NOT NULL, identity_id {i64} NOT NULL,"
     " role {i64} NOT NULL, joined_at {i64} NOT NULL, left_at {i64} NOT NULL,"
     " PRIMARY KEY (conversation_id, identity_id))"},
    {51,
     "CREATE TABLE conversation_tags (conversation_id {i64} NOT NULL, tag_id {i64} NOT NULL,"
     " tagged_at {i64} NOT NULL, PRIMARY KEY (conversation_id, tag_id))"},
    // Conversations with a tag.
    {52, "CREATE INDEX conversation_tags_by_tag ON conversation_tags (tag_id, conversation_id)"},

    // What happened to a customer, one row each. happened and id order a timeline: the id grows
    // with
    // time and is known when the row is written, a log position only at the end of its batch.
    {53,
     "CREATE TABLE entries (id {id}, conversation_id {i64} NOT NULL, customer_id {i64} NOT NULL,"
     " inbox_id {i64} NOT NULL, seq {i64} NOT NULL, public_seq {i64} NOT NULL,"
     " happened {i64} NOT NULL, received {i64} NOT NULL, kind {i64} NOT NULL,"
     " author_kind {i64} NOT NULL, author_id {i64} NOT NULL, identity_id {i64} NOT NULL,"
     " channel {i64} NOT NULL, channel_account_id {i64} NOT NULL, stage {i64} NOT NULL,"
     " is_public {i64} NOT NULL, delivery {i64} NOT NULL, delivery_detail {text} NOT NULL,"
     " revision {i64} NOT NULL, redacted_at {i64} NOT NULL, attachment_count {i64} NOT NULL,"
     " has_html {i64} NOT NULL, reference {i64} NOT NULL, cid {key}, platform_id {text} NOT NULL,"
     " content {text} NOT NULL, details {text} NOT NULL)"},
    // A conversation is read by seq; two entries never share one.
    {54, "CREATE UNIQUE INDEX entries_by_seq ON entries (conversation_id, seq)"},
    // A customer's whole timeline, newest first, over all conversations.
    {55, "CREATE INDEX entries_by_customer ON entries (customer_id, happened, id)"},
    // The same client id twice changes nothing.
    {56, "CREATE UNIQUE INDEX entries_by_cid ON entries (author_kind, author_id, cid)"},
    // The same platform message twice changes nothing, and receipts and echoes find their entry. A
    // table of its own, so that a chat message pays nothing for it. The hash is of the platform's
    // id.
    {57,
     "CREATE TABLE entry_sources (channel_account_id {i64} NOT NULL, platform_hash {key} NOT NULL,"
     " entry_id {i64} NOT NULL, PRIMARY KEY (channel_account_id, platform_hash))"},

    // HTML and headers of mails stay out of the rows that a timeline page reads.
    {58, "CREATE TABLE entry_bodies (entry_id {i64} NOT NULL PRIMARY KEY, html {text} NOT NULL)"},
    {59,
     "CREATE TABLE entry_revisions (entry_id {i64} NOT NULL, revision {i64} NOT NULL,"
     " content {text} NOT NULL, html {text} NOT NULL, details {text} NOT NULL,"
     " replaced_at {i64} NOT NULL, replaced_by_kind {i64} NOT NULL, replaced_by {i64} NOT NULL,"
     " PRIMARY KEY (entry_id, revision))"},
    {60,
     "CREATE TABLE mentions (agent_id {i64} NOT NULL, entry_id {i64} NOT NULL,"
     " conversation_id {i64} NOT NULL, mentioned_at {i64} NOT NULL, seen_at {i64} NOT NULL,"
     " PRIMARY KEY (agent_id, entry_id))"},
    // View "mentions", unseen first.
    {61, "CREATE INDEX mentions_by_conversation ON mentions (agent_id, conversation_id)"},

    // The bytes are a blob of a random name; a row without an entry is an upload not yet sent.
    {62,
     "CREATE TABLE attachments (id {id}, entry_id {i64} NOT NULL, conversation_id {i64} NOT NULL,"
     " customer_id {i64} NOT NULL, inbox_id {i64} NOT NULL, place {i64} NOT NULL,"
     " owner_kind {i64} NOT NULL, owner_id {i64} NOT NULL, name {text} NOT NULL,"
     " media_type {key} NOT NULL, size {i64} NOT NULL, width {i64} NOT NULL, height {i64} NOT NULL,"
     " content_id {text} NOT NULL, is_inline {i64} NOT NULL, blob_name {key} NOT NULL,"
     " sha256 {key} NOT NULL, stored_at {i64} NOT NULL, erased_at {i64} NOT NULL)"},
    // The attachments of an entry, in order.
    {63, "CREATE INDEX attachments_by_entry ON attachments (entry_id, place)"},
    // A blob belongs to one attachment; orphans are those found here no more.
    {64, "CREATE UNIQUE INDEX attachments_by_blob ON attachments (blob_name)"},
    // Erasing a customer erases the files.
    {65, "CREATE INDEX attachments_by_customer ON attachments (customer_id)"},

    {66,
     "CREATE TABLE drafts (agent_id {i64} NOT NULL, conversation_id {i64} NOT NULL,"
     " mode {i64} NOT NULL, content {text} NOT NULL, attachments {text} NOT NULL,"
     " base_seq {i64} NOT NULL, saved_at {i64} NOT NULL,"
     " PRIMARY KEY (agent_id, conversation_id, mode))"},
});

} // namespace crm::db::schema
