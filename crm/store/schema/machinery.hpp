// Schema: orders, deliveries, routing, timers, settings. Included by schema.cpp alone.
#pragma once

#include "crm/store/migrations.hpp"

#include <array>

namespace crm::db::schema {

inline constexpr auto machinery = std::to_array<migration>({
    {86,
     "CREATE TABLE orders (id {id}, number {key} NOT NULL, customer_id {i64} NOT NULL,"
     " conversation_id {i64} NOT NULL, status {i64} NOT NULL, currency {key} NOT NULL,"
     " total_minor {i64} NOT NULL, cost_minor {i64} NOT NULL, refunded_minor {i64} NOT NULL,"
     " placed_at {i64} NOT NULL, paid_at {i64} NOT NULL, shipped_at {i64} NOT NULL,"
     " delivered_at {i64} NOT NULL, returned_at {i64} NOT NULL, refunded_at {i64} NOT NULL,"
     " cancelled_at {i64} NOT NULL, carrier {text} NOT NULL, tracking {text} NOT NULL,"
     " eta {i64} NOT NULL, created_at {i64} NOT NULL, updated_at {i64} NOT NULL,"
     " revision {i64} NOT NULL)"},
    // A shop names an order by its number.
    {87, "CREATE UNIQUE INDEX orders_by_number ON orders (number)"},
    // The newest order of a customer decides the stage.
    {88, "CREATE INDEX orders_by_customer ON orders (customer_id, placed_at, id)"},
    {89,
     "CREATE TABLE order_lines (order_id {i64} NOT NULL, line {i64} NOT NULL, sku {key} NOT NULL,"
     " name {text} NOT NULL, quantity {i64} NOT NULL, unit_minor {i64} NOT NULL,"
     " unit_cost_minor {i64} NOT NULL, image {text} NOT NULL, PRIMARY KEY (order_id, line))"},

    // What is to leave the house. fence grows with every lease, so a late courier can do no harm.
    {90,
     "CREATE TABLE outbox (id {id}, entry_id {i64} NOT NULL, conversation_id {i64} NOT NULL,"
     " channel_account_id {i64} NOT NULL, identity_id {i64} NOT NULL, state {i64} NOT NULL,"
     " not_before {i64} NOT NULL, attempts {i64} NOT NULL, lease_holder {i64} NOT NULL,"
     " fence {i64} NOT NULL, leased_until {i64} NOT NULL, error {text} NOT NULL,"
     " created_at {i64} NOT NULL, updated_at {i64} NOT NULL)"},
    // The courier asks what is due.
    {91, "CREATE INDEX outbox_by_due ON outbox (state, not_before, id)"},
    // Order per conversation; the delivery of an entry.
    {92, "CREATE INDEX outbox_by_conversation ON outbox (conversation_id, state, id)"},
    {93, "CREATE INDEX outbox_by_entry ON outbox (entry_id)"},
    // What came in, raw, before it was understood.
    {94,
     "CREATE TABLE intake (id {id}, channel_account_id {i64} NOT NULL, key_hash {key} NOT NULL,"
     " headers {text} NOT NULL, raw {bytes} NOT NULL, blob_name {key}, received_at {i64} NOT NULL,"
     " state {i64} NOT NULL, attempts {i64} NOT NULL, error {text} NOT NULL,"
     " done_at {i64} NOT NULL)"},
    // A redelivery changes nothing.
    {95, "CREATE UNIQUE INDEX intake_by_key ON intake (channel_account_id, key_hash)"},
    // Whether a blob on disk is still needed.
    {96, "CREATE INDEX intake_by_blob ON intake (blob_name)"},
    // What waits to be parsed, oldest first; the quarantine page.
    {97, "CREATE INDEX intake_by_state ON intake (state, id)"},

    // Durable timers. A kind and subject have one timer at most.
    {98,
     "CREATE TABLE agenda (id {id}, due_at {i64} NOT NULL, kind {i64} NOT NULL,"
     " subject {i64} NOT NULL, number {i64} NOT NULL, attempts {i64} NOT NULL,"
     " created_at {i64} NOT NULL)"},
    // The wheel asks what is due next.
    {99, "CREATE INDEX agenda_by_due ON agenda (due_at, id)"},
    // Setting a timer again moves it.
    {100, "CREATE UNIQUE INDEX agenda_by_subject ON agenda (kind, subject)"},

    // One request waits, is offered, is active, or is over. The value is frozen at enqueue.
    {101,
     "CREATE TABLE requests (id {id}, conversation_id {i64} NOT NULL, inbox_id {i64} NOT NULL,"
     " customer_id {i64} NOT NULL, channel {i64} NOT NULL, team_id {i64} NOT NULL,"
     " skills {text} NOT NULL, preferred_agent_id {i64} NOT NULL, state {i64} NOT NULL,"
     " enqueued_at {i64} NOT NULL, due_at {i64} NOT NULL, place_us {i64} NOT NULL,"
     " head_start_us {i64} NOT NULL, congestion_us {i64} NOT NULL, score {real} NOT NULL,"
     " value_snapshot_id {i64} NOT NULL, boost {i64} NOT NULL, ring {i64} NOT NULL,"
     " agent_id {i64} NOT NULL, offered_at {i64} NOT NULL, offer_expires_at {i64} NOT NULL,"
     " accepted_at {i64} NOT NULL, closed_at {i64} NOT NULL, close_reason {i64} NOT NULL,"
     " offers {i64} NOT NULL, updated_at {i64} NOT NULL, revision {i64} NOT NULL,"
     " hold_until {i64} NOT NULL DEFAULT 0, sender_id {i64} NOT NULL DEFAULT 0,"
     " sender_until {i64} NOT NULL DEFAULT 0)"},
    // At start the dispatcher reads what is not over.
    {102, "CREATE INDEX requests_by_state ON requests (state, place_us, id)"},
    // The requests of a conversation, newest first.
    {103, "CREATE INDEX requests_by_conversation ON requests (conversation_id, id)"},
    // The load of an agent.
    {104, "CREATE INDEX requests_by_agent ON requests (agent_id, state)"},
    {105,
     "CREATE TABLE request_exclusions (request_id {i64} NOT NULL, agent_id {i64} NOT NULL,"
     " reason {i64} NOT NULL, excluded_at {i64} NOT NULL, PRIMARY KEY (request_id, agent_id))"},
    // Why a request went to an agent: enough to decide it again, exactly.
    {106,
     "CREATE TABLE decisions (id {id}, request_id {i64} NOT NULL, conversation_id {i64} NOT NULL,"
     " agent_id {i64} NOT NULL, runner_up_id {i64} NOT NULL, decided_at {i64} NOT NULL,"
     " consumed_position {i64} NOT NULL, policy_version {i64} NOT NULL, epoch {i64} NOT NULL,"
     " urgency {real} NOT NULL, waited_us {i64} NOT NULL, head_start_us {i64} NOT NULL,"
     " score {real} NOT NULL, ahead_of {i64} NOT NULL, outcome {i64} NOT NULL,"
     " outcome_at {i64} NOT NULL, reasons {text} NOT NULL)"},
    // The decisions of a request, in order.
    {107, "CREATE INDEX decisions_by_request ON decisions (request_id, id)"},
    // "Why did this come to me now" of a conversation.
    {108, "CREATE INDEX decisions_by_conversation ON decisions (conversation_id, id)"},
    // Policies that decisions were made under.
    {109,
     "CREATE TABLE policies (version {id}, content {text} NOT NULL, created_at {i64} NOT NULL,"
     " created_by {i64} NOT NULL)"},

    // Who does what only one node may do; epoch grows with every new holder.
    {110,
     "CREATE TABLE leases (name {key} NOT NULL PRIMARY KEY, holder {i64} NOT NULL,"
     " epoch {i64} NOT NULL, held_until {i64} NOT NULL)"},
    {111,
     "CREATE TABLE nodes (id {id}, incarnation {i64} NOT NULL, address {text} NOT NULL,"
     " beat_at {i64} NOT NULL)"},

    {112,
     "CREATE TABLE settings (name {key} NOT NULL PRIMARY KEY, content {text} NOT NULL,"
     " changed_at {i64} NOT NULL, changed_by {i64} NOT NULL)"},
    // Random keys made once per installation.
    {113,
     "CREATE TABLE installation_secrets (name {key} NOT NULL PRIMARY KEY, secret {bytes} NOT NULL,"
     " created_at {i64} NOT NULL)"},

    // Skills that answering in an inbox takes; channel 0 is every channel.
    {114,
     "CREATE TABLE inbox_skills (inbox_id {i64} NOT NULL, channel {i64} NOT NULL,"
     " skill_id {i64} NOT NULL, skill_level {i64} NOT NULL, is_optional {i64} NOT NULL,"
     " PRIMARY KEY (inbox_id, channel, skill_id))"},
    // How far the erasing of a customer has come; see crm/erasure.hpp.
    {115,
     "CREATE TABLE erasures (customer_id {id}, asked_at {i64} NOT NULL, phase {i64} NOT NULL,"
     " member_at {i64} NOT NULL, place {i64} NOT NULL, place_id {i64} NOT NULL,"
     " done_at {i64} NOT NULL)"},
    // Whose words a raw body holds, so that they can be erased with the rest.
    {116,
     "CREATE TABLE intake_customers (customer_id {i64} NOT NULL, intake_id {i64} NOT NULL,"
     " PRIMARY KEY (customer_id, intake_id))"},
    {117, "CREATE INDEX intake_customers_by_item ON intake_customers (intake_id)"},
    // The log by happening, agent, customer and conversation; see crm/audit_index.hpp.
    {118,
     "CREATE TABLE audit_places (scope {i64} NOT NULL, subject {i64} NOT NULL,"
     " position {i64} NOT NULL, PRIMARY KEY (scope, subject, position))"},
    {119, "CREATE TABLE audit_progress (id {id}, position {i64} NOT NULL)"},
});

} // namespace crm::db::schema
