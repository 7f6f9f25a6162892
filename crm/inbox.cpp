#include "crm/inbox.hpp"

#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"
#include "crm/inbox_rows.hpp"

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

void check_skills(const inbox& wanted)
{
    if (wanted.skills.size() > 50)
        throw problem{errc::invalid, "An inbox needs at most 50 skills.", "skills"};
    for (const inbox_skill& one : wanted.skills)
        if (raw(one.what.skill) == 0 || one.what.level < 1 || one.what.level > 5)
            throw problem{errc::invalid, "A skill is needed at a level of 1 to 5.", "skills"};
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
    check_skills(wanted);
    for (const std::string& origin : wanted.origins)
        check_origin(origin);
}

constexpr std::string_view select_inbox =
    "SELECT id, slug, name, brand, locale, timezone, color, privacy_notice, retention_days,"
    " reopen_days, first_response_target_us, shows_typing, shows_read_marks, asks_form, "
    "language_need, archived_at, revision FROM inboxes ";

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
    one.language = row.as<language_need>(14);
    one.archived = row.time(15);
    one.revision = row.integer(16);
    return one;
}

// What may change of an inbox, bound in this order by both statements below.
std::vector<db::value> changing_values(const inbox& of, instant now)
{
    return {
        of.name,
        of.brand,
        of.locale,
        of.timezone,
        of.color,
        of.privacy_notice,
        of.retention_days,
        of.reopen_days,
        of.first_response_target.count(),
        of.shows_typing,
        of.shows_read_marks,
        of.asks_form,
        of.language,
        of.archived,
        of.revision,
        now
    };
}
constexpr std::string_view insert_inbox =
    "INSERT INTO inboxes (name, brand, locale, timezone, color, privacy_notice, retention_days,"
    " reopen_days, first_response_target_us, shows_typing, shows_read_marks, asks_form,"
    " language_need, archived_at, revision, updated_at, id, slug, created_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view update_inbox =
    "UPDATE inboxes SET name = ?, brand = ?, locale = ?, timezone = ?, color = ?,"
    " privacy_notice = ?, retention_days = ?, reopen_days = ?, first_response_target_us = ?,"
    " shows_typing = ?, shows_read_marks = ?, asks_form = ?, language_need = ?, archived_at = ?,"
    " revision = ?, updated_at = ? WHERE id = ?";

} // namespace

inbox create(transaction& tx, context& by, inbox wanted)
{
    check_inbox(wanted);
    check_parts(tx.db(), wanted);
    if (find(tx.db(), wanted.slug))
        throw problem{errc::conflict, "Another inbox has this slug.", "slug"};
    wanted.id = by.ids.next<inbox_id>();
    wanted.revision = 1;
    wanted.archived = {};
    std::vector<db::value> row = changing_values(wanted, by.now);
    row.insert(row.end(), {wanted.id, wanted.slug, by.now});
    tx.db().exec_span(insert_inbox, row);
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
    check_parts(tx.db(), wanted);
    wanted.revision = expected + 1;
    std::vector<db::value> row = changing_values(wanted, by.now);
    row.emplace_back(wanted.id);
    tx.db().exec_span(update_inbox, row);
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

} // namespace crm::inboxes
