#include "crm/staff.hpp"

#include "crm/base/json.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"
#include "crm/identity.hpp"
#include "crm/session.hpp"

#include <algorithm>

namespace crm::staff {
namespace {

constexpr std::string_view select_agent =
    "SELECT id, email, name, locale, theme, density, preferences, units, is_active, presence,"
    " presence_since, revision, password_set_at FROM agents ";

agent read_agent(const db::rows& row)
{
    agent one;
    one.id = row.id<agent_id>(0);
    one.email = row.string(1);
    one.name = row.string(2);
    one.locale = row.string(3);
    one.theme = row.string(4);
    one.density = row.string(5);
    one.preferences = row.string(6);
    one.units = static_cast<int>(row.integer(7));
    one.active = row.flag(8);
    one.presence = static_cast<presence>(row.integer(9));
    one.presence_since = row.time(10);
    one.revision = row.integer(11);
    one.has_password = row.integer(12) != 0;
    return one;
}

void read_parts(db::connection& on, agent& of)
{
    {
        db::rows row = on.query(
            "SELECT role, inbox_id, team_id FROM agent_roles WHERE agent_id = ?"
            " ORDER BY role, inbox_id, team_id",
            {of.id}
        );
        while (row.next())
            of.roles.push_back(
                {.role = static_cast<role>(row.integer(0)),
                 .inbox = row.id<inbox_id>(1),
                 .team = row.id<team_id>(2)}
            );
    }
    {
        db::rows row = on.query(
            "SELECT team_id FROM team_members WHERE agent_id = ? ORDER BY team_id", {of.id}
        );
        while (row.next())
            of.teams.push_back(row.id<team_id>(0));
    }
    db::rows row = on.query(
        "SELECT skill_id, level, expires_at FROM agent_skills WHERE agent_id = ? ORDER BY skill_id",
        {of.id}
    );
    while (row.next())
        of.skills.push_back(
            {.skill = row.id<skill_id>(0),
             .level = static_cast<int>(row.integer(1)),
             .expires = row.time(2)}
        );
}

void write_parts(transaction& tx, const agent& of)
{
    for (const std::string_view sql :
         {"DELETE FROM agent_roles WHERE agent_id = ?",
          "DELETE FROM team_members WHERE agent_id = ?",
          "DELETE FROM agent_skills WHERE agent_id = ?"})
        tx.exec(sql, {of.id});
    for (const grant& one : of.roles)
        tx.exec(
            "INSERT INTO agent_roles (agent_id, role, inbox_id, team_id) VALUES (?, ?, ?, ?)",
            {of.id, one.role, one.inbox, one.team}
        );
    for (const team_id one : of.teams)
        tx.exec("INSERT INTO team_members (team_id, agent_id) VALUES (?, ?)", {one, of.id});
    for (const agent_skill& one : of.skills)
        tx.exec(
            "INSERT INTO agent_skills (agent_id, skill_id, level, expires_at) VALUES (?, ?, ?, ?)",
            {of.id, one.skill, one.level, one.expires}
        );
}

void check_exists(
    db::connection& on, std::string_view sql, std::int64_t id, const std::string& field
)
{
    db::rows row = on.query(sql, {id});
    if (!row.next())
        throw problem{
            errc::not_found, "There is no such " + field + ": " + std::to_string(id), field
        };
}

constexpr std::string_view team_exists = "SELECT id FROM teams WHERE id = ? AND archived_at = 0";
constexpr std::string_view skill_exists = "SELECT id FROM skills WHERE id = ? AND archived_at = 0";
constexpr std::string_view inbox_exists = "SELECT id FROM inboxes WHERE id = ?";

template <class Range>
bool has_repeats(const Range& of)
{
    for (auto one = of.begin(); one != of.end(); ++one)
        if (std::find(std::next(one), of.end(), *one) != of.end())
            return true;
    return false;
}

void check_agent(db::connection& on, agent& wanted)
{
    wanted.name = clean_line(wanted.name, 80);
    if (wanted.name.empty())
        throw problem{errc::invalid, "An agent needs a name.", "name"};
    if (wanted.units < 1 || wanted.units > 100)
        throw problem{errc::invalid, "Capacity is 1 to 100 units.", "units"};
    if (wanted.preferences.size() > 16 * 1024 || !json::parse(wanted.preferences).is_object())
        throw problem{
            errc::invalid, "preferences is a JSON object of at most 16 KiB.", "preferences"
        };
    if (has_repeats(wanted.roles) || has_repeats(wanted.teams) || has_repeats(wanted.skills))
        throw problem{errc::invalid, "A role, team or skill stands here twice.", "roles"};
    for (const grant& one : wanted.roles) {
        if (!is_known(one.role))
            throw problem{errc::invalid, "There is no such role.", "roles"};
        if (raw(one.inbox) != 0)
            check_exists(on, inbox_exists, raw(one.inbox), "inbox");
        if (raw(one.team) != 0)
            check_exists(on, team_exists, raw(one.team), "team");
    }
    for (const team_id one : wanted.teams)
        check_exists(on, team_exists, raw(one), "team");
    for (const agent_skill& one : wanted.skills) {
        check_exists(on, skill_exists, raw(one.skill), "skill");
        if (one.level < 1 || one.level > 5)
            throw problem{errc::invalid, "A level is 1 to 5.", "skills"};
    }
}

void log_about(
    transaction& tx,
    const context& by,
    happening what,
    std::int64_t subject,
    std::int64_t number = 0
)
{
    log_entry line = logged(by, what);
    line.subject = subject;
    line.number = number;
    tx.append(std::move(line));
}

constexpr std::string_view insert_agent =
    "INSERT INTO agents (id, email, name, locale, theme, density, preferences, units, "
    "password_hash,"
    " password_set_at, is_active, presence, presence_since, created_at, updated_at, revision)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, '', 0, 1, 0, ?, ?, ?, 1)";

} // namespace

agent create_agent(transaction& tx, context& by, agent wanted)
{
    wanted.email = identities::normalised(identity_kind::email, wanted.email);
    if (wanted.email.size() > 190)
        throw problem{errc::invalid, "A mail address has at most 190 bytes.", "email"};
    check_agent(tx.db(), wanted);
    if (find_agent(tx.db(), wanted.email))
        throw problem{errc::conflict, "An agent has this mail address already.", "email"};
    wanted.id = by.ids.next<agent_id>();
    wanted.revision = 1;
    wanted.active = true;
    wanted.has_password = false;
    wanted.presence = presence::offline;
    wanted.presence_since = by.now;
    tx.exec(
        insert_agent,
        {wanted.id,
         wanted.email,
         wanted.name,
         wanted.locale,
         wanted.theme,
         wanted.density,
         wanted.preferences,
         wanted.units,
         by.now,
         by.now,
         by.now}
    );
    write_parts(tx, wanted);
    watch_expiry(tx, by, wanted);
    log_about(tx, by, happening::agent_created, raw(wanted.id));
    return wanted;
}

namespace {

constexpr std::string_view other_admins =
    "SELECT a.id FROM agents a JOIN agent_roles r ON r.agent_id = a.id WHERE r.role = ?"
    " AND r.inbox_id = 0 AND r.team_id = 0 AND a.is_active = 1 AND a.id <> ? LIMIT 1";

bool is_admin(const agent& who)
{
    return who.active && std::ranges::any_of(who.roles, [](const grant& one) {
               return one.role == role::admin && is_everywhere(one);
           });
}

void check_an_admin_stays(db::connection& on, const agent& before, const agent& after)
{
    if (!is_admin(before) || is_admin(after))
        return;
    db::rows row = on.query(other_admins, {role::admin, before.id});
    if (!row.next())
        throw problem{
            errc::conflict, "This is the last administrator: give somebody else the role first."
        };
}

constexpr std::string_view update_agent =
    "UPDATE agents SET name = ?, locale = ?, theme = ?, density = ?, preferences = ?, units = ?,"
    " is_active = ?, updated_at = ?, revision = ? WHERE id = ?";

agent applied(agent now, const agent_change& wanted)
{
    now.name = wanted.name.value_or(now.name);
    now.locale = wanted.locale.value_or(now.locale);
    now.theme = wanted.theme.value_or(now.theme);
    now.density = wanted.density.value_or(now.density);
    now.preferences = wanted.preferences.value_or(now.preferences);
    now.units = wanted.units.value_or(now.units);
    now.active = wanted.active.value_or(now.active);
    now.roles = wanted.roles.value_or(now.roles);
    now.teams = wanted.teams.value_or(now.teams);
    now.skills = wanted.skills.value_or(now.skills);
    return now;
}

} // namespace

agent change_agent(transaction& tx, context& by, agent_id which, const agent_change& wanted)
{
    const auto found = find_agent(tx.db(), which);
    if (!found)
        throw problem{errc::not_found, "There is no such agent."};
    agent after = applied(*found, wanted);
    check_agent(tx.db(), after);
    check_an_admin_stays(tx.db(), *found, after);
    ++after.revision;
    tx.exec(
        update_agent,
        {after.name,
         after.locale,
         after.theme,
         after.density,
         after.preferences,
         after.units,
         after.active,
         by.now,
         after.revision,
         after.id}
    );
    write_parts(tx, after);
    if (after.skills != found->skills)
        watch_expiry(tx, by, after);
    const bool others_see_it = after.name != found->name || after.units != found->units ||
                               after.active != found->active || after.roles != found->roles ||
                               after.teams != found->teams || after.skills != found->skills;
    log_about(
        tx,
        by,
        others_see_it ? happening::agent_changed : happening::preferences_changed,
        raw(which)
    );
    if (after.roles != found->roles || after.teams != found->teams)
        log_about(tx, by, happening::rights_changed, raw(which));
    if (after.skills != found->skills)
        log_about(tx, by, happening::skill_changed, raw(which));
    if (found->active && !after.active) {
        log_about(tx, by, happening::agent_deactivated, raw(which));
        sessions::end_all(tx, by, which);
        set_presence(tx, by, which, presence::offline);
    }
    return after;
}

std::optional<agent> find_agent(db::connection& on, agent_id which)
{
    static const std::string sql = std::string{select_agent} + "WHERE id = ?";
    std::optional<agent> found;
    {
        db::rows row = on.query(sql, {which});
        if (row.next())
            found = read_agent(row);
    }
    if (found)
        read_parts(on, *found);
    return found;
}

std::optional<agent> find_agent(db::connection& on, std::string_view email)
{
    agent_id id{};
    {
        db::rows row =
            on.query("SELECT id FROM agents WHERE email = ?", {ascii_lower(trim(email))});
        if (!row.next())
            return std::nullopt;
        id = row.id<agent_id>(0);
    }
    return find_agent(on, id);
}

std::vector<agent> agents(db::connection& on)
{
    static const std::string sql = std::string{select_agent} + "ORDER BY id";
    std::vector<agent> found;
    {
        db::rows row = on.query(sql);
        while (row.next())
            found.push_back(read_agent(row));
    }
    for (agent& one : found)
        read_parts(on, one);
    return found;
}

bool set_presence(transaction& tx, context& by, agent_id which, presence to)
{
    {
        db::rows row = tx.query("SELECT presence FROM agents WHERE id = ?", {which});
        if (!row.next())
            throw problem{errc::not_found, "There is no such agent."};
        if (static_cast<presence>(row.integer(0)) == to)
            return false;
    }
    tx.exec("UPDATE agents SET presence = ?, presence_since = ? WHERE id = ?", {to, by.now, which});
    log_about(tx, by, happening::presence_changed, raw(which), static_cast<std::int64_t>(to));
    return true;
}

audience audience_of(const agent& who)
{
    audience seen;
    seen.agent = who.id;
    seen.teams = who.teams;
    for (const grant& one : who.roles)
        if (reads_customers(one.role))
            widen(seen, one);
    return seen;
}

bool reads_customers(role what)
{
    return what == role::supervisor || what == role::lead || what == role::agent;
}

void widen(audience& seen, const grant& by)
{
    if (is_everywhere(by))
        seen.everything = true;
    if (raw(by.inbox) != 0 && std::ranges::find(seen.inboxes, by.inbox) == seen.inboxes.end())
        seen.inboxes.push_back(by.inbox);
    if (raw(by.team) != 0 && std::ranges::find(seen.teams, by.team) == seen.teams.end())
        seen.teams.push_back(by.team);
}

} // namespace crm::staff
