// Staff, inboxes, and the small shapes around them.
#include "gateway/wire/wire.hpp"

#include "crm/words.hpp"

#include <fmt/format.h>

namespace gateway::wire {

void grants(json_text& to, const std::vector<crm::grant>& held)
{
    to.open_list();
    for (const auto& each : held)
        to.open_object()
            .member("role", crm::word(each.role))
            .member_unless_none("inbox", each.inbox)
            .member_unless_none("team", each.team)
            .close_object();
    to.close_list();
}

void agent(json_text& to, const crm::agent& who, const load& now)
{
    to.open_object()
        .member("id", who.id)
        .member("name", who.name)
        .member("email", who.email)
        .member("active", who.active)
        .member("presence", crm::word(who.presence));
    grants(to.key("roles"), who.roles);
    to.key("teams").open_list();
    for (const auto each : who.teams)
        to.value(each);
    to.close_list().key("skills").open_list();
    for (const auto& each : who.skills)
        to.open_object()
            .member("skill", each.skill)
            .member("level", each.level)
            .member_if_set("expires", each.expires)
            .close_object();
    to.close_list()
        .member("units", who.units)
        .key("load")
        .open_object()
        .member("used", now.used)
        .member("units", now.units)
        .close_object()
        .close_object();
}

void me(json_text& to, const crm::agent& who, const std::vector<std::string_view>& permissions)
{
    to.open_object().member("id", who.id).member("name", who.name).member("email", who.email);
    grants(to.key("roles"), who.roles);
    to.key("permissions").open_list();
    for (const auto each : permissions)
        to.value(each);
    to.close_list()
        .member("locale", who.locale)
        .member("theme", who.theme)
        .member("density", who.density)
        .key("teams")
        .open_list();
    for (const auto each : who.teams)
        to.value(each);
    to.close_list()
        .member("presence", crm::word(who.presence))
        .member("units", who.units)
        .key("preferences")
        .raw(who.preferences.empty() ? "{}" : who.preferences)
        .close_object();
}

void team(json_text& to, const crm::team& what)
{
    to.open_object().member("id", what.id).member("name", what.name).key("members").open_list();
    for (const auto each : what.members)
        to.value(each);
    to.close_list().close_object();
}

void skill(json_text& to, const crm::skill& what)
{
    to.open_object().member("id", what.id).member("name", what.name);
    if (what.spoken.empty())
        to.key("language").null();
    else
        to.member("language", what.spoken);
    to.close_object();
}

void tag(json_text& to, const crm::tag& what)
{
    to.open_object()
        .member("id", what.id)
        .member("name", what.name)
        .member("color", what.color)
        .close_object();
}

void attribute(json_text& to, const crm::attribute& what)
{
    to.open_object()
        .member("id", what.id)
        .member("about", crm::word(what.owner))
        .member("name", what.name)
        .member("label", what.label)
        .member("kind", crm::word(what.type))
        .key("choices")
        .open_list();
    for (const auto& each : what.choices)
        to.value(each);
    to.close_list().close_object();
}

void api_token(json_text& to, const crm::api_token& what)
{
    to.open_object()
        .member("id", what.id)
        .member("name", what.name)
        .member("hint", what.hint)
        .key("scopes")
        .open_list();
    for (const auto& each : what.scopes)
        to.value(each);
    to.close_list()
        .member("created", what.created)
        .member_if_set("expires", what.expires)
        .member_if_set("last_used", what.last_used)
        .member("revoked", what.revoked.is_set())
        .close_object();
}

void draft(json_text& to, const crm::draft& what, const std::vector<crm::attachment>& files)
{
    to.open_object()
        .member("conversation", what.conversation)
        .member("mode", crm::word(what.mode))
        .member("text", what.text)
        .key("attachments")
        .open_list();
    for (const auto& each : files)
        attachment(to, each, agent_address);
    to.close_list();
    if (what.base >= 0)
        to.member("base", what.base);
    to.member("saved", what.saved).close_object();
}

namespace {

std::string clock_text(int minute)
{
    return fmt::format("{:02}:{:02}", minute / 60, minute % 60);
}

void hours(json_text& to, const crm::inbox& what)
{
    to.open_object().member("timezone", what.timezone).key("week").open_list();
    for (const auto& each : what.hours)
        to.open_object()
            .member("day", each.weekday + 1)
            .member("from", clock_text(each.opens_minute))
            .member("to", clock_text(each.closes_minute))
            .close_object();
    to.close_list().key("exceptions").open_list();
    for (const auto& each : what.exceptions)
        to.open_object()
            .member("date", each.day)
            .member("from", clock_text(each.opens_minute))
            .member("to", clock_text(each.closes_minute))
            .member("closed", each.opens_minute == each.closes_minute)
            .member("label", each.label)
            .close_object();
    to.close_list().close_object();
}

void widget(
    json_text& to,
    const crm::inbox& what,
    const std::vector<crm::identity_secret>& keys,
    const std::string& snippet
)
{
    to.open_object()
        .member("color", what.color)
        .member("asks_form", what.asks_form)
        .member("shows_typing", what.shows_typing)
        .member("shows_read_marks", what.shows_read_marks)
        .member("privacy_notice", what.privacy_notice)
        .key("form")
        .open_list();
    for (const auto& each : what.form)
        to.open_object()
            .member("name", each.name)
            .member("label", each.label)
            .member("type", each.type)
            .member("required", each.required)
            .close_object();
    to.close_list().key("origins").open_list();
    for (const auto& each : what.origins)
        to.value(each);
    to.close_list().key("identity_keys").open_list();
    for (const auto& each : keys)
        to.value(each.kid);
    to.close_list().member("snippet", snippet).close_object();
}

} // namespace

void inbox(
    json_text& to,
    const crm::inbox& what,
    const std::vector<crm::identity_secret>& keys,
    const std::string& snippet,
    bool open
)
{
    to.open_object()
        .member("id", what.id)
        .member("name", what.name)
        .member("slug", what.slug)
        .member("brand", what.brand)
        .member("locale", what.locale)
        .member("retention_days", what.retention_days)
        .member("reopen_days", what.reopen_days)
        .member("first_response_ms", what.first_response_target.count() / 1000)
        .key("teams")
        .open_list();
    for (const auto& each : what.teams)
        to.open_object().member("team", each.team).member("backup", each.backup).close_object();
    to.close_list().member("language", crm::word(what.language)).key("skills").open_list();
    for (const auto& each : what.skills) {
        to.open_object()
            .member("skill", each.what.skill)
            .member("level", each.what.level)
            .member("optional", each.what.optional);
        if (each.over != crm::channel::none)
            to.member("channel", crm::word(each.over));
        to.close_object();
    }
    to.close_list();
    hours(to.key("hours"), what);
    to.key("texts").open_list();
    for (const auto& each : what.texts)
        to.open_object()
            .member("name", each.name)
            .member("locale", each.locale)
            .member("content", each.content)
            .close_object();
    to.close_list();
    widget(to.key("widget"), what, keys, snippet);
    to.member("open", open).member("revision", what.revision).close_object();
}

} // namespace gateway::wire
