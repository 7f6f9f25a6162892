// Changing conversations: the same verbs as over the socket.
#include "crm/audit.hpp"
#include "crm/base/text.hpp"
#include "crm/timeline_pages.hpp"
#include "gateway/directory.hpp"
#include "gateway/live/agent_session.hpp"
#include "gateway/live/hub.hpp"
#include "gateway/rest/conversation_parts.hpp"
#include "gateway/rest/handlers.hpp"
#include "routing/verbs.hpp"

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

/// One change of the path's conversation, answered with its state afterwards; whoever put it out of
/// sight is shown it as it was. `verb(tx, by, which, terms)`.
template <class Verb>
answer change(call& at, Verb verb)
{
    const auto job = [who = at.who(),
                      which = at.id<crm::conversation_id>("id"),
                      verb = std::move(verb),
                      measure =
                          at.in.board.present_terms()](crm::transaction& tx, crm::context& by) {
        const auto before = require_conversation(tx.db(), who, which);
        verb(tx, by, which, *measure);
        const auto after = crm::conversations::need(tx.db(), which);
        wire::json_text text;
        wire::conversation(
            text, who.sees_conversation(after) ? after : before, crm::audit::last_position(tx.db())
        );
        return text.take();
    };
    co_return co_await write_once(at, 200, job);
}

routing::outgoing outgoing_of(const call& at)
{
    routing::outgoing made;
    made.who = at.actor();
    made.conversation = at.id<crm::conversation_id>("id");
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

/// Writes an entry and answers with it. `verb(tx, by, outgoing, terms)` says where it stands.
template <class Verb>
answer write_entry(call& at, routing::outgoing out, Verb verb)
{
    const auto job = [who = at.who(),
                      out = std::move(out),
                      verb,
                      names = at.in.people.names(),
                      measure =
                          at.in.board.present_terms()](crm::transaction& tx, crm::context& by) {
        require_conversation(tx.db(), who, out.conversation);
        const routing::received stored = verb(tx, by, out, *measure);
        const auto entry = crm::timeline::find(tx.db(), stored.entry);
        if (!entry)
            throw crm::problem{crm::errc::not_found, "The entry was removed meanwhile."};
        wire::json_text text;
        text.open_object();
        text.key("at").digits(crm::audit::last_position(tx.db()));
        text.member("seq", stored.seq);
        wire::entry(text.key("entry"), *entry, *names);
        text.close_object();
        return text.take();
    };
    co_return co_await write_once(at, 201, job);
}

} // namespace

answer reply(call& at)
{
    auto out = outgoing_of(at);
    out.base = integer_of(at.body, "base", -1);
    out.force = flag_of(at.body, "force");
    out.then = live::status_after_reply(text_of(at.body, "then"));
    out.until = maybe_time(at.body, "until");
    return write_entry(at, std::move(out), &routing::verbs::reply);
}

answer note(call& at)
{
    const auto verb = [](crm::transaction& tx,
                         crm::context& by,
                         const routing::outgoing& what,
                         const routing::terms&) { return routing::verbs::note(tx, by, what); };
    return write_entry(at, outgoing_of(at), verb);
}

answer assign(call& at)
{
    const auto to = maybe_id<crm::agent_id>(at.body, "agent").value_or(crm::agent_id{});
    return change(at, [to](auto& tx, auto& by, auto which, const routing::terms& measure) {
        routing::verbs::assign(tx, by, which, to, measure);
    });
}

answer transfer(call& at)
{
    return change(
        at,
        [what = live::handing_on_of(at.body)](
            auto& tx, auto& by, auto which, const routing::terms& measure
        ) { routing::verbs::transfer(tx, by, which, what, measure); }
    );
}

answer set_status(call& at)
{
    const auto to = crm::from_word<crm::conversation_status>(text_of(at.body, "status"));
    const auto until = maybe_time(at.body, "until");
    return change(at, [to, until](auto& tx, auto& by, auto which, const routing::terms& measure) {
        routing::verbs::set_status(tx, by, which, to, until, measure);
    });
}

answer call_back(call& at)
{
    const auto when = maybe_time(at.body, "not_before").value_or(crm::instant{});
    return change(at, [when](auto& tx, auto& by, auto which, const routing::terms& measure) {
        routing::verbs::call_back(tx, by, which, when, measure);
    });
}

answer mark_unread(call& at)
{
    const auto from = maybe_integer(at.body, "from");
    return change(at, [from](auto& tx, auto& by, auto which, const routing::terms&) {
        crm::conversations::unread_by_agent(tx, by, which, from);
    });
}

answer set_priority(call& at)
{
    const auto to = crm::from_word<crm::priority>(text_of(at.body, "priority"));
    return change(at, [to](auto& tx, auto& by, auto which, const routing::terms&) {
        crm::conversations::set_priority(tx, by, which, to);
    });
}

answer set_stage(call& at)
{
    std::optional<crm::stage> to;
    if (const auto word = maybe_text(at.body, "stage"))
        to = crm::from_word<crm::stage>(*word);
    return change(
        at,
        [to,
         reason =
             text_of(at.body, "reason")](auto& tx, auto& by, auto which, const routing::terms&) {
            crm::conversations::set_stage(tx, by, which, to, reason);
        }
    );
}

answer add_tag(call& at)
{
    const auto what = id_of<crm::tag_id>(at.body, "tag");
    return change(at, [what](auto& tx, auto& by, auto which, const routing::terms&) {
        crm::conversations::add_tag(tx, by, which, what);
    });
}

answer remove_tag(call& at)
{
    const auto what = at.id<crm::tag_id>("tag");
    return change(at, [what](auto& tx, auto& by, auto which, const routing::terms&) {
        crm::conversations::remove_tag(tx, by, which, what);
    });
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
