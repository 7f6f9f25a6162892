#include "crm/conversation.hpp"

#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"
#include "crm/conversation_rows.hpp"
#include "crm/inbox.hpp"
#include "crm/order.hpp"

#include <algorithm>

namespace crm::conversations {
namespace {

constexpr std::size_t subject_length = 200;

constexpr std::string_view insert_conversation =
    "INSERT INTO conversations (id, inbox_id, customer_id, channel_account_id, identity_id, "
    "channel,"
    " subject, status, priority, stage, stage_by_hand, assignee_id, team_id, order_id, tags, "
    "locale,"
    " last_seq, last_public_seq, last_happened, preview, preview_kind, preview_author, preview_at,"
    " unread, agent_read_seq, customer_read_seq, failed, opened_at, last_activity_at, "
    "waiting_since,"
    " first_response_due, first_response_at, snoozed_until, resolved_at, reopened, request_id,"
    " request_state, request_since, revision)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, ?, 0, 0, ?, ?, '', ?, 0, 0, 0, '', 1, 1, 0, 0, 0, 0, 0, ?,"
    " ?, 0, ?, 0, 0, 0, 0, 0, 0, 0, 1)";
constexpr std::string_view inbox_target =
    "SELECT first_response_target_us FROM inboxes WHERE id = ? AND archived_at = 0";
constexpr std::string_view customer_exists = "SELECT id FROM customers WHERE id = ?";

std::chrono::microseconds target_of(db::connection& on, inbox_id inbox)
{
    db::rows row = on.query(inbox_target, {inbox});
    if (!row.next())
        throw problem{errc::not_found, "There is no such inbox.", "inbox"};
    return std::chrono::microseconds{row.integer(0)};
}

void check_customer(db::connection& on, customer_id customer)
{
    db::rows row = on.query(customer_exists, {customer});
    if (!row.next())
        throw problem{errc::not_found, "There is no such customer.", "customer"};
}

stage first_stage(db::connection& on, const new_conversation& wanted)
{
    if (raw(wanted.order) != 0)
        if (const auto named = orders::find(on, wanted.order);
            named && named->status != order_status::cancelled)
            return stage_of(named->status);
    return stage_of(orders::newest_status(on, wanted.customer));
}

/// Logs what changed of a conversation where the timeline shows nothing (reading, due times).
void log_quietly(
    transaction& tx, const context& by, const conversation& now, happening what, std::int64_t number
)
{
    log_entry line = logged(by, what);
    line.conversation = now.id;
    line.customer = now.customer;
    line.inbox = now.inbox;
    line.number = number;
    line.conversation_state = std::make_shared<const conversation>(now);
    tx.append(std::move(line));
}

} // namespace

conversation open(transaction& tx, context& by, const new_conversation& wanted)
{
    const auto target = target_of(tx.db(), wanted.inbox);
    check_customer(tx.db(), wanted.customer);
    const stage derived = first_stage(tx.db(), wanted);
    const auto id = by.ids.next<conversation_id>();
    const instant opened = wanted.opened.value_or(by.now);
    const std::string subject = clean_line(wanted.subject, subject_length);
    tx.exec(
        insert_conversation,
        {id,
         wanted.inbox,
         wanted.customer,
         wanted.account,
         wanted.identity,
         wanted.channel,
         subject,
         conversation_status::open,
         derived,
         wanted.team,
         wanted.order,
         wanted.locale,
         opened,
         opened,
         target.count() > 0 ? wanted.first_response_due.value_or(opened + target) : instant{}}
    );
    conversation made = need(tx.db(), id);
    log_quietly(tx, by, made, happening::conversation_opened, static_cast<int>(made.channel));
    return made;
}

std::optional<conversation> find(db::connection& on, conversation_id which)
{
    static const std::string sql = select_conversations() + "WHERE c.id = ?";
    const db::value args[] = {which};
    auto found = read_all(on, sql, args);
    if (found.empty())
        return std::nullopt;
    return std::move(found.front());
}

conversation need(db::connection& on, conversation_id which)
{
    if (auto found = find(on, which))
        return std::move(*found);
    throw problem{errc::not_found, "There is no such conversation."};
}

std::optional<conversation> find_current(
    db::connection& on,
    customer_id customer,
    inbox_id inbox,
    channel_account_id account,
    instant now
)
{
    const auto members = customers::members_of(on, customers::root_of(on, customer));
    return find_current(on, members, inbox, account, now);
}

std::optional<conversation> find_current(
    db::connection& on,
    std::span<const customer_id> members,
    inbox_id inbox,
    channel_account_id account,
    instant now
)
{
    static const std::string sql =
        select_conversations() +
        "JOIN inboxes i ON i.id = c.inbox_id"
        " WHERE c.customer_id = ? AND c.inbox_id = ? AND c.channel_account_id = ?"
        " AND (c.status <> ? OR c.resolved_at >= ? - i.reopen_days * 86400000000)"
        " ORDER BY c.id DESC LIMIT 1";
    std::optional<conversation> newest;
    for (const customer_id member : members) {
        const db::value args[] = {member, inbox, account, conversation_status::resolved, now};
        auto found = read_all(on, sql, args);
        if (!found.empty() && (!newest || found.front().last_activity > newest->last_activity))
            newest = std::move(found.front());
    }
    return newest;
}

constexpr std::string_view update_agent_read =
    "UPDATE conversations SET agent_read_seq = ?, unread = ? WHERE id = ?";
constexpr std::string_view count_unread =
    "SELECT COUNT(*) FROM entries WHERE conversation_id = ? AND seq > ? AND author_kind = ?"
    " AND is_public = 1 AND kind = ?";
constexpr std::string_view newest_of_customer =
    "SELECT seq FROM entries WHERE conversation_id = ? AND seq >= ? AND author_kind = ?"
    " AND is_public = 1 AND kind = ? ORDER BY seq DESC LIMIT 1";
// What was told comes first: MySQL lets the later assignments of a statement see the earlier ones.
constexpr std::string_view set_agent_read_back =
    "UPDATE conversations SET told_read_seq ="
    " CASE WHEN told_read_seq < agent_read_seq THEN agent_read_seq ELSE told_read_seq END,"
    " agent_read_seq = ?, unread = ? WHERE id = ?";
constexpr std::string_view what_was_told = "SELECT told_read_seq FROM conversations WHERE id = ?";
constexpr std::string_view update_customer_read =
    "UPDATE conversations SET customer_read_seq = ? WHERE id = ?";

namespace {

std::int64_t unread_after(db::connection& on, conversation_id which, std::int64_t seq)
{
    db::rows row = on.query(count_unread, {which, seq, author_kind::customer, entry_kind::message});
    row.next();
    return row.integer(0);
}

} // namespace

conversation read_by_agent(transaction& tx, context& by, conversation_id which, std::int64_t seq)
{
    conversation now = need(tx.db(), which);
    seq = std::min(seq, now.seq);
    if (seq <= now.agent_read_seq)
        return now;
    now.agent_read_seq = seq;
    if (seq == now.seq) {
        now.unread = 0;
    } else if (now.unread > 0) {
        now.unread = unread_after(tx.db(), which, seq);
    }
    tx.exec(update_agent_read, {now.agent_read_seq, now.unread, now.id});
    log_quietly(tx, by, now, happening::read_by_agent, seq);
    return now;
}

conversation unread_by_agent(
    transaction& tx, context& by, conversation_id which, std::optional<std::int64_t> from
)
{
    conversation now = need(tx.db(), which);
    std::int64_t first = from.value_or(1);
    {
        db::rows row = tx.query(
            newest_of_customer, {which, first, author_kind::customer, entry_kind::message}
        );
        if (!row.next())
            throw problem{
                errc::conflict,
                from ? "The customer wrote nothing from there on: name an earlier entry."
                     : "The customer has not written here yet: there is nothing to mark as unread.",
                "from"
            };
        if (!from)
            first = row.integer(0);
    }
    if (first > now.agent_read_seq)
        return now;
    now.agent_read_seq = first - 1;
    now.unread = unread_after(tx.db(), which, now.agent_read_seq);
    tx.exec(set_agent_read_back, {now.agent_read_seq, now.unread, which});
    log_quietly(tx, by, now, happening::unread_by_agent, now.agent_read_seq);
    return now;
}

std::int64_t told_read_seq(db::connection& on, const conversation& of)
{
    db::rows row = on.query(what_was_told, {of.id});
    return row.next() ? std::max(row.integer(0), of.agent_read_seq) : of.agent_read_seq;
}

conversation
read_by_customer(transaction& tx, context& by, conversation_id which, std::int64_t public_seq)
{
    conversation now = need(tx.db(), which);
    public_seq = std::min(public_seq, now.public_seq);
    if (public_seq <= now.customer_read_seq)
        return now;
    now.customer_read_seq = public_seq;
    tx.exec(update_customer_read, {now.customer_read_seq, now.id});
    log_quietly(tx, by, now, happening::read_by_customer, public_seq);
    return now;
}

constexpr std::string_view newer_doings =
    "SELECT kind, author_kind, author_id, is_public, details FROM entries"
    " WHERE conversation_id = ? AND seq > ? ORDER BY seq LIMIT 500";

void check_fresh(
    db::connection& on, conversation_id which, agent_id replying, std::int64_t base_seq
)
{
    if (base_seq < 0)
        return;
    const std::string own_name = "\"agent\":\"" + to_string(replying) + "\"";
    db::rows row = on.query(newer_doings, {which, base_seq});
    while (row.next()) {
        const auto kind = static_cast<entry_kind>(row.integer(0));
        const auto author = static_cast<author_kind>(row.integer(1));
        const bool own = author == author_kind::agent && row.integer(2) == raw(replying);
        const bool by_customer = author == author_kind::customer;
        if (own || by_customer)
            continue;
        if (kind == entry_kind::message && row.flag(3))
            throw problem{
                errc::stale_reply,
                "A colleague answered meanwhile: read that answer, then send again."
            };
        const std::string_view details = row.text(4);
        const bool changed_hands =
            kind == entry_kind::event && (details.find("\"status_changed\"") != details.npos ||
                                          details.find("\"snoozed\"") != details.npos ||
                                          details.find("\"assigned\"") != details.npos);
        // What the house did by itself counts only if it gave the conversation to another.
        const bool to_replying = details.find(own_name) != details.npos;
        const bool elsewhere = details.find("\"assigned\"") != details.npos && !to_replying;
        if (changed_hands && (author != author_kind::system || elsewhere))
            throw problem{
                errc::stale_reply,
                "A colleague changed the status or the assignee meanwhile: look, then send again."
            };
    }
}

} // namespace crm::conversations
