// The store's own tables. Numbers that were released never change.
#include "crm/store/migrations.hpp"

namespace crm::db {

namespace {

constexpr migration own_tables[] = {
    // Everything that happened, in commit order. Kinds, ids and numbers only.
    {1, R"(
CREATE TABLE log_entries (
    position {id},
    at {i64} NOT NULL,
    what {i64} NOT NULL,
    actor_kind {i64} NOT NULL,
    actor_id {i64} NOT NULL,
    via {i64} NOT NULL,
    customer_id {i64} NOT NULL,
    conversation_id {i64} NOT NULL,
    inbox_id {i64} NOT NULL,
    entry_id {i64} NOT NULL,
    seq {i64} NOT NULL,
    subject {i64} NOT NULL,
    number {i64} NOT NULL,
    amount {i64} NOT NULL,
    address_id {i64} NOT NULL))"},
    // One row: the last position given, the lowest one kept, and the word that changes when history
    // was rewound.
    {2, R"(
CREATE TABLE log_head (
    id {id},
    at {i64} NOT NULL,
    floor_at {i64} NOT NULL,
    epoch {key} NOT NULL))"},
    {3, "INSERT INTO log_head (id, at, floor_at, epoch) VALUES (1, 0, 0, '')"},
    // Addresses of actors, apart from the log so that they can be erased.
    {4, R"(
CREATE TABLE log_addresses (
    id {id},
    actor_kind {i64} NOT NULL,
    actor_id {i64} NOT NULL,
    address {text} NOT NULL,
    first_seen {i64} NOT NULL))"},
    // Erasure of a person finds the addresses by actor.
    {5, "CREATE INDEX log_addresses_by_actor ON log_addresses (actor_kind, actor_id)"},
    // Which batch of which node is on disk: answers whether a COMMIT whose answer was lost
    // happened.
    {6, R"(
CREATE TABLE writers (
    node {id},
    incarnation {i64} NOT NULL,
    batch {i64} NOT NULL))"},
    // Answers of REST requests that carried an Idempotency-Key.
    {7, R"(
CREATE TABLE idempotency_keys (
    principal {key} NOT NULL,
    client_key {key} NOT NULL,
    fingerprint {key} NOT NULL,
    status {i64} NOT NULL,
    body {text} NOT NULL,
    created {i64} NOT NULL,
    PRIMARY KEY (principal, client_key)))"},
    // The sweep removes the oldest first.
    {8, "CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created)"},
};

static_assert(gap_free(own_tables));

} // namespace

std::span<const migration> store_migrations()
{
    return own_tables;
}

} // namespace crm::db
