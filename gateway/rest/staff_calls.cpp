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

/// The answer to making a single-use link: `url` is all that is ever shown of it.
std::string link_text(const std::string& url, crm::instant expires)
{
    wire::json_text text;
    text.open_object().member("url", url).member("expires", expires).close_object();
    return text.take();
}

crm::agent require_agent(crm::db::connection& on, crm::agent_id which)
{
    auto found = crm::staff::find_agent(on, which);
    if (!found)
        throw crm::problem{crm::errc::not_found, "There is no such agent."};
    return std::move(*found);
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
std::string text_by(Write write, const What& what)
{
    wire::json_text text;
    write(text, what);
    return text.take();
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
        return require_agent(on, which);
    };
    const auto found = co_await at.in.store.read(job);
    co_return agent_answer(at, found);
}

answer invite_agent(call& at)
{
    const auto roles = grants_of(at.body, "roles");
    check_grants(at.who(), roles);
    const auto token = crm::random_token(256);
    const auto job = [hash = crm::token_hash(token),
                      url = public_origin(at.in, at.asked) + "/link/" + token,
                      email = crm::ascii_lower(text_of(at.body, "email")),
                      name = crm::clean_line(text_of(at.body, "name"), 120),
                      roles,
                      limits = at.in.doors.limits()](crm::transaction& tx, crm::context& by) {
        return link_text(url, crm::links::invite(tx, by, hash, email, name, roles, limits).expires);
    };
    co_return co_await write_once(at, 201, job, kept_part::no_secret);
}

answer reset_agent(call& at)
{
    const auto token = crm::random_token(256);
    const auto job = [hash = crm::token_hash(token),
                      url = public_origin(at.in, at.asked) + "/link/" + token,
                      who = at.who(),
                      which = at.id<crm::agent_id>("id"),
                      limits = at.in.doors.limits()](crm::transaction& tx, crm::context& by) {
        // Whoever holds the link can be that agent.
        check_power_over(who, require_agent(tx.db(), which));
        return link_text(url, crm::links::reset(tx, by, hash, which, limits).expires);
    };
    co_return co_await write_once(at, 201, job, kept_part::no_secret);
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
    if (wanted.roles)
        check_grants(at.who(), *wanted.roles);
    const auto job = [by = at.acting(), who = at.who(), which = at.id<crm::agent_id>("id"), wanted](
                         crm::transaction& tx
                     ) {
        auto now = by;
        if (wanted.roles || wanted.active)
            check_power_over(who, require_agent(tx.db(), which));
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
    const auto job = [name = crm::clean_line(text_of(at.body, "name"), 80),
                      members = ids_of<crm::agent_id>(at.body, "members")](
                         crm::transaction& tx, crm::context& by
                     ) {
        return text_by(wire::team, crm::staff::create_team(tx, by, name, members));
    };
    co_return co_await write_once(at, 201, job);
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
    co_return json_answer(text_by(wire::team, changed));
}

answer list_skills(call& at)
{
    const auto job = [](crm::db::connection& on) { return crm::staff::skills(on); };
    const auto all = co_await at.in.store.read(job);
    co_return whole_page(at, all, wire::skill);
}

answer make_skill(call& at)
{
    const auto job = [name = crm::clean_line(text_of(at.body, "name"), 80),
                      spoken =
                          text_of(at.body, "language")](crm::transaction& tx, crm::context& by) {
        return text_by(wire::skill, crm::staff::create_skill(tx, by, name, spoken));
    };
    co_return co_await write_once(at, 201, job);
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
