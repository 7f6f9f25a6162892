#include "crm/search_index.hpp"

#include "crm/search_words.hpp"
#include "crm/store/log_reader.hpp"

#include <array>
#include <fmt/format.h>
#include <set>

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

constexpr std::string_view select_words = "SELECT words FROM search_documents WHERE id = ?";
constexpr std::string_view delete_words =
    "INSERT INTO search_index (search_index, rowid, words) VALUES ('delete', ?, ?)";
constexpr std::string_view insert_words = "INSERT INTO search_index (rowid, words) VALUES (?, ?)";
constexpr std::string_view delete_document = "DELETE FROM search_documents WHERE id = ?";
constexpr std::string_view insert_document =
    "INSERT INTO search_documents (id, kind, inbox_id, customer_id, words) VALUES (?, ?, ?, ?, ?)";

constexpr std::string_view select_entry =
    "SELECT inbox_id, customer_id, content, redacted_at FROM entries WHERE id = ?";
constexpr std::string_view select_conversation =
    "SELECT inbox_id, customer_id, subject FROM conversations WHERE id = ?";
constexpr std::string_view select_customer =
    "SELECT name FROM customers WHERE id = ? AND erased_at = 0";
constexpr std::string_view select_identities =
    "SELECT display, address FROM identities WHERE customer_id = ? AND erased_at = 0 LIMIT 20";
constexpr std::string_view select_order = "SELECT customer_id, number FROM orders WHERE id = ?";
constexpr std::string_view select_lines =
    "SELECT name, sku FROM order_lines WHERE order_id = ? ORDER BY line LIMIT 50";

constexpr std::string_view older_entries =
    "SELECT id FROM entries WHERE id > ? ORDER BY id LIMIT ?";
constexpr std::string_view older_conversations =
    "SELECT id FROM conversations WHERE id > ? ORDER BY id LIMIT ?";
constexpr std::string_view older_customers =
    "SELECT id FROM customers WHERE id > ? ORDER BY id LIMIT ?";
constexpr std::string_view older_orders = "SELECT id FROM orders WHERE id > ? ORDER BY id LIMIT ?";

taken_in take_entry(transaction& in, std::int64_t id)
{
    db::rows found = in.query(select_entry, {id});
    if (!found.next() || found.integer(3) != 0)
        return remove_document(in, id);
    const hit about{id, found.id<inbox_id>(0), found.id<customer_id>(1)};
    return put_document(in, document::message, about, found.string(2));
}

taken_in take_conversation(transaction& in, std::int64_t id)
{
    db::rows found = in.query(select_conversation, {id});
    if (!found.next())
        return remove_document(in, id);
    const hit about{id, found.id<inbox_id>(0), found.id<customer_id>(1)};
    return put_document(in, document::conversation, about, found.string(2));
}

taken_in take_customer(transaction& in, std::int64_t id)
{
    std::string text;
    {
        db::rows found = in.query(select_customer, {id});
        if (!found.next())
            return remove_document(in, id);
        text = found.string(0);
    }
    db::rows known = in.query(select_identities, {id});
    while (known.next())
        text += fmt::format("\n{}\n{}", known.text(0), known.text(1));
    return put_document(in, document::customer, {id, {}, customer_id{id}}, text);
}

taken_in take_order(transaction& in, std::int64_t id)
{
    hit about{id, {}, {}};
    std::string text;
    {
        db::rows found = in.query(select_order, {id});
        if (!found.next())
            return remove_document(in, id);
        about.customer = found.id<customer_id>(0);
        text = found.string(1);
    }
    db::rows lines = in.query(select_lines, {id});
    while (lines.next())
        text += fmt::format("\n{}\n{}", lines.text(0), lines.text(1));
    return put_document(in, document::order, about, text);
}

struct source
{
    document kind;
    std::string_view older;
    taken_in (*take)(transaction&, std::int64_t);
};

constexpr std::array<source, 4> sources{
    source{document::message, older_entries, take_entry},
    source{document::conversation, older_conversations, take_conversation},
    source{document::customer, older_customers, take_customer},
    source{document::order, older_orders, take_order}
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

/// Which document an entry of the log concerns; id 0 for none.
struct concerned
{
    document kind{};
    std::int64_t id = 0;
    friend auto operator<=>(const concerned&, const concerned&) = default;
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
    for (const log_entry& one : news) {
        if (left.is_spent())
            break;
        if (const concerned what = by(one); what.id != 0 && changed.insert(what).second)
            left.spend(sources[static_cast<std::size_t>(what.kind) - 1].take(in, what.id));
        has_erased |= one.what == happening::customer_erased && one.number == 1;
        position = one.position;
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
    std::vector<std::int64_t> ids;
    {
        db::rows found = in.query(from.older, {after, most});
        while (found.next())
            ids.push_back(found.integer(0));
    }
    allowance left;
    for (const std::int64_t id : ids) {
        if (left.is_spent())
            break;
        left.spend(from.take(in, id));
        after = id;
    }
    if (ids.empty())
        in.exec(update_older, {kind + 1, 0});
    else
        in.exec(update_older, {kind, after});
    return true;
}

} // namespace

std::string inbox_token(std::int64_t inbox)
{
    return fmt::format("iii{:x}", inbox);
}

std::string customer_token(std::int64_t customer)
{
    return fmt::format("ooo{:x}", customer);
}

std::string kind_token(document kind)
{
    return fmt::format("kkk{}", static_cast<int>(kind));
}

taken_in remove_document(transaction& in, std::int64_t id)
{
    std::string words;
    {
        db::rows found = in.query(select_words, {id});
        if (!found.next())
            return {};
        words = found.string(0);
    }
    // The index holds no words of its own, so it must be told which ones go.
    if (in.db().speaks() == db::dialect::sqlite)
        in.exec(delete_words, {id, words});
    in.exec(delete_document, {id});
    return {2, words.size()};
}

taken_in put_document(transaction& in, document kind, const hit& about, std::string_view text)
{
    const taken_in before = remove_document(in, about.id);
    const std::string form = indexed_form(text);
    if (form.empty())
        return before;
    const std::string words = fmt::format(
        "{} {} {} {}",
        kind_token(kind),
        inbox_token(raw(about.inbox)),
        customer_token(raw(about.customer)),
        form
    );
    in.exec(insert_document, {about.id, kind, about.inbox, about.customer, words});
    if (in.db().speaks() == db::dialect::sqlite)
        in.exec(insert_words, {about.id, words});
    return {before.rows + 2, before.bytes + words.size()};
}

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
