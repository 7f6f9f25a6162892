#include "crm/channel_account.hpp"

#include "crm/base/json.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"

#include <algorithm>

namespace crm {

capabilities usual_capabilities(channel of)
{
    constexpr std::int64_t mib = 1024 * 1024;
    constexpr std::int64_t hour_ms = 3'600'000;
    capabilities can;
    can.attachments = true;
    can.attachment_bytes = 20 * mib;
    switch (of) {
    case channel::web:
    case channel::socket:
        can.is_live = can.typing = can.delivery_marks = can.read_marks = can.edits = true;
        can.needs_courier = false;
        can.repeats_safely = true;
        break;
    case channel::email:
        can.html = true;
        can.repeats_safely = true; // the same Message-ID again
        can.text_limit = 60'000;
        break;
    case channel::whatsapp:
        can.delivery_marks = can.read_marks = true;
        can.text_limit = 4'096;
        can.attachment_bytes = 16 * mib;
        can.reply_window_ms = 24 * hour_ms;
        break;
    case channel::messenger:
    case channel::instagram:
        can.delivery_marks = can.read_marks = can.typing = true;
        can.text_limit = of == channel::messenger ? 2'000 : 1'000;
        can.reply_window_ms = 24 * hour_ms;
        break;
    case channel::telegram:
        can.typing = can.edits = true;
        can.text_limit = 4'096;
        break;
    case channel::line:
        can.text_limit = 5'000;
        can.repeats_safely = true; // honours a retry key
        break;
    case channel::wechat:
    case channel::wecom:
        can.text_limit = 600;
        can.attachment_bytes = 10 * mib;
        can.reply_window_ms = 48 * hour_ms;
        break;
    case channel::sms:
        can.delivery_marks = true;
        can.attachments = false;
        can.attachment_bytes = 0;
        can.text_limit = 1'600;
        break;
    case channel::generic:
        can.repeats_safely = true;
        break;
    case channel::none:
    case channel::voice:
    case channel::in_person:
        can.attachments = can.needs_courier = false;
        can.attachment_bytes = 0;
        break;
    }
    return can;
}

namespace channel_accounts {
namespace {

constexpr std::string_view select_account =
    "SELECT id, slug, inbox_id, channel, name, address, capabilities, config, archived_at, revision"
    " FROM channel_accounts ";
constexpr std::string_view insert_account =
    "INSERT INTO channel_accounts (id, slug, inbox_id, channel, name, address, capabilities, "
    "config,"
    " created_at, updated_at, archived_at, revision) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 1)";
constexpr std::string_view update_account =
    "UPDATE channel_accounts SET inbox_id = ?, name = ?, address = ?, capabilities = ?, config = ?,"
    " updated_at = ?, archived_at = ?, revision = ? WHERE id = ?";

channel_account read_account(const db::rows& row)
{
    return {
        .id = row.id<channel_account_id>(0),
        .slug = row.string(1),
        .inbox = row.id<inbox_id>(2),
        .channel = static_cast<channel>(row.integer(3)),
        .name = row.string(4),
        .address = row.string(5),
        .can = json::read_text<capabilities>(
            row.text(6), {.absent = json::absent_members::default_value}
        ),
        .config = row.string(7),
        .archived = row.time(8),
        .revision = row.integer(9)
    };
}

void check_account(db::connection& on, channel_account& wanted)
{
    wanted.name = clean_line(wanted.name, 80);
    const bool fits = !wanted.slug.empty() && wanted.slug.size() <= 60 &&
                      std::ranges::all_of(wanted.slug, [](char c) {
                          return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
                      });
    if (!fits)
        throw problem{errc::invalid, "A slug has 1 to 60 of a-z, 0-9 and -.", "slug"};
    if (wanted.name.empty())
        throw problem{errc::invalid, "A channel account needs a name.", "name"};
    if (!is_known(wanted.channel) || wanted.channel == channel::none)
        throw problem{errc::invalid, "Choose a channel.", "channel"};
    if (wanted.can.after_unknown != "ask" && wanted.can.after_unknown != "retry" &&
        wanted.can.after_unknown != "drop")
        throw problem{errc::invalid, "after_unknown is ask, retry or drop.", "after_unknown"};
    if (!json::parse(wanted.config).is_object())
        throw problem{errc::invalid, "config must be a JSON object.", "config"};
    db::rows row =
        on.query("SELECT id FROM inboxes WHERE id = ? AND archived_at = 0", {wanted.inbox});
    if (!row.next())
        throw problem{errc::not_found, "There is no such inbox.", "inbox"};
}

void log_about(transaction& tx, const context& by, const channel_account& about)
{
    log_entry line = logged(by, happening::inbox_changed);
    line.inbox = about.inbox;
    line.subject = raw(about.id);
    tx.append(std::move(line));
}

} // namespace

channel_account create(transaction& tx, context& by, channel_account wanted)
{
    check_account(tx.db(), wanted);
    if (find(tx.db(), wanted.slug))
        throw problem{errc::conflict, "Another channel account has this slug.", "slug"};
    wanted.id = by.ids.next<channel_account_id>();
    wanted.revision = 1;
    wanted.archived = {};
    tx.exec(
        insert_account,
        {wanted.id,
         wanted.slug,
         wanted.inbox,
         wanted.channel,
         wanted.name,
         wanted.address,
         json::to_text(wanted.can),
         wanted.config,
         by.now,
         by.now}
    );
    log_about(tx, by, wanted);
    return wanted;
}

channel_account change(transaction& tx, context& by, channel_account wanted, std::int64_t expected)
{
    const auto now = find(tx.db(), wanted.id);
    if (!now)
        throw problem{errc::not_found, "There is no such channel account."};
    if (now->revision != expected)
        throw problem{
            errc::precondition, "Somebody changed this channel account meanwhile: read it again."
        };
    wanted.slug = now->slug;
    wanted.channel = now->channel;
    check_account(tx.db(), wanted);
    wanted.revision = expected + 1;
    tx.exec(
        update_account,
        {wanted.inbox,
         wanted.name,
         wanted.address,
         json::to_text(wanted.can),
         wanted.config,
         by.now,
         wanted.archived,
         wanted.revision,
         wanted.id}
    );
    log_about(tx, by, wanted);
    return wanted;
}

std::optional<channel_account> find(db::connection& on, channel_account_id id)
{
    static const std::string sql = std::string{select_account} + "WHERE id = ?";
    db::rows row = on.query(sql, {id});
    if (!row.next())
        return std::nullopt;
    return read_account(row);
}

std::optional<channel_account> find(db::connection& on, std::string_view slug)
{
    static const std::string sql = std::string{select_account} + "WHERE slug = ?";
    db::rows row = on.query(sql, {slug});
    if (!row.next())
        return std::nullopt;
    return read_account(row);
}

std::vector<channel_account> all(db::connection& on)
{
    static const std::string sql =
        std::string{select_account} + "WHERE archived_at = 0 ORDER BY id";
    std::vector<channel_account> found;
    db::rows row = on.query(sql);
    while (row.next())
        found.push_back(read_account(row));
    return found;
}

void set_secret(
    transaction& tx,
    context& by,
    channel_account_id of,
    std::string_view name,
    std::string_view secret
)
{
    const auto account = find(tx.db(), of);
    if (!account)
        throw problem{errc::not_found, "There is no such channel account."};
    tx.exec("DELETE FROM channel_secrets WHERE channel_account_id = ? AND name = ?", {of, name});
    if (!secret.empty())
        tx.exec(
            "INSERT INTO channel_secrets (channel_account_id, name, secret, set_at)"
            " VALUES (?, ?, ?, ?)",
            {of, name, db::value::bytes_view{secret}, by.now}
        );
    log_about(tx, by, *account);
}

std::optional<std::string> secret(db::connection& on, channel_account_id of, std::string_view name)
{
    db::rows row = on.query(
        "SELECT secret FROM channel_secrets WHERE channel_account_id = ? AND name = ?", {of, name}
    );
    if (!row.next())
        return std::nullopt;
    return row.string(0);
}

std::string cursor(db::connection& on, channel_account_id of, std::string_view name)
{
    db::rows row = on.query(
        "SELECT place FROM channel_cursors WHERE channel_account_id = ? AND name = ?", {of, name}
    );
    return row.next() ? row.string(0) : std::string{};
}

void move_cursor(
    transaction& tx,
    const context& by,
    channel_account_id of,
    std::string_view name,
    std::string_view place
)
{
    const std::int64_t moved = tx.exec(
        "UPDATE channel_cursors SET place = ?, moved_at = ? WHERE channel_account_id = ? AND name "
        "= ?",
        {place, by.now, of, name}
    );
    if (moved == 0)
        tx.exec(
            "INSERT INTO channel_cursors (channel_account_id, name, place, moved_at)"
            " VALUES (?, ?, ?, ?)",
            {of, name, place, by.now}
        );
}

} // namespace channel_accounts
} // namespace crm
