// What hangs on an inbox: teams, hours, texts, form, skills, origins.
#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"
#include "crm/inbox_rows.hpp"

#include <algorithm>

namespace crm::inboxes {
namespace {

needed_skill read_need(const db::rows& row)
{
    return {
        .skill = row.id<skill_id>(0),
        .level = static_cast<int>(row.integer(1)),
        .optional = row.flag(2)
    };
}

constexpr std::string_view skill_exists = "SELECT id FROM skills WHERE id = ? AND archived_at = 0";

} // namespace

void check_parts(db::connection& on, const inbox& of)
{
    std::vector<std::pair<channel, skill_id>> seen;
    for (const inbox_skill& one : of.skills) {
        db::rows row = on.query(skill_exists, {one.what.skill});
        if (!row.next())
            throw problem{errc::invalid, "There is no such skill.", "skills"};
        if (std::ranges::find(seen, std::pair{one.over, one.what.skill}) != seen.end())
            throw problem{errc::invalid, "Name each skill once per channel.", "skills"};
        seen.emplace_back(one.over, one.what.skill);
    }
}

void read_parts(db::connection& on, inbox& of)
{
    {
        db::rows row = on.query(
            "SELECT team_id, is_backup FROM inbox_teams WHERE inbox_id = ? ORDER BY is_backup, "
            "team_id",
            {of.id}
        );
        while (row.next())
            of.teams.push_back({.team = row.id<team_id>(0), .backup = row.flag(1)});
    }
    {
        db::rows row = on.query(
            "SELECT weekday, opens_minute, closes_minute FROM inbox_hours WHERE inbox_id = ?"
            " ORDER BY weekday, opens_minute",
            {of.id}
        );
        while (row.next())
            of.hours.push_back(
                {.weekday = static_cast<int>(row.integer(0)),
                 .opens_minute = static_cast<int>(row.integer(1)),
                 .closes_minute = static_cast<int>(row.integer(2))}
            );
    }
    {
        db::rows row = on.query(
            "SELECT local_day, opens_minute, closes_minute, label FROM inbox_exceptions"
            " WHERE inbox_id = ? ORDER BY local_day, opens_minute",
            {of.id}
        );
        while (row.next())
            of.exceptions.push_back(
                {.day = row.string(0),
                 .opens_minute = static_cast<int>(row.integer(1)),
                 .closes_minute = static_cast<int>(row.integer(2)),
                 .label = row.string(3)}
            );
    }
    {
        db::rows row = on.query(
            "SELECT name, locale, content FROM inbox_texts WHERE inbox_id = ? ORDER BY name, "
            "locale",
            {of.id}
        );
        while (row.next())
            of.texts.push_back(
                {.name = row.string(0), .locale = row.string(1), .content = row.string(2)}
            );
    }
    {
        db::rows row = on.query(
            "SELECT name, label, type, is_required FROM inbox_form_fields WHERE inbox_id = ?"
            " ORDER BY place",
            {of.id}
        );
        while (row.next())
            of.form.push_back(
                {.name = row.string(0),
                 .label = row.string(1),
                 .type = row.string(2),
                 .required = row.flag(3)}
            );
    }
    {
        db::rows row = on.query(
            "SELECT skill_id, skill_level, is_optional, channel FROM inbox_skills WHERE inbox_id = "
            "?"
            " ORDER BY channel, skill_id",
            {of.id}
        );
        while (row.next())
            of.skills.push_back(
                {.what = read_need(row), .over = static_cast<channel>(row.integer(3))}
            );
    }
    db::rows row =
        on.query("SELECT origin FROM inbox_origins WHERE inbox_id = ? ORDER BY origin", {of.id});
    while (row.next())
        of.origins.push_back(row.string(0));
}

void write_parts(transaction& tx, const inbox& of)
{
    for (const std::string_view sql :
         {"DELETE FROM inbox_teams WHERE inbox_id = ?",
          "DELETE FROM inbox_hours WHERE inbox_id = ?",
          "DELETE FROM inbox_exceptions WHERE inbox_id = ?",
          "DELETE FROM inbox_texts WHERE inbox_id = ?",
          "DELETE FROM inbox_form_fields WHERE inbox_id = ?",
          "DELETE FROM inbox_skills WHERE inbox_id = ?",
          "DELETE FROM inbox_origins WHERE inbox_id = ?"})
        tx.exec(sql, {of.id});
    for (const inbox_team& one : of.teams)
        tx.exec(
            "INSERT INTO inbox_teams (inbox_id, team_id, is_backup) VALUES (?, ?, ?)",
            {of.id, one.team, one.backup}
        );
    for (const open_span& one : of.hours)
        tx.exec(
            "INSERT INTO inbox_hours (inbox_id, weekday, opens_minute, closes_minute)"
            " VALUES (?, ?, ?, ?)",
            {of.id, one.weekday, one.opens_minute, one.closes_minute}
        );
    for (const exception_day& one : of.exceptions)
        tx.exec(
            "INSERT INTO inbox_exceptions (inbox_id, local_day, opens_minute, closes_minute, label)"
            " VALUES (?, ?, ?, ?, ?)",
            {of.id, one.day, one.opens_minute, one.closes_minute, one.label}
        );
    for (const inbox_text& one : of.texts)
        tx.exec(
            "INSERT INTO inbox_texts (inbox_id, name, locale, content) VALUES (?, ?, ?, ?)",
            {of.id, one.name, one.locale, one.content}
        );
    int place = 0;
    for (const form_field& one : of.form)
        tx.exec(
            "INSERT INTO inbox_form_fields (inbox_id, place, name, label, type, is_required)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            {of.id, ++place, one.name, one.label, one.type, one.required}
        );
    for (const inbox_skill& one : of.skills)
        tx.exec(
            "INSERT INTO inbox_skills (inbox_id, channel, skill_id, skill_level, is_optional)"
            " VALUES (?, ?, ?, ?, ?)",
            {of.id, one.over, one.what.skill, one.what.level, one.what.optional}
        );
    for (const std::string& one : of.origins)
        tx.exec("INSERT INTO inbox_origins (inbox_id, origin) VALUES (?, ?)", {of.id, one});
}

void log_about(transaction& tx, const context& by, happening what, inbox_id which)
{
    log_entry line = logged(by, what);
    line.inbox = which;
    line.subject = raw(which);
    tx.append(std::move(line));
}

namespace {

/// Takes a skill in beside those known: the higher level, and optional only if both are.
void need(std::vector<needed_skill>& all, const needed_skill& more)
{
    const auto known = std::ranges::find(all, more.skill, &needed_skill::skill);
    if (known == all.end()) {
        all.push_back(more);
        return;
    }
    known->level = std::max(known->level, more.level);
    known->optional = known->optional && more.optional;
}

constexpr std::string_view skills_of_channel =
    "SELECT skill_id, skill_level, is_optional FROM inbox_skills WHERE inbox_id = ?"
    " AND channel IN (0, ?) ORDER BY channel, skill_id";
constexpr std::string_view language_of = "SELECT language_need FROM inboxes WHERE id = ?";
constexpr std::string_view skill_of_language =
    "SELECT id FROM skills WHERE spoken = ? AND archived_at = 0 ORDER BY id LIMIT 1";

} // namespace

std::vector<needed_skill>
needed_skills(db::connection& on, inbox_id of, channel over, std::string_view locale)
{
    std::vector<needed_skill> all;
    {
        db::rows row = on.query(skills_of_channel, {of, over});
        while (row.next())
            need(all, read_need(row));
    }
    const std::string language = ascii_lower(locale.substr(0, locale.find_first_of("-_")));
    auto asked = language_need::none;
    {
        db::rows row = on.query(language_of, {of});
        if (row.next())
            asked = row.as<language_need>(0);
    }
    if (asked == language_need::none || language.empty())
        return all;
    db::rows row = on.query(skill_of_language, {language});
    if (row.next())
        need(
            all,
            {.skill = row.id<skill_id>(0), .level = 1, .optional = asked == language_need::wanted}
        );
    return all;
}

} // namespace crm::inboxes
