#include "crm/arrivals.hpp"

#include "crm/conversation_rows.hpp"

#include <algorithm>
#include <array>

namespace crm {
namespace {

// Few sizes, so that few statements are kept prepared; a list is filled up with its last key.
constexpr std::array<std::size_t, 4> key_counts{1, 4, 16, 64};
constexpr std::size_t most_keys = key_counts.back();
constexpr std::size_t most_announced = 1'024; // more than this many messages are not in one batch
// A batch in which others write between the messages reads one by one after so many times.
constexpr int most_forgotten = 2;
// More conversations of a batch's customers than this are read customer by customer.
constexpr std::size_t most_rows = 500;

constexpr std::string_view select_callers =
    "SELECT t.token_hash, t.id, t.customer_id, t.identity_id, t.inbox_id, t.expires_at,"
    " t.last_seen_at, c.merged_into,"
    " EXISTS (SELECT 1 FROM customers m WHERE m.merged_into = t.customer_id)"
    " FROM visitor_tokens t LEFT JOIN customers c ON c.id = t.customer_id"
    " WHERE t.closed_at = 0 AND t.token_hash IN (";
constexpr std::string_view select_said = "SELECT e.author_id, e.cid FROM entries e WHERE ";
constexpr std::string_view one_said = "(e.author_kind = 1 AND e.author_id = ? AND e.cid = ?)";
static_assert(static_cast<int>(author_kind::customer) == 1);
constexpr std::string_view current_of =
    "JOIN inboxes i ON i.id = c.inbox_id WHERE c.inbox_id = ? AND c.channel_account_id = ?"
    " AND (c.status <> ? OR c.resolved_at >= ? - i.reopen_days * 86400000000)"
    " AND c.customer_id IN (";

using texts = std::array<std::string, key_counts.size()>;

texts texts_of(
    std::string_view head, std::string_view key, std::string_view between, std::string_view tail
)
{
    texts made;
    for (std::size_t i = 0; i < made.size(); ++i) {
        made[i] = head;
        for (std::size_t n = 0; n < key_counts[i]; ++n)
            made[i].append(n == 0 ? "" : between).append(key);
        made[i] += tail;
    }
    return made;
}

/// Fills a list of keys of `width` values each up to a size there is a text for; says which.
std::size_t fill_up(std::vector<db::value>& values, std::size_t fixed, std::size_t width)
{
    const std::size_t keys = (values.size() - fixed) / width;
    const auto* const size = std::ranges::lower_bound(key_counts, keys);
    const std::vector<db::value> last(
        values.end() - static_cast<std::ptrdiff_t>(width), values.end()
    );
    for (std::size_t n = keys; n < *size; ++n)
        values.insert(values.end(), last.begin(), last.end());
    return static_cast<std::size_t>(size - key_counts.begin());
}

} // namespace

arrivals& arrivals::of(transaction& tx)
{
    std::any& place = tx.shared();
    if (auto* known = std::any_cast<arrivals>(&place))
        return *known;
    return place.emplace<arrivals>();
}

void arrivals::announce(
    std::string_view token_hash, inbox_id inbox, channel_account_id account, std::string_view cid
)
{
    if (announced_.size() < most_announced)
        announced_.push_back({std::string{token_hash}, inbox, account, std::string{cid}});
}

/// Forgets what may be old.
void arrivals::refresh(transaction& tx)
{
    const change_count now = tx.changed();
    if (now == as_of_)
        return;
    if (!callers_.empty() || !said_.empty() || !current_.empty())
        ++forgotten_;
    callers_.clear();
    said_.clear();
    current_.clear();
    as_of_ = now;
}

bool arrivals::reads_ahead() const
{
    return forgotten_ <= most_forgotten;
}

std::optional<arrivals::caller>
arrivals::find(transaction& tx, std::string_view token_hash, instant now)
{
    refresh(tx);
    std::string key{token_hash};
    auto found = callers_.find(key);
    if (found == callers_.end()) {
        std::vector<db::value> hashes{token_hash};
        callers_.emplace(key, std::nullopt);
        if (reads_ahead())
            for (const announced& one : announced_)
                if (hashes.size() < most_keys && callers_.try_emplace(one.token_hash).second)
                    hashes.emplace_back(one.token_hash);
        read_callers(tx, std::move(hashes));
        found = callers_.find(key);
    }
    // Closed ones were not read; whether one has expired is this message's to say.
    if (!found->second || found->second->token.expires <= now)
        return std::nullopt;
    return found->second;
}

void arrivals::read_callers(transaction& tx, std::vector<db::value> hashes)
{
    static const texts sql = texts_of(select_callers, "?", ", ", ")");
    const std::size_t size = fill_up(hashes, 0, 1);
    db::rows row = tx.db().query_span(sql[size], hashes);
    while (row.next()) {
        caller one;
        one.token = {
            .id = row.id<token_id>(1),
            .customer = row.id<customer_id>(2),
            .identity = row.id<identity_id>(3),
            .inbox = row.id<inbox_id>(4),
            .expires = row.time(5)
        };
        one.last_seen = row.time(6);
        one.is_alone = row.integer(7) == 0 && !row.flag(8);
        callers_[row.string(0)] = one;
    }
    as_of_ = tx.changed();
}

bool arrivals::is_new(transaction& tx, customer_id author, std::string_view cid)
{
    refresh(tx);
    said key{author, cid};
    auto found = said_.find(key);
    if (found == said_.end()) {
        std::vector<said> asked{key};
        said_.emplace(key, false);
        if (reads_ahead())
            for (const announced& one : announced_) {
                const auto from = callers_.find(one.token_hash);
                if (one.cid.empty() || from == callers_.end() || !from->second ||
                    asked.size() == most_keys)
                    continue;
                said other{from->second->token.customer, one.cid};
                if (said_.try_emplace(other, false).second)
                    asked.push_back(std::move(other));
            }
        read_said(tx, asked);
        found = said_.find(key);
    }
    return !found->second;
}

void arrivals::read_said(transaction& tx, std::span<const said> which)
{
    static const texts sql = texts_of(select_said, one_said, " OR ", "");
    std::vector<db::value> values;
    for (const auto& [author, cid] : which) {
        values.emplace_back(author);
        values.emplace_back(cid);
    }
    const std::size_t size = fill_up(values, 0, 2);
    db::rows row = tx.db().query_span(sql[size], values);
    while (row.next())
        said_[{row.id<customer_id>(0), row.string(1)}] = true;
    as_of_ = tx.changed();
}

std::optional<conversation> arrivals::current(
    transaction& tx, customer_id who, inbox_id inbox, channel_account_id account, instant now
)
{
    refresh(tx);
    const place wanted{who, inbox, account};
    if (const auto found = current_.find(wanted); found != current_.end())
        return found->second;
    std::vector<customer_id> of{who};
    if (reads_ahead())
        for (const announced& one : announced_) {
            const auto from = callers_.find(one.token_hash);
            if (one.inbox != inbox || one.account != account || from == callers_.end() ||
                !from->second || !from->second->is_alone || of.size() == most_keys)
                continue;
            const customer_id other = from->second->token.customer;
            if (std::ranges::find(of, other) == of.end() &&
                !current_.contains({other, inbox, account}))
                of.push_back(other);
        }
    if (of.size() > 1)
        read_current(tx, of, inbox, account, now);
    if (!current_.contains(wanted)) {
        current_[wanted] =
            conversations::find_current(tx.db(), std::span{&who, 1}, inbox, account, now);
        as_of_ = tx.changed();
    }
    return current_[wanted];
}

void arrivals::read_current(
    transaction& tx,
    std::span<const customer_id> of,
    inbox_id inbox,
    channel_account_id account,
    instant now
)
{
    static const texts sql = texts_of(
        conversations::select_conversations() + std::string{current_of}, "?", ", ", ") LIMIT 500"
    );
    std::vector<db::value> values{inbox, account, conversation_status::resolved, now};
    const std::size_t fixed = values.size();
    values.insert(values.end(), of.begin(), of.end());
    const std::size_t size = fill_up(values, fixed, 1);
    auto found = conversations::read_all(tx.db(), sql[size], values);
    as_of_ = tx.changed();
    if (found.size() >= most_rows)
        return;
    for (const customer_id one : of)
        current_[{one, inbox, account}] = std::nullopt;
    for (conversation& one : found) {
        auto& newest = current_[{one.customer, inbox, account}];
        if (!newest || one.id > newest->id)
            newest = std::move(one);
    }
}

appended
arrivals::append(transaction& tx, context& by, conversation& where, const new_entry& wanted)
{
    const change_count before = tx.changed();
    appended done = timeline::append_new(tx, by, where, wanted);
    const change_count after = tx.changed();
    if (before != as_of_ || after.at_once != before.at_once)
        return done; // more was written than what follows here
    if (wanted.by.kind == author_kind::customer && !wanted.cid.empty())
        said_[{customer_id{wanted.by.id}, wanted.cid}] = true;
    const auto known = current_.find({where.customer, where.inbox, where.account});
    if (known != current_.end() && known->second && known->second->id == where.id)
        known->second = where;
    else
        current_.clear();
    as_of_ = after;
    return done;
}

} // namespace crm
