#include "crm/inbox.hpp"

#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"

#include <algorithm>
#include <set>

namespace crm::inboxes {
namespace {

bool is_slug(std::string_view text)
{
    return !text.empty() && text.size() <= 60 && std::ranges::all_of(text, [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
    });
}

void check_span(int opens, int closes, bool may_be_closed, const std::string& field)
{
    const bool fits =
        opens >= 0 && closes <= 1'440 && (opens < closes || (may_be_closed && opens == closes));
    if (!fits)
        throw problem{
            errc::invalid, "Hours are minutes of the day, opening before closing.", field
        };
}

void check_hours(const inbox& wanted)
{
    for (const open_span& span : wanted.hours) {
        if (span.weekday < 0 || span.weekday > 6)
            throw problem{errc::invalid, "A weekday is 0 (Monday) to 6 (Sunday).", "hours"};
        check_span(span.opens_minute, span.closes_minute, false, "hours");
    }
    for (const exception_day& day : wanted.exceptions) {
        if (day.day.size() != 10 || day.day[4] != '-' || day.day[7] != '-')
            throw problem{errc::invalid, "A day is written YYYY-MM-DD.", "exceptions"};
        check_span(day.opens_minute, day.closes_minute, true, "exceptions");
    }
}

void check_origin(const std::string& origin)
{
    const std::string_view text = origin;
    const std::size_t scheme = text.starts_with("https://")  ? 8
                               : text.starts_with("http://") ? 7
                                                             : 0;
    const std::string_view host = text.substr(scheme);
    if (scheme == 0 || host.empty() || text.size() > 190 ||
        host.find_first_of("/ *?#@") != std::string_view::npos)
        throw problem{
            errc::invalid, "An origin is like https://shop.example.com, without a path.", "origins"
        };
}

void check_inbox(inbox& wanted)
{
    wanted.name = clean_line(wanted.name, 80);
    wanted.brand = clean_line(wanted.brand.empty() ? wanted.name : wanted.brand, 80);
    if (!is_slug(wanted.slug))
        throw problem{errc::invalid, "A slug has 1 to 60 of a-z, 0-9 and -.", "slug"};
    if (wanted.name.empty())
        throw problem{errc::invalid, "An inbox needs a name.", "name"};
    if (wanted.retention_days < 0 || wanted.reopen_days < 0 || wanted.reopen_days > 3'650)
        throw problem{errc::invalid, "Days are 0 or more.", "reopen_days"};
    if (wanted.first_response_target.count() < 0)
        throw problem{errc::invalid, "A target is 0 or more.", "first_response_target"};
    if (wanted.form.size() > 10)
        throw problem{errc::invalid, "A form has at most 10 questions.", "form"};
    std::set<std::string_view> names;
    for (const form_field& field : wanted.form)
        if (field.name.empty() || !names.insert(field.name).second)
            throw problem{errc::invalid, "Each question needs a name of its own.", "form"};
    check_hours(wanted);
    for (const std::string& origin : wanted.origins)
        check_origin(origin);
}

constexpr std::string_view select_inbox =
    "SELECT id, slug, name, brand, locale, timezone, color, privacy_notice, retention_days,"
    " reopen_days, first_response_target_us, shows_typing, shows_read_marks, asks_form, "
    "archived_at,"
    " revision FROM inboxes ";

inbox read_inbox(const db::rows& row)
{
    inbox one;
    one.id = row.id<inbox_id>(0);
    one.slug = row.string(1);
    one.name = row.string(2);
    one.brand = row.string(3);
    one.locale = row.string(4);
    one.timezone = row.string(5);
    one.color = row.string(6);
    one.privacy_notice = row.string(7);
    one.retention_days = static_cast<int>(row.integer(8));
    one.reopen_days = static_cast<int>(row.integer(9));
    one.first_response_target = std::chrono::microseconds{row.integer(10)};
    one.shows_typing = row.flag(11);
    one.shows_read_marks = row.flag(12);
    one.asks_form = row.flag(13);
    one.archived = row.time(14);
    one.revision = row.integer(15);
    return one;
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

constexpr std::string_view insert_inbox =
    "INSERT INTO inboxes (id, slug, name, brand, locale, timezone, color, privacy_notice,"
    " retention_days, reopen_days, first_response_target_us, shows_typing, shows_read_marks,"
    " asks_form, created_at, updated_at, archived_at, revision)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 1)";
constexpr std::string_view update_inbox =
    "UPDATE inboxes SET name = ?, brand = ?, locale = ?, timezone = ?, color = ?,"
    " privacy_notice = ?, retention_days = ?, reopen_days = ?, first_response_target_us = ?,"
    " shows_typing = ?, shows_read_marks = ?, asks_form = ?, updated_at = ?, archived_at = ?,"
    " revision = ? WHERE id = ?";

} // namespace

inbox create(transaction& tx, context& by, inbox wanted)
{
    check_inbox(wanted);
    if (find(tx.db(), wanted.slug))
        throw problem{errc::conflict, "Another inbox has this slug.", "slug"};
    wanted.id = by.ids.next<inbox_id>();
    wanted.revision = 1;
    wanted.archived = {};
    tx.exec(
        insert_inbox,
        {wanted.id,
         wanted.slug,
         wanted.name,
         wanted.brand,
         wanted.locale,
         wanted.timezone,
         wanted.color,
         wanted.privacy_notice,
         wanted.retention_days,
         wanted.reopen_days,
         wanted.first_response_target.count(),
         wanted.shows_typing,
         wanted.shows_read_marks,
         wanted.asks_form,
         by.now,
         by.now}
    );
    write_parts(tx, wanted);
    log_about(tx, by, happening::inbox_created, wanted.id);
    return wanted;
}

inbox change(transaction& tx, context& by, inbox wanted, std::int64_t expected)
{
    const auto now = find(tx.db(), wanted.id);
    if (!now)
        throw problem{errc::not_found, "There is no such inbox."};
    if (now->revision != expected)
        throw problem{errc::precondition, "Somebody changed this inbox meanwhile: read it again."};
    wanted.slug = now->slug;
    check_inbox(wanted);
    wanted.revision = expected + 1;
    tx.exec(
        update_inbox,
        {wanted.name,
         wanted.brand,
         wanted.locale,
         wanted.timezone,
         wanted.color,
         wanted.privacy_notice,
         wanted.retention_days,
         wanted.reopen_days,
         wanted.first_response_target.count(),
         wanted.shows_typing,
         wanted.shows_read_marks,
         wanted.asks_form,
         by.now,
         wanted.archived,
         wanted.revision,
         wanted.id}
    );
    write_parts(tx, wanted);
    log_about(tx, by, happening::inbox_changed, wanted.id);
    return wanted;
}

std::optional<inbox> find(db::connection& on, inbox_id id)
{
    static const std::string sql = std::string{select_inbox} + "WHERE id = ?";
    std::optional<inbox> found;
    {
        db::rows row = on.query(sql, {id});
        if (row.next())
            found = read_inbox(row);
    }
    if (found)
        read_parts(on, *found);
    return found;
}

std::optional<inbox> find(db::connection& on, std::string_view slug)
{
    inbox_id id{};
    {
        db::rows row = on.query("SELECT id FROM inboxes WHERE slug = ?", {slug});
        if (!row.next())
            return std::nullopt;
        id = row.id<inbox_id>(0);
    }
    return find(on, id);
}

std::vector<inbox> all(db::connection& on)
{
    static const std::string sql = std::string{select_inbox} + "WHERE archived_at = 0";
    std::vector<inbox> found;
    {
        db::rows row = on.query(sql);
        while (row.next())
            found.push_back(read_inbox(row));
    }
    for (inbox& one : found)
        read_parts(on, one);
    std::ranges::sort(found, {}, &inbox::name);
    return found;
}

void add_secret(
    transaction& tx, context& by, inbox_id of, std::string_view kid, std::string_view secret
)
{
    if (secret.size() < 32)
        throw problem{errc::invalid, "A signing secret has at least 32 bytes.", "secret"};
    if (kid.empty() || kid.size() > 60)
        throw problem{errc::invalid, "A key has a name of 1 to 60 bytes.", "kid"};
    if (!find(tx.db(), of))
        throw problem{errc::not_found, "There is no such inbox."};
    if (secrets(tx.db(), of).size() >= 2)
        throw problem{errc::conflict, "Two keys are active already: retire one first."};
    {
        db::rows row =
            tx.query("SELECT kid FROM inbox_secrets WHERE inbox_id = ? AND kid = ?", {of, kid});
        if (row.next())
            throw problem{errc::conflict, "There was a key of this name: choose another.", "kid"};
    }
    tx.exec(
        "INSERT INTO inbox_secrets (inbox_id, kid, secret, created_at, retired_at)"
        " VALUES (?, ?, ?, ?, 0)",
        {of, kid, db::value::bytes_view{secret}, by.now}
    );
    log_about(tx, by, happening::inbox_changed, of);
}

void retire_secret(transaction& tx, context& by, inbox_id of, std::string_view kid)
{
    const std::int64_t matched = tx.exec(
        "UPDATE inbox_secrets SET retired_at = ?, secret = ? WHERE inbox_id = ? AND kid = ?"
        " AND retired_at = 0",
        {by.now, db::value::bytes_view{""}, of, kid}
    );
    if (matched == 0)
        throw problem{errc::not_found, "There is no active key of this name.", "kid"};
    log_about(tx, by, happening::inbox_changed, of);
}

std::vector<identity_secret> secrets(db::connection& on, inbox_id of)
{
    std::vector<identity_secret> found;
    db::rows row = on.query(
        "SELECT kid, secret, created_at FROM inbox_secrets WHERE inbox_id = ? AND retired_at = 0"
        " ORDER BY created_at DESC, kid",
        {of}
    );
    while (row.next())
        found.push_back({.kid = row.string(0), .secret = row.string(1), .created = row.time(2)});
    return found;
}

} // namespace crm::inboxes
