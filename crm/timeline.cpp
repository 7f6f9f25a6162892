#include "crm/timeline.hpp"

#include "crm/base/hash.hpp"
#include "crm/base/json.hpp"
#include "crm/base/text.hpp"
#include "crm/conversation_rows.hpp"
#include "crm/order.hpp"
#include "crm/timeline_pages.hpp"
#include "crm/timeline_rows.hpp"

#include <algorithm>
#include <boost/json/value.hpp>

namespace crm {
namespace {

using namespace std::chrono_literals;

/// A first message may have waited so long at its platform; platforms retry for at most a week.
constexpr auto oldest_first_entry = std::chrono::hours{24 * 30};
/// How far a later message may fall behind the last one.
constexpr auto furthest_back = 60s;
constexpr std::size_t preview_length = 140;

bool shows_preview(const entry& one)
{
    return one.kind == entry_kind::message || one.kind == entry_kind::note ||
           one.kind == entry_kind::form || one.kind == entry_kind::call;
}

void check_append(const new_entry& wanted)
{
    if (wanted.text.size() > timeline::text_limit)
        throw problem{
            errc::too_large, "A text has at most 64 KiB: send the rest as a file.", "text"
        };
    if (wanted.html.size() > timeline::text_limit)
        throw problem{errc::too_large, "HTML has at most 64 KiB: send it as a file.", "html"};
    if (wanted.details.size() > timeline::details_limit)
        throw problem{errc::too_large, "details have at most 16 KiB.", "details"};
    if (wanted.cid.size() > 64)
        throw problem{errc::invalid, "cid has 1 to 64 characters.", "cid"};
    if (wanted.attachments.size() > timeline::attachment_limit)
        throw problem{errc::invalid, "At most 10 files go with one message.", "attachments"};
    if (wanted.details != "{}" && !json::parse(wanted.details).is_object())
        throw problem{errc::invalid, "details must be a JSON object.", "details"};
    const bool says_something =
        !wanted.html.empty() || !wanted.attachments.empty() || !trim(wanted.text).empty();
    if ((wanted.kind == entry_kind::message || wanted.kind == entry_kind::note) && !says_something)
        throw problem{errc::invalid, "Write something or attach a file.", "text"};
}

std::optional<entry> find_repeated(db::connection& on, const new_entry& wanted)
{
    if (!wanted.cid.empty())
        if (auto first = timeline::find_repeated(on, wanted.by, wanted.cid))
            return first;
    if (!wanted.platform_id.empty() && wanted.account)
        return timeline::find_by_platform(on, *wanted.account, wanted.platform_id);
    return std::nullopt;
}

/// The platform's time, held between the conversation's last entry less 60 s and now.
instant bounded(const new_entry& wanted, const conversation& where, instant now)
{
    if (!wanted.happened)
        return std::max(now, where.last_happened - furthest_back);
    if (wanted.imported)
        return *wanted.happened;
    const instant earliest = where.last_happened.is_set() ? where.last_happened - furthest_back
                                                          : now - oldest_first_entry;
    return std::clamp(*wanted.happened, std::min(earliest, now), now);
}

entry made_from(const context& by, const conversation& where, const new_entry& wanted, entry_id id)
{
    const bool internal = wanted.kind == entry_kind::note || wanted.kind == entry_kind::event;
    const bool carried = wanted.kind == entry_kind::message || wanted.kind == entry_kind::form;
    entry made;
    made.id = id;
    made.conversation = where.id;
    made.customer = where.customer;
    made.inbox = where.inbox;
    made.is_public = wanted.is_public && !internal;
    made.seq = where.seq + 1;
    made.public_seq = made.is_public ? where.public_seq + 1 : 0;
    made.happened = bounded(wanted, where, by.now);
    made.received = by.now;
    made.kind = wanted.kind;
    made.by = wanted.by;
    made.channel = wanted.channel.value_or(carried ? where.channel : channel::none);
    made.account = wanted.account.value_or(carried ? where.account : channel_account_id{});
    made.stage = where.stage;
    made.delivery = wanted.delivery;
    made.reference = wanted.reference;
    made.cid = wanted.cid;
    made.platform_id = wanted.platform_id;
    made.text = clean_text(wanted.text);
    made.details = wanted.details;
    made.has_html = !wanted.html.empty();
    return made;
}

constexpr db::row_statement::text_of_many insert_entries{
    .head =
        "INSERT INTO entries (id, conversation_id, customer_id, inbox_id, seq, public_seq, "
        "happened,"
        " received, kind, author_kind, author_id, identity_id, channel, channel_account_id, stage,"
        " is_public, delivery, delivery_detail, revision, redacted_at, attachment_count, has_html,"
        " reference, cid, platform_id, content, details) VALUES ",
    .first = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, 0, ?, ?, ?, ?, ?, ?, ?)",
    .further = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, 0, ?, ?, ?, ?, ?, ?, ?)",
    .between = ", ",
    .tail = ""
};
constexpr db::row_statement insert_entry{
    .one = "", .sqlite = insert_entries, .mysql = insert_entries
};
constexpr std::string_view insert_body = "INSERT INTO entry_bodies (entry_id, html) VALUES (?, ?)";

void insert(transaction& tx, const std::shared_ptr<const entry>& what, const std::string& html)
{
    const entry& made = *what;
    const std::optional<std::string_view> cid =
        made.cid.empty() ? std::nullopt : std::optional<std::string_view>{made.cid};
    db::later_row row{
        .key = 0, .values = {made.id,          made.conversation, made.customer,
                             made.inbox,       made.seq,          made.public_seq,
                             made.happened,    made.received,     made.kind,
                             made.by.kind,     made.by.id,        made.by.identity,
                             made.channel,     made.account,      made.stage,
                             made.is_public,   made.delivery,     made.attachments.size(),
                             made.has_html,    made.reference,    cid,
                             made.platform_id, made.text,         made.details}
    };
    tx.exec_later(insert_entry, std::move(row), what);
    if (made.has_html)
        tx.exec(insert_body, {made.id, html});
}

/// What the entry changes in its conversation's counters and marks.
void count(conversation& where, const entry& made, bool imported)
{
    where.seq = made.seq;
    if (made.is_public)
        where.public_seq = made.public_seq;
    where.last_happened = std::max(where.last_happened, made.happened);
    if (shows_preview(made) && made.happened >= where.preview_at) {
        where.preview = truncate(made.text, preview_length);
        where.preview_kind = made.kind;
        where.preview_author = made.by.kind;
        where.preview_at = made.happened;
    }
    if (made.kind != entry_kind::event && made.kind != entry_kind::visit)
        where.last_activity = std::max(where.last_activity, made.happened);
    if (!made.is_public || made.kind != entry_kind::message)
        return;
    if (made.by.kind == author_kind::customer) {
        if (!imported) {
            ++where.unread;
            if (!where.waiting_since.is_set())
                where.waiting_since = made.received;
        }
    } else if (made.by.kind == author_kind::agent) {
        where.waiting_since = {};
        where.unread = 0;
        where.agent_read_seq = made.seq;
        if (!where.first_response.is_set())
            where.first_response = made.happened;
    }
}

// Two statements, because the second one leaves the activity alone and with it the list index.
constexpr db::row_statement update_activity{
    .one = "UPDATE conversations SET last_seq = ?, last_public_seq = ?, last_happened = ?, preview "
           "= ?,"
           " preview_kind = ?, preview_author = ?, preview_at = ?, unread = ?, agent_read_seq = ?,"
           " last_activity_at = ?, waiting_since = ?, first_response_at = ? WHERE id = ?",
    .sqlite = {},
    .mysql =
        {.head = "UPDATE conversations c JOIN (",
         .first = "SELECT ? AS seq, ? AS public_seq, ? AS happened, ? AS preview, ? AS kind,"
                  " ? AS author, ? AS preview_at, ? AS unread, ? AS agent_read, ? AS activity,"
                  " ? AS waiting, ? AS response, ? AS id",
         .further = "SELECT ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?",
         .between = " UNION ALL ",
         .tail = ") v ON v.id = c.id SET c.last_seq = v.seq, c.last_public_seq = v.public_seq,"
                 " c.last_happened = v.happened, c.preview = v.preview, c.preview_kind = v.kind,"
                 " c.preview_author = v.author, c.preview_at = v.preview_at, c.unread = v.unread,"
                 " c.agent_read_seq = v.agent_read, c.last_activity_at = v.activity,"
                 " c.waiting_since = v.waiting, c.first_response_at = v.response"}
};
constexpr std::string_view update_count =
    "UPDATE conversations SET last_seq = ?, last_public_seq = ?, last_happened = ? WHERE id = ?";

void save_count(transaction& tx, const std::shared_ptr<const conversation>& what, bool active)
{
    const conversation& now = *what;
    if (!active) {
        tx.exec(update_count, {now.seq, now.public_seq, now.last_happened, now.id});
        return;
    }
    db::later_row row{
        .key = raw(now.id),
        .values =
            {now.seq,
             now.public_seq,
             now.last_happened,
             now.preview,
             now.preview_kind,
             now.preview_author,
             now.preview_at,
             now.unread,
             now.agent_read_seq,
             now.last_activity,
             now.waiting_since,
             now.first_response,
             now.id}
    };
    tx.exec_later(update_activity, std::move(row), what);
}

void log_added(transaction& tx, const context& by, const appended& done)
{
    log_entry what = logged(by, happening::entry_added);
    what.customer = done.what->customer;
    what.conversation = done.what->conversation;
    what.inbox = done.what->inbox;
    what.entry_ref = done.what->id;
    what.seq = done.what->seq;
    what.number = static_cast<std::int64_t>(done.what->kind);
    what.entry = done.what;
    what.conversation_state = done.where;
    tx.append(std::move(what));
}

/// An entry outside any conversation. Its id takes the place of the seq, which is then unique too.
appended append_alone(transaction& tx, context& by, const new_entry& wanted)
{
    conversation nowhere;
    nowhere.customer = wanted.customer;
    nowhere.channel = channel::none;
    nowhere.stage = stage_of(orders::newest_status(tx.db(), wanted.customer));
    entry made = made_from(by, nowhere, wanted, by.ids.next<entry_id>());
    made.happened = wanted.happened.value_or(by.now);
    made.seq = raw(made.id);
    made.public_seq = 0;
    made.is_public = false;
    appended done;
    done.what = std::make_shared<const entry>(std::move(made));
    insert(tx, done.what, wanted.html);
    log_added(tx, by, done);
    return done;
}

bool opens_again(const new_entry& wanted, const conversation& where)
{
    return !wanted.imported && wanted.by.kind == author_kind::customer &&
           wanted.kind == entry_kind::message && where.status != conversation_status::open;
}

} // namespace

appended
conversations::append_to(transaction& tx, context& by, conversation& where, const new_entry& wanted)
{
    if (opens_again(wanted, where))
        reopen(tx, by, where);
    entry made = made_from(by, where, wanted, by.ids.next<entry_id>());
    if (!wanted.attachments.empty())
        made.attachments = attachments::attach(
            tx,
            wanted.attachments,
            made.by.kind,
            made.by.id,
            made.id,
            made.conversation,
            made.customer,
            made.inbox
        );
    appended done;
    done.what = std::make_shared<const entry>(std::move(made));
    const entry& added = *done.what;
    insert(tx, done.what, wanted.html);
    if (!added.platform_id.empty())
        timeline::set_platform_id(tx, by, added.id, added.account, added.platform_id);
    const instant activity_before = where.last_activity;
    const instant preview_before = where.preview_at;
    count(where, added, wanted.imported);
    const bool active = where.last_activity != activity_before ||
                        where.preview_at != preview_before || added.kind == entry_kind::message;
    done.where = std::make_shared<const conversation>(where);
    save_count(tx, done.where, active);
    log_added(tx, by, done);
    return done;
}

namespace timeline {

appended append(transaction& tx, context& by, const new_entry& wanted)
{
    check_append(wanted);
    if (auto first = crm::find_repeated(tx.db(), wanted)) {
        appended done{.what = {}, .where = {}, .repeated = true};
        if (auto where = conversations::find(tx.db(), first->conversation))
            done.where = std::make_shared<const conversation>(std::move(*where));
        done.what = std::make_shared<const entry>(std::move(*first));
        return done;
    }
    if (raw(wanted.conversation) == 0)
        return append_alone(tx, by, wanted);
    conversation where = conversations::need(tx.db(), wanted.conversation);
    return conversations::append_to(tx, by, where, wanted);
}

appended append_new(transaction& tx, context& by, conversation& where, const new_entry& wanted)
{
    check_append(wanted);
    return conversations::append_to(tx, by, where, wanted);
}

std::optional<entry> find_repeated(db::connection& on, const author& by, std::string_view cid)
{
    static const std::string sql =
        select_entries() + "WHERE e.author_kind = ? AND e.author_id = ? AND e.cid = ?";
    const db::value args[] = {by.kind, by.id, cid};
    auto found = read_entries(on, sql, args);
    if (found.empty())
        return std::nullopt;
    return std::move(found.front());
}

constexpr std::string_view entry_of_source =
    "SELECT entry_id FROM entry_sources WHERE channel_account_id = ? AND platform_hash = ?";

std::optional<entry>
find_by_platform(db::connection& on, channel_account_id account, std::string_view platform_id)
{
    const std::string hash = to_hex(sha256(platform_id));
    entry_id found{};
    {
        db::rows row = on.query(entry_of_source, {account, hash});
        if (!row.next())
            return std::nullopt;
        found = row.id<entry_id>(0);
    }
    return find(on, found);
}

constexpr std::string_view insert_source =
    "INSERT INTO entry_sources (channel_account_id, platform_hash, entry_id) VALUES (?, ?, ?)";
constexpr std::string_view name_platform_id = "UPDATE entries SET platform_id = ? WHERE id = ?";

void set_platform_id(
    transaction& tx,
    context&,
    entry_id which,
    channel_account_id account,
    std::string_view platform_id
)
{
    const std::string hash = to_hex(sha256(platform_id));
    {
        db::rows row = tx.query(entry_of_source, {account, hash});
        if (row.next())
            return;
    }
    tx.exec(insert_source, {account, hash, which});
    tx.exec(name_platform_id, {platform_id, which});
}

} // namespace timeline
} // namespace crm
