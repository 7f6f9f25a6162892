// Conversations: one concern of one customer in one inbox. Every change appends an internal event
// to the timeline and carries the conversation's new state with the news. Verbs run inside a store
// job.
#pragma once

#include "crm/context.hpp"
#include "crm/conversation_state.hpp"
#include "crm/customer.hpp"
#include "crm/presence.hpp"
#include "crm/store/transaction.hpp"
#include "crm/timeline.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace crm {

/// What a new conversation starts from.
struct new_conversation
{
    inbox_id inbox{};
    customer_id customer{};
    channel_account_id account{};
    identity_id identity{};
    crm::channel channel = crm::channel::web;
    std::string subject{};
    std::string locale{};
    team_id team{};
    order_id order{};
    std::optional<instant> opened{}; // imports; else now
    /// By the inbox's hours; else the inbox's target after opening, whatever the hours.
    std::optional<instant> first_response_due{};
};

namespace conversations {

/// Opens a conversation: stage derived, first response due by the inbox's target.
conversation open(transaction& tx, context& by, const new_conversation& wanted);

/// The conversation that the customer's next message in this inbox belongs to: the newest that is
/// not resolved, or was resolved at most the inbox's reopen_days ago. Looks at all merged members.
std::optional<conversation> find_current(
    db::connection& on,
    customer_id customer,
    inbox_id inbox,
    channel_account_id account,
    instant now
);

/// The same over these members, for whoever has read them.
std::optional<conversation> find_current(
    db::connection& on,
    std::span<const customer_id> members,
    inbox_id inbox,
    channel_account_id account,
    instant now
);

std::optional<conversation> find(db::connection& on, conversation_id which);
/// The same; throws problem{not_found}.
conversation need(db::connection& on, conversation_id which);

/// Each of these changes one thing, if it differs, and returns the new state. `reason` is shown in
/// the timeline's event. Snoozing needs `until` in the future (problem{invalid}).
conversation set_status(
    transaction& tx,
    context& by,
    conversation_id which,
    conversation_status to,
    std::optional<instant> until = std::nullopt,
    std::string_view reason = {}
);
conversation set_priority(transaction& tx, context& by, conversation_id which, priority to);
conversation
set_subject(transaction& tx, context& by, conversation_id which, std::string_view subject);
/// An agent must exist and be active (problem{not_found}, problem{conflict}); agent 0 is nobody.
conversation assign(
    transaction& tx, context& by, conversation_id which, agent_id to, std::string_view reason = {}
);
conversation set_team(
    transaction& tx, context& by, conversation_id which, team_id to, std::string_view reason = {}
);
/// Overrides the stage for the rest of the conversation; nullopt derives it from the order again.
conversation set_stage(
    transaction& tx,
    context& by,
    conversation_id which,
    std::optional<stage> to,
    std::string_view reason
);
/// Names the order that the conversation is about; its state then decides the stage.
conversation link_order(transaction& tx, context& by, conversation_id which, order_id order);
conversation add_tag(transaction& tx, context& by, conversation_id which, tag_id tag);
conversation remove_tag(transaction& tx, context& by, conversation_id which, tag_id tag);

/// Marks read up to seq (agents) or public seq (customer). Going back changes nothing.
conversation read_by_agent(transaction& tx, context& by, conversation_id which, std::int64_t seq);
/// Sets the agents' mark back, so that what the customer wrote from `from` on (else the newest
/// message) counts as unread again; nothing changes when it does already. What the customer was
/// told is read stays. Throws problem{conflict} when the customer wrote nothing there.
conversation unread_by_agent(
    transaction& tx, context& by, conversation_id which, std::optional<std::int64_t> from
);
/// How far the customer may be told that agents have read; never goes back.
std::int64_t told_read_seq(db::connection& on, const conversation& of);
conversation
read_by_customer(transaction& tx, context& by, conversation_id which, std::int64_t public_seq);

/// Refuses with problem{stale_reply} when, after `base_seq`, a colleague answered or somebody else
/// changed status or assignee. base -1 never refuses.
void check_fresh(
    db::connection& on, conversation_id which, agent_id replying, std::int64_t base_seq
);

} // namespace conversations
} // namespace crm
