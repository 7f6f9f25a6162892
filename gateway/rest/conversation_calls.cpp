// Reading conversations.
#include "crm/audit.hpp"
#include "crm/base/text.hpp"
#include "crm/conversation_list.hpp"
#include "crm/timeline_pages.hpp"
#include "gateway/directory.hpp"
#include "gateway/live/hub.hpp"
#include "gateway/rest/call.hpp"
#include "gateway/rest/conversation_parts.hpp"
#include "gateway/rest/handlers.hpp"
#include "routing/verbs.hpp"

#include <boost/json.hpp>

namespace gateway::rest {

namespace {

constexpr int decisions_looked_at = 1;

crm::list_query query_of(const call& at)
{
    crm::list_query made;
    made.limit = at.limit();
    made.view = crm::from_word<crm::view>(maybe_text(at.query, "view").value_or("mine"));
    if (text_of(at.query, "sort") == "waiting")
        made.order = crm::view_order::waiting;
    made.inbox = maybe_id<crm::inbox_id>(at.query, "inbox");
    made.team = maybe_id<crm::team_id>(at.query, "team");
    made.tag = maybe_id<crm::tag_id>(at.query, "tag");
    if (const auto status = maybe_text(at.query, "status"))
        made.status = crm::from_word<crm::conversation_status>(*status);
    if (const auto stage = maybe_text(at.query, "stage"))
        made.stage = crm::from_word<crm::stage>(*stage);
    made.cursor = text_of(at.query, "cursor");
    return made;
}

} // namespace

crm::conversation
require_conversation(crm::db::connection& on, const viewer& who, crm::conversation_id which)
{
    auto found = crm::conversations::need(on, which);
    who.need_sight_of(found);
    return found;
}

bool sees_customer(crm::db::connection& on, const viewer& who, crm::customer_id which)
{
    return who.sees.everything || crm::may_see(who.sees, crm::places_of(on, which));
}

crm::customer require_customer(crm::db::connection& on, const viewer& who, crm::customer_id which)
{
    auto found = crm::customers::need(on, which);
    if (!sees_customer(on, who, which))
        throw crm::problem{crm::errc::not_found, "There is no such customer."};
    return found;
}

void write_drafts(wire::json_text& to, crm::db::connection& on, const std::vector<crm::draft>& all)
{
    to.open_list();
    for (const auto& each : all) {
        std::vector<crm::attachment> files;
        for (const auto id : each.attachments)
            if (auto found = crm::attachments::find(on, id))
                files.push_back(std::move(*found));
        wire::draft(to, each, files);
    }
    to.close_list();
}

answer list_conversations(call& at)
{
    const auto job = [who = at.who(), wanted = query_of(at)](crm::db::connection& on) {
        const auto as_of = crm::audit::last_position(on);
        const auto page = crm::conversations::list(on, who.sees, wanted);
        wire::json_text items;
        items.open_list();
        for (const auto& each : page.items)
            wire::conversation(items, each, as_of);
        items.close_list();
        return page_text(items.text(), page.next, as_of);
    };
    co_return json_answer(co_await at.in.store.read(job, crm::read_length::extended));
}

answer count_conversations(call& at)
{
    const auto job = [who = at.who()](crm::db::connection& on) {
        const auto held = crm::conversations::counts(on, who.sees);
        wire::json_text text;
        text.open_object()
            .member("mine", held.mine)
            .member("unassigned", held.unassigned)
            .member("team", held.team)
            .member("all", held.all)
            .member("snoozed", held.snoozed)
            .member("mentions", held.mentions)
            .member("drafts", held.drafts)
            .member("failed", held.failed);
        text.key("as_of").digits(crm::audit::last_position(on));
        text.close_object();
        return text.take();
    };
    co_return json_answer(co_await at.in.store.read(job, crm::read_length::extended));
}

answer start_conversation(call& at)
{
    crm::new_conversation wanted;
    wanted.inbox = id_of<crm::inbox_id>(at.body, "inbox");
    wanted.customer = id_of<crm::customer_id>(at.body, "customer");
    wanted.subject = crm::clean_line(text_of(at.body, "subject"), 200);
    const auto people = at.in.people.page();
    if (!at.who().sees_inbox(wanted.inbox) || !people->find(wanted.inbox))
        throw crm::problem{crm::errc::not_found, "There is no such inbox.", "inbox"};
    if (const auto account = people->web_accounts.find(wanted.inbox);
        account != people->web_accounts.end())
        wanted.account = account->second.id;
    const auto who = at.who();
    const auto text = crm::clean_text(text_of(at.body, "text"));
    const bool mine = who.kind == crm::actor_kind::agent && flag_of(at.body, "assign_me", true);
    const auto whose = mine ? who.agent : crm::agent_id{};
    const auto job = [wanted,
                      text,
                      who,
                      whose,
                      measure = at.in.board.present_terms(),
                      names = at.in.people.names()](crm::transaction& tx, crm::context& by) {
        require_customer(tx.db(), who, wanted.customer);
        const auto begun = routing::verbs::start(tx, by, wanted, text, whose, *measure);
        const auto position = crm::audit::last_position(tx.db());
        wire::json_text made;
        made.open_object();
        wire::conversation(made.key("conversation"), begun.where, position);
        if (begun.first)
            wire::entry(made.key("entry"), *begun.first->what, *names);
        made.key("at").digits(position);
        made.close_object();
        return made.take();
    };
    co_return co_await write_once(at, 201, job);
}

answer show_conversation(call& at)
{
    const auto job = [who = at.who(),
                      which = at.id<crm::conversation_id>("id")](crm::db::connection& on) {
        const auto as_of = crm::audit::last_position(on);
        wire::json_text text;
        text.open_object();
        wire::conversation(text.key("conversation"), require_conversation(on, who, which), as_of);
        write_drafts(text.key("drafts"), on, crm::drafts::of_agent_in(on, who.agent, which));
        text.key("as_of").digits(as_of);
        text.close_object();
        return text.take();
    };
    co_return json_answer(co_await at.in.store.read(job));
}

answer list_entries(call& at)
{
    const auto job = [who = at.who(),
                      which = at.id<crm::conversation_id>("id"),
                      limit = at.limit(),
                      before = maybe_integer(at.query, "before"),
                      after = maybe_integer(at.query, "after"),
                      names = at.in.people.names()](crm::db::connection& on) {
        require_conversation(on, who, which);
        const auto as_of = crm::audit::last_position(on);
        const auto page = after ? crm::timeline::after(on, which, *after, limit)
                                : crm::timeline::before(on, which, before, limit);
        wire::json_text items;
        items.open_list();
        for (const auto& each : page.entries)
            wire::entry(items, each, *names);
        items.close_list();
        std::string next;
        if (page.more && !page.entries.empty())
            next = std::to_string(after ? page.entries.back().seq : page.entries.front().seq);
        return page_text(items.text(), next, as_of);
    };
    co_return json_answer(co_await at.in.store.read(job));
}

answer show_why(call& at)
{
    const auto job = [who = at.who(),
                      which = at.id<crm::conversation_id>("id"),
                      names = at.in.people.names()](crm::db::connection& on) {
        const auto where = require_conversation(on, who, which);
        wire::json_text text;
        text.open_object();
        for (const auto& each : crm::requests::decisions(on, which, decisions_looked_at)) {
            wire::why(text.key("why"), each);
            text.member("decided", each.decided)
                .key("agent")
                .open_object()
                .member("id", each.agent)
                .member("name", names->of(each.agent))
                .close_object();
        }
        const bool has_request = crm::raw(where.request) != 0 && where.request_state &&
                                 *where.request_state <= crm::request_state::active;
        if (has_request)
            text.key("request")
                .open_object()
                .member("id", where.request)
                .member("state", crm::word(*where.request_state))
                .member("since", where.request_since)
                .close_object();
        text.key("as_of").digits(crm::audit::last_position(on));
        text.close_object();
        return text.take();
    };
    co_return json_answer(co_await at.in.store.read(job));
}

} // namespace gateway::rest
