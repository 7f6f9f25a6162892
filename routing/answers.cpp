// What agents do with a conversation: answer, note, close, accept, decline.
#include "crm/base/problem.hpp"
#include "crm/channel_account.hpp"
#include "crm/conversation_list.hpp"
#include "crm/outbox.hpp"
#include "routing/verbs.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace routing::verbs {
namespace {

crm::author author_of(const crm::actor& who)
{
    switch (who.kind) {
    case crm::actor_kind::agent:
        return {crm::author_kind::agent, who.id, {}};
    case crm::actor_kind::token:
        return {crm::author_kind::integration, who.id, {}};
    default:
        return {crm::author_kind::system, 0, {}};
    }
}

received told(const crm::appended& done)
{
    const crm::entry& what = *done.what;
    return {what.customer, what.conversation, what.id, what.seq, what.public_seq, 0, done.repeated};
}

crm::new_entry entry_of(const outgoing& what, crm::entry_kind kind)
{
    crm::new_entry made;
    made.conversation = what.conversation;
    made.kind = kind;
    made.by = author_of(what.who);
    made.text = what.text;
    made.attachments = what.attachments;
    made.cid = what.cid;
    return made;
}

bool is_repeated(crm::db::connection& on, const crm::new_entry& wanted)
{
    return !wanted.cid.empty() && crm::timeline::find_repeated(on, wanted.by, wanted.cid);
}

bool leaves_the_house(crm::db::connection& on, const crm::conversation& where)
{
    const auto account = crm::channel_accounts::find(on, where.account);
    return account ? account->can.needs_courier
                   : crm::usual_capabilities(where.channel).needs_courier;
}

} // namespace

received reply(crm::transaction& tx, crm::context& by, const outgoing& what, const terms& measure)
{
    crm::new_entry entry = entry_of(what, crm::entry_kind::message);
    if (is_repeated(tx.db(), entry))
        return told(crm::timeline::append(tx, by, entry));
    const crm::conversation where = crm::conversations::need(tx.db(), what.conversation);
    const bool by_agent = what.who.kind == crm::actor_kind::agent;
    const crm::agent_id agent{by_agent ? what.who.id : 0};
    if (!what.force)
        crm::conversations::check_fresh(tx.db(), where.id, agent, what.base);

    const bool carried = leaves_the_house(tx.db(), where);
    entry.delivery = carried ? crm::delivery::queued : crm::delivery::sent;
    if (what.force && what.base >= 0)
        entry.details = R"({"forced":true})";
    const crm::appended done = crm::timeline::append(tx, by, entry);
    if (carried)
        crm::outbox::put(tx, by, *done.what, where.identity, std::chrono::microseconds{0});
    // Who answers a customer whom nobody has, has that customer.
    const bool unowned =
        crm::raw(where.assignee) == 0 ||
        (where.request_state && *where.request_state != crm::request_state::active);
    if (by_agent && unowned && where.status == crm::conversation_status::open)
        claim(tx, by, where, agent, measure);
    if (what.then)
        set_status(tx, by, where.id, *what.then, what.until, measure);
    return told(done);
}

started start(
    crm::transaction& tx,
    crm::context& by,
    const crm::new_conversation& wanted,
    const std::string& text,
    crm::agent_id whose,
    const terms& measure
)
{
    crm::customers::need(tx.db(), wanted.customer);
    started made{crm::conversations::open(tx, by, wanted), {}};
    if (!text.empty()) {
        crm::new_entry entry;
        entry.conversation = made.where.id;
        entry.by = author_of(by.who);
        entry.text = text;
        const bool carried = leaves_the_house(tx.db(), made.where);
        entry.delivery = carried ? crm::delivery::queued : crm::delivery::sent;
        made.first = crm::timeline::append(tx, by, entry);
        if (carried)
            crm::outbox::put(
                tx, by, *made.first->what, made.where.identity, std::chrono::microseconds{0}
            );
    }
    if (crm::raw(whose) != 0)
        claim(tx, by, made.where, whose, measure);
    else
        enqueue(tx, by, made.where, {}, measure);
    made.where = crm::conversations::need(tx.db(), made.where.id);
    return made;
}

received note(crm::transaction& tx, crm::context& by, const outgoing& what)
{
    crm::new_entry entry = entry_of(what, crm::entry_kind::note);
    entry.is_public = false;
    const crm::appended done = crm::timeline::append(tx, by, entry);
    if (!done.repeated)
        for (const crm::agent_id whom : what.mentions)
            crm::conversations::mention(tx, by, whom, done.what->id, what.conversation);
    return told(done);
}

void set_status(
    crm::transaction& tx,
    crm::context& by,
    crm::conversation_id which,
    crm::conversation_status to,
    std::optional<crm::instant> until,
    const terms& measure
)
{
    const crm::conversation after = crm::conversations::set_status(tx, by, which, to, until);
    const auto living = crm::requests::of_conversation(tx.db(), which);
    if (to == crm::conversation_status::open) {
        if (living)
            return;
        const crm::agent_id had_it = after.assignee;
        if (by.who.kind == crm::actor_kind::agent && crm::raw(had_it) == by.who.id)
            claim(tx, by, after, had_it, measure);
        else
            enqueue(tx, by, after, had_it, measure);
        return;
    }
    if (!living)
        return;
    const bool never_answered = living->state != crm::request_state::active;
    const bool customer_ended = by.who.kind == crm::actor_kind::customer;
    crm::requests::close(
        tx,
        by,
        living->id,
        never_answered && customer_ended ? crm::request_reason::customer_left
                                         : crm::request_reason::resolved
    );
}

void accept(crm::transaction& tx, crm::context& by, crm::request_id which)
{
    const crm::agent_id agent{by.who.id};
    if (crm::requests::accept(tx, by, which, agent))
        return;
    // A second click on the same button is no mistake.
    const auto now = crm::requests::find(tx.db(), which);
    if (now && now->state == crm::request_state::active && now->agent == agent)
        return;
    throw crm::problem{
        crm::errc::conflict, "This offer is over: the next one will come by itself."
    };
}

void decline(crm::transaction& tx, crm::context& by, crm::request_id which, std::string reason)
{
    const crm::agent_id agent{by.who.id};
    if (!crm::requests::decline(tx, by, which, agent, crm::request_reason::declined))
        throw crm::problem{crm::errc::conflict, "This offer is over already."};
    if (reason.empty())
        return;
    crm::new_entry entry;
    entry.conversation = crm::requests::find(tx.db(), which)->conversation;
    entry.kind = crm::entry_kind::event;
    entry.by = author_of(by.who);
    entry.is_public = false;
    entry.details = boost::json::serialize(
        boost::json::object{{"happening", "request_declined"}, {"reason", reason}}
    );
    crm::timeline::append(tx, by, entry);
}

} // namespace routing::verbs
