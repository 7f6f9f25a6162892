// Staff: agents, teams, skills, and what an agent may do where. Verbs run inside a store job.
#pragma once

#include "crm/context.hpp"
#include "crm/conversation_list.hpp"
#include "crm/presence.hpp"
#include "crm/store/transaction.hpp"
#include "crm/words.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

/// Roles, from the one that may do everything to the one that reads. Stored: never renumber.
enum class role : std::int8_t
{
    admin = 1,
    supervisor = 2,
    lead = 3,
    agent = 4,
    analyst = 5, // reads reports, no conversations
    auditor = 6  // reads the log
};
template <>
struct vocabulary<role>
{
    static constexpr std::string_view what = "role";
    static constexpr auto all = words_of<role>(
        {{role::admin, "admin"},
         {role::supervisor, "supervisor"},
         {role::lead, "lead"},
         {role::agent, "agent"},
         {role::analyst, "analyst"},
         {role::auditor, "auditor"}}
    );
};

/// A role, everywhere or in one inbox or team.
struct grant
{
    crm::role role = crm::role::agent;
    inbox_id inbox{}; // 0 everywhere
    team_id team{};   // 0 everywhere
    friend bool operator==(const grant&, const grant&) = default;
};
/// True for a grant without a scope.
constexpr bool is_everywhere(const grant& one)
{
    return raw(one.inbox) == 0 && raw(one.team) == 0;
}

/// A skill of an agent: level 1 to 5; without an end when `expires` is not set.
struct agent_skill
{
    skill_id skill{};
    int level = 3;
    instant expires{};
    friend bool operator==(const agent_skill&, const agent_skill&) = default;
};

struct agent
{
    agent_id id{};
    std::string email{};
    std::string name{};
    std::string locale = "en";
    std::string theme = "system";
    std::string density = "comfortable";
    std::string preferences = "{}"; // JSON object of the console's own
    int units = 12;                 // capacity
    bool active = true;
    bool has_password = false;
    crm::presence presence = crm::presence::offline;
    instant presence_since{};
    std::vector<grant> roles{};
    std::vector<team_id> teams{};
    std::vector<agent_skill> skills{};
    std::int64_t revision = 0;
};

struct team
{
    team_id id{};
    std::string name{};
    std::vector<agent_id> members{};
    instant archived{};
    std::int64_t revision = 0;
};

struct skill
{
    skill_id id{};
    std::string name{};
    std::string spoken{}; // the language that the skill is, as "zh"; else empty
    instant archived{};
};

namespace staff {

/// What may change of an agent; absent members stay.
struct agent_change
{
    std::optional<std::string> name{};
    std::optional<std::string> locale{};
    std::optional<std::string> theme{};
    std::optional<std::string> density{};
    std::optional<std::string> preferences{};
    std::optional<int> units{}; // 1..100
    std::optional<bool> active{};
    std::optional<std::vector<grant>> roles{};
    std::optional<std::vector<team_id>> teams{};
    std::optional<std::vector<agent_skill>> skills{};
};

/// A new agent without a password. Throws problem{conflict} when the mail address is taken,
/// problem{invalid} naming the member.
agent create_agent(transaction& tx, context& by, agent wanted);
/// Changes an agent. Deactivating ends all sessions and sets it offline. Throws problem{conflict}
/// when that would leave nobody with the role admin.
agent change_agent(transaction& tx, context& by, agent_id which, const agent_change& wanted);
/// `hash` is the finished argon2id string. Ends all other sessions of the agent than `keep`.
void set_password(
    transaction& tx, context& by, agent_id which, std::string_view hash, token_id keep = {}
);
std::optional<std::string> password_hash(db::connection& on, agent_id which);

std::optional<agent> find_agent(db::connection& on, agent_id which);
std::optional<agent> find_agent(db::connection& on, std::string_view email);
std::vector<agent> agents(db::connection& on);

/// False when it was so already.
bool set_presence(transaction& tx, context& by, agent_id which, presence to);

team create_team(
    transaction& tx, context& by, std::string_view name, std::vector<agent_id> members
);
team change_team(
    transaction& tx,
    context& by,
    team_id which,
    std::optional<std::string> name,
    std::optional<std::vector<agent_id>> members
);
std::vector<team> teams(db::connection& on);

/// `spoken`: the language (primary tag, as "zh") when the skill is to speak it; one skill each.
skill create_skill(
    transaction& tx, context& by, std::string_view name, std::string_view spoken = {}
);
std::vector<skill> skills(db::connection& on);
/// Sets the timer for the next skill of the agent that expires, or takes it away.
void watch_expiry(transaction& tx, context& by, const agent& whose);
/// Tells that a skill of the agent has expired, and watches for the next.
void skill_expired(transaction& tx, context& by, agent_id whose);

/// Whose conversations an agent sees: everybody's for a role held everywhere that reads what
/// customers write, else those of the inboxes and teams of such roles, and of its own teams.
audience audience_of(const agent& who);
/// True for the roles that read and answer customers. Running the house does not include it.
bool reads_customers(role what);
/// Adds what lies within a grant's scope.
void widen(audience& seen, const grant& by);

} // namespace staff
} // namespace crm
