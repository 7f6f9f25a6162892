// A routing request as it stands. Plain data, any thread.
#pragma once

#include "crm/channel_account.hpp"
#include "crm/needed_skill.hpp"
#include "crm/request_state.hpp"
#include "crm/value.hpp"
#include "crm/words.hpp"

#include <string>
#include <vector>

namespace crm {

/// Why a request ended or an agent was left out. Stored: never renumber.
enum class request_reason : std::int8_t
{
    none = 0,
    answered = 1,
    declined = 2,
    missed = 3, // the offer expired
    withdrawn = 4,
    customer_left = 5,
    resolved = 6,
    transferred = 7,
    agent_left = 8
};
template <>
struct vocabulary<request_reason>
{
    static constexpr std::string_view what = "reason";
    static constexpr auto all = words_of<request_reason>(
        {{request_reason::none, "none"},
         {request_reason::answered, "answered"},
         {request_reason::declined, "declined"},
         {request_reason::missed, "missed"},
         {request_reason::withdrawn, "withdrawn"},
         {request_reason::customer_left, "customer_left"},
         {request_reason::resolved, "resolved"},
         {request_reason::transferred, "transferred"},
         {request_reason::agent_left, "agent_left"}}
    );
};

struct request
{
    request_id id{};
    conversation_id conversation{};
    inbox_id inbox{};
    customer_id customer{};
    crm::channel channel = crm::channel::web;
    team_id team{};
    std::vector<needed_skill> skills{};
    agent_id preferred{};
    instant hold_until{};   // until then it waits for `preferred` alone; unset: no such wait
    agent_id sender{};      // who handed it on
    instant sender_until{}; // the sender is not asked before
    request_state state = request_state::waiting;
    instant enqueued{};
    instant due{};
    std::int64_t place_us = 0; // the key in its lane: smaller is sooner; kept through requeues
    std::int64_t head_start_us = 0;
    std::int64_t congestion_us = 0; // recorded at enqueue, used again when re-keyed
    double score = 0;               // frozen at enqueue
    snapshot_id value{};
    int boost = 0;
    int ring = 0;
    agent_id agent{}; // offered to or active with
    instant offered{};
    instant offer_expires{};
    instant accepted{};
    instant closed{};
    request_reason close_reason = request_reason::none;
    int offers = 0;
    std::vector<agent_id> excluded{};
};

} // namespace crm
