#include "crm/timeline_rows.hpp"

#include "crm/base/problem.hpp"
#include "crm/conversation.hpp"
#include "crm/timeline_pages.hpp"

namespace crm::timeline {
namespace {

entry read_entry(const db::rows& row, std::int64_t& attachment_count)
{
    entry one;
    one.id = row.id<entry_id>(0);
    one.conversation = row.id<conversation_id>(1);
    one.customer = row.id<customer_id>(2);
    one.inbox = row.id<inbox_id>(3);
    one.seq = row.integer(4);
    one.public_seq = row.integer(5);
    one.happened = row.time(6);
    one.received = row.time(7);
    one.kind = static_cast<entry_kind>(row.integer(8));
    one.by.kind = static_cast<author_kind>(row.integer(9));
    one.by.id = row.integer(10);
    one.by.identity = row.id<identity_id>(11);
    one.channel = static_cast<channel>(row.integer(12));
    one.account = row.id<channel_account_id>(13);
    one.stage = static_cast<stage>(row.integer(14));
    one.is_public = row.flag(15);
    one.delivery = static_cast<delivery>(row.integer(16));
    one.delivery_detail = row.string(17);
    one.revision = static_cast<int>(row.integer(18));
    one.redacted = row.time(19);
    attachment_count = row.integer(20);
    one.has_html = row.flag(21);
    one.reference = row.integer(22);
    one.cid = row.string(23);
    one.platform_id = row.string(24);
    one.text = row.string(25);
    one.details = row.string(26);
    return one;
}

} // namespace

const std::string& select_entries()
{
    static const std::string sql =
        "SELECT e.id, e.conversation_id, e.customer_id, e.inbox_id, e.seq, e.public_seq, "
        "e.happened,"
        " e.received, e.kind, e.author_kind, e.author_id, e.identity_id, e.channel,"
        " e.channel_account_id, e.stage, e.is_public, e.delivery, e.delivery_detail, e.revision,"
        " e.redacted_at, e.attachment_count, e.has_html, e.reference, e.cid, e.platform_id,"
        " e.content, e.details FROM entries e ";
    return sql;
}

std::vector<entry>
read_entries(db::connection& on, std::string_view sql, std::span<const db::value> args)
{
    std::vector<entry> found;
    std::vector<std::size_t> with_files;
    {
        db::rows row = on.query_span(sql, args);
        while (row.next()) {
            std::int64_t attachment_count = 0;
            found.push_back(read_entry(row, attachment_count));
            if (attachment_count > 0)
                with_files.push_back(found.size() - 1);
        }
    }
    for (const std::size_t at : with_files)
        found[at].attachments = attachments::of_entry(on, found[at].id);
    return found;
}

entry need(db::connection& on, entry_id which)
{
    if (auto found = find(on, which))
        return std::move(*found);
    throw problem{errc::not_found, "There is no such entry."};
}

void log_about(
    transaction& tx, const context& by, happening what, const entry& about, std::int64_t number
)
{
    log_entry line = logged(by, what);
    line.customer = about.customer;
    line.conversation = about.conversation;
    line.inbox = about.inbox;
    line.entry_ref = about.id;
    line.seq = about.seq;
    line.number = number;
    line.entry = std::make_shared<const entry>(about);
    if (auto where = conversations::find(tx.db(), about.conversation))
        line.conversation_state = std::make_shared<const conversation>(std::move(*where));
    tx.append(std::move(line));
}

} // namespace crm::timeline
