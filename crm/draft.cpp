#include "crm/draft.hpp"

#include "crm/attachment.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"
#include "crm/timeline.hpp"

#include <charconv>

namespace crm::drafts {
namespace {

std::string write_ids(const std::vector<attachment_id>& ids)
{
    std::string text;
    for (const attachment_id one : ids)
        text += (text.empty() ? "" : " ") + to_string(one);
    return text;
}

std::vector<attachment_id> read_ids(std::string_view text)
{
    std::vector<attachment_id> ids;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at < end) {
        std::int64_t id = 0;
        at = std::from_chars(at, end, id).ptr;
        ids.push_back(attachment_id{id});
        if (at < end)
            ++at;
    }
    return ids;
}

constexpr std::string_view select_draft =
    "SELECT agent_id, conversation_id, mode, content, attachments, base_seq, saved_at FROM drafts ";
constexpr std::string_view update_draft =
    "UPDATE drafts SET content = ?, attachments = ?, base_seq = ?, saved_at = ?"
    " WHERE agent_id = ? AND conversation_id = ? AND mode = ?";
constexpr std::string_view insert_draft =
    "INSERT INTO drafts (content, attachments, base_seq, saved_at, agent_id, conversation_id, mode)"
    " VALUES (?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view delete_draft =
    "DELETE FROM drafts WHERE agent_id = ? AND conversation_id = ? AND mode = ?";
constexpr std::string_view conversation_exists = "SELECT id FROM conversations WHERE id = ?";

draft read_draft(const db::rows& row)
{
    return {
        .agent = row.id<agent_id>(0),
        .conversation = row.id<conversation_id>(1),
        .mode = static_cast<draft_mode>(row.integer(2)),
        .text = row.string(3),
        .attachments = read_ids(row.text(4)),
        .base = row.integer(5),
        .saved = row.time(6)
    };
}

/// Files of others are not there, so that nobody learns their names by drafting them.
void check_own_files(db::connection& on, const draft& wanted)
{
    for (const attachment_id each : wanted.attachments) {
        const auto found = attachments::find(on, each);
        const bool own =
            found && found->owner_kind == author_kind::agent && found->owner == raw(wanted.agent);
        if (!own)
            throw problem{
                errc::not_found,
                "There is no file of yours with the id " + to_string(each) + ": upload it first.",
                "attachments"
            };
    }
}

} // namespace

draft save(transaction& tx, const context& by, draft wanted)
{
    if (wanted.text.size() > 64 * 1024)
        throw problem{errc::too_large, "A draft has at most 64 KiB.", "text"};
    if (wanted.attachments.size() > 10)
        throw problem{errc::invalid, "At most 10 files go with one message.", "attachments"};
    {
        db::rows row = tx.query(conversation_exists, {wanted.conversation});
        if (!row.next())
            throw problem{errc::not_found, "There is no such conversation."};
    }
    check_own_files(tx.db(), wanted);
    wanted.text = clean_text(wanted.text);
    wanted.saved = by.now;
    if (wanted.text.empty() && wanted.attachments.empty()) {
        remove(tx, wanted.agent, wanted.conversation, wanted.mode);
        return wanted;
    }
    const std::string files = write_ids(wanted.attachments);
    const auto write = [&](std::string_view sql) {
        return tx.exec(
            sql,
            {wanted.text, files, wanted.base, by.now, wanted.agent, wanted.conversation, wanted.mode
            }
        );
    };
    if (write(update_draft) == 0)
        write(insert_draft);
    return wanted;
}

void remove(transaction& tx, agent_id agent, conversation_id where, draft_mode mode)
{
    tx.exec(delete_draft, {agent, where, mode});
}

std::optional<draft>
find(db::connection& on, agent_id agent, conversation_id where, draft_mode mode)
{
    static const std::string sql =
        std::string{select_draft} + "WHERE agent_id = ? AND conversation_id = ? AND mode = ?";
    db::rows row = on.query(sql, {agent, where, mode});
    if (!row.next())
        return std::nullopt;
    return read_draft(row);
}

std::vector<draft> of_agent(db::connection& on, agent_id agent, int limit)
{
    static const std::string sql =
        std::string{select_draft} + "WHERE agent_id = ? ORDER BY saved_at DESC LIMIT ?";
    std::vector<draft> found;
    db::rows row = on.query(sql, {agent, limit});
    while (row.next())
        found.push_back(read_draft(row));
    return found;
}

std::vector<draft> of_agent_in(db::connection& on, agent_id agent, conversation_id where)
{
    static const std::string sql =
        std::string{select_draft} + "WHERE agent_id = ? AND conversation_id = ? ORDER BY mode";
    std::vector<draft> found;
    db::rows row = on.query(sql, {agent, where});
    while (row.next())
        found.push_back(read_draft(row));
    return found;
}

} // namespace crm::drafts
