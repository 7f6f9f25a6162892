// Log-in, log-out, links, the own profile.
#include "crm/base/random.hpp"
#include "crm/base/text.hpp"
#include "gateway/limits.hpp"
#include "gateway/net/transport.hpp"
#include "gateway/passwords.hpp"
#include "gateway/rest/call.hpp"
#include "gateway/rest/handlers.hpp"
#include "gateway/wire/wire.hpp"

#include <boost/json.hpp>

namespace gateway::rest {

namespace {

std::string session_text(const signed_in& who)
{
    wire::json_text text;
    text.open_object().member("csrf", who.session.csrf);
    wire::me(text.key("me"), who.agent, who.who.may.words());
    text.member("expires", who.session.expires).close_object();
    return text.take();
}

net::response opened(call& at, const opened_session& session)
{
    auto made = json_answer(session_text(*session.who));
    const auto lives =
        std::chrono::duration_cast<std::chrono::seconds>(at.in.doors.limits().absolute);
    made.set("set-cookie", session_cookie(session.secret, lives));
    return made;
}

crm::link require_link(crm::db::connection& on, const std::string& token, crm::instant now)
{
    return crm::links::need(on, crm::token_hash(token), now);
}

} // namespace

answer log_in(call& at)
{
    auto email = text_of(at.body, "email");
    auto password = text_of(at.body, "password");
    const auto who = co_await at.in.doors.check_password(
        at.in, std::move(email), std::move(password), at.asked.peer
    );
    const auto session = co_await at.in.doors.open(at.in, who.id, at.asked);
    co_return opened(at, session);
}

answer show_session(call& at)
{
    co_return json_answer(session_text(*at.known));
}

answer log_out(call& at)
{
    const auto job =
        [by = at.acting(), who = at.who().agent, which = at.who().session](crm::transaction& tx) {
            auto now = by;
            crm::sessions::end(tx, now, who, which);
        };
    co_await at.in.store.write(job);
    auto made = nothing();
    made.set("set-cookie", session_cookie({}, {}));
    co_return made;
}

answer list_sessions(call& at)
{
    const auto job = [who = at.who().agent, now = at.in.time.now(), limits = at.in.doors.limits()](
                         crm::db::connection& on
                     ) { return crm::sessions::of_agent(on, who, now, limits); };
    const auto all = co_await at.in.store.read(job);
    wire::json_text items;
    items.open_list();
    for (const auto& each : all) {
        items.open_object()
            .member("id", each.id)
            .member("created", each.created)
            .member("last_used", each.last_seen)
            .member("expires", each.expires)
            .member("address", each.address)
            .member("software", each.user_agent)
            .member("current", each.id == at.who().session)
            .close_object();
    }
    items.close_list();
    co_return json_answer(page_text(items.text(), {}, at.in.store.position()));
}

answer end_session(call& at)
{
    const auto job = [by = at.acting(),
                      who = at.who().agent,
                      which = at.id<crm::token_id>("id")](crm::transaction& tx) {
        auto now = by;
        crm::sessions::end(tx, now, who, which);
    };
    co_await at.in.store.write(job);
    co_return nothing();
}

answer show_link(call& at)
{
    at.in.rates.links.take(net::rate_key(at.asked.peer), net::steady_ms(), "link");
    const auto job = [token = at.text("token"), now = at.in.time.now()](crm::db::connection& on) {
        return require_link(on, token, now);
    };
    const auto found = co_await at.in.store.read(job);
    wire::json_text text;
    text.open_object()
        .member("kind", found.kind == crm::link_kind::reset ? "reset" : "invite")
        .member("email", found.email)
        .member("name", found.name)
        .member("expires", found.expires)
        .close_object();
    co_return json_answer(text.take());
}

answer use_link(call& at)
{
    at.in.rates.links.take(net::rate_key(at.asked.peer), net::steady_ms(), "link");
    const auto token = at.text("token");
    const auto look = [token, now = at.in.time.now()](crm::db::connection& on) {
        return require_link(on, token, now);
    };
    const auto found = co_await at.in.store.read(look);
    const auto name = crm::clean_line(maybe_text(at.body, "name").value_or(found.name), 120);
    const auto password = text_of(at.body, "password");
    gateway::check_password(password, found.email, name);
    const auto hash = co_await at.in.passwords.hash(password);
    const auto by = at.in.acting(
        {.kind = crm::actor_kind::system, .by = crm::via::console, .address = at.asked.peer}
    );
    const auto use = [by, token, name, hash](crm::transaction& tx) {
        auto now = by;
        return crm::links::use(tx, now, crm::token_hash(token), name, hash);
    };
    const auto who = co_await at.in.store.write(use);
    const auto session = co_await at.in.doors.open(at.in, who.id, at.asked);
    co_return opened(at, session);
}

answer show_me(call& at)
{
    wire::json_text text;
    wire::me(text, at.known->agent, at.who().may.words());
    co_return json_answer(text.take());
}

answer change_me(call& at)
{
    crm::staff::agent_change wanted;
    if (const auto name = maybe_text(at.body, "name"))
        wanted.name = crm::clean_line(*name, 120);
    wanted.locale = maybe_text(at.body, "locale");
    wanted.theme = maybe_text(at.body, "theme");
    wanted.density = maybe_text(at.body, "density");
    if (const auto* preferences = at.body.if_contains("preferences")) {
        wanted.preferences = boost::json::serialize(*preferences);
        if (wanted.preferences->size() > 16 * 1024)
            throw crm::problem{crm::errc::too_large, "Preferences may have 16 KiB.", "preferences"};
    }
    const auto job = [by = at.acting(), who = at.who().agent, wanted](crm::transaction& tx) {
        auto now = by;
        return crm::staff::change_agent(tx, now, who, wanted);
    };
    const auto changed = co_await at.in.store.write(job);
    wire::json_text text;
    wire::me(text, changed, at.who().may.words());
    co_return json_answer(text.take());
}

answer change_password(call& at)
{
    const auto& me = at.known->agent;
    const auto wanted = text_of(at.body, "password");
    gateway::check_password(wanted, me.email, me.name);
    bool is_right = true;
    try {
        co_await at.in.doors.check_password(
            at.in, me.email, text_of(at.body, "current"), at.asked.peer
        );
    } catch (const crm::problem& why) {
        if (why.code() != crm::errc::unauthenticated)
            throw;
        is_right = false;
    }
    // Not "log in again": the session is as good as it was.
    if (!is_right)
        throw crm::problem{crm::errc::invalid, "The present password is wrong.", "current"};
    const auto hash = co_await at.in.passwords.hash(wanted);
    const auto job =
        [by = at.acting(), who = me.id, hash, keep = at.who().session](crm::transaction& tx) {
            auto now = by;
            crm::staff::set_password(tx, now, who, hash, keep);
        };
    co_await at.in.store.write(job);
    co_return nothing();
}

} // namespace gateway::rest
