// Who else is in a conversation, and whom an entry names.
#include "crm/conversation_list.hpp"

namespace crm::conversations {
namespace {

constexpr std::string_view come_back =
    "UPDATE participants SET role = ?, left_at = 0 WHERE conversation_id = ? AND identity_id = ?";
constexpr std::string_view come_first =
    "INSERT INTO participants (role, conversation_id, identity_id, joined_at, left_at)"
    " VALUES (?, ?, ?, ?, 0)";
constexpr std::string_view go =
    "UPDATE participants SET left_at = ? WHERE conversation_id = ? AND identity_id = ?"
    " AND left_at = 0";
constexpr std::string_view select_participants =
    "SELECT identity_id, role, joined_at, left_at FROM participants WHERE conversation_id = ?"
    " ORDER BY joined_at, identity_id";
constexpr std::string_view is_mentioned =
    "SELECT agent_id FROM mentions WHERE agent_id = ? AND entry_id = ?";
constexpr std::string_view insert_mention =
    "INSERT INTO mentions (agent_id, entry_id, conversation_id, mentioned_at, seen_at)"
    " VALUES (?, ?, ?, ?, 0)";
constexpr std::string_view see_mentions =
    "UPDATE mentions SET seen_at = ? WHERE agent_id = ? AND conversation_id = ? AND seen_at = 0";

} // namespace

void add_participant(
    transaction& tx, const context& by, conversation_id where, identity_id who, int role
)
{
    if (tx.exec(come_back, {role, where, who}) == 0)
        tx.exec(come_first, {role, where, who, by.now});
}

void remove_participant(transaction& tx, const context& by, conversation_id where, identity_id who)
{
    tx.exec(go, {by.now, where, who});
}

std::vector<participant> participants(db::connection& on, conversation_id where)
{
    std::vector<participant> found;
    db::rows row = on.query(select_participants, {where});
    while (row.next())
        found.push_back(
            {.identity = row.id<identity_id>(0),
             .role = static_cast<int>(row.integer(1)),
             .joined = row.time(2),
             .left = row.time(3)}
        );
    return found;
}

void mention(
    transaction& tx, const context& by, agent_id whom, entry_id entry, conversation_id where
)
{
    {
        db::rows row = tx.query(is_mentioned, {whom, entry});
        if (row.next())
            return;
    }
    tx.exec(insert_mention, {whom, entry, where, by.now});
}

void mentions_seen(transaction& tx, const context& by, agent_id whom, conversation_id where)
{
    tx.exec(see_mentions, {by.now, whom, where});
}

} // namespace crm::conversations
