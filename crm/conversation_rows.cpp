#include "crm/conversation_rows.hpp"

#include "crm/happenings.hpp"
#include "crm/order.hpp"

#include <boost/json/serialize.hpp>
#include <charconv>

namespace crm::conversations {
namespace {

std::vector<tag_id> read_tags(std::string_view text)
{
    std::vector<tag_id> tags;
    const char* at = text.data();
    const char* const end = at + text.size();
    while (at < end) {
        std::int64_t id = 0;
        at = std::from_chars(at, end, id).ptr;
        tags.push_back(tag_id{id});
        if (at < end)
            ++at;
    }
    return tags;
}

std::string write_tags(const std::vector<tag_id>& tags)
{
    std::string text;
    for (const tag_id one : tags) {
        text += text.empty() ? "" : " ";
        text += to_string(one);
    }
    return text;
}

template <class Enum>
Enum read_enum(const db::rows& row, int column)
{
    return static_cast<Enum>(row.integer(column));
}

template <class Enum>
std::optional<Enum> read_maybe(const db::rows& row, int column)
{
    if (row.is_null(column) || row.integer(column) == 0)
        return std::nullopt;
    return static_cast<Enum>(row.integer(column));
}

customer_id read_people(conversation& to, const db::rows& row, int at)
{
    to.shown = {
        .id = to.customer,
        .name = row.string(at),
        .locale = row.string(at + 1),
        .tier = read_enum<tier>(row, at + 2),
        .score = row.real(at + 3),
        .anonymous = row.flag(at + 4),
        .verified = row.flag(at + 5)
    };
    to.assignee_name = row.string(at + 7);
    to.order_number = row.string(at + 8);
    to.order_state = read_maybe<order_status>(row, at + 9);
    to.waits_for = row.id<agent_id>(at + 10);
    to.waits_until = row.time(at + 11);
    return row.id<customer_id>(at + 6);
}

void read_counters(conversation& to, const db::rows& row, int at)
{
    to.seq = row.integer(at);
    to.public_seq = row.integer(at + 1);
    to.last_happened = row.time(at + 2);
    to.preview = row.string(at + 3);
    to.preview_kind = read_enum<entry_kind>(row, at + 4);
    to.preview_author = read_enum<author_kind>(row, at + 5);
    to.preview_at = row.time(at + 6);
    to.unread = row.integer(at + 7);
    to.agent_read_seq = row.integer(at + 8);
    to.customer_read_seq = row.integer(at + 9);
    to.failed = row.flag(at + 10);
}

void read_times(conversation& to, const db::rows& row, int at)
{
    to.opened = row.time(at);
    to.last_activity = row.time(at + 1);
    to.waiting_since = row.time(at + 2);
    to.first_response_due = row.time(at + 3);
    to.first_response = row.time(at + 4);
    to.snoozed_until = row.time(at + 5);
    to.resolved = row.time(at + 6);
    to.reopened = static_cast<int>(row.integer(at + 7));
    to.request = row.id<request_id>(at + 8);
    to.request_state = read_maybe<request_state>(row, at + 9);
    to.request_since = row.time(at + 10);
    to.revision = row.integer(at + 11);
}

/// Reads one row; returns what its customer was merged into.
customer_id read_row(conversation& to, const db::rows& row)
{
    to.id = row.id<conversation_id>(0);
    to.inbox = row.id<inbox_id>(1);
    to.customer = row.id<customer_id>(2);
    to.account = row.id<channel_account_id>(3);
    to.identity = row.id<identity_id>(4);
    to.channel = read_enum<channel>(row, 5);
    to.subject = row.string(6);
    to.status = read_enum<conversation_status>(row, 7);
    to.priority = read_enum<priority>(row, 8);
    to.stage = read_enum<stage>(row, 9);
    to.stage_by_hand = read_maybe<stage>(row, 10);
    to.assignee = row.id<agent_id>(11);
    to.team = row.id<team_id>(12);
    to.order = row.id<order_id>(13);
    to.tags = read_tags(row.text(14));
    to.locale = row.string(15);
    read_counters(to, row, 16);
    read_times(to, row, 27);
    return read_people(to, row, 39);
}

} // namespace

const std::string& select_conversations()
{
    static const std::string sql =
        "SELECT c.id, c.inbox_id, c.customer_id, c.channel_account_id, c.identity_id, c.channel,"
        " c.subject, c.status, c.priority, c.stage, c.stage_by_hand, c.assignee_id, c.team_id,"
        " c.order_id, c.tags, c.locale,"
        " c.last_seq, c.last_public_seq, c.last_happened, c.preview, c.preview_kind,"
        " c.preview_author, c.preview_at, c.unread, c.agent_read_seq, c.customer_read_seq, "
        "c.failed,"
        " c.opened_at, c.last_activity_at, c.waiting_since, c.first_response_due,"
        " c.first_response_at, c.snoozed_until, c.resolved_at, c.reopened, c.request_id,"
        " c.request_state, c.request_since, c.revision,"
        " p.name, p.locale, p.tier, p.score, p.anonymous, p.verified, p.merged_into,"
        " a.name, o.number, o.status, c.waits_for_id, c.waits_until"
        " FROM conversations c LEFT JOIN customers p ON p.id = c.customer_id"
        " LEFT JOIN agents a ON a.id = c.assignee_id LEFT JOIN orders o ON o.id = c.order_id ";
    return sql;
}

std::vector<conversation>
read_all(db::connection& on, std::string_view sql, std::span<const db::value> args)
{
    std::vector<conversation> found;
    std::vector<std::size_t> merged;
    {
        db::rows row = on.query_span(sql, args);
        while (row.next()) {
            conversation& one = found.emplace_back();
            if (const customer_id into = read_row(one, row); raw(into) != 0)
                merged.push_back(found.size() - 1);
        }
    }
    for (const std::size_t at : merged) {
        const customer root = customers::need(on, customers::root_of(on, found[at].customer));
        found[at].shown = {
            .id = root.id,
            .name = root.name,
            .locale = root.locale,
            .tier = root.tier,
            .score = root.score,
            .anonymous = root.anonymous,
            .verified = root.verified
        };
    }
    return found;
}

constexpr std::string_view update_state =
    "UPDATE conversations SET channel_account_id = ?, identity_id = ?, subject = ?, status = ?,"
    " priority = ?, stage = ?, stage_by_hand = ?, assignee_id = ?, team_id = ?, order_id = ?,"
    " tags = ?, unread = ?, agent_read_seq = ?, customer_read_seq = ?, failed = ?,"
    " waiting_since = ?, first_response_due = ?, snoozed_until = ?, resolved_at = ?, reopened = ?,"
    " request_id = ?, request_state = ?, request_since = ?, revision = ? WHERE id = ?";

void save_state(transaction& tx, conversation& changed)
{
    ++changed.revision;
    const std::string tags = write_tags(changed.tags);
    tx.exec(
        update_state,
        {changed.account,
         changed.identity,
         changed.subject,
         changed.status,
         changed.priority,
         changed.stage,
         changed.stage_by_hand ? static_cast<int>(*changed.stage_by_hand) : 0,
         changed.assignee,
         changed.team,
         changed.order,
         tags,
         changed.unread,
         changed.agent_read_seq,
         changed.customer_read_seq,
         changed.failed,
         changed.waiting_since,
         changed.first_response_due,
         changed.snoozed_until,
         changed.resolved,
         changed.reopened,
         changed.request,
         changed.request_state ? static_cast<int>(*changed.request_state) : 0,
         changed.request_since,
         changed.revision,
         changed.id}
    );
}

bool derive_stage(db::connection& on, conversation& of)
{
    stage derived = stage::pre_sale;
    if (of.stage_by_hand)
        derived = *of.stage_by_hand;
    else if (of.order_state && *of.order_state != order_status::cancelled)
        derived = stage_of(of.order_state);
    else
        derived = stage_of(orders::newest_status(on, of.customer));
    const bool differs = derived != of.stage;
    of.stage = derived;
    return differs;
}

void refresh_stage(transaction& tx, context& by, conversation_id which)
{
    conversation now = need(tx.db(), which);
    const stage before = now.stage;
    if (!derive_stage(tx.db(), now))
        return;
    save_state(tx, now);
    log_entry what = logged(by, happening::stage_changed);
    what.number = static_cast<std::int64_t>(now.stage);
    record(tx, by, now, what, {{"from", word(before)}, {"to", word(now.stage)}});
}

void record(
    transaction& tx, context& by, conversation& changed, log_entry what, boost::json::object details
)
{
    what.conversation = changed.id;
    what.customer = changed.customer;
    what.inbox = changed.inbox;

    new_entry event;
    event.conversation = changed.id;
    event.kind = entry_kind::event;
    event.is_public = false;
    event.by = {.kind = author_kind::system, .id = 0, .identity = {}};
    if (by.who.kind == actor_kind::agent)
        event.by = {.kind = author_kind::agent, .id = by.who.id, .identity = {}};
    else if (by.who.kind == actor_kind::customer)
        event.by = {.kind = author_kind::customer, .id = by.who.id, .identity = {}};
    else if (by.who.kind == actor_kind::token)
        event.by = {.kind = author_kind::integration, .id = by.who.id, .identity = {}};
    details["happening"] = word(what.what);
    event.details = boost::json::serialize(details);

    // The event comes first, so that what is logged of the change carries the state with it.
    const appended shown = append_to(tx, by, changed, event);
    what.entry_ref = shown.what->id;
    what.seq = shown.what->seq;
    what.conversation_state = shown.where;
    tx.append(std::move(what));
}

} // namespace crm::conversations
