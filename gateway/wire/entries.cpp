// Entries and conversations: what is sent most.
#include "gateway/wire/wire.hpp"

namespace gateway::wire {

namespace {

void author_name(json_text& to, const crm::entry& what, const names& known)
{
    std::string_view name = what.author_name;
    if (name.empty() && what.by.kind == crm::author_kind::agent)
        name = known.of(static_cast<crm::agent_id>(what.by.id));
    to.member("name", name);
}

void attachments(json_text& to, const crm::entry& what, const address_of& address)
{
    to.key("attachments").open_list();
    for (const auto& each : what.attachments)
        attachment(to, each, address);
    to.close_list();
}

} // namespace

std::string_view names::of(crm::agent_id who) const
{
    const auto found = agents.find(who);
    return found == agents.end() ? std::string_view{} : std::string_view{found->second};
}

std::string agent_address(crm::attachment_id which)
{
    return "/api/v1/attachments/" + crm::to_string(which);
}

void attachment(json_text& to, const crm::attachment& what, const address_of& address)
{
    to.open_object()
        .member("id", what.id)
        .member("name", what.name)
        .member("media_type", what.media_type)
        .member("size", what.size);
    if (what.width > 0)
        to.member("width", what.width).member("height", what.height);
    to.member("url", address(what.id)).close_object();
}

void entry(json_text& to, const crm::entry& what, const names& known)
{
    to.open_object()
        .member("id", what.id)
        .member("conversation", what.conversation)
        .member("customer", what.customer)
        .member("seq", what.seq)
        .member("public_seq", what.public_seq)
        .member("kind", crm::word(what.kind));
    to.key("author").open_object().member("kind", crm::word(what.by.kind));
    if (what.by.id != 0)
        to.key("id").digits(what.by.id);
    author_name(to, what, known);
    to.close_object()
        .member("channel", crm::word(what.channel))
        .member("public", what.is_public)
        .member("stage", crm::word(what.stage))
        .member("text", what.text)
        .member("happened", what.happened)
        .member("received", what.received);
    if (!what.cid.empty())
        to.member("cid", what.cid);
    to.member("delivery", crm::word(what.delivery));
    if (!what.delivery_detail.empty())
        to.member("delivery_detail", what.delivery_detail);
    attachments(to, what, agent_address);
    to.key("details").raw(what.details.empty() ? "{}" : what.details);
    to.member("revision", what.revision).member("redacted", what.redacted.is_set()).close_object();
}

void public_entry(
    json_text& to, const crm::entry& what, const names& known, const address_of& address
)
{
    to.open_object()
        .member("id", what.id)
        .member("seq", what.public_seq)
        .member("kind", crm::word(what.kind));
    const auto kind =
        what.by.kind == crm::author_kind::integration ? crm::author_kind::system : what.by.kind;
    to.key("author").open_object().member("kind", crm::word(kind));
    author_name(to, what, known);
    to.close_object().member("text", what.text).member("happened", what.happened);
    if (!what.cid.empty() && what.by.kind == crm::author_kind::customer)
        to.member("cid", what.cid);
    to.member("delivery", crm::word(what.delivery));
    attachments(to, what, address);
    to.key("details").raw(what.details.empty() ? "{}" : what.details);
    to.member("revision", what.revision).member("redacted", what.redacted.is_set()).close_object();
}

namespace {

void conversation_customer(json_text& to, const crm::customer_brief& who)
{
    to.key("customer")
        .open_object()
        .member("id", who.id)
        .member("name", who.name)
        .member("tier", crm::word(who.tier))
        .member("verified", who.verified)
        .member("locale", who.locale)
        .member("anonymous", who.anonymous)
        .close_object();
}

void conversation_times(json_text& to, const crm::conversation& what)
{
    to.member("opened", what.opened)
        .member("last_activity", what.last_activity)
        .member_if_set("waiting_since", what.waiting_since);
    if (!what.first_response.is_set())
        to.member_if_set("first_response_due", what.first_response_due);
    to.member_if_set("snoozed_until", what.snoozed_until).member_if_set("resolved", what.resolved);
}

void conversation_links(json_text& to, const crm::conversation& what)
{
    if (crm::raw(what.assignee) != 0)
        to.key("assignee")
            .open_object()
            .member("id", what.assignee)
            .member("name", what.assignee_name)
            .close_object();
    to.member_unless_none("team", what.team);
    to.key("tags").open_list();
    for (const auto each : what.tags)
        to.value(each);
    to.close_list();
    if (what.preview_at.is_set())
        to.key("preview")
            .open_object()
            .member("text", what.preview)
            .member("kind", crm::word(what.preview_kind))
            .member("author", crm::word(what.preview_author))
            .member("at", what.preview_at)
            .close_object();
    if (crm::raw(what.order) != 0 && what.order_state)
        to.key("order")
            .open_object()
            .member("id", what.order)
            .member("number", what.order_number)
            .member("status", crm::word(*what.order_state))
            .close_object();
    const bool has_request = crm::raw(what.request) != 0 && what.request_state &&
                             *what.request_state <= crm::request_state::active;
    if (has_request)
        to.key("request")
            .open_object()
            .member("id", what.request)
            .member("state", crm::word(*what.request_state))
            .member("since", what.request_since)
            .member_unless_none("for", what.waits_for)
            .member_if_set("until", what.waits_until)
            .close_object();
}

} // namespace

void conversation(json_text& to, const crm::conversation& what, std::int64_t at)
{
    to.open_object().member("id", what.id);
    to.key("at").digits(at);
    to.member("inbox", what.inbox);
    conversation_customer(to, what.shown);
    to.member("status", crm::word(what.status))
        .member("priority", crm::word(what.priority))
        .member("stage", crm::word(what.stage))
        .member("stage_by_hand", what.stage_by_hand.has_value())
        .member("channel", crm::word(what.channel))
        .member("subject", what.subject);
    conversation_links(to, what);
    to.member("seq", what.seq).member("public_seq", what.public_seq);
    conversation_times(to, what);
    to.member("unread", what.unread)
        .member("agent_read_seq", what.agent_read_seq)
        .member("customer_read_seq", what.customer_read_seq)
        .member("failed", what.failed)
        .close_object();
}

void public_conversation(
    json_text& to, const crm::conversation& what, const names& known, std::int64_t read_public_seq
)
{
    // A snoozed conversation is an internal matter: for its customer it is open.
    const auto status = what.status == crm::conversation_status::resolved
                            ? crm::conversation_status::resolved
                            : crm::conversation_status::open;
    to.open_object()
        .member("id", what.id)
        .member("status", crm::word(status))
        .member("seq", what.public_seq)
        .member("agent_read_seq", read_public_seq);
    if (crm::raw(what.assignee) != 0) {
        const auto name = what.assignee_name.empty() ? known.of(what.assignee)
                                                     : std::string_view{what.assignee_name};
        to.key("agent").open_object().member("name", name).close_object();
    }
    to.close_object();
}

} // namespace gateway::wire
