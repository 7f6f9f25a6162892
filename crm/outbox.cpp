#include "crm/outbox.hpp"

#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"

#include <set>

namespace crm::outbox {
namespace {

constexpr std::string_view select_item =
    "SELECT o.id, o.entry_id, o.conversation_id, o.channel_account_id, o.identity_id, o.state,"
    " o.not_before, o.attempts, o.lease_holder, o.fence, o.leased_until, o.error, o.created_at"
    " FROM outbox o ";

outbox_item read_item(const db::rows& row)
{
    return {
        .id = row.id<outbox_id>(0),
        .entry = row.id<entry_id>(1),
        .conversation = row.id<conversation_id>(2),
        .account = row.id<channel_account_id>(3),
        .identity = row.id<identity_id>(4),
        .state = static_cast<outbox_state>(row.integer(5)),
        .not_before = row.time(6),
        .attempts = static_cast<int>(row.integer(7)),
        .holder = row.integer(8),
        .fence = row.integer(9),
        .leased_until = row.time(10),
        .error = row.string(11),
        .created = row.time(12)
    };
}

std::optional<outbox_item> find(db::connection& on, outbox_id which)
{
    static const std::string sql = std::string{select_item} + "WHERE o.id = ?";
    db::rows row = on.query(sql, {which});
    if (!row.next())
        return std::nullopt;
    return read_item(row);
}

constexpr std::string_view insert_item =
    "INSERT INTO outbox (id, entry_id, conversation_id, channel_account_id, identity_id, state,"
    " not_before, attempts, lease_holder, fence, leased_until, error, created_at, updated_at)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, '', ?, ?)";

} // namespace

outbox_item
put(transaction& tx, context& by, const entry& what, identity_id to, std::chrono::microseconds hold)
{
    if (!what.is_public)
        throw std::logic_error{"an internal entry never leaves the house"};
    outbox_item made;
    made.id = by.ids.next<outbox_id>();
    made.entry = what.id;
    made.conversation = what.conversation;
    made.account = what.account;
    made.identity = to;
    made.state = hold.count() > 0 ? outbox_state::held : outbox_state::ready;
    made.not_before = by.now + hold;
    made.created = by.now;
    tx.exec(
        insert_item,
        {made.id,
         made.entry,
         made.conversation,
         made.account,
         made.identity,
         made.state,
         made.not_before,
         by.now,
         by.now}
    );
    return made;
}

namespace {

// Due means: its time has come, and nothing of the same conversation before it is still on its way.
// What is dead, uncertain or cancelled lets the next one pass.
constexpr std::string_view due_where =
    "WHERE o.state IN (?, ?, ?) AND o.not_before <= ? AND NOT EXISTS (SELECT 1 FROM outbox earlier"
    " WHERE earlier.conversation_id = o.conversation_id AND earlier.state IN (?, ?, ?, ?)"
    " AND earlier.id < o.id) ORDER BY o.not_before, o.id LIMIT ?";
constexpr std::string_view take_lease =
    "UPDATE outbox SET state = ?, lease_holder = ?, fence = fence + 1, leased_until = ?,"
    " attempts = attempts + 1, updated_at = ? WHERE id = ? AND fence = ? AND state = ?";

} // namespace

std::vector<outbox_item> lease(
    transaction& tx,
    const context& by,
    std::int64_t holder,
    std::chrono::microseconds for_how_long,
    int limit
)
{
    if (limit < 1 || limit > 50)
        throw problem{errc::invalid, "limit is 1 to 50.", "limit"};
    static const std::string sql = std::string{select_item} + std::string{due_where};
    std::vector<outbox_item> due;
    {
        db::rows row = tx.query(
            sql,
            {outbox_state::held,
             outbox_state::ready,
             outbox_state::retry,
             by.now,
             outbox_state::held,
             outbox_state::ready,
             outbox_state::retry,
             outbox_state::leased,
             limit}
        );
        while (row.next())
            due.push_back(read_item(row));
    }
    std::vector<outbox_item> leased;
    for (outbox_item& one : due) {
        const instant until = by.now + for_how_long;
        if (tx.exec(
                take_lease,
                {outbox_state::leased, holder, until, by.now, one.id, one.fence, one.state}
            ) != 1)
            continue;
        one.state = outbox_state::leased;
        one.holder = holder;
        ++one.fence;
        ++one.attempts;
        one.leased_until = until;
        leased.push_back(std::move(one));
    }
    return leased;
}

namespace {

constexpr std::string_view settle_item =
    "UPDATE outbox SET state = ?, not_before = ?, error = ?, lease_holder = 0, updated_at = ?"
    " WHERE id = ? AND fence = ? AND state = ?";

/// Moves a leased item on; nullopt when the fence is not the present one.
std::optional<outbox_item> settle(
    transaction& tx,
    const context& by,
    outbox_id which,
    std::int64_t fence,
    outbox_state to,
    instant next,
    std::string_view why
)
{
    if (tx.exec(
            settle_item,
            {to, next, clean_line(why, 500), by.now, which, fence, outbox_state::leased}
        ) != 1)
        return std::nullopt;
    return find(tx.db(), which);
}

} // namespace

bool sent(
    transaction& tx, context& by, outbox_id which, std::int64_t fence, std::string_view platform_id
)
{
    const auto now = settle(tx, by, which, fence, outbox_state::sent, by.now, {});
    if (!now)
        return false;
    if (!platform_id.empty())
        timeline::set_platform_id(tx, by, now->entry, now->account, platform_id);
    timeline::set_delivery(tx, by, now->entry, delivery::sent);
    return true;
}

bool retry(
    transaction& tx,
    context& by,
    outbox_id which,
    std::int64_t fence,
    instant next,
    std::string_view why
)
{
    return settle(tx, by, which, fence, outbox_state::retry, next, why).has_value();
}

bool dead(transaction& tx, context& by, outbox_id which, std::int64_t fence, std::string_view why)
{
    const auto now = settle(tx, by, which, fence, outbox_state::dead, by.now, why);
    if (!now)
        return false;
    timeline::set_delivery(tx, by, now->entry, delivery::failed, why);
    return true;
}

bool uncertain(
    transaction& tx, context& by, outbox_id which, std::int64_t fence, std::string_view why
)
{
    const auto now = settle(tx, by, which, fence, outbox_state::uncertain, by.now, why);
    if (!now)
        return false;
    timeline::set_delivery(tx, by, now->entry, delivery::uncertain, why);
    return true;
}

int expire(transaction& tx, context& by, int limit)
{
    static const std::string sql =
        std::string{select_item} +
        "WHERE o.state = ? AND o.leased_until <= ? ORDER BY o.id LIMIT ?";
    std::vector<outbox_item> lost;
    {
        db::rows row = tx.query(sql, {outbox_state::leased, by.now, limit});
        while (row.next())
            lost.push_back(read_item(row));
    }
    for (const outbox_item& one : lost) {
        const auto account = channel_accounts::find(tx.db(), one.account);
        if (account && account->can.repeats_safely)
            retry(tx, by, one.id, one.fence, by.now, "the courier went away while sending");
        else
            uncertain(tx, by, one.id, one.fence, "the courier went away while sending");
    }
    return static_cast<int>(lost.size());
}

namespace {

constexpr std::string_view cancel_item =
    "UPDATE outbox SET state = ?, updated_at = ? WHERE id = ? AND state = ?";
constexpr std::string_view revive_item =
    "UPDATE outbox SET state = ?, not_before = ?, attempts = 0, error = '', updated_at = ?"
    " WHERE id = ? AND state IN (?, ?)";

} // namespace

bool cancel(transaction& tx, context& by, entry_id of)
{
    const auto item = of_entry(tx.db(), of);
    if (!item ||
        tx.exec(cancel_item, {outbox_state::cancelled, by.now, item->id, outbox_state::held}) != 1)
        return false;
    timeline::redact(tx, by, of);
    return true;
}

void send_again(transaction& tx, context& by, entry_id of)
{
    const auto item = of_entry(tx.db(), of);
    if (!item)
        throw problem{errc::not_found, "This entry was never to be sent."};
    if (tx.exec(
            revive_item,
            {outbox_state::ready,
             by.now,
             by.now,
             item->id,
             outbox_state::dead,
             outbox_state::uncertain}
        ) != 1)
        throw problem{errc::conflict, "Only a failed or unconfirmed message can be sent again."};
    timeline::set_delivery(tx, by, of, delivery::queued);
}

std::optional<outbox_item> of_entry(db::connection& on, entry_id of)
{
    static const std::string sql = std::string{select_item} + "WHERE o.entry_id = ?";
    db::rows row = on.query(sql, {of});
    if (!row.next())
        return std::nullopt;
    return read_item(row);
}

std::optional<instant> next_due(db::connection& on)
{
    db::rows row = on.query(
        "SELECT MIN(not_before) FROM outbox WHERE state IN (?, ?, ?)",
        {outbox_state::held, outbox_state::ready, outbox_state::retry}
    );
    if (!row.next() || row.is_null(0))
        return std::nullopt;
    return row.time(0);
}

std::vector<outbox_item> troubled(db::connection& on, int limit)
{
    static const std::string sql =
        std::string{select_item} + "WHERE o.state IN (?, ?) ORDER BY o.id DESC LIMIT ?";
    std::vector<outbox_item> found;
    db::rows row = on.query(sql, {outbox_state::dead, outbox_state::uncertain, limit});
    while (row.next())
        found.push_back(read_item(row));
    return found;
}

} // namespace crm::outbox
