// What an agent may ask for over the socket.
#include "crm/base/spawn.hpp"
#include "crm/draft.hpp"
#include "gateway/live/agent_session.hpp"
#include "gateway/live/hub.hpp"
#include "gateway/members.hpp"
#include "routing/switchboard.hpp"

namespace gateway::live {

const std::map<std::string_view, agent_session::known_op>& agent_session::known_ops()
{
    static const std::map<std::string_view, known_op> ops{
        {"hello", {"frame_agent_hello", nullptr}},
        {"reply", {"frame_reply", &agent_session::reply}},
        {"note", {"frame_note", &agent_session::note}},
        {"accept", {"frame_accept", &agent_session::accept_offer}},
        {"decline", {"frame_decline", &agent_session::decline_offer}},
        {"assign", {"frame_assign", &agent_session::assign}},
        {"transfer", {"frame_transfer", &agent_session::transfer}},
        {"status", {"frame_status", &agent_session::status}},
        {"priority", {"frame_priority", &agent_session::priority}},
        {"stage", {"frame_stage", &agent_session::stage}},
        {"tag", {"frame_tag", &agent_session::tag}},
        {"untag", {"frame_tag", &agent_session::untag}},
        {"presence", {"frame_presence", &agent_session::presence}},
        {"draft", {"frame_draft", &agent_session::draft}},
        {"read", {"frame_read", nullptr}},
        {"view", {"frame_view", nullptr}},
        {"typing", {"frame_typing", nullptr}},
    };
    return ops;
}

std::string_view agent_session::shape_of(std::string_view op) const
{
    const auto found = known_ops().find(op);
    return found == known_ops().end() ? std::string_view{} : found->second.shape;
}

bool agent_session::is_cast(std::string_view op) const
{
    return op == "read" || op == "view" || op == "typing";
}

void agent_session::cast(const client_frame& what)
{
    auto run = [](std::shared_ptr<agent_session> self, client_frame frame) -> task<void> {
        co_await self->do_cast(std::move(frame));
    };
    auto self = std::static_pointer_cast<agent_session>(shared_from_this());
    crm::spawn(in_.io.get_executor(), "socket.cast", run(std::move(self), what));
}

/// Nobody waits for an answer, so a refusal is silence.
task<void> agent_session::do_cast(client_frame what)
{
    const auto which = id_of<crm::conversation_id>(what.members, "conversation");
    if (crm::raw(which) == 0) {
        in_.news.viewing(*this, {}, {});
        co_return;
    }
    std::shared_ptr<const crm::conversation> where;
    try {
        where = co_await in_.news.conversation(which);
        if (!is_open() || !who_.sees_conversation(*where))
            co_return;
        if (what.op == "view")
            in_.news.viewing(*this, which, text_of(what.members, "composing"));
        else if (what.op == "typing" && who_.may.holds(permission::conversations_write))
            in_.news.agent_types(*where, who_.name, flag_of(what.members, "on"));
        else if (what.op == "read" && who_.may.holds(permission::conversations_write))
            co_await in_.board.read_by_agent(acting(), which, integer_of(what.members, "seq"));
    } catch (const crm::problem&) {
        co_return;
    }
}

task<void> agent_session::command(client_frame what)
{
    const auto run = known_ops().at(what.op).run;
    co_await (this->*run)(what);
}

task<std::shared_ptr<const crm::conversation>> agent_session::writable(const client_frame& what)
{
    const auto which = id_of<crm::conversation_id>(what.members, "conversation");
    auto where = co_await in_.news.conversation(which);
    who_.need_sight_of(*where);
    who_.need(permission::conversations_write);
    co_return where;
}

void agent_session::done(const client_frame& what)
{
    answer_ok(what, in_.store.position());
}

namespace {

routing::outgoing outgoing_of(const client_frame& what, crm::actor who)
{
    routing::outgoing made;
    made.who = std::move(who);
    made.conversation = id_of<crm::conversation_id>(what.members, "conversation");
    made.text = text_of(what.members, "text");
    made.attachments = ids_of<crm::attachment_id>(what.members, "attachments");
    made.cid = what.cid;
    made.mentions = ids_of<crm::agent_id>(what.members, "mentions");
    if (made.text.empty() && made.attachments.empty())
        throw crm::problem{crm::errc::invalid, "Write something or attach a file.", "text"};
    return made;
}

std::string written_members(const routing::received& stored)
{
    return ",\"seq\":" + std::to_string(stored.seq) + ",\"entry\":\"" +
           crm::to_string(stored.entry) + "\"";
}

} // namespace

std::optional<crm::conversation_status> status_after_reply(std::string_view then)
{
    if (then == "resolve")
        return crm::conversation_status::resolved;
    if (then == "pending")
        return crm::conversation_status::pending;
    if (then == "snooze")
        return crm::conversation_status::snoozed;
    return std::nullopt;
}

routing::handing_on handing_on_of(const boost::json::object& members)
{
    routing::handing_on made;
    made.to_agent = maybe_id<crm::agent_id>(members, "agent");
    made.to_team = maybe_id<crm::team_id>(members, "team");
    made.note = text_of(members, "note");
    made.only_if_free = text_of(members, "if_unavailable") == "refuse";
    if (!made.to_agent && !made.to_team)
        throw crm::problem{crm::errc::invalid, "Name an agent or a team to transfer to.", "agent"};
    return made;
}

task<void> agent_session::reply(const client_frame& what)
{
    co_await writable(what);
    auto out = outgoing_of(what, acting());
    out.base = integer_of(what.members, "base");
    out.force = flag_of(what.members, "force");
    out.then = status_after_reply(text_of(what.members, "then"));
    out.until = maybe_time(what.members, "until");
    const auto stored = co_await in_.board.reply(std::move(out));
    answer_ok(what, stored.position, written_members(stored));
}

task<void> agent_session::note(const client_frame& what)
{
    co_await writable(what);
    auto out = outgoing_of(what, acting());
    const auto stored = co_await in_.board.note(std::move(out));
    answer_ok(what, stored.position, written_members(stored));
}

task<void> agent_session::accept_offer(const client_frame& what)
{
    who_.need(permission::conversations_write);
    co_await in_.board.accept(acting(), id_of<crm::request_id>(what.members, "request"));
    done(what);
}

task<void> agent_session::decline_offer(const client_frame& what)
{
    who_.need(permission::conversations_write);
    const auto which = id_of<crm::request_id>(what.members, "request");
    co_await in_.board.decline(acting(), which, text_of(what.members, "reason"));
    done(what);
}

task<void> agent_session::assign(const client_frame& what)
{
    const auto where = co_await writable(what);
    const auto to = maybe_id<crm::agent_id>(what.members, "agent");
    co_await in_.board.assign(acting(), where->id, to);
    done(what);
}

task<void> agent_session::transfer(const client_frame& what)
{
    const auto where = co_await writable(what);
    auto on = handing_on_of(what.members);
    co_await in_.board.transfer(acting(), where->id, std::move(on));
    done(what);
}

task<void> agent_session::status(const client_frame& what)
{
    const auto where = co_await writable(what);
    const auto to = crm::from_word<crm::conversation_status>(text_of(what.members, "status"));
    co_await in_.board.set_status(acting(), where->id, to, maybe_time(what.members, "until"));
    done(what);
}

task<void> agent_session::priority(const client_frame& what)
{
    const auto where = co_await writable(what);
    const auto to = crm::from_word<crm::priority>(text_of(what.members, "priority"));
    co_await in_.board.set_priority(acting(), where->id, to);
    done(what);
}

task<void> agent_session::stage(const client_frame& what)
{
    const auto where = co_await writable(what);
    std::optional<crm::stage> to;
    if (const auto word = maybe_text(what.members, "stage"))
        to = crm::from_word<crm::stage>(*word);
    co_await in_.board.set_stage(acting(), where->id, to, text_of(what.members, "reason"));
    done(what);
}

task<void> agent_session::tag(const client_frame& what)
{
    const auto where = co_await writable(what);
    co_await in_.board.tag(acting(), where->id, id_of<crm::tag_id>(what.members, "tag"), true);
    done(what);
}

task<void> agent_session::untag(const client_frame& what)
{
    const auto where = co_await writable(what);
    co_await in_.board.tag(acting(), where->id, id_of<crm::tag_id>(what.members, "tag"), false);
    done(what);
}

task<void> agent_session::presence(const client_frame& what)
{
    const auto to = crm::from_word<crm::presence>(text_of(what.members, "presence"));
    co_await in_.board.set_presence(acting(), who_.agent, to);
    done(what);
}

task<void> agent_session::draft(const client_frame& what)
{
    const auto where = co_await writable(what);
    crm::draft wanted;
    wanted.agent = who_.agent;
    wanted.conversation = where->id;
    wanted.mode = crm::from_word<crm::draft_mode>(text_of(what.members, "mode"));
    wanted.text = text_of(what.members, "text");
    wanted.attachments = ids_of<crm::attachment_id>(what.members, "attachments");
    wanted.base = integer_of(what.members, "base", -1);
    const auto job = [by = in_.acting(acting(), 1), wanted](crm::transaction& tx) {
        return crm::drafts::save(tx, by, wanted);
    };
    const auto saved = co_await in_.store.write(job);
    answer_ok(what, in_.store.position(), ",\"saved\":" + std::to_string(saved.saved.us));
    in_.news.draft_saved(*this, saved);
}

} // namespace gateway::live
