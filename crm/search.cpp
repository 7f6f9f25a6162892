#include "crm/search.hpp"

#include "crm/base/text.hpp"
#include "crm/search_index.hpp"
#include "crm/search_words.hpp"
#include "crm/store/log_reader.hpp"
#include "crm/store/migrations.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <optional>
#include <span>

namespace crm::search {

namespace {

// The words stand beside the document's rights, so that one table answers both.
constexpr std::string_view create_documents =
    "CREATE TABLE IF NOT EXISTS search_documents (id {id}, kind {i64} NOT NULL,"
    " inbox_id {i64} NOT NULL, customer_id {i64} NOT NULL, words {text} NOT NULL)";
constexpr std::string_view create_state =
    "CREATE TABLE IF NOT EXISTS search_state (id {id}, version {i64} NOT NULL,"
    " position {i64} NOT NULL, older_kind {i64} NOT NULL, older_id {i64} NOT NULL,"
    " merging {i64} NOT NULL)";
// External content: the words are stored once.
constexpr std::string_view create_sqlite_index =
    "CREATE VIRTUAL TABLE IF NOT EXISTS search_index USING fts5(words, content='search_documents',"
    " content_rowid='id', tokenize='ascii')";
constexpr std::string_view create_mysql_index =
    "CREATE FULLTEXT INDEX search_documents_by_words ON search_documents (words)";

constexpr std::string_view drop_sqlite_index = "DROP TABLE IF EXISTS search_index";
constexpr std::string_view drop_documents = "DROP TABLE IF EXISTS search_documents";
constexpr std::string_view drop_state = "DROP TABLE IF EXISTS search_state";

constexpr std::string_view select_state =
    "SELECT version, position, older_kind, older_id FROM search_state WHERE id = 1";
constexpr std::string_view insert_state =
    "INSERT INTO search_state (id, version, position, older_kind, older_id, merging)"
    " VALUES (1, ?, ?, 1, 0, 0)";

constexpr std::string_view select_sqlite =
    "SELECT d.id, d.inbox_id, d.customer_id FROM search_index"
    " JOIN search_documents d ON d.id = search_index.rowid";
constexpr std::string_view where_sqlite = " WHERE search_index MATCH ? AND search_index.rowid < ?";
constexpr std::string_view order_sqlite = " ORDER BY search_index.rowid DESC LIMIT ?";
constexpr std::string_view select_mysql =
    "SELECT d.id, d.inbox_id, d.customer_id FROM search_documents d";
constexpr std::string_view where_mysql =
    " WHERE MATCH (d.words) AGAINST (? IN BOOLEAN MODE) AND d.id < ?";
constexpr std::string_view order_mysql = " ORDER BY d.id DESC LIMIT ?";
constexpr std::string_view nth_newest =
    "SELECT id FROM search_documents WHERE id < ? ORDER BY id DESC LIMIT 1 OFFSET ?";
constexpr std::string_view where_newest =
    " WHERE d.id < ? AND d.id > ? AND d.kind = ? AND d.words LIKE ?";
constexpr std::int64_t newest_looked_at = 20'000;

// What the inbox's token in the index does not find: conversations seen by team or assignee.
constexpr std::string_view join_messages =
    " JOIN entries e ON e.id = d.id JOIN conversations c ON c.id = e.conversation_id";
constexpr std::string_view join_conversations = " JOIN conversations c ON c.id = d.id";

constexpr std::size_t longest_piece = 24; // code points looked at at once for an extract

std::string quoted(const phrase& one, db::dialect for_dialect)
{
    std::string text;
    for (const std::string& token : one.tokens) {
        text += text.empty() ? "" : " ";
        text += token;
    }
    if (for_dialect == db::dialect::sqlite)
        return fmt::format("\"{}\"{}", text, one.is_open ? "*" : "");
    // FULLTEXT has no phrase with an open end: then every token for itself, the last one open.
    if (one.tokens.size() == 1)
        return fmt::format("+{}{}", text, one.is_open ? "*" : "");
    if (!one.is_open)
        return fmt::format("+\"{}\"", text);
    std::string all;
    for (std::size_t i = 0; i < one.tokens.size(); ++i)
        all += fmt::format(
            "{}+{}{}", i == 0 ? "" : " ", one.tokens[i], i + 1 == one.tokens.size() ? "*" : ""
        );
    return all;
}

/// The question in the words of the database's index. `inboxes`: only documents of these; what may
/// not be seen is never looked at.
std::string
index_query(const question& asked, const std::vector<inbox_id>* inboxes, db::dialect for_dialect)
{
    const bool sqlite = for_dialect == db::dialect::sqlite;
    std::string query;
    const auto require = [&](const std::string& term) {
        query += query.empty() ? "" : (sqlite ? " AND " : " ");
        query += term;
    };
    const std::string must = sqlite ? "" : "+";
    for (const phrase& one : read_question(asked.words))
        require(quoted(one, for_dialect));
    require(must + kind_token(asked.kind));
    if (raw(asked.of_customer) != 0)
        require(must + customer_token(raw(asked.of_customer)));
    if (inboxes != nullptr) {
        std::string any;
        for (const inbox_id one : *inboxes) {
            any += any.empty() ? "" : (sqlite ? " OR " : " ");
            any += inbox_token(raw(one));
        }
        require(must + "(" + any + ")");
    }
    return query;
}

int most_hits(const question& asked)
{
    return std::clamp(asked.limit, 1, 100);
}

std::vector<hit>
read_hits(db::connection& on, std::string_view sql, std::span<const db::value> args)
{
    std::vector<hit> found;
    db::rows rows = on.query_span(sql, args);
    while (rows.next())
        found.push_back({rows.integer(0), rows.id<inbox_id>(1), rows.id<customer_id>(2)});
    return found;
}

/// The token when a single character of a script without blanks is asked for. The index knows
/// pairs, so it would gather everything that any pair beginning with it finds, however few are
/// wanted.
std::optional<std::string> lone_character(const question& asked)
{
    const auto read = read_question(asked.words);
    const bool is_lone = read.size() == 1 && read.front().tokens.size() == 1 &&
                         read.front().is_open && read.front().tokens.front().front() == 'c';
    return is_lone ? std::optional{read.front().tokens.front()} : std::nullopt;
}

/// The newest messages with a token that begins so, among the last of all documents. A frequent
/// character fills the list here; fewer than asked for say nothing about older ones.
std::vector<hit> look_at_newest(
    db::connection& on,
    const question& asked,
    const std::string& token,
    const std::vector<inbox_id>* inboxes,
    bool beside
)
{
    const std::int64_t before = asked.before > 0 ? asked.before : INT64_MAX;
    std::int64_t oldest = 0;
    {
        db::rows row = on.query(nth_newest, {before, newest_looked_at});
        if (row.next())
            oldest = row.integer(0);
    }
    const std::string like = fmt::format("% {}%", token);
    std::string sql{select_mysql};
    if (beside)
        sql += join_messages;
    sql += where_newest;
    std::vector<db::value> args{before, oldest, document::message, like};
    if (raw(asked.of_customer) != 0) {
        sql += " AND d.customer_id = ?";
        args.emplace_back(asked.of_customer);
    }
    if (inboxes != nullptr) {
        sql += " AND d.inbox_id IN (";
        for (const inbox_id one : *inboxes) {
            sql += one == inboxes->front() ? "?" : ", ?";
            args.emplace_back(one);
        }
        sql += ")";
    }
    if (beside) {
        const auto seen = seen_beside_inboxes(asked.who, "c");
        sql += " AND (" + seen.text + ")";
        args.insert(args.end(), seen.args.begin(), seen.args.end());
    }
    sql += order_mysql;
    args.emplace_back(most_hits(asked));
    return read_hits(on, sql, args);
}

/// The newest documents of one query of the index. `beside`: only those of conversations that the
/// asking agent sees by team or assignee.
std::vector<hit> look_up(
    db::connection& on, const question& asked, const std::vector<inbox_id>* inboxes, bool beside
)
{
    if (asked.kind == document::message)
        if (const auto token = lone_character(asked)) {
            auto newest = look_at_newest(on, asked, *token, inboxes, beside);
            if (std::ssize(newest) == most_hits(asked))
                return newest;
        }
    const bool sqlite = on.speaks() == db::dialect::sqlite;
    std::string sql{sqlite ? select_sqlite : select_mysql};
    if (beside)
        sql += asked.kind == document::message ? join_messages : join_conversations;
    sql += sqlite ? where_sqlite : where_mysql;
    std::vector<db::value> args;
    const std::string query = index_query(asked, inboxes, on.speaks());
    args.emplace_back(query);
    args.emplace_back(asked.before > 0 ? asked.before : INT64_MAX);
    if (beside) {
        const auto seen = seen_beside_inboxes(asked.who, "c");
        sql += " AND (" + seen.text + ")";
        args.insert(args.end(), seen.args.begin(), seen.args.end());
    }
    sql += sqlite ? order_sqlite : order_mysql;
    args.emplace_back(most_hits(asked));
    return read_hits(on, sql, args);
}

/// Both lists as one, newest first, without repetition.
std::vector<hit> together(std::vector<hit> one, const std::vector<hit>& other, int limit)
{
    one.insert(one.end(), other.begin(), other.end());
    std::ranges::sort(one, std::ranges::greater{}, &hit::id);
    const auto repeated = std::ranges::unique(one, std::ranges::equal_to{}, &hit::id);
    one.erase(repeated.begin(), repeated.end());
    one.resize(std::min(one.size(), static_cast<std::size_t>(limit)));
    return one;
}

void create(db::connection& on, std::int64_t position)
{
    on.run_once(db::in_dialect(create_documents, on.speaks()));
    on.run_once(db::in_dialect(create_state, on.speaks()));
    on.run_once(on.speaks() == db::dialect::sqlite ? create_sqlite_index : create_mysql_index);
    on.exec(insert_state, {words_version, position});
}

} // namespace

std::vector<hit> find(db::connection& on, const question& asked)
{
    if (read_question(asked.words).empty())
        return {};
    const bool stands_in_inbox =
        asked.kind == document::message || asked.kind == document::conversation;
    if (asked.who.everything || !stands_in_inbox)
        return look_up(on, asked, nullptr, false);
    std::vector<hit> by_inbox;
    if (!asked.who.inboxes.empty())
        by_inbox = look_up(on, asked, &asked.who.inboxes, false);
    if (raw(asked.who.agent) == 0 && asked.who.teams.empty())
        return by_inbox;
    const auto beside = look_up(on, asked, nullptr, true);
    return together(std::move(by_inbox), beside, most_hits(asked));
}

void prepare(db::connection& on)
{
    on.run_once(db::in_dialect(create_state, on.speaks()));
    std::int64_t version = 0;
    {
        db::rows state = on.query(select_state);
        if (state.next())
            version = state.integer(0);
    }
    on.rollback();
    if (version != words_version)
        begin_anew(on);
}

void begin_anew(db::connection& on)
{
    on.begin_write();
    try {
        if (on.speaks() == db::dialect::sqlite)
            on.run_once(drop_sqlite_index);
        on.run_once(drop_documents);
        on.run_once(drop_state);
        // What is newer than this comes from the log, what is older from the tables.
        create(on, read_log_bounds(on).head);
        on.commit();
    } catch (...) {
        on.rollback();
        throw;
    }
}

progress read_progress(db::connection& on)
{
    db::rows state = on.query(select_state);
    if (!state.next())
        return {};
    return {state.integer(1), state.integer(2) > static_cast<int>(document::order)};
}

std::string snippet(std::string_view text, std::string_view words, std::size_t length)
{
    // Word by word with the index's own eyes: the first one whose tokens hold one that was asked
    // for.
    std::vector<std::string> wanted;
    for (const phrase& one : read_question(words))
        wanted.insert(wanted.end(), one.tokens.begin(), one.tokens.end());
    std::size_t at = 0;
    bool is_found = false;
    for (std::size_t begin = 0; begin < text.size() && !is_found;) {
        // Scripts without blanks are looked at in pieces.
        const std::string_view piece = truncate(text.substr(begin), longest_piece);
        const std::string_view here = piece.substr(0, piece.find_first_of(" \n"));
        is_found = std::ranges::any_of(tokens(here), [&](const token& one) {
            return std::ranges::any_of(wanted, [&](const std::string& asked) {
                return one.text.starts_with(asked);
            });
        });
        if (is_found)
            at = begin;
        begin += std::max<std::size_t>(here.size(), 1);
    }
    // A third of the extract stands before the word.
    std::size_t from = at > length / 3 ? at - length / 3 : 0;
    while (from > 0 && (static_cast<unsigned char>(text[from]) & 0xC0U) == 0x80U)
        --from;
    const std::string_view extract = truncate(text.substr(from), length);
    const bool goes_on = from + extract.size() < text.size();
    return fmt::format("{}{}{}", from > 0 ? "…" : "", extract, goes_on ? "…" : "");
}

} // namespace crm::search
