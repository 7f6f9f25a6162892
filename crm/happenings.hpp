// The words of what happened, for events in the timeline, the audit trail and webhooks. Any thread.
#pragma once

#include "crm/store/log.hpp"
#include "crm/words.hpp"

namespace crm {

template <>
struct vocabulary<happening>
{
    static constexpr std::string_view what = "happening";
    static constexpr auto all = words_of<happening>(
        {{happening::customer_created, "customer_created"},
         {happening::customer_changed, "customer_changed"},
         {happening::customer_merged, "customer_merged"},
         {happening::customer_unmerged, "customer_unmerged"},
         {happening::identity_added, "identity_added"},
         {happening::identity_verified, "identity_verified"},
         {happening::customer_erased, "customer_erased"},
         {happening::identity_undeliverable, "identity_undeliverable"},
         {happening::conversation_opened, "conversation_opened"},
         {happening::status_changed, "status_changed"},
         {happening::priority_changed, "priority_changed"},
         {happening::stage_changed, "stage_changed"},
         {happening::assigned, "assigned"},
         {happening::team_changed, "team_changed"},
         {happening::tagged, "tagged"},
         {happening::untagged, "untagged"},
         {happening::subject_changed, "subject_changed"},
         {happening::order_linked, "order_linked"},
         {happening::snoozed, "snoozed"},
         {happening::read_by_agent, "read_by_agent"},
         {happening::read_by_customer, "read_by_customer"},
         {happening::unread_by_agent, "unread_by_agent"},
         {happening::entry_added, "entry_added"},
         {happening::entry_revised, "entry_revised"},
         {happening::entry_redacted, "entry_redacted"},
         {happening::delivery_changed, "delivery_changed"},
         {happening::order_placed, "order_placed"},
         {happening::order_changed, "order_changed"},
         {happening::request_enqueued, "request_enqueued"},
         {happening::request_offered, "request_offered"},
         {happening::request_accepted, "request_accepted"},
         {happening::request_declined, "request_declined"},
         {happening::offer_expired, "offer_expired"},
         {happening::offer_withdrawn, "offer_withdrawn"},
         {happening::request_abandoned, "request_abandoned"},
         {happening::request_requeued, "request_requeued"},
         {happening::request_closed, "request_closed"},
         {happening::request_rekeyed, "request_rekeyed"},
         {happening::ring_relaxed, "ring_relaxed"},
         {happening::request_overdue, "request_overdue"},
         {happening::routing_timers_due, "routing_timers_due"},
         {happening::presence_changed, "presence_changed"},
         {happening::agent_created, "agent_created"},
         {happening::agent_changed, "agent_changed"},
         {happening::agent_deactivated, "agent_deactivated"},
         {happening::rights_changed, "rights_changed"},
         {happening::team_created, "team_created"},
         {happening::skill_changed, "skill_changed"},
         {happening::logged_in, "logged_in"},
         {happening::logged_out, "logged_out"},
         {happening::login_failed, "login_failed"},
         {happening::link_created, "link_created"},
         {happening::link_used, "link_used"},
         {happening::token_created, "token_created"},
         {happening::token_revoked, "token_revoked"},
         {happening::password_changed, "password_changed"},
         {happening::preferences_changed, "preferences_changed"},
         {happening::inbox_created, "inbox_created"},
         {happening::inbox_changed, "inbox_changed"},
         {happening::setting_changed, "setting_changed"},
         {happening::tag_created, "tag_created"},
         {happening::attribute_defined, "attribute_defined"},
         {happening::attribute_set, "attribute_set"},
         {happening::attachment_stored, "attachment_stored"},
         {happening::timer_set, "timer_set"},
         {happening::attachment_read, "attachment_read"},
         {happening::export_made, "export_made"}}
    );
};

} // namespace crm
