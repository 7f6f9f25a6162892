// Schema: agents, what they may do, and how they log in. Included by schema.cpp alone.
#pragma once

#include "crm/store/migrations.hpp"

#include <array>

namespace crm::db::schema {

inline constexpr auto staff = std::to_array<migration>({
    {67,
     "CREATE TABLE agents (id {id}, email {key} NOT NULL, name {text} NOT NULL, locale {key} NOT "
     "NULL,"
     " theme {key} NOT NULL, density {key} NOT NULL, preferences {text} NOT NULL,"
     " units {i64} NOT NULL, password_hash {text} NOT NULL, password_set_at {i64} NOT NULL,"
     " is_active {i64} NOT NULL, presence {i64} NOT NULL, presence_since {i64} NOT NULL,"
     " created_at {i64} NOT NULL, updated_at {i64} NOT NULL, revision {i64} NOT NULL)"},
    // Log-in is by mail address, kept in lower case.
    {68, "CREATE UNIQUE INDEX agents_by_email ON agents (email)"},
    {69,
     "CREATE TABLE teams (id {id}, name {key} NOT NULL, created_at {i64} NOT NULL,"
     " archived_at {i64} NOT NULL, revision {i64} NOT NULL)"},
    // A team is named once.
    {70, "CREATE UNIQUE INDEX teams_by_name ON teams (name)"},
    {71,
     "CREATE TABLE team_members (team_id {i64} NOT NULL, agent_id {i64} NOT NULL,"
     " PRIMARY KEY (team_id, agent_id))"},
    // The teams of an agent.
    {72, "CREATE INDEX team_members_by_agent ON team_members (agent_id, team_id)"},
    // spoken is the language that the skill is, as "zh"; empty for any other skill.
    {73,
     "CREATE TABLE skills (id {id}, name {key} NOT NULL, spoken {key} NOT NULL, created_at {i64} "
     "NOT NULL,"
     " archived_at {i64} NOT NULL)"},
    // A skill is named once.
    {74, "CREATE UNIQUE INDEX skills_by_name ON skills (name)"},
    // expires_at 0 never expires.
    {75,
     "CREATE TABLE agent_skills (agent_id {i64} NOT NULL, skill_id {i64} NOT NULL,"
     " level {i64} NOT NULL, expires_at {i64} NOT NULL, PRIMARY KEY (agent_id, skill_id))"},
    // inbox 0 and team 0 mean everywhere.
    {76,
     "CREATE TABLE agent_roles (agent_id {i64} NOT NULL, role {i64} NOT NULL, inbox_id {i64} NOT "
     "NULL,"
     " team_id {i64} NOT NULL, PRIMARY KEY (agent_id, role, inbox_id, team_id))"},

    // Only hashes of session, link and API tokens are kept.
    {77,
     "CREATE TABLE sessions (id {id}, token_hash {key} NOT NULL, agent_id {i64} NOT NULL,"
     " csrf {key} NOT NULL, created_at {i64} NOT NULL, last_seen_at {i64} NOT NULL,"
     " expires_at {i64} NOT NULL, ended_at {i64} NOT NULL, address {text} NOT NULL,"
     " user_agent {text} NOT NULL)"},
    // Every request looks its session up.
    {78, "CREATE UNIQUE INDEX sessions_by_hash ON sessions (token_hash)"},
    // An agent's own sessions; ending them all.
    {79, "CREATE INDEX sessions_by_agent ON sessions (agent_id, ended_at)"},
    {80,
     "CREATE TABLE links (id {id}, token_hash {key} NOT NULL, kind {i64} NOT NULL,"
     " agent_id {i64} NOT NULL, email {key} NOT NULL, name {text} NOT NULL, roles {text} NOT NULL,"
     " created_at {i64} NOT NULL, created_by {i64} NOT NULL, expires_at {i64} NOT NULL,"
     " used_at {i64} NOT NULL)"},
    // A link is opened by its token.
    {81, "CREATE UNIQUE INDEX links_by_hash ON links (token_hash)"},
    // A newer reset of an agent ends the older ones.
    {82, "CREATE INDEX links_by_agent ON links (agent_id, kind)"},
    {83,
     "CREATE TABLE api_tokens (id {id}, token_hash {key} NOT NULL, name {text} NOT NULL,"
     " hint {key} NOT NULL, scopes {text} NOT NULL, created_at {i64} NOT NULL,"
     " created_by {i64} NOT NULL, expires_at {i64} NOT NULL, last_used_at {i64} NOT NULL,"
     " revoked_at {i64} NOT NULL)"},
    // Every API request looks its token up.
    {84, "CREATE UNIQUE INDEX api_tokens_by_hash ON api_tokens (token_hash)"},
    // Failed log-ins, counted per account; cleared by a success.
    {85,
     "CREATE TABLE login_failures (email {key} NOT NULL PRIMARY KEY, failures {i64} NOT NULL,"
     " first_at {i64} NOT NULL, last_at {i64} NOT NULL)"},
});

} // namespace crm::db::schema
