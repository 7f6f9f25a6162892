// Reading what an event shows and the log entry does not carry.
#include "crm/timeline_pages.hpp"
#include "gateway/live/events.hpp"
#include "gateway/live/kinds.hpp"

namespace gateway::live {

using enum crm::happening;

namespace {

std::string read_offer(crm::db::connection& on, const crm::log_entry& what, crm::instant now)
{
    const auto request = crm::requests::find(on, static_cast<crm::request_id>(what.subject));
    if (!request || request->state != crm::request_state::offered || !what.conversation_state)
        return {};
    auto made = wire::read_offer(on, *request);
    made.conversation = *what.conversation_state;
    wire::json_text text;
    wire::offer(text, made, now, what.position);
    return text.take();
}

} // namespace

bool is_complete(const crm::log_entry& what)
{
    // Whose business a customer is depends on where the customer's conversations stand.
    if (concerns_customer(what.what) || concerns_order(what.what) || what.what == request_offered)
        return false;
    if (!entry_event(what.what).empty())
        return what.entry != nullptr && what.conversation_state != nullptr;
    if (!cause_of(what.what).empty() || what.what == conversation_opened)
        return what.conversation_state != nullptr || !has_conversation(what);
    return true;
}

told complete(crm::db::connection& on, crm::log_entry what, crm::instant now)
{
    if (has_conversation(what) && !what.conversation_state)
        if (auto found = crm::conversations::find(on, what.conversation))
            what.conversation_state = std::make_shared<const crm::conversation>(std::move(*found));
    if (!entry_event(what.what).empty() && !what.entry)
        if (auto found = crm::timeline::find(on, what.entry_ref))
            what.entry = std::make_shared<const crm::entry>(std::move(*found));
    if (concerns_order(what.what) && !what.order_state)
        if (auto found = crm::orders::find(on, static_cast<crm::order_id>(what.subject)))
            what.order_state = std::make_shared<const crm::order>(std::move(*found));
    told made{.what = std::move(what), .extra = {}};
    if (made.what.order_state)
        made.places = crm::places_of(on, made.what.order_state->customer);
    if (concerns_customer(made.what.what) && crm::customers::find(on, made.what.customer)) {
        wire::json_text text;
        wire::customer(
            text, wire::read_customer(on, made.what.customer, now, false), made.what.position
        );
        made.extra = text.take();
        made.places = crm::places_of(on, made.what.customer);
    } else if (made.what.what == request_offered) {
        made.extra = read_offer(on, made.what, now);
    }
    return made;
}

} // namespace gateway::live
