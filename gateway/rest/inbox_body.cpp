#include "gateway/rest/inbox_body.hpp"

#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"
#include "gateway/members.hpp"

#include <boost/json.hpp>

namespace gateway::rest {

namespace {

/// "09:30" in minutes; 24:00 is the end of the day.
int minutes_of(const std::string& text, const char* field)
{
    const auto digit = [&](std::size_t at) {
        return text[at] >= '0' && text[at] <= '9' ? text[at] - '0' : -1000;
    };
    if (text.size() == 5 && text[2] == ':') {
        const int hour = digit(0) * 10 + digit(1);
        const int minute = digit(3) * 10 + digit(4);
        if (hour >= 0 && minute >= 0 && minute < 60 && hour * 60 + minute <= 24 * 60)
            return hour * 60 + minute;
    }
    throw crm::problem{
        crm::errc::invalid, "\"" + text + "\" is no time of day; write 09:30.", field
    };
}

void apply_hours(crm::inbox& to, const boost::json::object& hours)
{
    to.timezone = text_of(hours, "timezone");
    to.hours.clear();
    for (const auto& each : hours.at("week").get_array()) {
        const auto& span = each.get_object();
        to.hours.push_back({
            static_cast<int>(integer_of(span, "day")) - 1,
            minutes_of(text_of(span, "from"), "hours.week.from"),
            minutes_of(text_of(span, "to"), "hours.week.to"),
        });
    }
    to.exceptions.clear();
    for (const auto& each : hours.at("exceptions").get_array()) {
        const auto& day = each.get_object();
        crm::exception_day made;
        made.day = text_of(day, "date");
        made.label = crm::clean_line(text_of(day, "label"), 80);
        if (!flag_of(day, "closed")) {
            made.opens_minute = minutes_of(text_of(day, "from"), "hours.exceptions.from");
            made.closes_minute = minutes_of(text_of(day, "to"), "hours.exceptions.to");
        }
        to.exceptions.push_back(std::move(made));
    }
}

void apply_widget(crm::inbox& to, const boost::json::object& widget)
{
    to.color = maybe_text(widget, "color").value_or(to.color);
    to.asks_form = flag_of(widget, "asks_form", to.asks_form);
    to.shows_typing = flag_of(widget, "shows_typing", to.shows_typing);
    to.shows_read_marks = flag_of(widget, "shows_read_marks", to.shows_read_marks);
    to.privacy_notice = maybe_text(widget, "privacy_notice").value_or(to.privacy_notice);
    if (const auto* form = widget.if_contains("form")) {
        to.form.clear();
        for (const auto& each : form->get_array()) {
            const auto& field = each.get_object();
            to.form.push_back(
                {text_of(field, "name"),
                 text_of(field, "label"),
                 text_of(field, "type"),
                 flag_of(field, "required")}
            );
        }
    }
    if (const auto* origins = widget.if_contains("origins")) {
        to.origins.clear();
        for (const auto& each : origins->get_array())
            to.origins.emplace_back(each.get_string());
    }
}

crm::inbox_skill needed_skill(const boost::json::object& given)
{
    crm::inbox_skill made;
    made.what.skill = id_of<crm::skill_id>(given, "skill");
    made.what.level = static_cast<int>(integer_of(given, "level", 1));
    made.what.optional = flag_of(given, "optional");
    if (const auto over = maybe_text(given, "channel"))
        made.over = crm::from_word<crm::channel>(*over, "channel");
    return made;
}

} // namespace

void apply_inbox_change(crm::inbox& to, const boost::json::object& body)
{
    if (const auto name = maybe_text(body, "name"))
        to.name = crm::clean_line(*name, 80);
    to.locale = maybe_text(body, "locale").value_or(to.locale);
    to.brand = maybe_text(body, "brand").value_or(to.brand);
    to.retention_days = static_cast<int>(integer_of(body, "retention_days", to.retention_days));
    to.reopen_days = static_cast<int>(integer_of(body, "reopen_days", to.reopen_days));
    if (const auto target = maybe_integer(body, "first_response_ms"))
        to.first_response_target = std::chrono::milliseconds{*target};
    if (const auto* teams = body.if_contains("teams")) {
        to.teams.clear();
        for (const auto& each : teams->get_array())
            to.teams.push_back(
                {id_of<crm::team_id>(each.get_object(), "team"),
                 flag_of(each.get_object(), "backup")}
            );
    }
    if (const auto need = maybe_text(body, "language"))
        to.language = crm::from_word<crm::language_need>(*need, "language");
    if (const auto* skills = body.if_contains("skills")) {
        to.skills.clear();
        for (const auto& each : skills->get_array())
            to.skills.push_back(needed_skill(each.get_object()));
    }
    if (const auto* hours = body.if_contains("hours"))
        apply_hours(to, hours->get_object());
    if (const auto* texts = body.if_contains("texts")) {
        to.texts.clear();
        for (const auto& each : texts->get_array()) {
            const auto& one = each.get_object();
            to.texts.push_back(
                {text_of(one, "name"), text_of(one, "locale"), text_of(one, "content")}
            );
        }
    }
    if (const auto* widget = body.if_contains("widget"))
        apply_widget(to, widget->get_object());
}

} // namespace gateway::rest
