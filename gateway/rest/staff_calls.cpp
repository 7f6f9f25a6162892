// Agents, teams, skills, presence.
#include "crm/audit.hpp"
#include "crm/base/random.hpp"
#include "crm/base/text.hpp"
#include "gateway/live/outlook.hpp"
#include "gateway/rest/call.hpp"
#include "gateway/rest/handlers.hpp"
#include "gateway/wire/wire.hpp"
#include "routing/switchboard.hpp"

#include <boost/json.hpp>

namespace gateway::rest {

namespace {

std::vector<crm::grant> grants_of(const boost::json::object& from, std::string_view name)
{
    std::vector<crm::grant> made;
    for (const auto& each : from.at(name).get_array()) {
        const auto& one = each.get_object();
        made.push_back({
            crm::from_word<crm::role>(text_of(one, "role")),
            id_of<crm::inbox_id>(one, "inbox"),
            id_of<crm::team_id>(one, "team"),
        });
    }
    return made;
}

std::vector<crm::agent_skill> skills_of(const boost::json::object& from)
{
    std::vector<crm::agent_skill> made;
    for (const auto& each : from.at("skills").get_array()) {
        const auto& one = each.get_object();
        made.push_back({
            id_of<crm::skill_id>(one, "skill"),
            static_cast<int>(integer_of(one, "level")),
            maybe_time(one, "expires").value_or(crm::instant{}),
        });
    }
    return made;
}

net::response link_answer(const call& at, const std::string& token, crm::instant expires)
{
    wire::json_text text;
    text.open_object()
        .member("url", public_origin(at.in, at.asked) + "/link/" + token)
        .member("expires", expires)
        .close_object();
    return json_answer(text.take(), 201);
}

net::response agent_answer(const call& at, const crm::agent& who)
{
    wire::json_text text;
    wire::agent(text, who, at.in.outlook.load_of(who.id));
    return json_answer(text.take());
}

/// A short list in one page.
template <class List, class Write>
net::response whole_page(const call& at, const List& all, Write write)
{
    wire::json_text items;
    items.open_list();
    for (const auto& each : all)
        write(items, each);
    items.close_list();
    return json_answer(page_text(items.text(), {}, at.in.store.position()));
}

template <class Write, class What>
net::response made_answer(Write write, const What& what)
{
    wire::json_text text;
    write(text, what);
    return json_answer(text.take(), 201);
}

} // namespace

answer list_agents(call& at)
{
    const auto job = [](crm::db::connection& on) { return crm::staff::agents(on); };
    const auto all = co_await at.in.store.read(job);
    co_return whole_page(at, all, [&](wire::json_text& to, const crm::agent& each) {
        wire::agent(to, each, at.in.outlook.load_of(each.id));
    });
}

answer show_agent(call& at)
{
    const auto job = [which = at.id<crm::agent_id>("id")](crm::db::connection& on) {
        return crm::staff::find_agent(on, which);
    };
    const auto found = co_await at.in.store.read(job);
    if (!found)
        throw crm::problem{crm::errc::not_found, "There is no such agent."};
    co_return agent_answer(at, *found);
}

answer invite_agent(call& at)
{
    const auto roles = grants_of(at.body, "roles");
    if (at.who().kind == crm::actor_kind::agent)
        check_grants(at.known->agent, roles);
    const auto token = crm::random_token(256);
    const auto job = [by = at.acting(),
                      hash = crm::token_hash(token),
                      email = crm::ascii_lower(text_of(at.body, "email")),
                      name = crm::clean_line(text_of(at.body, "name"), 120),
                      roles,
                      limits = at.in.doors.limits()](crm::transaction& tx) {
        auto now = by;
        return crm::links::invite(tx, now, hash, email, name, roles, limits);
    };
    const auto made = co_await at.in.store.write(job);
    co_return link_answer(at, token, made.expires);
}

answer reset_agent(call& at)
{
    const auto token = crm::random_token(256);
    const auto job = [by = at.acting(),
                      hash = crm::token_hash(token),
                      who = at.id<crm::agent_id>("id"),
                      limits = at.in.doors.limits()](crm::transaction& tx) {
        auto now = by;
        return crm::links::reset(tx, now, hash, who, limits);
    };
    const auto made = co_await at.in.store.write(job);
    co_return link_answer(at, token, made.expires);
}

answer change_agent(call& at)
{
    crm::staff::agent_change wanted;
    if (const auto name = maybe_text(at.body, "name"))
        wanted.name = crm::clean_line(*name, 120);
    if (has_member(at.body, "roles"))
        wanted.roles = grants_of(at.body, "roles");
    if (has_member(at.body, "skills"))
        wanted.skills = skills_of(at.body);
    if (const auto units = maybe_integer(at.body, "units"))
        wanted.units = static_cast<int>(*units);
    wanted.active = maybe_flag(at.body, "active");
    if (wanted.roles && at.who().kind == crm::actor_kind::agent)
        check_grants(at.known->agent, *wanted.roles);
    const auto job =
        [by = at.acting(), which = at.id<crm::agent_id>("id"), wanted](crm::transaction& tx) {
            auto now = by;
            return crm::staff::change_agent(tx, now, which, wanted);
        };
    const auto changed = co_await at.in.store.write(job);
    co_return agent_answer(at, changed);
}

answer list_teams(call& at)
{
    const auto job = [](crm::db::connection& on) { return crm::staff::teams(on); };
    const auto all = co_await at.in.store.read(job);
    co_return whole_page(at, all, wire::team);
}

answer make_team(call& at)
{
    const auto job = [by = at.acting(),
                      name = crm::clean_line(text_of(at.body, "name"), 80),
                      members = ids_of<crm::agent_id>(at.body, "members")](crm::transaction& tx) {
        auto now = by;
        return crm::staff::create_team(tx, now, name, members);
    };
    const auto made = co_await at.in.store.write(job);
    co_return made_answer(wire::team, made);
}

answer change_team(call& at)
{
    std::optional<std::vector<crm::agent_id>> members;
    if (has_member(at.body, "members"))
        members = ids_of<crm::agent_id>(at.body, "members");
    const auto job = [by = at.acting(),
                      which = at.id<crm::team_id>("id"),
                      name = maybe_text(at.body, "name"),
                      members](crm::transaction& tx) {
        auto now = by;
        return crm::staff::change_team(tx, now, which, name, members);
    };
    const auto changed = co_await at.in.store.write(job);
    wire::json_text text;
    wire::team(text, changed);
    co_return json_answer(text.take());
}

answer list_skills(call& at)
{
    const auto job = [](crm::db::connection& on) { return crm::staff::skills(on); };
    const auto all = co_await at.in.store.read(job);
    co_return whole_page(at, all, wire::skill);
}

answer make_skill(call& at)
{
    const auto job = [by = at.acting(),
                      name = crm::clean_line(text_of(at.body, "name"), 80)](crm::transaction& tx) {
        auto now = by;
        return crm::staff::create_skill(tx, now, name);
    };
    const auto made = co_await at.in.store.write(job);
    co_return made_answer(wire::skill, made);
}

namespace {

net::response presence_answer(const call& at, crm::presence now)
{
    const auto load = at.in.outlook.load_of(at.who().agent);
    wire::json_text text;
    text.open_object()
        .member("presence", crm::word(now))
        .key("load")
        .open_object()
        .member("used", load.used)
        .member("units", load.units)
        .close_object()
        .close_object();
    return json_answer(text.take());
}

} // namespace

answer show_presence(call& at)
{
    const auto job = [who = at.who().agent](crm::db::connection& on) {
        return crm::staff::find_agent(on, who);
    };
    const auto me = co_await at.in.store.read(job);
    co_return presence_answer(at, me ? me->presence : crm::presence::offline);
}

answer set_presence(call& at)
{
    const auto wanted = crm::from_word<crm::presence>(text_of(at.body, "presence"));
    co_await at.in.board.set_presence(at.actor(), at.who().agent, wanted);
    co_return presence_answer(at, wanted);
}

} // namespace gateway::rest
