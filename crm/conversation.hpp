// Conversations: one concern of one customer in one inbox. Every change appends an internal event
// to the timeline and carries the conversation's new state with the news. Verbs run inside a store
// job.
#pragma once

#include "crm/channel_account.hpp"
#include "crm/context.hpp"
#include "crm/customer.hpp"
#include "crm/presence.hpp"
#include "crm/request_state.hpp"
#include "crm/stage.hpp"
#include "crm/store/transaction.hpp"
#include "crm/timeline.hpp"
#include "crm/words.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

/// Stored: never renumber.
enum class conversation_status : std::int8_t
{
    open = 1,
    pending = 2, // waiting for somebody outside
    snoozed = 3, // comes back at a set time or with the next message
    resolved = 4
};
template <>
struct vocabulary<conversation_status>
{
    static constexpr std::string_view what = "status";
    static constexpr auto all = words_of<conversation_status>(
        {{conversation_status::open, "open"},
         {conversation_status::pending, "pending"},
         {conversation_status::snoozed, "snoozed"},
         {conversation_status::resolved, "resolved"}}
    );
};

/// Stored: never renumber.
enum class priority : std::int8_t
{
    none = 0,
    low = 1,
    medium = 2,
    high = 3,
    urgent = 4
};
template <>
struct vocabulary<priority>
{
    static constexpr std::string_view what = "priority";
    static constexpr auto all = words_of<priority>(
        {{priority::none, "none"},
         {priority::low, "low"},
         {priority::medium, "medium"},
         {priority::high, "high"},
         {priority::urgent, "urgent"}}
    );
};

/// One conversation with all that a list row and a header show.
struct conversation
{
    conversation_id id{};
    inbox_id inbox{};
    customer_id customer{}; // the customer it was opened by
    customer_brief shown{}; // that customer's root after merges
    channel_account_id account{};
    identity_id identity{}; // the address to answer to
    crm::channel channel = crm::channel::web;
    std::string subject{};
    std::string locale{};
    conversation_status status = conversation_status::open;
    crm::priority priority = crm::priority::none;
    crm::stage stage = crm::stage::pre_sale;
    std::optional<crm::stage> stage_by_hand{};
    agent_id assignee{}; // 0 nobody
    std::string assignee_name{};
    team_id team{};
    order_id order{};
    std::string order_number{};
    std::optional<order_status> order_state{};
    std::vector<tag_id> tags{};
    std::int64_t seq = 0;
    std::int64_t public_seq = 0;
    instant last_happened{};
    std::string preview{}; // first 140 characters of the last message or note
    entry_kind preview_kind = entry_kind::message;
    author_kind preview_author = author_kind::customer;
    instant preview_at{};
    std::int64_t unread = 0; // customer's messages after agent_read_seq
    std::int64_t agent_read_seq = 0;
    std::int64_t customer_read_seq = 0; // a public seq
    bool failed = false;                // the last delivery failed or is uncertain
    instant opened{};
    instant last_activity{};
    instant waiting_since{}; // the oldest customer message without an answer
    instant first_response_due{};
    instant first_response{};
    instant snoozed_until{};
    instant resolved{};
    int reopened = 0;
    request_id request{};
    std::optional<crm::request_state> request_state{};
    instant request_since{};
    std::int64_t revision = 0;
};

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
conversation
read_by_customer(transaction& tx, context& by, conversation_id which, std::int64_t public_seq);

/// When the first answer is due by the inbox's hours; 0 when none is.
void set_first_response_due(transaction& tx, context& by, conversation_id which, instant due);

/// Refuses with problem{stale_reply} when, after `base_seq`, a colleague answered or somebody else
/// changed status or assignee. base -1 never refuses.
void check_fresh(
    db::connection& on, conversation_id which, agent_id replying, std::int64_t base_seq
);

} // namespace conversations
} // namespace crm
