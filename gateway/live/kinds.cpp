#include "gateway/live/kinds.hpp"

namespace gateway::live {

using enum crm::happening;

std::string_view cause_of(crm::happening what)
{
    switch (what) {
    case status_changed:
        return "status";
    case priority_changed:
        return "priority";
    case stage_changed:
        return "stage";
    case assigned:
        return "assignee";
    case team_changed:
        return "team";
    case tagged:
    case untagged:
        return "tags";
    case subject_changed:
        return "subject";
    case order_linked:
        return "order";
    case snoozed:
        return "snoozed";
    case read_by_agent:
    case unread_by_agent:
    case read_by_customer:
        return "read";
    case request_enqueued:
    case request_offered:
    case request_accepted:
    case request_declined:
    case offer_expired:
    case offer_withdrawn:
    case request_abandoned:
    case request_requeued:
    case request_closed:
        return "request";
    default:
        return {};
    }
}

std::string_view entry_event(crm::happening what)
{
    switch (what) {
    case entry_added:
        return "entry_added";
    case entry_revised:
        return "entry_revised";
    case entry_redacted:
        return "entry_redacted";
    case delivery_changed:
        return "delivery_changed";
    default:
        return {};
    }
}

bool concerns_customer(crm::happening what)
{
    switch (what) {
    case customer_changed:
    case customer_merged:
    case customer_unmerged:
    case customer_erased:
    case identity_added:
    case identity_verified:
    case identity_undeliverable:
        return true;
    default:
        return false;
    }
}

bool has_conversation(const crm::log_entry& what)
{
    return crm::raw(what.conversation) != 0;
}

bool concerns_order(crm::happening what)
{
    return what == order_placed || what == order_changed;
}

std::string_view list_event(crm::happening what)
{
    switch (what) {
    case inbox_created:
    case inbox_changed:
        return "inbox_changed";
    case agent_created:
    case agent_changed:
    case agent_deactivated:
    case rights_changed:
    case team_created:
    case skill_changed:
        return "staff_changed";
    case tag_created:
        return "tags_changed";
    default:
        return {};
    }
}

bool ends_offer(crm::happening what)
{
    switch (what) {
    case request_accepted:
    case request_declined:
    case offer_expired:
    case offer_withdrawn:
    case request_abandoned:
    case request_requeued:
    case request_closed:
        return true;
    default:
        return false;
    }
}

} // namespace gateway::live
