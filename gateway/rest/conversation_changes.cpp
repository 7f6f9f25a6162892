// Changing conversations: the same verbs as over the socket.
#include "crm/audit.hpp"
#include "crm/base/text.hpp"
#include "crm/timeline_pages.hpp"
#include "gateway/directory.hpp"
#include "gateway/live/agent_session.hpp"
#include "gateway/live/hub.hpp"
#include "gateway/rest/conversation_parts.hpp"
#include "gateway/rest/handlers.hpp"
#include "routing/switchboard.hpp"

#include <boost/json.hpp>

namespace gateway::rest {

namespace {

/// The path's conversation, if it is within sight.
net::task<crm::conversation_id> visible(call& at)
{
    const auto which = at.id<crm::conversation_id>("id");
    const auto where = co_await at.in.news.conversation(which);
    at.who().need_sight_of(*where);
    co_return which;
}

routing::outgoing outgoing_of(const call& at, crm::conversation_id where)
{
    routing::outgoing made;
    made.who = at.actor();
    made.conversation = where;
    made.text = crm::clean_text(text_of(at.body, "text"));
    made.attachments = ids_of<crm::attachment_id>(at.body, "attachments");
    made.mentions = ids_of<crm::agent_id>(at.body, "mentions");
    made.cid = text_of(at.body, "cid");
    if (made.cid.empty())
        made.cid = at.asked.header("idempotency-key");
    if (crm::trim(made.text).empty() && made.attachments.empty())
        throw crm::problem{crm::errc::invalid, "Write something or attach a file.", "text"};
    return made;
}

net::task<net::response> written_answer(call& at, routing::received stored)
{
    const auto job = [stored, names = at.in.people.names()](crm::db::connection& on) {
        const auto entry = crm::timeline::find(on, stored.entry);
        if (!entry)
            throw crm::problem{crm::errc::not_found, "The entry was removed meanwhile."};
        wire::json_text text;
        text.open_object();
        text.key("at").digits(stored.position);
        text.member("seq", stored.seq);
        wire::entry(text.key("entry"), *entry, *names);
        text.close_object();
        return text.take();
    };
    co_return json_answer(co_await at.in.store.read(job), 201);
}

} // namespace

answer reply(call& at)
{
    const auto where = co_await visible(at);
    auto out = outgoing_of(at, where);
    out.base = integer_of(at.body, "base", -1);
    out.force = flag_of(at.body, "force");
    out.then = live::status_after_reply(text_of(at.body, "then"));
    out.until = maybe_time(at.body, "until");
    const auto stored = co_await at.in.board.reply(std::move(out));
    co_return co_await written_answer(at, stored);
}

answer note(call& at)
{
    const auto where = co_await visible(at);
    auto out = outgoing_of(at, where);
    const auto stored = co_await at.in.board.note(std::move(out));
    co_return co_await written_answer(at, stored);
}

answer assign(call& at)
{
    const auto where = co_await visible(at);
    co_await at.in.board.assign(at.actor(), where, maybe_id<crm::agent_id>(at.body, "agent"));
    co_return co_await conversation_answer(at, where);
}

answer transfer(call& at)
{
    const auto where = co_await visible(at);
    const auto agent = maybe_id<crm::agent_id>(at.body, "agent");
    const auto team = maybe_id<crm::team_id>(at.body, "team");
    if (!agent && !team)
        throw crm::problem{crm::errc::invalid, "Name an agent or a team to transfer to.", "agent"};
    // Whoever transfers something out of sight is told so by the answer that follows a read made
    // before.
    const auto before = co_await at.in.news.conversation(where);
    co_await at.in.board.transfer(at.actor(), where, agent, team, text_of(at.body, "note"));
    const auto now = co_await at.in.news.conversation(where);
    wire::json_text text;
    wire::conversation(
        text, at.who().sees_conversation(*now) ? *now : *before, at.in.store.position()
    );
    co_return json_answer(text.take());
}

answer set_status(call& at)
{
    const auto where = co_await visible(at);
    const auto to = crm::from_word<crm::conversation_status>(text_of(at.body, "status"));
    co_await at.in.board.set_status(at.actor(), where, to, maybe_time(at.body, "until"));
    co_return co_await conversation_answer(at, where);
}

answer call_back(call& at)
{
    const auto where = co_await visible(at);
    const auto when = maybe_time(at.body, "not_before").value_or(crm::instant{});
    co_await at.in.board.call_back(at.actor(), where, when);
    co_return co_await conversation_answer(at, where);
}

answer mark_unread(call& at)
{
    const auto where = co_await visible(at);
    co_await at.in.board.unread_by_agent(at.actor(), where, maybe_integer(at.body, "from"));
    co_return co_await conversation_answer(at, where);
}

answer set_priority(call& at)
{
    const auto where = co_await visible(at);
    const auto to = crm::from_word<crm::priority>(text_of(at.body, "priority"));
    co_await at.in.board.set_priority(at.actor(), where, to);
    co_return co_await conversation_answer(at, where);
}

answer set_stage(call& at)
{
    const auto where = co_await visible(at);
    std::optional<crm::stage> to;
    if (const auto word = maybe_text(at.body, "stage"))
        to = crm::from_word<crm::stage>(*word);
    co_await at.in.board.set_stage(at.actor(), where, to, text_of(at.body, "reason"));
    co_return co_await conversation_answer(at, where);
}

answer add_tag(call& at)
{
    const auto where = co_await visible(at);
    co_await at.in.board.tag(at.actor(), where, id_of<crm::tag_id>(at.body, "tag"), true);
    co_return co_await conversation_answer(at, where);
}

answer remove_tag(call& at)
{
    const auto where = co_await visible(at);
    co_await at.in.board.tag(at.actor(), where, at.id<crm::tag_id>("tag"), false);
    co_return co_await conversation_answer(at, where);
}

namespace {

/// Drafts are an agent's own: a token has none.
void need_agent(const call& at)
{
    if (at.who().kind != crm::actor_kind::agent)
        throw crm::problem{crm::errc::forbidden, "Drafts belong to people; log in to keep one."};
}

} // namespace

answer put_draft(call& at)
{
    need_agent(at);
    crm::draft wanted;
    wanted.agent = at.who().agent;
    wanted.conversation = co_await visible(at);
    wanted.mode = crm::from_word<crm::draft_mode>(at.text("mode"));
    wanted.text = text_of(at.body, "text");
    wanted.attachments = ids_of<crm::attachment_id>(at.body, "attachments");
    wanted.base = integer_of(at.body, "base", -1);
    const auto job = [by = at.acting(1), wanted](crm::transaction& tx) {
        return crm::drafts::save(tx, by, wanted);
    };
    const auto saved = co_await at.in.store.write(job);
    wire::json_text text;
    text.open_object().member("saved", saved.saved).close_object();
    co_return json_answer(text.take());
}

answer remove_draft(call& at)
{
    need_agent(at);
    const auto where = co_await visible(at);
    const auto mode = crm::from_word<crm::draft_mode>(at.text("mode"));
    const auto job = [who = at.who().agent, where, mode](crm::transaction& tx) {
        crm::drafts::remove(tx, who, where, mode);
    };
    co_await at.in.store.write(job);
    co_return nothing();
}

answer list_drafts(call& at)
{
    constexpr int most = 200;
    const auto job = [who = at.who().agent](crm::db::connection& on) {
        wire::json_text text;
        text.open_object();
        write_drafts(text.key("items"), on, crm::drafts::of_agent(on, who, most));
        text.close_object();
        return text.take();
    };
    co_return json_answer(co_await at.in.store.read(job));
}

namespace {

/// The entry, if its conversation is within sight; for revising it must be the asker's own.
crm::entry require_entry(crm::db::connection& on, const viewer& who, crm::entry_id which)
{
    auto found = crm::timeline::find(on, which);
    if (!found)
        throw crm::problem{crm::errc::not_found, "There is no such entry."};
    require_conversation(on, who, found->conversation);
    return std::move(*found);
}

std::string entry_text(const crm::entry& what, const wire::names& known)
{
    wire::json_text text;
    wire::entry(text, what, known);
    return text.take();
}

} // namespace

answer revise_entry(call& at)
{
    const auto job = [by = at.acting(),
                      who = at.who(),
                      which = at.id<crm::entry_id>("id"),
                      text = crm::clean_text(text_of(at.body, "text")),
                      names = at.in.people.names()](crm::transaction& tx) {
        auto now = by;
        const auto held = require_entry(tx.db(), who, which);
        const bool own = held.by.kind == crm::author_kind::agent &&
                         who.kind == crm::actor_kind::agent && held.by.id == crm::raw(who.agent);
        if (!own)
            throw crm::problem{crm::errc::forbidden, "Only the author revises an entry."};
        return entry_text(crm::timeline::revise(tx, now, which, text), *names);
    };
    co_return json_answer(co_await at.in.store.write(job));
}

answer redact_entry(call& at)
{
    const auto job = [by = at.acting(),
                      who = at.who(),
                      which = at.id<crm::entry_id>("id"),
                      names = at.in.people.names()](crm::transaction& tx) {
        auto now = by;
        const auto held = require_entry(tx.db(), who, which);
        const bool own = held.by.kind == crm::author_kind::agent &&
                         who.kind == crm::actor_kind::agent && held.by.id == crm::raw(who.agent);
        if (!own)
            who.need_supervision_of(require_conversation(tx.db(), who, held.conversation));
        return entry_text(crm::timeline::redact(tx, now, which), *names);
    };
    co_return json_answer(co_await at.in.store.write(job));
}

} // namespace gateway::rest
