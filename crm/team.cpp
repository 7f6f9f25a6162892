// Teams and skills.
#include "crm/agenda.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"
#include "crm/staff.hpp"

#include <algorithm>

namespace crm::staff {
namespace {

std::string checked_name(std::string_view name, const std::string& of)
{
    std::string cleaned = clean_line(name, 60);
    if (cleaned.empty() || cleaned.size() > 190)
        throw problem{errc::invalid, "A " + of + " has a name of at most 60 characters.", "name"};
    return cleaned;
}

void check_members(db::connection& on, const std::vector<agent_id>& members)
{
    for (const agent_id one : members) {
        db::rows row = on.query("SELECT id FROM agents WHERE id = ?", {one});
        if (!row.next())
            throw problem{errc::not_found, "There is no such agent: " + to_string(one), "members"};
    }
}

void write_members(transaction& tx, context& by, team_id of, std::vector<agent_id> members)
{
    std::ranges::sort(members);
    const auto repeats = std::ranges::unique(members);
    members.erase(repeats.begin(), repeats.end());
    std::vector<agent_id> before;
    {
        db::rows row = tx.query("SELECT agent_id FROM team_members WHERE team_id = ?", {of});
        while (row.next())
            before.push_back(row.id<agent_id>(0));
    }
    std::ranges::sort(before);
    tx.exec("DELETE FROM team_members WHERE team_id = ?", {of});
    for (const agent_id one : members)
        tx.exec("INSERT INTO team_members (team_id, agent_id) VALUES (?, ?)", {of, one});
    // Whoever joined or left sees other conversations from now on.
    std::vector<agent_id> differing;
    std::ranges::set_symmetric_difference(before, members, std::back_inserter(differing));
    for (const agent_id one : differing) {
        log_entry line = logged(by, happening::rights_changed);
        line.subject = raw(one);
        tx.append(std::move(line));
    }
}

std::optional<team> find_team(db::connection& on, team_id which)
{
    for (team& one : teams(on))
        if (one.id == which)
            return std::move(one);
    return std::nullopt;
}

bool name_taken(db::connection& on, std::string_view sql, std::string_view name)
{
    db::rows row = on.query(sql, {name});
    return row.next();
}

constexpr std::string_view team_by_name = "SELECT id FROM teams WHERE name = ?";
constexpr std::string_view skill_by_name = "SELECT id FROM skills WHERE name = ?";

void log_about(transaction& tx, const context& by, happening what, std::int64_t subject)
{
    log_entry line = logged(by, what);
    line.subject = subject;
    tx.append(std::move(line));
}

} // namespace

team create_team(transaction& tx, context& by, std::string_view name, std::vector<agent_id> members)
{
    const std::string cleaned = checked_name(name, "team");
    if (name_taken(tx.db(), team_by_name, cleaned))
        throw problem{errc::conflict, "There is a team of this name already.", "name"};
    check_members(tx.db(), members);
    const auto id = by.ids.next<team_id>();
    tx.exec(
        "INSERT INTO teams (id, name, created_at, archived_at, revision) VALUES (?, ?, ?, 0, 1)",
        {id, cleaned, by.now}
    );
    write_members(tx, by, id, std::move(members));
    log_about(tx, by, happening::team_created, raw(id));
    return *find_team(tx.db(), id);
}

team change_team(
    transaction& tx,
    context& by,
    team_id which,
    std::optional<std::string> name,
    std::optional<std::vector<agent_id>> members
)
{
    const auto now = find_team(tx.db(), which);
    if (!now)
        throw problem{errc::not_found, "There is no such team."};
    const std::string cleaned = name ? checked_name(*name, "team") : now->name;
    if (cleaned != now->name && name_taken(tx.db(), team_by_name, cleaned))
        throw problem{errc::conflict, "There is a team of this name already.", "name"};
    if (members)
        check_members(tx.db(), *members);
    tx.exec("UPDATE teams SET name = ?, revision = revision + 1 WHERE id = ?", {cleaned, which});
    if (members)
        write_members(tx, by, which, std::move(*members));
    log_about(tx, by, happening::team_created, raw(which));
    return *find_team(tx.db(), which);
}

std::vector<team> teams(db::connection& on)
{
    std::vector<team> found;
    {
        db::rows row =
            on.query("SELECT id, name, revision FROM teams WHERE archived_at = 0 ORDER BY name");
        while (row.next())
            found.push_back(
                {.id = row.id<team_id>(0),
                 .name = row.string(1),
                 .members = {},
                 .archived = {},
                 .revision = row.integer(2)}
            );
    }
    for (team& one : found) {
        db::rows row = on.query(
            "SELECT agent_id FROM team_members WHERE team_id = ? ORDER BY agent_id", {one.id}
        );
        while (row.next())
            one.members.push_back(row.id<agent_id>(0));
    }
    return found;
}

constexpr std::string_view skill_by_language = "SELECT id FROM skills WHERE spoken = ?";

skill create_skill(transaction& tx, context& by, std::string_view name, std::string_view spoken)
{
    skill made{.name = checked_name(name, "skill"), .spoken = ascii_lower(trim(spoken))};
    const bool is_tag =
        std::ranges::all_of(made.spoken, [](char c) { return c >= 'a' && c <= 'z'; });
    if (made.spoken.size() > 8 || !is_tag)
        throw problem{errc::invalid, "A language is a short tag such as zh or en.", "language"};
    if (name_taken(tx.db(), skill_by_name, made.name))
        throw problem{errc::conflict, "There is a skill of this name already.", "name"};
    if (!made.spoken.empty() && name_taken(tx.db(), skill_by_language, made.spoken))
        throw problem{errc::conflict, "There is a skill for this language already.", "language"};
    made.id = by.ids.next<skill_id>();
    tx.exec(
        "INSERT INTO skills (id, name, spoken, created_at, archived_at) VALUES (?, ?, ?, ?, 0)",
        {made.id, made.name, made.spoken, by.now}
    );
    log_about(tx, by, happening::skill_changed, raw(made.id));
    return made;
}

std::vector<skill> skills(db::connection& on)
{
    std::vector<skill> found;
    db::rows row =
        on.query("SELECT id, name, spoken FROM skills WHERE archived_at = 0 ORDER BY name");
    while (row.next())
        found.push_back({.id = row.id<skill_id>(0), .name = row.string(1), .spoken = row.string(2)}
        );
    return found;
}

void watch_expiry(transaction& tx, context& by, const agent& whose)
{
    std::optional<instant> next;
    for (const agent_skill& one : whose.skills)
        if (one.expires > by.now && (!next || one.expires < *next))
            next = one.expires;
    if (next)
        agenda::set(tx, by, timer_kind::skill_expiry, raw(whose.id), *next);
    else
        agenda::cancel(tx, timer_kind::skill_expiry, raw(whose.id));
}

void skill_expired(transaction& tx, context& by, agent_id whose)
{
    const auto known = find_agent(tx.db(), whose);
    if (!known)
        return;
    log_about(tx, by, happening::skill_changed, raw(whose));
    watch_expiry(tx, by, *known);
}

} // namespace crm::staff
