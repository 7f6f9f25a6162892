// Running the house: tokens, the audit trail, settings, status, reports of the console's own
// faults.
#include "crm/audit.hpp"
#include "crm/base/log.hpp"
#include "crm/base/random.hpp"
#include "crm/base/text.hpp"
#include "crm/happenings.hpp"
#include "crm/settings_table.hpp"
#include "gateway/health.hpp"
#include "gateway/limits.hpp"
#include "gateway/live/hub.hpp"
#include "gateway/net/transport.hpp"
#include "gateway/rest/call.hpp"
#include "gateway/rest/handlers.hpp"
#include "gateway/wire/actors.hpp"
#include "gateway/wire/wire.hpp"

#include <boost/json.hpp>

namespace gateway::rest {

namespace {

/// Settings of the installation that the API may read and set; secrets live under other names.
constexpr std::string_view open_settings[]{
    "brand", "default_locale", "default_timezone", "currency", "notice", "tier_shares"
};

bool is_open_setting(std::string_view name)
{
    return std::find(std::begin(open_settings), std::end(open_settings), name) !=
           std::end(open_settings);
}

std::string settings_text(crm::db::connection& on)
{
    wire::json_text text;
    text.open_object().key("values").open_object();
    for (const auto& [name, content] : crm::settings_table::all(on))
        if (is_open_setting(name))
            text.key(name).raw(content);
    text.close_object().close_object();
    return text.take();
}

void audit_line(wire::json_text& to, const crm::log_entry& what)
{
    to.open_object();
    to.key("position").digits(what.position);
    to.member("at", what.at)
        .member("what", crm::word(what.what))
        .member("actor", wire::actor_word(what.actor))
        .member("via", wire::via_word(what.by));
    if (what.actor_id != 0)
        to.key("actor_id").digits(what.actor_id);
    to.member_unless_none("customer", what.customer)
        .member_unless_none("conversation", what.conversation)
        .member_unless_none("inbox", what.inbox)
        .member_unless_none("entry", what.entry_ref);
    if (what.subject != 0)
        to.key("subject").digits(what.subject);
    to.member("number", what.number).member("amount", what.amount).close_object();
}

} // namespace

answer list_tokens(call& at)
{
    const auto job = [](crm::db::connection& on) { return crm::api_tokens::all(on); };
    const auto all = co_await at.in.store.read(job);
    wire::json_text items;
    items.open_list();
    for (const auto& each : all)
        wire::api_token(items, each);
    items.close_list();
    co_return json_answer(page_text(items.text(), {}, at.in.store.position()));
}

answer make_token(call& at)
{
    std::vector<std::string> scopes;
    for (const auto& each : at.body.at("scopes").get_array())
        scopes.emplace_back(each.get_string());
    check_scopes(at.who(), scopes);
    const auto job = [secret = "parley_" + crm::random_token(256),
                      name = crm::clean_line(text_of(at.body, "name"), 80),
                      scopes,
                      expires = maybe_time(at.body, "expires").value_or(crm::instant{})](
                         crm::transaction& tx, crm::context& by
                     ) {
        wire::json_text text;
        text.open_object();
        wire::api_token(
            text.key("token"), crm::api_tokens::create(tx, by, secret, name, scopes, expires)
        );
        text.member("secret", secret).close_object();
        return text.take();
    };
    co_return co_await write_once(at, 201, job, kept_part::no_secret);
}

answer revoke_token(call& at)
{
    const auto job = [by = at.acting(), which = at.id<crm::token_id>("id")](crm::transaction& tx) {
        auto now = by;
        crm::api_tokens::revoke(tx, now, which);
    };
    co_await at.in.store.write(job);
    co_return nothing();
}

answer list_audit(call& at)
{
    crm::audit::query wanted;
    wanted.limit = at.limit();
    if (const auto what = maybe_text(at.query, "what"))
        wanted.what = crm::from_word<crm::happening>(*what, "what");
    if (const auto agent = maybe_id<crm::agent_id>(at.query, "agent")) {
        wanted.actor = crm::actor_kind::agent;
        wanted.actor_id = crm::raw(*agent);
    }
    wanted.customer = maybe_id<crm::customer_id>(at.query, "customer");
    wanted.conversation = maybe_id<crm::conversation_id>(at.query, "conversation");
    if (const auto cursor = maybe_text(at.query, "cursor"))
        wanted.before = crm::parse_id(*cursor);
    const auto job = [wanted](crm::db::connection& on) {
        const auto as_of = crm::audit::last_position(on);
        const auto page = crm::audit::search(on, wanted);
        wire::json_text items;
        items.open_list();
        for (const auto& each : page.items)
            audit_line(items, each);
        items.close_list();
        return page_text(
            items.text(), page.next == 0 ? std::string{} : std::to_string(page.next), as_of
        );
    };
    co_return json_answer(co_await at.in.store.read(job, crm::read_length::extended));
}

answer show_settings(call& at)
{
    const auto job = [](crm::db::connection& on) { return settings_text(on); };
    co_return json_answer(co_await at.in.store.read(job));
}

answer change_settings(call& at)
{
    const auto& values = at.body.at("values").get_object();
    std::vector<std::pair<std::string, std::string>> wanted;
    for (const auto& [key, value] : values) {
        if (!is_open_setting(key))
            throw crm::problem{
                crm::errc::invalid,
                "There is no setting \"" + std::string{key} + "\".",
                "values." + std::string{key}
            };
        auto content = boost::json::serialize(value);
        if (content.size() > 4096)
            throw crm::problem{
                crm::errc::too_large, "A setting has 4 KiB at most.", "values." + std::string{key}
            };
        wanted.emplace_back(key, std::move(content));
    }
    const auto job = [by = at.acting(), wanted](crm::transaction& tx) {
        auto now = by;
        for (const auto& [name, content] : wanted)
            crm::settings_table::set(tx, now, name, content);
        return settings_text(tx.db());
    };
    co_return json_answer(co_await at.in.store.write(job));
}

answer show_status(call& at)
{
    co_return json_answer(status_text(at.in));
}

/// The console's own faults, scrubbed: words of ours and places in our code, no text of anybody's.
answer client_error(call& at)
{
    at.in.rates.client_errors.take(crm::to_string(at.who().agent), net::steady_ms(), "report");
    const auto digest = [](std::string_view text, std::size_t most) {
        std::string made = crm::clean_line(text, most);
        for (char& each : made)
            if (each == '"' || each == '\'' || each == '`')
                each = ' ';
        return made;
    };
    crm::logging::warning(
        "console.fault",
        {{"agent", at.who().agent},
         {"message", digest(text_of(at.body, "message"), 200)},
         {"source", digest(text_of(at.body, "source"), 120)},
         {"version", digest(text_of(at.body, "version"), 40)},
         {"request", at.asked.id}}
    );
    co_return nothing();
}

} // namespace gateway::rest
