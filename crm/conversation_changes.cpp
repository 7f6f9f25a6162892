// The changes an agent or the house makes to a conversation: each saved, logged and shown.
#include "crm/agenda.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"
#include "crm/conversation.hpp"
#include "crm/conversation_rows.hpp"
#include "crm/order.hpp"

#include <algorithm>

namespace crm::conversations {
namespace {

constexpr std::size_t subject_length = 200;

void check_snooze(conversation_status to, std::optional<instant> until, instant now)
{
    if (to == conversation_status::snoozed && (!until || *until <= now))
        throw problem{errc::invalid, "Choose a time in the future to snooze until.", "until"};
}

void take_status(
    conversation& now, conversation_status to, std::optional<instant> until, instant at
)
{
    now.status = to;
    now.snoozed_until = to == conversation_status::snoozed ? *until : instant{};
    now.resolved = to == conversation_status::resolved ? at : instant{};
    if (to == conversation_status::resolved)
        now.waiting_since = {};
}

/// A snoozed conversation has a timer that wakes it; any other has none.
void keep_timer(transaction& tx, context& by, const conversation& now, conversation_status before)
{
    if (now.status == conversation_status::snoozed)
        agenda::set(tx, by, timer_kind::snooze_over, raw(now.id), now.snoozed_until);
    else if (before == conversation_status::snoozed)
        agenda::cancel(tx, timer_kind::snooze_over, raw(now.id));
}

} // namespace

conversation set_status(
    transaction& tx,
    context& by,
    conversation_id which,
    conversation_status to,
    std::optional<instant> until,
    std::string_view reason
)
{
    check_snooze(to, until, by.now);
    conversation now = need(tx.db(), which);
    if (now.status == to && (to != conversation_status::snoozed || now.snoozed_until == *until))
        return now;
    const conversation_status before = now.status;
    take_status(now, to, until, by.now);
    if (before == conversation_status::resolved) {
        ++now.reopened;
        derive_stage(tx.db(), now);
    }
    save_state(tx, now);
    keep_timer(tx, by, now, before);
    log_entry what = logged(by, happening::status_changed);
    if (to == conversation_status::snoozed) {
        what.what = happening::snoozed;
        what.amount = until->us;
    }
    what.number = static_cast<std::int64_t>(to);
    boost::json::object details{{"from", word(before)}, {"to", word(to)}};
    if (until)
        details["until"] = until->us;
    if (!reason.empty())
        details["reason"] = clean_line(reason, subject_length);
    record(tx, by, now, what, std::move(details));
    return now;
}

void reopen(transaction& tx, context& by, conversation& where)
{
    const conversation_status before = where.status;
    take_status(where, conversation_status::open, std::nullopt, by.now);
    if (before == conversation_status::resolved) {
        ++where.reopened;
        derive_stage(tx.db(), where);
    }
    save_state(tx, where);
    keep_timer(tx, by, where, before);
    log_entry what = logged(by, happening::status_changed);
    what.number = static_cast<std::int64_t>(conversation_status::open);
    record(
        tx, by, where, what, {{"from", word(before)}, {"to", "open"}, {"reason", "customer_wrote"}}
    );
}

conversation set_priority(transaction& tx, context& by, conversation_id which, priority to)
{
    conversation now = need(tx.db(), which);
    if (now.priority == to)
        return now;
    const priority before = now.priority;
    now.priority = to;
    save_state(tx, now);
    log_entry what = logged(by, happening::priority_changed);
    what.number = static_cast<std::int64_t>(to);
    record(tx, by, now, what, {{"from", word(before)}, {"to", word(to)}});
    return now;
}

conversation
set_subject(transaction& tx, context& by, conversation_id which, std::string_view subject)
{
    conversation now = need(tx.db(), which);
    std::string cleaned = clean_line(subject, subject_length);
    if (cleaned == now.subject)
        return now;
    now.subject = std::move(cleaned);
    save_state(tx, now);
    record(tx, by, now, logged(by, happening::subject_changed), {{"to", now.subject}});
    return now;
}

constexpr std::string_view agent_state = "SELECT name, is_active FROM agents WHERE id = ?";

namespace {

std::string check_agent(db::connection& on, agent_id to)
{
    if (raw(to) == 0)
        return {};
    db::rows row = on.query(agent_state, {to});
    if (!row.next())
        throw problem{errc::not_found, "There is no such agent.", "agent"};
    if (!row.flag(1))
        throw problem{errc::conflict, "This agent is deactivated: choose another one.", "agent"};
    return row.string(0);
}

} // namespace

conversation
assign(transaction& tx, context& by, conversation_id which, agent_id to, std::string_view reason)
{
    std::string name = check_agent(tx.db(), to);
    conversation now = need(tx.db(), which);
    if (now.assignee == to)
        return now;
    boost::json::object details{{"from", to_string(now.assignee)}, {"agent", to_string(to)}};
    if (!reason.empty())
        details["reason"] = clean_line(reason, subject_length);
    log_entry what = logged(by, happening::assigned);
    what.subject = raw(to);
    what.amount = raw(now.assignee);
    now.assignee = to;
    now.assignee_name = std::move(name);
    save_state(tx, now);
    record(tx, by, now, what, std::move(details));
    return now;
}

constexpr std::string_view team_exists = "SELECT id FROM teams WHERE id = ? AND archived_at = 0";

conversation
set_team(transaction& tx, context& by, conversation_id which, team_id to, std::string_view reason)
{
    if (raw(to) != 0) {
        db::rows row = tx.query(team_exists, {to});
        if (!row.next())
            throw problem{errc::not_found, "There is no such team.", "team"};
    }
    conversation now = need(tx.db(), which);
    if (now.team == to)
        return now;
    boost::json::object details{{"from", to_string(now.team)}, {"team", to_string(to)}};
    if (!reason.empty())
        details["reason"] = clean_line(reason, subject_length);
    log_entry what = logged(by, happening::team_changed);
    what.subject = raw(to);
    what.amount = raw(now.team);
    now.team = to;
    save_state(tx, now);
    record(tx, by, now, what, std::move(details));
    return now;
}

conversation set_stage(
    transaction& tx,
    context& by,
    conversation_id which,
    std::optional<stage> to,
    std::string_view reason
)
{
    conversation now = need(tx.db(), which);
    if (now.stage_by_hand == to)
        return now;
    const stage before = now.stage;
    now.stage_by_hand = to;
    derive_stage(tx.db(), now);
    save_state(tx, now);
    log_entry what = logged(by, happening::stage_changed);
    what.number = static_cast<std::int64_t>(now.stage);
    what.amount = to ? 1 : 0;
    boost::json::object details{
        {"from", word(before)}, {"to", word(now.stage)}, {"by_hand", to.has_value()}
    };
    if (!reason.empty())
        details["reason"] = clean_line(reason, subject_length);
    record(tx, by, now, what, std::move(details));
    return now;
}

conversation link_order(transaction& tx, context& by, conversation_id which, order_id order)
{
    conversation now = need(tx.db(), which);
    if (now.order == order)
        return now;
    now.order = order;
    now.order_number.clear();
    now.order_state.reset();
    if (raw(order) != 0) {
        const auto named = orders::find(tx.db(), order);
        if (!named)
            throw problem{errc::not_found, "There is no such order.", "order"};
        if (customers::root_of(tx.db(), named->customer) !=
            customers::root_of(tx.db(), now.customer))
            throw problem{errc::conflict, "This order belongs to another customer.", "order"};
        now.order_number = named->number;
        now.order_state = named->status;
    }
    derive_stage(tx.db(), now);
    save_state(tx, now);
    log_entry what = logged(by, happening::order_linked);
    what.subject = raw(order);
    record(tx, by, now, what, {{"order", to_string(order)}, {"to", now.order_number}});
    return now;
}

constexpr std::string_view tag_name = "SELECT name FROM tags WHERE id = ? AND archived_at = 0";
constexpr std::string_view insert_tag =
    "INSERT INTO conversation_tags (conversation_id, tag_id, tagged_at) VALUES (?, ?, ?)";
constexpr std::string_view delete_tag =
    "DELETE FROM conversation_tags WHERE conversation_id = ? AND tag_id = ?";

conversation add_tag(transaction& tx, context& by, conversation_id which, tag_id tag)
{
    std::string name;
    {
        db::rows row = tx.query(tag_name, {tag});
        if (!row.next())
            throw problem{errc::not_found, "There is no such tag.", "tag"};
        name = row.string(0);
    }
    conversation now = need(tx.db(), which);
    if (std::ranges::find(now.tags, tag) != now.tags.end())
        return now;
    if (now.tags.size() >= 50)
        throw problem{
            errc::conflict, "A conversation has at most 50 tags: remove one first.", "tag"
        };
    now.tags.push_back(tag);
    tx.exec(insert_tag, {now.id, tag, by.now});
    save_state(tx, now);
    log_entry what = logged(by, happening::tagged);
    what.subject = raw(tag);
    record(tx, by, now, what, {{"tag", to_string(tag)}, {"to", name}});
    return now;
}

conversation remove_tag(transaction& tx, context& by, conversation_id which, tag_id tag)
{
    conversation now = need(tx.db(), which);
    if (std::erase(now.tags, tag) == 0)
        return now;
    tx.exec(delete_tag, {now.id, tag});
    save_state(tx, now);
    log_entry what = logged(by, happening::untagged);
    what.subject = raw(tag);
    record(tx, by, now, what, {{"tag", to_string(tag)}});
    return now;
}

} // namespace crm::conversations
