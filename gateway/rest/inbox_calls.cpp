// Inboxes, tags, custom attributes.
#include "crm/base/random.hpp"
#include "crm/base/text.hpp"
#include "crm/inbox.hpp"
#include "gateway/directory.hpp"
#include "gateway/rest/call.hpp"
#include "gateway/rest/handlers.hpp"
#include "gateway/rest/inbox_body.hpp"
#include "gateway/wire/wire.hpp"
#include "routing/business_clock.hpp"

#include <boost/json.hpp>

namespace gateway::rest {

namespace {

std::string snippet_of(const std::string& origin, const std::string& slug)
{
    return "<script>window.Parley=window.Parley||function(){(Parley.q=Parley.q||[]).push(arguments)"
           "}</script>\n"
           "<script async src=\"" +
           origin + "/w.js\" data-inbox=\"" + slug + "\"></script>";
}

void write_inbox(
    wire::json_text& to,
    const crm::inbox& what,
    const std::vector<crm::identity_secret>& keys,
    const std::string& origin,
    crm::instant now
)
{
    wire::inbox(to, what, keys, snippet_of(origin, what.slug), routing::is_open(what, now));
}

} // namespace

answer list_inboxes(call& at)
{
    const auto job = [](crm::db::connection& on) {
        std::vector<std::pair<crm::inbox, std::vector<crm::identity_secret>>> made;
        for (auto& each : crm::inboxes::all(on)) {
            auto keys = crm::inboxes::secrets(on, each.id);
            made.emplace_back(std::move(each), std::move(keys));
        }
        return made;
    };
    const auto all = co_await at.in.store.read(job);
    wire::json_text items;
    items.open_list();
    for (const auto& [inbox, keys] : all)
        if (at.who().sees_inbox(inbox.id))
            write_inbox(items, inbox, keys, public_origin(at.in, at.asked), at.in.time.now());
    items.close_list();
    co_return json_answer(page_text(items.text(), {}, at.in.store.position()));
}

answer make_inbox(call& at)
{
    crm::inbox wanted;
    wanted.name = crm::clean_line(text_of(at.body, "name"), 80);
    wanted.slug = text_of(at.body, "slug");
    wanted.brand = crm::clean_line(text_of(at.body, "brand"), 80);
    if (const auto locale = maybe_text(at.body, "locale"))
        wanted.locale = *locale;
    const auto job =
        [wanted, origin = public_origin(at.in, at.asked)](crm::transaction& tx, crm::context& by) {
            const auto made = crm::inboxes::create(tx, by, wanted);
            crm::channel_account account;
            account.slug = made.slug;
            account.inbox = made.id;
            account.channel = crm::channel::web;
            account.name = made.name;
            account.can = crm::usual_capabilities(crm::channel::web);
            crm::channel_accounts::create(tx, by, account);
            wire::json_text text;
            write_inbox(text, made, {}, origin, by.now);
            return text.take();
        };
    auto made = co_await write_once(at, 201, job);
    co_await at.in.people.load(); // whoever is told of it may use it
    co_return made;
}

answer show_inbox(call& at)
{
    const auto which = at.id<crm::inbox_id>("id");
    const auto job = [which](crm::db::connection& on) {
        return std::pair{crm::inboxes::find(on, which), crm::inboxes::secrets(on, which)};
    };
    const auto [found, keys] = co_await at.in.store.read(job);
    if (!found || !at.who().sees_inbox(which))
        throw crm::problem{crm::errc::not_found, "There is no such inbox."};
    wire::json_text text;
    write_inbox(text, *found, keys, public_origin(at.in, at.asked), at.in.time.now());
    co_return with_revision(json_answer(text.take()), found->revision);
}

answer change_inbox(call& at)
{
    const auto which = at.id<crm::inbox_id>("id");
    const auto job = [by = at.acting(),
                      which,
                      body = at.body,
                      expected = wanted_revision(at.asked)](crm::transaction& tx) {
        auto now = by;
        auto held = crm::inboxes::find(tx.db(), which);
        if (!held)
            throw crm::problem{crm::errc::not_found, "There is no such inbox."};
        const auto revision = expected.value_or(held->revision);
        apply_inbox_change(*held, body);
        auto changed = crm::inboxes::change(tx, now, *held, revision);
        return std::pair{std::move(changed), crm::inboxes::secrets(tx.db(), which)};
    };
    const auto [changed, keys] = co_await at.in.store.write(job);
    co_await at.in.people.load();
    wire::json_text text;
    write_inbox(text, changed, keys, public_origin(at.in, at.asked), at.in.time.now());
    co_return with_revision(json_answer(text.take()), changed.revision);
}

answer make_identity_key(call& at)
{
    const auto which = at.id<crm::inbox_id>("id");
    const auto kid = crm::random_token(64);
    const auto secret = crm::random_token(256);
    const auto job = [which, kid, secret](crm::transaction& tx, crm::context& by) {
        const auto held = crm::inboxes::secrets(tx.db(), which);
        if (held.size() >= 2)
            crm::inboxes::retire_secret(tx, by, which, held.back().kid);
        crm::inboxes::add_secret(tx, by, which, kid, secret);
        wire::json_text text;
        text.open_object().member("kid", kid).member("secret", secret).close_object();
        return text.take();
    };
    auto made = co_await write_once(at, 201, job, kept_part::no_secret);
    co_await at.in.people.load();
    co_return made;
}

answer list_tags(call& at)
{
    const auto job = [](crm::db::connection& on) { return crm::tags::all(on); };
    const auto all = co_await at.in.store.read(job);
    wire::json_text items;
    items.open_list();
    for (const auto& each : all)
        wire::tag(items, each);
    items.close_list();
    co_return json_answer(page_text(items.text(), {}, at.in.store.position()));
}

answer make_tag(call& at)
{
    const auto job = [name = text_of(at.body, "name"),
                      color = text_of(at.body, "color")](crm::transaction& tx, crm::context& by) {
        wire::json_text text;
        wire::tag(text, crm::tags::create(tx, by, name, color));
        return text.take();
    };
    co_return co_await write_once(at, 201, job);
}

answer list_attributes(call& at)
{
    const auto job = [](crm::db::connection& on) { return crm::attributes::all(on); };
    const auto all = co_await at.in.store.read(job);
    wire::json_text items;
    items.open_list();
    for (const auto& each : all)
        wire::attribute(items, each);
    items.close_list();
    co_return json_answer(page_text(items.text(), {}, at.in.store.position()));
}

answer make_attribute(call& at)
{
    crm::attribute wanted;
    wanted.owner = crm::from_word<crm::attribute_owner>(text_of(at.body, "about"));
    wanted.name = text_of(at.body, "name");
    wanted.label = crm::clean_line(text_of(at.body, "label"), 120);
    wanted.type = crm::from_word<crm::attribute_type>(text_of(at.body, "kind"));
    if (const auto* choices = at.body.if_contains("choices"))
        for (const auto& each : choices->get_array())
            wanted.choices.emplace_back(each.get_string());
    const auto job = [wanted](crm::transaction& tx, crm::context& by) {
        wire::json_text text;
        wire::attribute(text, crm::attributes::define(tx, by, wanted));
        return text.take();
    };
    co_return co_await write_once(at, 201, job);
}

} // namespace gateway::rest
