// Single-use links: invitations, password resets, the first administrator.
#include "crm/link.hpp"
#include "crm/base/json.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace crm::links {
namespace {

std::string write_roles(const std::vector<grant>& roles)
{
    boost::json::array list;
    for (const grant& one : roles)
        list.push_back(
            {{"role", word(one.role)}, {"inbox", raw(one.inbox)}, {"team", raw(one.team)}}
        );
    return boost::json::serialize(list);
}

std::vector<grant> read_roles(std::string_view text)
{
    std::vector<grant> roles;
    const boost::json::value parsed = json::parse(text);
    for (const boost::json::value& one : parsed.as_array())
        roles.push_back(
            {.role = from_word<role>(one.at("role").as_string()),
             .inbox = inbox_id{one.at("inbox").to_number<std::int64_t>()},
             .team = team_id{one.at("team").to_number<std::int64_t>()}}
        );
    return roles;
}

constexpr std::string_view select_link =
    "SELECT id, kind, agent_id, email, name, roles, expires_at, used_at FROM links"
    " WHERE token_hash = ?";
constexpr std::string_view insert_link =
    "INSERT INTO links (id, token_hash, kind, agent_id, email, name, roles, created_at, created_by,"
    " expires_at, used_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)";

link write(transaction& tx, context& by, std::string_view hash, link made)
{
    made.id = by.ids.next<token_id>();
    tx.exec(
        insert_link,
        {made.id,
         hash,
         made.kind,
         made.agent,
         made.email,
         made.name,
         write_roles(made.roles),
         by.now,
         by.who.id,
         made.expires}
    );
    log_entry line = logged(by, happening::link_created);
    line.subject = raw(made.id);
    line.number = static_cast<std::int64_t>(made.kind);
    tx.append(std::move(line));
    return made;
}

} // namespace

link invite(
    transaction& tx,
    context& by,
    std::string_view hash,
    std::string_view email,
    std::string_view name,
    std::vector<grant> roles,
    const session_limits& limits,
    link_kind kind
)
{
    link made;
    made.kind = kind;
    made.email = identities::normalised(identity_kind::email, email);
    made.name = clean_line(name, 80);
    made.roles = std::move(roles);
    made.expires = by.now + limits.invite;
    if (made.email.size() > 190)
        throw problem{errc::invalid, "A mail address has at most 190 bytes.", "email"};
    if (made.roles.empty())
        throw problem{errc::invalid, "Choose at least one role.", "roles"};
    if (staff::find_agent(tx.db(), made.email))
        throw problem{errc::conflict, "An agent has this mail address already.", "email"};
    return write(tx, by, hash, std::move(made));
}

link reset(
    transaction& tx, context& by, std::string_view hash, agent_id of, const session_limits& limits
)
{
    const auto who = staff::find_agent(tx.db(), of);
    if (!who || !who->active)
        throw problem{errc::not_found, "There is no such active agent."};
    tx.exec(
        "UPDATE links SET used_at = ? WHERE agent_id = ? AND kind = ? AND used_at = 0",
        {by.now, of, link_kind::reset}
    );
    link made;
    made.kind = link_kind::reset;
    made.agent = of;
    made.email = who->email;
    made.name = who->name;
    made.expires = by.now + limits.reset;
    return write(tx, by, hash, std::move(made));
}

link need(db::connection& on, std::string_view hash, instant now)
{
    db::rows row = on.query(select_link, {hash});
    if (!row.next())
        throw problem{errc::not_found, "This link is not known: ask for a new one."};
    link found{
        .id = row.id<token_id>(0),
        .kind = static_cast<link_kind>(row.integer(1)),
        .agent = row.id<agent_id>(2),
        .email = row.string(3),
        .name = row.string(4),
        .roles = read_roles(row.text(5)),
        .expires = row.time(6),
        .used = row.time(7)
    };
    if (found.used.is_set())
        throw problem{errc::gone, "This link was used already: ask for a new one."};
    if (found.expires <= now)
        throw problem{errc::gone, "This link is too old: ask for a new one."};
    return found;
}

agent use(
    transaction& tx,
    context& by,
    std::string_view hash,
    std::string_view name,
    std::string_view password_hash
)
{
    const link found = need(tx.db(), hash, by.now);
    agent_id whose = found.agent;
    // Used up by a compare-and-set, so that of two who hold it only one gets in.
    const std::int64_t matched =
        tx.exec("UPDATE links SET used_at = ? WHERE id = ? AND used_at = 0", {by.now, found.id});
    if (matched != 1)
        throw problem{errc::gone, "This link was used already: ask for a new one."};
    if (found.kind != link_kind::reset) {
        agent wanted;
        wanted.email = found.email;
        wanted.name = name.empty() ? found.name : std::string{name};
        wanted.roles = found.roles;
        whose = staff::create_agent(tx, by, std::move(wanted)).id;
    }
    log_entry line = logged(by, happening::link_used);
    line.subject = raw(found.id);
    line.number = static_cast<std::int64_t>(found.kind);
    tx.append(std::move(line));
    staff::set_password(tx, by, whose, password_hash);
    return *staff::find_agent(tx.db(), whose);
}

} // namespace crm::links
