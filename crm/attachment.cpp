#include "crm/attachment.hpp"

#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"
#include "crm/entry.hpp"
#include "crm/sql_list.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace crm::attachments {
namespace {

// Programs that run with a double click: never stored, whatever they call themselves.
constexpr std::array<std::string_view, 14> refused_endings{
    ".exe",
    ".msi",
    ".bat",
    ".cmd",
    ".com",
    ".scr",
    ".pif",
    ".vbs",
    ".js",
    ".jar",
    ".ps1",
    ".lnk",
    ".hta",
    ".reg"
};
constexpr std::array<std::string_view, 4> refused_types{
    "application/x-msdownload",
    "application/x-dosexec",
    "application/vnd.microsoft.portable-executable",
    "application/x-msi"
};

bool is_media_type(std::string_view text)
{
    const std::size_t slash = text.find('/');
    return slash != std::string_view::npos && slash > 0 && slash + 1 < text.size() &&
           text.size() <= 127 && std::ranges::all_of(text, [](unsigned char c) {
               return c > ' ' && c < 127 && c != '"' && c != ';' && c != ',';
           });
}

void check_store(const attachment& wanted)
{
    if (!is_media_type(wanted.media_type))
        throw problem{errc::invalid, "A file has a media type like image/png.", "media_type"};
    if (wanted.blob.empty() || wanted.blob.size() > 190 || wanted.sha256.size() != 64)
        throw problem{errc::invalid, "A file needs its blob and the SHA-256 of its bytes.", "blob"};
    if (wanted.size < 0)
        throw problem{errc::invalid, "A file cannot be smaller than nothing.", "size"};
    const std::string name = ascii_lower(wanted.name);
    const bool program =
        std::ranges::any_of(
            refused_endings, [&](std::string_view ending) { return name.ends_with(ending); }
        ) ||
        std::ranges::find(refused_types, ascii_lower(wanted.media_type)) != refused_types.end();
    if (program)
        throw problem{errc::unsupported, "Programs cannot be sent: pack it as an archive.", "name"};
}

constexpr std::string_view select_attachment =
    "SELECT id, entry_id, conversation_id, customer_id, inbox_id, owner_kind, owner_id, name,"
    " media_type, size, width, height, content_id, is_inline, blob_name, sha256, stored_at,"
    " erased_at FROM attachments ";

attachment read_attachment(const db::rows& row)
{
    attachment one;
    one.id = row.id<attachment_id>(0);
    one.entry = row.id<entry_id>(1);
    one.conversation = row.id<conversation_id>(2);
    one.customer = row.id<customer_id>(3);
    one.inbox = row.id<inbox_id>(4);
    one.owner_kind = static_cast<author_kind>(row.integer(5));
    one.owner = row.integer(6);
    one.name = row.string(7);
    one.media_type = row.string(8);
    one.size = row.integer(9);
    one.width = static_cast<int>(row.integer(10));
    one.height = static_cast<int>(row.integer(11));
    one.content_id = row.string(12);
    one.is_inline = row.flag(13);
    one.blob = row.string(14);
    one.sha256 = row.string(15);
    one.stored = row.time(16);
    one.erased = row.time(17);
    return one;
}

constexpr std::string_view insert_attachment =
    "INSERT INTO attachments (id, entry_id, conversation_id, customer_id, inbox_id, place,"
    " owner_kind, owner_id, name, media_type, size, width, height, content_id, is_inline, "
    "blob_name,"
    " sha256, stored_at, erased_at)"
    " VALUES (?, 0, 0, ?, ?, 0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0)";

} // namespace

attachment store(transaction& tx, context& by, attachment wanted)
{
    wanted.name = clean_file_name(wanted.name);
    check_store(wanted);
    wanted.id = by.ids.next<attachment_id>();
    wanted.entry = {};
    wanted.conversation = {};
    wanted.stored = by.now;
    wanted.erased = {};
    tx.exec(
        insert_attachment,
        {wanted.id,
         wanted.customer,
         wanted.inbox,
         wanted.owner_kind,
         wanted.owner,
         wanted.name,
         wanted.media_type,
         wanted.size,
         wanted.width,
         wanted.height,
         wanted.content_id,
         wanted.is_inline,
         wanted.blob,
         wanted.sha256,
         wanted.stored}
    );
    log_entry line = logged(by, happening::attachment_stored);
    line.customer = wanted.customer;
    line.inbox = wanted.inbox;
    line.subject = raw(wanted.id);
    line.amount = wanted.size;
    tx.append(std::move(line));
    return wanted;
}

constexpr std::string_view attach_one =
    "UPDATE attachments SET entry_id = ?, conversation_id = ?, customer_id = ?, inbox_id = ?,"
    " place = ? WHERE id = ? AND entry_id = 0 AND owner_kind = ? AND owner_id = ?"
    " AND erased_at = 0";

std::vector<attachment> attach(
    transaction& tx,
    std::span<const attachment_id> which,
    author_kind owner_kind,
    std::int64_t owner,
    entry_id entry,
    conversation_id conversation,
    customer_id customer,
    inbox_id inbox
)
{
    // Everything is checked before anything is changed, so that a refusal costs nobody a rollback.
    std::vector<attachment> files;
    std::set<attachment_id> seen;
    for (const attachment_id one : which) {
        auto found = find(tx.db(), one);
        if (!found || raw(found->entry) != 0 || found->owner_kind != owner_kind ||
            found->owner != owner || found->erased.is_set() || !seen.insert(one).second)
            throw problem{
                errc::not_found,
                "File " + to_string(one) + " is not an unsent upload of yours: upload it again.",
                "attachments"
            };
        files.push_back(std::move(*found));
    }
    int place = 0;
    for (attachment& one : files) {
        one.entry = entry;
        one.conversation = conversation;
        one.customer = customer;
        one.inbox = inbox;
        tx.exec(
            attach_one, {entry, conversation, customer, inbox, ++place, one.id, owner_kind, owner}
        );
    }
    return files;
}

std::optional<attachment> find(db::connection& on, attachment_id which)
{
    static const std::string sql = std::string{select_attachment} + "WHERE id = ?";
    db::rows row = on.query(sql, {which});
    if (!row.next())
        return std::nullopt;
    return read_attachment(row);
}

std::vector<attachment> of_entry(db::connection& on, entry_id of)
{
    static const std::string sql =
        std::string{select_attachment} + "WHERE entry_id = ? ORDER BY place";
    std::vector<attachment> found;
    db::rows row = on.query(sql, {of});
    while (row.next())
        found.push_back(read_attachment(row));
    return found;
}

// The name of the blob goes too, so that the sweep of orphans finds the bytes if the caller cannot.
constexpr std::string_view erase_attachment =
    "UPDATE attachments SET name = '', sha256 = '', content_id = '', size = 0, blob_name = ?,"
    " erased_at = ? WHERE id = ?";

std::string erase(transaction& tx, context& by, attachment_id which)
{
    const auto found = find(tx.db(), which);
    if (!found)
        throw problem{errc::not_found, "There is no such file."};
    if (found->erased.is_set())
        return {};
    tx.exec(erase_attachment, {"erased " + to_string(which), by.now, which});
    log_entry line = logged(by, happening::entry_redacted);
    line.customer = found->customer;
    line.conversation = found->conversation;
    line.inbox = found->inbox;
    line.entry_ref = found->entry;
    line.subject = raw(which);
    tx.append(std::move(line));
    return found->blob;
}

std::vector<attachment> unsent(db::connection& on, instant before, int limit)
{
    static const std::string sql =
        std::string{select_attachment} +
        "WHERE entry_id = 0 AND erased_at = 0 AND stored_at < ? ORDER BY id LIMIT ?";
    std::vector<attachment> found;
    db::rows row = on.query(sql, {before, limit});
    while (row.next())
        found.push_back(read_attachment(row));
    return found;
}

constexpr std::string_view blob_in_attachment = "SELECT id FROM attachments WHERE blob_name = ?";
constexpr std::string_view blob_in_intake = "SELECT id FROM intake WHERE blob_name = ?";

std::vector<std::string> orphans(db::connection& on, std::span<const std::string> blobs)
{
    std::vector<std::string> lost;
    for (const std::string& one : blobs) {
        bool held = false;
        for (const std::string_view sql : {blob_in_attachment, blob_in_intake}) {
            db::rows row = on.query(sql, {one});
            held = held || row.next();
        }
        if (!held)
            lost.push_back(one);
    }
    return lost;
}

} // namespace crm::attachments
