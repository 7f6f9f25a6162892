#include "crm/timeline_pages.hpp"

#include "crm/base/problem.hpp"
#include "crm/customer.hpp"
#include "crm/sql_list.hpp"
#include "crm/timeline_rows.hpp"

#include <algorithm>
#include <charconv>
#include <limits>
#include <map>

namespace crm::timeline {
namespace {

constexpr std::int64_t far = std::numeric_limits<std::int64_t>::max();

void check_limit(int limit)
{
    if (limit < 1 || limit > 200)
        throw problem{errc::invalid, "limit is 1 to 200.", "limit"};
}

constexpr std::string_view customer_name = "SELECT name FROM customers WHERE id = ?";
constexpr std::string_view agent_name = "SELECT name FROM agents WHERE id = ?";

void name_authors(db::connection& on, std::vector<entry>& entries)
{
    std::map<std::pair<author_kind, std::int64_t>, std::string> names;
    for (entry& one : entries) {
        if (one.by.kind != author_kind::customer && one.by.kind != author_kind::agent)
            continue;
        const auto [known, is_new] = names.try_emplace({one.by.kind, one.by.id});
        if (is_new) {
            db::rows row = on.query(
                one.by.kind == author_kind::agent ? agent_name : customer_name, {one.by.id}
            );
            if (row.next())
                known->second = row.string(0);
        }
        one.author_name = known->second;
    }
}

/// Reads one more than asked for, to know whether there is more.
page read_page(
    db::connection& on,
    const std::string& sql,
    std::span<const db::value> args,
    int limit,
    bool turn
)
{
    page read;
    read.entries = read_entries(on, sql, args);
    read.more = std::cmp_greater(read.entries.size(), limit);
    if (read.more)
        read.entries.pop_back();
    if (turn)
        std::ranges::reverse(read.entries);
    name_authors(on, read.entries);
    return read;
}

void hide_from_customer(page& shown)
{
    for (entry& one : shown.entries) {
        one.delivery_detail.clear();
        one.platform_id.clear();
    }
}

} // namespace

std::string to_cursor(const place& at)
{
    return std::to_string(at.happened.us) + "-" + to_string(at.id);
}

place place_from(std::string_view cursor)
{
    place at;
    std::int64_t id = 0;
    const char* const end = cursor.data() + cursor.size();
    const auto [middle, bad_time] = std::from_chars(cursor.data(), end, at.happened.us);
    if (bad_time == std::errc{} && middle != end && *middle == '-') {
        const auto [last, bad_id] = std::from_chars(middle + 1, end, id);
        if (bad_id == std::errc{} && last == end) {
            at.id = entry_id{id};
            return at;
        }
    }
    throw problem{
        errc::invalid, "This cursor is not one of ours: start again without it.", "before"
    };
}

namespace {

/// One member's part of the page.
std::vector<entry> of_member(
    db::connection& on, customer_id member, const place& before, int limit, const audience& who
)
{
    std::string sql =
        select_entries() +
        "WHERE e.customer_id = ? AND e.happened <= ? AND (e.happened < ? OR e.id < ?)";
    std::vector<db::value> args{member, before.happened, before.happened, before.id};
    if (!who.everything) {
        const auto seen = seen_by(who, "c");
        sql += " AND (e.conversation_id = 0 OR EXISTS (SELECT c.id FROM conversations c"
               " WHERE c.id = e.conversation_id AND " +
               seen.text + "))";
        args.insert(args.end(), seen.args.begin(), seen.args.end());
    }
    sql += " ORDER BY e.happened DESC, e.id DESC LIMIT ?";
    args.emplace_back(limit + 1);
    return read_entries(on, sql, args);
}

} // namespace

page of_customer(
    db::connection& on,
    customer_id root,
    std::optional<place> before,
    int limit,
    const audience& who
)
{
    check_limit(limit);
    const place from = before.value_or(place{.happened = {far}, .id = entry_id{far}});
    page read;
    const std::vector<customer_id> members = customers::members_of(on, root);
    for (const customer_id member : members) {
        auto part = of_member(on, member, from, limit, who);
        read.entries.insert(
            read.entries.end(),
            std::make_move_iterator(part.begin()),
            std::make_move_iterator(part.end())
        );
    }
    if (members.size() > 1)
        std::ranges::sort(read.entries, [](const entry& one, const entry& other) {
            return std::pair{one.happened, one.id} > std::pair{other.happened, other.id};
        });
    read.more = std::cmp_greater(read.entries.size(), limit);
    if (read.more)
        read.entries.resize(static_cast<std::size_t>(limit));
    name_authors(on, read.entries);
    return read;
}

page before(db::connection& on, conversation_id where, std::optional<std::int64_t> seq, int limit)
{
    check_limit(limit);
    static const std::string sql =
        select_entries() + "WHERE e.conversation_id = ? AND e.seq < ? ORDER BY e.seq DESC LIMIT ?";
    const db::value args[] = {where, seq.value_or(far), limit + 1};
    return read_page(on, sql, args, limit, true);
}

page after(db::connection& on, conversation_id where, std::int64_t seq, int limit)
{
    check_limit(limit);
    static const std::string sql =
        select_entries() + "WHERE e.conversation_id = ? AND e.seq > ? ORDER BY e.seq LIMIT ?";
    const db::value args[] = {where, seq, limit + 1};
    return read_page(on, sql, args, limit, false);
}

page public_before(
    db::connection& on, conversation_id where, std::optional<std::int64_t> public_seq, int limit
)
{
    check_limit(limit);
    static const std::string sql =
        select_entries() + "WHERE e.conversation_id = ? AND e.is_public = 1 AND e.public_seq < ?"
                           " ORDER BY e.seq DESC LIMIT ?";
    const db::value args[] = {where, public_seq.value_or(far), limit + 1};
    page shown = read_page(on, sql, args, limit, true);
    hide_from_customer(shown);
    return shown;
}

page public_after(db::connection& on, conversation_id where, std::int64_t public_seq, int limit)
{
    check_limit(limit);
    // A public seq is never above its seq, so the first bound lets the index skip what is older.
    static const std::string sql =
        select_entries() +
        "WHERE e.conversation_id = ? AND e.seq > ? AND e.is_public = 1 AND e.public_seq > ?"
        " ORDER BY e.seq LIMIT ?";
    const db::value args[] = {where, public_seq, public_seq, limit + 1};
    page shown = read_page(on, sql, args, limit, false);
    hide_from_customer(shown);
    return shown;
}

std::optional<entry> find(db::connection& on, entry_id which)
{
    static const std::string sql = select_entries() + "WHERE e.id = ?";
    const db::value args[] = {which};
    auto found = read_entries(on, sql, args);
    if (found.empty())
        return std::nullopt;
    return std::move(found.front());
}

} // namespace crm::timeline
