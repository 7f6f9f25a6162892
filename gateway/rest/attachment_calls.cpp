// Attachments of agents and integrations.
#include "gateway/live/hub.hpp"
#include "gateway/rest/call.hpp"
#include "gateway/rest/conversation_parts.hpp"
#include "gateway/rest/handlers.hpp"
#include "gateway/uploads.hpp"

namespace gateway::rest {

answer upload(call& at)
{
    crm::attachment wanted;
    const bool is_agent = at.who().kind == crm::actor_kind::agent;
    wanted.owner_kind = is_agent ? crm::author_kind::agent : crm::author_kind::integration;
    wanted.owner = at.actor().id;
    const auto stored = co_await store_upload(at.in, at.actor(), std::move(wanted), at.asked);
    wire::json_text text;
    wire::attachment(text, stored, wire::agent_address);
    co_return json_answer(text.take(), 201);
}

/// A file goes to whoever may see its conversation, or uploaded it.
answer download(call& at)
{
    const crm::problem missing{crm::errc::not_found, "There is no such file."};
    if (!at.known)
        throw crm::problem{crm::errc::unauthenticated, "Log in to load this file."};
    const auto job = [who = at.who(),
                      which = at.id<crm::attachment_id>("id"),
                      actor = at.actor().id,
                      missing](crm::db::connection& on) {
        auto found = crm::attachments::find(on, which);
        if (!found || found->erased.is_set())
            throw missing;
        const bool is_sent = crm::raw(found->conversation) != 0;
        const bool own = found->owner == actor && found->owner_kind != crm::author_kind::customer;
        if (is_sent)
            require_conversation(on, who, found->conversation);
        else if (!own)
            throw missing;
        return std::move(*found);
    };
    auto found = co_await at.in.store.read(job);
    co_return co_await attachment_answer(at.in, at.asked, std::move(found));
}

} // namespace gateway::rest
