#include "tests/support/load_database.hpp"

#include "crm/store/backend.hpp"

namespace load {

namespace {

constexpr std::string_view conversations_sql = "SELECT id FROM conversations";
constexpr std::string_view entries_sql =
    "SELECT id, seq, public_seq, cid, content FROM entries WHERE "
    "conversation_id = ?";

} // namespace

std::vector<seen_entry> read_entries(const std::string& url)
{
    const auto backend = crm::db::make_backend(url, 0);
    const crm::db::on_thread here{*backend};
    const auto base = backend->open_reader();
    base->begin_read();
    std::vector<std::int64_t> conversations;
    for (auto rows = base->query(conversations_sql); rows.next();)
        conversations.push_back(rows.integer(0));
    std::vector<seen_entry> made;
    // One conversation a statement: a reader's statements are kept short by the
    // store itself.
    for (const std::int64_t conversation : conversations) {
        const std::string name = std::to_string(conversation);
        for (auto rows = base->query(entries_sql, {conversation}); rows.next();)
            made.push_back(
                {name,
                 std::to_string(rows.integer(0)),
                 rows.integer(1),
                 rows.integer(2),
                 rows.string(3),
                 rows.string(4)}
            );
    }
    base->rollback();
    return made;
}

} // namespace load
