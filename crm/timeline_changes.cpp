// What may happen to an entry after it was written: revision, redaction, delivery.
#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"
#include "crm/timeline.hpp"
#include "crm/timeline_rows.hpp"

#include <algorithm>

namespace crm::timeline {
namespace {

bool is_a_fact(entry_kind kind)
{
    return kind != entry_kind::message && kind != entry_kind::note && kind != entry_kind::form;
}

constexpr std::string_view update_preview =
    "UPDATE conversations SET preview = ? WHERE id = ? AND preview_at = ? AND preview_kind = ?";

/// The conversation's preview repeats an entry's words; it must not outlive them.
void follow_preview(transaction& tx, const entry& changed)
{
    constexpr std::size_t preview_length = 140;
    tx.exec(
        update_preview,
        {truncate(changed.text, preview_length),
         changed.conversation,
         changed.happened,
         changed.kind}
    );
}

constexpr std::string_view insert_revision =
    "INSERT INTO entry_revisions (entry_id, revision, content, html, details, replaced_at,"
    " replaced_by_kind, replaced_by) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view replace_text =
    "UPDATE entries SET content = ?, revision = ?, has_html = 0 WHERE id = ?";
constexpr std::string_view delete_body = "DELETE FROM entry_bodies WHERE entry_id = ?";
constexpr std::string_view delete_revisions = "DELETE FROM entry_revisions WHERE entry_id = ?";
constexpr std::string_view empty_entry =
    "UPDATE entries SET content = '', details = '{}', delivery_detail = '', has_html = 0,"
    " attachment_count = 0, redacted_at = ? WHERE id = ?";

/// True when a delivery may go from one state to the other: forward, and out of failed and
/// uncertain also back into the queue.
bool may_move(delivery from, delivery to)
{
    switch (from) {
    case delivery::none:
    case delivery::read:
        return false;
    case delivery::held:
        return to == delivery::queued || to == delivery::sent;
    case delivery::queued:
        return to >= delivery::sent;
    case delivery::sent:
        return to >= delivery::delivered;
    case delivery::delivered:
        return to == delivery::read;
    case delivery::failed:
    case delivery::uncertain:
        return to != from && to != delivery::none && to != delivery::held;
    }
    return false;
}

bool is_trouble(delivery state)
{
    return state == delivery::failed || state == delivery::uncertain;
}

constexpr std::string_view update_delivery =
    "UPDATE entries SET delivery = ?, delivery_detail = ? WHERE id = ?";
constexpr std::string_view any_trouble =
    "SELECT id FROM entries WHERE conversation_id = ? AND delivery IN (?, ?) LIMIT 1";
constexpr std::string_view update_failed = "UPDATE conversations SET failed = ? WHERE id = ?";

} // namespace

entry revise(transaction& tx, context& by, entry_id which, std::string_view text)
{
    entry now = need(tx.db(), which);
    if (now.redacted.is_set())
        throw problem{errc::conflict, "This entry was removed and cannot be changed any more."};
    if (is_a_fact(now.kind))
        throw problem{errc::forbidden, "Only messages, notes and forms can be changed."};
    if (text.size() > text_limit)
        throw problem{
            errc::too_large, "A text has at most 64 KiB: send the rest as a file.", "text"
        };
    std::string cleaned = clean_text(text);
    if (trim(cleaned).empty() && now.attachments.empty())
        throw problem{errc::invalid, "Write something, or remove the entry instead.", "text"};
    if (cleaned == now.text)
        return now;
    tx.exec(
        insert_revision,
        {now.id,
         now.revision,
         now.text,
         html(tx.db(), now.id),
         now.details,
         by.now,
         by.who.kind,
         by.who.id}
    );
    now.text = std::move(cleaned);
    now.has_html = false;
    ++now.revision;
    tx.exec(replace_text, {now.text, now.revision, now.id});
    tx.exec(delete_body, {now.id});
    follow_preview(tx, now);
    log_about(tx, by, happening::entry_revised, now, now.revision);
    return now;
}

entry redact(transaction& tx, context& by, entry_id which)
{
    entry now = need(tx.db(), which);
    if (now.redacted.is_set())
        return now;
    for (const attachment& file : now.attachments)
        attachments::erase(tx, by, file.id);
    now.attachments.clear();
    now.text.clear();
    now.details = "{}";
    now.delivery_detail.clear();
    now.has_html = false;
    now.redacted = by.now;
    tx.exec(empty_entry, {by.now, now.id});
    tx.exec(delete_body, {now.id});
    tx.exec(delete_revisions, {now.id});
    follow_preview(tx, now);
    log_about(tx, by, happening::entry_redacted, now, 0);
    return now;
}

bool set_delivery(
    transaction& tx, context& by, entry_id which, delivery to, std::string_view detail
)
{
    entry now = need(tx.db(), which);
    if (!may_move(now.delivery, to))
        return false;
    const bool was_trouble = is_trouble(now.delivery);
    now.delivery = to;
    now.delivery_detail = clean_line(detail, 300);
    tx.exec(update_delivery, {now.delivery, now.delivery_detail, now.id});
    if (is_trouble(to)) {
        tx.exec(update_failed, {true, now.conversation});
    } else if (was_trouble) {
        db::rows row =
            tx.query(any_trouble, {now.conversation, delivery::failed, delivery::uncertain});
        const bool still = row.next();
        tx.exec(update_failed, {still, now.conversation});
    }
    log_about(tx, by, happening::delivery_changed, now, static_cast<std::int64_t>(to));
    return true;
}

constexpr std::string_view select_html = "SELECT html FROM entry_bodies WHERE entry_id = ?";

std::string html(db::connection& on, entry_id which)
{
    db::rows row = on.query(select_html, {which});
    return row.next() ? row.string(0) : std::string{};
}

constexpr std::string_view select_revisions =
    "SELECT revision, content, replaced_at, replaced_by_kind, replaced_by FROM entry_revisions"
    " WHERE entry_id = ? ORDER BY revision";

std::vector<revision> revisions(db::connection& on, entry_id which)
{
    std::vector<revision> found;
    db::rows row = on.query(select_revisions, {which});
    while (row.next())
        found.push_back(
            {.number = static_cast<int>(row.integer(0)),
             .text = row.string(1),
             .replaced = row.time(2),
             .replaced_by_kind = static_cast<actor_kind>(row.integer(3)),
             .replaced_by = row.integer(4)}
        );
    return found;
}

} // namespace crm::timeline
