// Drafts: what an agent has begun to write, one per conversation and mode. Verbs run in a store
// job.
#pragma once

#include "crm/context.hpp"
#include "crm/store/transaction.hpp"
#include "crm/words.hpp"

#include <optional>
#include <string>
#include <vector>

namespace crm {

/// Stored: never renumber.
enum class draft_mode : std::int8_t
{
    reply = 1,
    note = 2
};
template <>
struct vocabulary<draft_mode>
{
    static constexpr std::string_view what = "mode";
    static constexpr auto all =
        words_of<draft_mode>({{draft_mode::reply, "reply"}, {draft_mode::note, "note"}});
};

struct draft
{
    agent_id agent{};
    conversation_id conversation{};
    draft_mode mode = draft_mode::reply;
    std::string text{};
    std::vector<attachment_id> attachments{};
    std::int64_t base = -1; // the conversation's seq when it was begun
    instant saved{};
};

namespace drafts {

/// Saves a draft; one without text and attachments is deleted. Drafts are private and not logged.
/// Throws problem{too_large}, problem{not_found} for an unknown conversation.
draft save(transaction& tx, const context& by, draft wanted);
void remove(transaction& tx, agent_id agent, conversation_id where, draft_mode mode);

std::optional<draft>
find(db::connection& on, agent_id agent, conversation_id where, draft_mode mode);
/// An agent's drafts, newest first.
std::vector<draft> of_agent(db::connection& on, agent_id agent, int limit);
std::vector<draft> of_agent_in(db::connection& on, agent_id agent, conversation_id where);

} // namespace drafts
} // namespace crm
