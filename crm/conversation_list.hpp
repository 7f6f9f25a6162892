// The views of the console: which conversations an agent sees, in which order, and how many. Rights
// are part of every query. Also participants and mentions. Reads only, unless said.
#pragma once

#include "crm/conversation.hpp"
#include "crm/sight.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

enum class view
{
    mine,
    unassigned,
    team,
    all,
    snoozed,
    mentions,
    drafts,
    failed
};
template <>
struct vocabulary<view>
{
    static constexpr std::string_view what = "view";
    static constexpr auto all = words_of<view>(
        {{view::mine, "mine"},
         {view::unassigned, "unassigned"},
         {view::team, "team"},
         {view::all, "all"},
         {view::snoozed, "snoozed"},
         {view::mentions, "mentions"},
         {view::drafts, "drafts"},
         {view::failed, "failed"}}
    );
};

enum class view_order
{
    activity, // newest first
    waiting   // longest waiting first, then those nobody waits in
};

/// A page of a view. Without `status` the view shows what is open or pending (snoozed: snoozed;
/// mentions, drafts, failed: any).
struct list_query
{
    crm::view view = crm::view::mine;
    view_order order = view_order::activity;
    std::optional<inbox_id> inbox{};
    std::optional<team_id> team{};
    std::optional<conversation_status> status{};
    std::optional<crm::stage> stage{};
    std::optional<tag_id> tag{};
    std::string cursor{}; // of the page before; empty for the first
    int limit = 50;       // 1..200
};

struct conversation_page
{
    std::vector<conversation> items{};
    std::string next{}; // empty on the last page
};

/// Numbers beside the views. team counts the agent's own teams.
struct view_counts
{
    std::int64_t mine = 0;
    std::int64_t unassigned = 0;
    std::int64_t team = 0;
    std::int64_t all = 0;
    std::int64_t snoozed = 0;
    std::int64_t mentions = 0; // unseen
    std::int64_t drafts = 0;
    std::int64_t failed = 0;
};

struct participant
{
    identity_id identity{};
    int role = 0; // 0 to, 1 cc, 2 group
    instant joined{};
    instant left{};
};

namespace conversations {

/// Throws problem{invalid} for a cursor that is not ours.
conversation_page list(db::connection& on, const audience& who, const list_query& wanted);
view_counts counts(db::connection& on, const audience& who);

/// All conversations of a customer's members within the audience, newest first.
std::vector<conversation>
of_customer(db::connection& on, const audience& who, customer_id root, int limit);
/// Those that are not resolved, over all members; what a change of an order concerns. At most 200.
std::vector<conversation_id> live_of_customer(db::connection& on, customer_id any_member);

/// Adds or re-adds somebody copied in; removing keeps the row.
void add_participant(
    transaction& tx, const context& by, conversation_id where, identity_id who, int role
);
void remove_participant(transaction& tx, const context& by, conversation_id where, identity_id who);
std::vector<participant> participants(db::connection& on, conversation_id where);

/// Notes that an entry names an agent, and that the agent has seen it.
void mention(
    transaction& tx, const context& by, agent_id whom, entry_id entry, conversation_id where
);
void mentions_seen(transaction& tx, const context& by, agent_id whom, conversation_id where);

} // namespace conversations
} // namespace crm
