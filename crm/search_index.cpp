#include "crm/search_index.hpp"

#include "crm/search_documents.hpp"
#include "crm/store/log_reader.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <span>
#include <vector>

namespace crm::search {

namespace {

constexpr std::string_view select_state =
    "SELECT position, older_kind, older_id, merging FROM search_state WHERE id = 1";
constexpr std::string_view update_position = "UPDATE search_state SET position = ? WHERE id = 1";
constexpr std::string_view update_older =
    "UPDATE search_state SET older_kind = ?, older_id = ? WHERE id = 1";

constexpr std::string_view update_merging = "UPDATE search_state SET merging = ? WHERE id = 1";
constexpr std::string_view merge_parts =
    "INSERT INTO search_index (search_index, rank) VALUES ('merge', ?)";
constexpr std::string_view count_changes = "SELECT total_changes()";

constexpr std::string_view older_entries =
    "SELECT id FROM entries WHERE id > ? ORDER BY id LIMIT ?";
constexpr std::string_view older_conversations =
    "SELECT id FROM conversations WHERE id > ? ORDER BY id LIMIT ?";
constexpr std::string_view older_customers =
    "SELECT id FROM customers WHERE id > ? ORDER BY id LIMIT ?";
constexpr std::string_view older_orders = "SELECT id FROM orders WHERE id > ? ORDER BY id LIMIT ?";

struct source
{
    document kind;
    std::string_view older;
};

constexpr std::array<source, 4> sources{
    source{document::message, older_entries},
    source{document::conversation, older_conversations},
    source{document::customer, older_customers},
    source{document::order, older_orders}
};

/// What a step may still take in: 200 rows are written at most (a document and its words twice, and
/// where the follower stands), and long texts end it sooner.
class allowance
{
public:
    void spend(const taken_in& what)
    {
        rows_ -= what.rows;
        bytes_ -= static_cast<std::int64_t>(what.bytes);
    }
    [[nodiscard]] bool is_spent() const { return rows_ < most_rows_of_one || bytes_ <= 0; }

private:
    static constexpr int most_rows_of_one = 4;
    static constexpr int rows_of_state = 2;
    int rows_ = 200 - rows_of_state;
    std::int64_t bytes_ = most_bytes_in_step;
};

concerned by(const log_entry& entry)
{
    switch (entry.what) {
    case happening::entry_added:
    case happening::entry_revised:
    case happening::entry_redacted:
        return {document::message, raw(entry.entry_ref)};
    case happening::conversation_opened:
    case happening::subject_changed:
        return {document::conversation, raw(entry.conversation)};
    case happening::customer_created:
    case happening::customer_changed:
    case happening::identity_added:
    case happening::identity_verified:
        return {document::customer, raw(entry.customer)};
    case happening::order_placed:
    case happening::order_changed:
        return {document::order, entry.subject};
    default:
        return {};
    }
}

/// What was taken out stays in the parts of SQLite's index until those are merged; after an erasure
/// they are, all of them, a few pages at a time.
enum class purge : std::int8_t
{
    none = 0,
    wanted = 1,
    under_way = 2
};
constexpr int pages_at_once = 32;

std::int64_t changes_so_far(transaction& in)
{
    db::rows row = in.query(count_changes);
    row.next();
    return row.integer(0);
}

bool merge_some(transaction& in, purge now)
{
    if (now == purge::none)
        return false;
    if (in.db().speaks() != db::dialect::sqlite) {
        in.exec(update_merging, {purge::none});
        return true;
    }
    const auto before = changes_so_far(in);
    // Below zero begins to merge everything into one part; above goes on with that.
    in.exec(merge_parts, {now == purge::wanted ? -pages_at_once : pages_at_once});
    // One change is the command itself.
    const bool did_nothing = changes_so_far(in) - before < 2;
    const bool is_over = now == purge::under_way && did_nothing;
    in.exec(update_merging, {is_over ? purge::none : purge::under_way});
    return true;
}

bool follow_log(transaction& in, std::int64_t position, int most)
{
    const std::vector<log_entry> news = read_log(in.db(), position, most);
    if (news.empty())
        return false;
    // What changed three times is read once, as it is now.
    std::set<concerned> changed;
    bool has_erased = false;
    allowance left;
    for (auto rest = std::span{news}; !rest.empty() && !left.is_spent();) {
        const auto part = rest.first(std::min(rest.size(), reading::at_once));
        rest = rest.subspan(part.size());
        std::vector<concerned> fresh;
        for (const log_entry& one : part)
            if (const concerned what = by(one); what.id != 0 && !changed.contains(what))
                fresh.push_back(what);
        reading now{in, fresh};
        for (const log_entry& one : part) {
            if (left.is_spent())
                break;
            if (const concerned what = by(one); what.id != 0 && changed.insert(what).second)
                left.spend(now.take(what));
            has_erased |= one.what == happening::customer_erased && one.number == 1;
            position = one.position;
        }
        now.finish();
    }
    in.exec(update_position, {position});
    if (has_erased)
        in.exec(update_merging, {purge::wanted});
    return true;
}

bool take_older(transaction& in, std::int64_t kind, std::int64_t after, int most)
{
    if (kind > static_cast<std::int64_t>(sources.size()))
        return false;
    const source& from = sources[static_cast<std::size_t>(kind) - 1];
    std::vector<concerned> older;
    {
        db::rows found = in.query(from.older, {after, most});
        while (found.next())
            older.push_back({from.kind, found.integer(0)});
    }
    allowance left;
    for (auto rest = std::span{older}; !rest.empty() && !left.is_spent();) {
        const auto part = rest.first(std::min(rest.size(), reading::at_once));
        rest = rest.subspan(part.size());
        reading now{in, part};
        for (const concerned& one : part) {
            if (left.is_spent())
                break;
            left.spend(now.take(one));
            after = one.id;
        }
        now.finish();
    }
    if (older.empty())
        in.exec(update_older, {kind + 1, 0});
    else
        in.exec(update_older, {kind, after});
    return true;
}

} // namespace

bool follow(transaction& in, int most)
{
    std::int64_t position = 0;
    std::int64_t older_kind = 0;
    std::int64_t older_id = 0;
    auto erased = purge::none;
    {
        db::rows state = in.query(select_state);
        if (!state.next())
            return false;
        position = state.integer(0);
        older_kind = state.integer(1);
        older_id = state.integer(2);
        erased = state.as<purge>(3);
    }
    return follow_log(in, position, most) || merge_some(in, erased) ||
           take_older(in, older_kind, older_id, most);
}

} // namespace crm::search
