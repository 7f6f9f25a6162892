// Schema: customers, who they are and what they are worth. Included by schema.cpp alone.
#pragma once

#include "crm/store/migrations.hpp"

#include <array>

namespace crm::db::schema {

inline constexpr auto people = std::to_array<migration>({
    {1,
     "CREATE TABLE companies (id {id}, name {text} NOT NULL, domain {key}, note {text} NOT NULL,"
     " created_at {i64} NOT NULL, updated_at {i64} NOT NULL, revision {i64} NOT NULL)"},
    // A company is found by the domain of a mail address.
    {2, "CREATE UNIQUE INDEX companies_by_domain ON companies (domain)"},

    // merged_into names the customer this one was merged into; nothing else of a merged row
    // changes, so that taking the merge back restores every byte. score, tier and value repeat the
    // newest value snapshot, for lists and routing.
    {3,
     "CREATE TABLE customers (id {id}, anonymous {i64} NOT NULL, name {text} NOT NULL,"
     " locale {key} NOT NULL, timezone {key} NOT NULL, company_id {i64} NOT NULL,"
     " owner_agent_id {i64} NOT NULL, merged_into {i64} NOT NULL, score {real} NOT NULL,"
     " tier {i64} NOT NULL, tier_pinned {i64} NOT NULL, value_minor {i64} NOT NULL,"
     " currency {key} NOT NULL, verified {i64} NOT NULL, profiling_opt_out {i64} NOT NULL,"
     " created_at {i64} NOT NULL, updated_at {i64} NOT NULL, last_seen_at {i64} NOT NULL,"
     " erased_at {i64} NOT NULL, revision {i64} NOT NULL)"},
    // A timeline reads all members of a merged customer.
    {4, "CREATE INDEX customers_by_merge ON customers (merged_into)"},
    // The customers page lists the newest first.
    {5, "CREATE INDEX customers_by_update ON customers (updated_at, id)"},
    // Customers whose value has pointed to another tier for some nights.
    {6, "CREATE TABLE tier_trends (customer_id {id}, toward {i64} NOT NULL, nights {i64} NOT NULL)"
    },
    // The people of one company.
    {7, "CREATE INDEX customers_by_company ON customers (company_id, id)"},

    // Every merge and its undoing, for the customer page and the undo button.
    {8,
     "CREATE TABLE customer_merges (id {id}, survivor_id {i64} NOT NULL, merged_id {i64} NOT NULL,"
     " merged_at {i64} NOT NULL, merged_by {i64} NOT NULL, undone_at {i64} NOT NULL,"
     " undone_by {i64} NOT NULL)"},
    // The open merge of a customer is the one to undo.
    {9, "CREATE INDEX customer_merges_by_merged ON customer_merges (merged_id, undone_at)"},

    // The archive: each field keeps every value it ever had, with source and time.
    {10,
     "CREATE TABLE customer_fields (id {id}, customer_id {i64} NOT NULL, field {i64} NOT NULL,"
     " content {text} NOT NULL, source {i64} NOT NULL, observed_at {i64} NOT NULL,"
     " ended_at {i64} NOT NULL)"},
    // The present archive of one customer (ended_at 0), then its history.
    {11,
     "CREATE INDEX customer_fields_by_customer ON customer_fields (customer_id, ended_at, field)"},

    // owner_hash stands only where the address is proven, and only then an address has one owner:
    // two visitors may claim the same mail address without seeing each other's history.
    {12,
     "CREATE TABLE identities (id {id}, customer_id {i64} NOT NULL, kind {i64} NOT NULL,"
     " channel_account_id {i64} NOT NULL, address {text} NOT NULL, address_hash {key} NOT NULL,"
     " owner_hash {key}, display {text} NOT NULL, source {i64} NOT NULL,"
     " verified_at {i64} NOT NULL, created_at {i64} NOT NULL, undeliverable_at {i64} NOT NULL,"
     " erased_at {i64} NOT NULL)"},
    // A proven address leads to one customer.
    {13, "CREATE UNIQUE INDEX identities_by_owner ON identities (owner_hash)"},
    // Claims of the same address, for suggestions to merge.
    {14, "CREATE INDEX identities_by_address ON identities (address_hash)"},
    // The identities of one customer.
    {15, "CREATE INDEX identities_by_customer ON identities (customer_id)"},

    // Only the hash of a visitor's token is kept.
    {16,
     "CREATE TABLE visitor_tokens (id {id}, token_hash {key} NOT NULL, customer_id {i64} NOT NULL,"
     " identity_id {i64} NOT NULL, inbox_id {i64} NOT NULL, created_at {i64} NOT NULL,"
     " last_seen_at {i64} NOT NULL, expires_at {i64} NOT NULL, closed_at {i64} NOT NULL)"},
    // A visitor comes with a token.
    {17, "CREATE UNIQUE INDEX visitor_tokens_by_hash ON visitor_tokens (token_hash)"},
    // Logging out and erasing close all tokens of a customer.
    {18, "CREATE INDEX visitor_tokens_by_customer ON visitor_tokens (customer_id)"},

    // Value, tier and score through time; never overwritten. basis says how the number came about.
    {19,
     "CREATE TABLE value_snapshots (id {id}, customer_id {i64} NOT NULL, taken_at {i64} NOT NULL,"
     " basis {i64} NOT NULL, value_minor {i64} NOT NULL, currency {key} NOT NULL,"
     " orders_counted {i64} NOT NULL, score {real} NOT NULL, top_percent {real} NOT NULL,"
     " tier {i64} NOT NULL, cause_kind {i64} NOT NULL, cause_id {i64} NOT NULL,"
     " details {text} NOT NULL)"},
    // The value of a customer as of any moment.
    {20, "CREATE INDEX value_snapshots_by_customer ON value_snapshots (customer_id, taken_at, id)"},

    {21,
     "CREATE TABLE tags (id {id}, name {key} NOT NULL, color {key} NOT NULL,"
     " created_at {i64} NOT NULL, archived_at {i64} NOT NULL)"},
    // A tag is named once.
    {22, "CREATE UNIQUE INDEX tags_by_name ON tags (name)"},
    {23,
     "CREATE TABLE customer_tags (customer_id {i64} NOT NULL, tag_id {i64} NOT NULL,"
     " tagged_at {i64} NOT NULL, PRIMARY KEY (customer_id, tag_id))"},
    // All customers with a tag.
    {24, "CREATE INDEX customer_tags_by_tag ON customer_tags (tag_id, customer_id)"},

    // Custom attributes of customers, conversations and orders: one definition, one typed value.
    {25,
     "CREATE TABLE attributes (id {id}, owner_kind {i64} NOT NULL, name {key} NOT NULL,"
     " label {text} NOT NULL, type {i64} NOT NULL, choices {text} NOT NULL,"
     " created_at {i64} NOT NULL, archived_at {i64} NOT NULL)"},
    // A name means one thing per kind of owner.
    {26, "CREATE UNIQUE INDEX attributes_by_name ON attributes (owner_kind, name)"},
    {27,
     "CREATE TABLE attribute_values (owner_id {i64} NOT NULL, attribute_id {i64} NOT NULL,"
     " text_value {text}, whole_value {i64}, real_value {real}, set_at {i64} NOT NULL,"
     " PRIMARY KEY (owner_id, attribute_id))"},
    // Everybody with a certain number or date.
    {28, "CREATE INDEX attribute_values_by_number ON attribute_values (attribute_id, whole_value)"},
});

} // namespace crm::db::schema
