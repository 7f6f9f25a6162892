// The append-only log: what happened, in commit order. It is the timeline's backbone, the audit
// trail, the resume cursor and the source of reports and webhooks. Rows hold kinds, ids and
// numbers; words and addresses live in rows that can be erased. Any thread (plain data).
#pragma once

#include "crm/base/ids.hpp"
#include "crm/base/time.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace crm {

struct entry;        // crm/timeline.hpp
struct conversation; // crm/conversation.hpp
struct order;        // crm/order.hpp

/// What happened. The number is stored: never renumber, only add.
enum class happening : std::int16_t
{
    // customer and archive
    customer_created = 1,
    customer_changed = 2,
    customer_merged = 3,   // subject: the other customer
    customer_unmerged = 4, // subject: the other customer
    identity_added = 5,
    identity_verified = 6,
    customer_erased = 7,        // number: 0 begun, 1 done
    identity_undeliverable = 8, // subject: identity
                                // conversation
    conversation_opened = 20,
    status_changed = 21,   // number: conversation_status
    priority_changed = 22, // number: priority
    stage_changed = 23,    // number: stage; amount 1 when set by hand
    assigned = 24,         // subject: agent (0 = nobody); amount: the agent before
    team_changed = 25,     // subject: team; amount: the team before
    tagged = 26,           // subject: tag
    untagged = 27,
    subject_changed = 28,
    order_linked = 29,     // subject: order
    snoozed = 30,          // amount: until, us
    read_by_agent = 31,    // number: seq
    read_by_customer = 32, // number: public seq
    unread_by_agent = 33,  // number: the seq up to which it still counts as read

    // entries
    entry_added = 40,      // entry, seq; its words hang on log_entry::entry
    entry_revised = 41,    // entry
    entry_redacted = 42,   // entry
    delivery_changed = 43, // entry; number: delivery_state

    // orders
    order_placed = 60,  // subject: order
    order_changed = 61, // subject: order; number: order_status

    // routing
    request_enqueued = 80, // subject: request; number: its score in hundredths
    request_offered = 81,  // subject: request; number: agent
    request_accepted = 82,
    request_declined = 83,
    offer_expired = 84,
    offer_withdrawn = 85,
    request_abandoned = 86,
    request_requeued = 87,
    request_closed = 88,
    request_rekeyed = 89,
    ring_relaxed = 90,
    request_overdue = 91,
    routing_timers_due = 92, // the router's clock moves to `at`: what waited for it happens now

    // staff
    presence_changed = 100, // subject: agent; number: presence
    agent_created = 101,
    agent_changed = 102,
    agent_deactivated = 103,
    rights_changed = 104, // subject: agent
    team_created = 105,
    skill_changed = 106,
    logged_in = 107,
    logged_out = 108,
    login_failed = 109,
    link_created = 110,
    link_used = 111,
    token_created = 112,
    token_revoked = 113,
    password_changed = 114,
    preferences_changed = 115, // subject: agent; language and looks, nothing others see
                               // installation
    inbox_created = 120,
    inbox_changed = 121,
    setting_changed = 122,
    tag_created = 123,
    attribute_defined = 124,
    attribute_set = 125,
    attachment_stored = 126,
    timer_set = 127, // subject: what it is about; number: timer_kind; amount: due, us
                     // audit of reading
    attachment_read = 140,
    export_made = 141
};

/// Who did it.
enum class actor_kind : std::int8_t
{
    system = 0,
    customer = 1, // actor: customer
    agent = 2,    // actor: agent
    token = 3,    // actor: API token
    channel = 4   // actor: channel account
};

/// By which road it came.
enum class via : std::int8_t
{
    internal = 0,
    widget = 1,
    socket = 2,
    console = 3,
    api = 4,
    mail = 5,
    webhook = 6,
    import = 7,
    command_line = 8
};

/// Who acts, by which road, from where. Captured by the caller, never looked up inside a job.
struct actor
{
    actor_kind kind = actor_kind::system;
    std::int64_t id = 0;
    crm::via by = crm::via::internal;
    std::string address{}; // client IP; kept in an erasable row
};

/// One row of the log. Unset ids are 0. `subject`, `number`, `amount` mean what the kind says.
struct log_entry
{
    std::int64_t position = 0; // given by the store at the end of the batch; 1, 2, 3, ...
    instant at{};
    happening what{};
    actor_kind actor = actor_kind::system;
    std::int64_t actor_id = 0;
    crm::via by = crm::via::internal;
    customer_id customer{};
    conversation_id conversation{};
    inbox_id inbox{};
    entry_id entry_ref{};
    std::int64_t seq = 0; // the conversation's seq of an entry
    std::int64_t subject = 0;
    std::int64_t number = 0;
    std::int64_t amount = 0;
    std::string address{}; // the actor's; stored in an erasable row of its own (log_addresses)
    // Not stored: carried in memory with the news so that nobody has to read back what was written.
    // Each is the whole state right after this change. A verb that touches a conversation attaches
    // it, so that the hub can decide who may see the news and can send the state without a read.
    std::shared_ptr<const crm::entry> entry{};
    std::shared_ptr<const crm::conversation> conversation_state{};
    std::shared_ptr<const crm::order> order_state{};
};

} // namespace crm
