// One conversation as it stands: its status, people, counters and times. Plain data, any thread.
#pragma once

#include "crm/channel_account.hpp"
#include "crm/customer_record.hpp"
#include "crm/entry.hpp"
#include "crm/request_state.hpp"
#include "crm/stage.hpp"
#include "crm/words.hpp"

#include <optional>
#include <string>
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
    agent_id waits_for{};  // handed on to this agent, the request waits for nobody else ...
    instant waits_until{}; // ... until then
    std::int64_t revision = 0;
};

} // namespace crm
