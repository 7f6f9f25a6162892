#include "gateway/live/events.hpp"

#include "gateway/live/kinds.hpp"

namespace gateway::live {

using enum crm::happening;

std::shared_ptr<const std::string> tail_of(std::string_view at, const std::string& body)
{
    std::string text;
    text.reserve(at.size() + body.size() + 10);
    text += "\"at\":\"";
    text += at;
    text += "\",";
    text += body;
    return std::make_shared<const std::string>(std::move(text));
}

namespace {

agent_event event_to(agent_event::audience whom)
{
    agent_event made;
    made.to = whom;
    return made;
}

void start(wire::json_text& to, std::string_view what)
{
    to.open_object().member("what", what);
}

/// The members after `at`: the object's text without its opening brace.
std::string finish(wire::json_text& to)
{
    to.close_object();
    auto text = to.take();
    text.erase(0, 1);
    return text;
}

void whole(wire::json_text& to, const crm::log_entry& what)
{
    wire::conversation(to.key("conversation"), *what.conversation_state, what.position);
}

std::string
conversation_body(const crm::log_entry& what, std::string_view kind, std::string_view cause)
{
    wire::json_text to;
    start(to, kind);
    if (!cause.empty())
        to.member("cause", cause);
    whole(to, what);
    return finish(to);
}

std::string leave_body(const crm::log_entry& what)
{
    wire::json_text to;
    start(to, "leave");
    to.key("conversation").open_object().member("id", what.conversation).close_object();
    return finish(to);
}

/// As the conversation stood before, as far as sight depends on it.
std::shared_ptr<const crm::conversation> state_before(const crm::log_entry& what)
{
    if (what.what != assigned && what.what != team_changed)
        return nullptr;
    auto before = std::make_shared<crm::conversation>(*what.conversation_state);
    if (what.what == assigned)
        before->assignee = static_cast<crm::agent_id>(what.amount);
    else
        before->team = static_cast<crm::team_id>(what.amount);
    return before;
}

agent_event conversation_event(const crm::log_entry& what)
{
    auto made = event_to(agent_event::audience::who_sees_it);
    made.where = what.conversation_state;
    made.is_new = what.what == conversation_opened;
    made.before = state_before(what);
    if (made.is_new || made.before)
        made.enter_body = conversation_body(what, "enter", {});
    if (made.before)
        made.leave_body = leave_body(what);
    if (!made.is_new)
        made.body = conversation_body(what, "conversation_changed", cause_of(what.what));
    return made;
}

agent_event entry_news(const crm::log_entry& what, const wire::names& known)
{
    wire::json_text to;
    start(to, entry_event(what.what));
    whole(to, what);
    wire::entry(to.key("entry"), *what.entry, known);
    auto made = event_to(agent_event::audience::who_sees_it);
    made.where = what.conversation_state;
    made.body = finish(to);
    return made;
}

agent_event order_news(const told& news)
{
    const auto& what = news.what;
    wire::json_text to;
    start(to, "order_changed");
    to.member("customer", what.order_state->customer);
    wire::order(to.key("order"), *what.order_state, what.position);
    auto made = event_to(agent_event::audience::who_sees_customer);
    made.places = news.places;
    made.body = finish(to);
    return made;
}

agent_event simple_news(std::string_view kind)
{
    wire::json_text to;
    start(to, kind);
    agent_event made;
    made.body = finish(to);
    return made;
}

agent_event presence_news(const crm::log_entry& what, const wire::names& known)
{
    const auto who = static_cast<crm::agent_id>(what.subject);
    wire::json_text to;
    start(to, "presence_changed");
    to.key("agent")
        .open_object()
        .member("id", who)
        .member("name", known.of(who))
        .member("presence", crm::word(static_cast<crm::presence>(what.number)))
        .close_object();
    agent_event made;
    made.body = finish(to);
    return made;
}

agent_event offer_gone(const crm::log_entry& what, crm::agent_id whose)
{
    const auto why = what.what == request_accepted   ? "accepted"
                     : what.what == offer_expired    ? "expired"
                     : what.what == request_declined ? "declined"
                                                     : "withdrawn";
    wire::json_text to;
    start(to, "offer_gone");
    to.key("request").digits(what.subject);
    to.member("why", why);
    auto made = event_to(agent_event::audience::one_agent);
    made.agent = whose;
    made.body = finish(to);
    return made;
}

} // namespace

std::vector<agent_event>
agent_events(const told& news, const wire::names& known, crm::agent_id offered_to)
{
    const auto& what = news.what;
    std::vector<agent_event> made;
    if (!entry_event(what.what).empty()) {
        if (what.entry && what.conversation_state)
            made.push_back(entry_news(what, known));
    } else if (concerns_order(what.what)) {
        if (what.order_state)
            made.push_back(order_news(news));
    } else if (what.what == presence_changed) {
        made.push_back(presence_news(what, known));
    } else if (concerns_customer(what.what)) {
        if (news.extra.empty())
            return made;
        wire::json_text to;
        start(to, "customer_changed");
        to.key("customer").raw(news.extra);
        auto event = event_to(agent_event::audience::who_sees_customer);
        event.places = news.places;
        event.body = finish(to);
        made.push_back(std::move(event));
    } else if (const auto kind = list_event(what.what); !kind.empty()) {
        made.push_back(simple_news(kind));
    } else if (what.conversation_state &&
               (!cause_of(what.what).empty() || what.what == conversation_opened)) {
        made.push_back(conversation_event(what));
    }
    if (what.what == request_offered && !news.extra.empty()) {
        wire::json_text to;
        start(to, "offer");
        to.key("offer").raw(news.extra);
        auto event = event_to(agent_event::audience::one_agent);
        event.agent = offered_to;
        event.where = what.conversation_state;
        event.body = finish(to);
        made.push_back(std::move(event));
    }
    if (ends_offer(what.what) && crm::raw(offered_to) != 0)
        made.push_back(offer_gone(what, offered_to));
    return made;
}

const std::string* body_for(const agent_event& what, const viewer& who)
{
    switch (what.to) {
    case agent_event::audience::everyone:
        return &what.body;
    case agent_event::audience::one_agent:
        // An offer carries the conversation: whoever may not see it gets no words of it.
        return who.agent == what.agent && (!what.where || who.sees_conversation(*what.where))
                   ? &what.body
                   : nullptr;
    case agent_event::audience::who_sees_customer:
        return who.may.holds(permission::customers_read) && crm::may_see(who.sees, what.places)
                   ? &what.body
                   : nullptr;
    case agent_event::audience::who_sees_it:
        break;
    }
    const bool sees = who.sees_conversation(*what.where);
    const bool saw = !what.is_new && (what.before ? who.sees_conversation(*what.before) : sees);
    if (sees && saw)
        return &what.body;
    if (sees)
        return &what.enter_body;
    return saw ? &what.leave_body : nullptr;
}

namespace {

bool is_customers_channel(const crm::conversation& where)
{
    return where.channel == crm::channel::web || where.channel == crm::channel::socket;
}

} // namespace

std::optional<std::string> customer_event(
    const crm::log_entry& what,
    const wire::names& known,
    const wire::address_of& address,
    bool shows_read_marks
)
{
    if (!what.conversation_state || !is_customers_channel(*what.conversation_state))
        return std::nullopt;
    const auto& where = *what.conversation_state;
    wire::json_text to;
    if (const auto kind = entry_event(what.what); !kind.empty()) {
        if (!what.entry || !what.entry->is_public || what.entry->public_seq == 0)
            return std::nullopt;
        start(to, kind);
        wire::public_entry(to.key("entry"), *what.entry, known, address);
        return finish(to);
    }
    if (what.what == status_changed || what.what == assigned) {
        start(to, "conversation_changed");
        const bool told = shows_read_marks && where.agent_read_seq >= where.seq;
        const auto read = told ? where.public_seq : 0;
        wire::public_conversation(to.key("conversation"), where, known, read);
        return finish(to);
    }
    // The public seq is known for sure only when everything was read, which is what reading does.
    if (what.what == read_by_agent && shows_read_marks && where.agent_read_seq >= where.seq) {
        start(to, "read");
        to.member("seq", where.public_seq);
        return finish(to);
    }
    return std::nullopt;
}

} // namespace gateway::live
