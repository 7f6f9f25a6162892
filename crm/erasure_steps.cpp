#include "crm/erasure_steps.hpp"

#include "crm/attachment.hpp"
#include "crm/audit.hpp"
#include "crm/base/json.hpp"
#include "crm/conversation.hpp"
#include "crm/identity.hpp"
#include "crm/intake.hpp"
#include "crm/request.hpp"
#include "crm/timeline.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace crm::erasures {
namespace {

constexpr int rows_at_once = 20;

std::vector<std::int64_t>
ids_of(transaction& tx, std::string_view sql, std::initializer_list<db::value> args)
{
    std::vector<std::int64_t> found;
    db::rows row = tx.query(sql, args);
    while (row.next())
        found.push_back(row.integer(0));
    return found;
}

constexpr std::string_view delete_values = "DELETE FROM attribute_values WHERE owner_id = ?";

} // namespace

// ---- people

constexpr std::string_view empty_customer =
    "UPDATE customers SET anonymous = 1, name = '', locale = '', timezone = "
    "'', company_id = 0,"
    " verified = 0, profiling_opt_out = 1, updated_at = ?, erased_at = ?, "
    "revision = revision + 1"
    " WHERE id = ?";
constexpr std::string_view delete_tags = "DELETE FROM customer_tags WHERE customer_id = ?";
constexpr std::string_view open_tokens =
    "SELECT id FROM visitor_tokens WHERE customer_id = ? AND closed_at = 0 LIMIT ?";
constexpr std::string_view next_fields =
    "SELECT id FROM customer_fields WHERE customer_id = ? LIMIT ?";
constexpr std::string_view delete_field = "DELETE FROM customer_fields WHERE id = ?";
constexpr std::string_view next_identities =
    "SELECT id FROM identities WHERE customer_id = ? AND erased_at = 0 LIMIT ?";
constexpr std::string_view empty_identity =
    "UPDATE identities SET address = '', address_hash = '', owner_hash = NULL, "
    "display = '',"
    " erased_at = ? WHERE id = ?";

namespace {

void tell_changed(transaction& tx, const context& by, customer_id member)
{
    log_entry line = logged(by, happening::customer_changed);
    line.customer = member;
    tx.append(std::move(line));
}

} // namespace

bool erase_person(transaction& tx, context& by, erasure& now, customer_id member)
{
    constexpr int at_once = 40;
    if (now.place == 0) {
        tx.exec(empty_customer, {by.now, by.now, member});
        tx.exec(delete_tags, {member});
        tx.exec(delete_values, {raw(member)});
        tell_changed(tx, by, member);
        now.place = 1;
    }
    const auto tokens = ids_of(tx, open_tokens, {member, at_once});
    for (const std::int64_t id : tokens)
        visitors::close(tx, by, token_id{id});
    const auto fields = ids_of(tx, next_fields, {member, at_once});
    for (const std::int64_t id : fields)
        tx.exec(delete_field, {id});
    const auto identities = ids_of(tx, next_identities, {member, at_once});
    for (const std::int64_t id : identities)
        tx.exec(empty_identity, {by.now, id});
    if (!tokens.empty() || !fields.empty() || !identities.empty())
        return false;
    if (audit::erase_addresses(tx, by, actor_kind::customer, raw(member), at_once) > 0)
        return false;
    // Whoever shows the customer, and the search, take it from here.
    tell_changed(tx, by, member);
    return true;
}

// ---- conversations

constexpr std::string_view next_conversations =
    "SELECT id FROM conversations WHERE customer_id = ? AND id > ? ORDER BY id "
    "LIMIT ?";
constexpr std::string_view empty_conversation =
    "UPDATE conversations SET subject = '', preview = '', locale = '', "
    "revision = revision + 1"
    " WHERE id = ?";
constexpr std::string_view delete_drafts = "DELETE FROM drafts WHERE conversation_id = ?";

bool erase_conversations(transaction& tx, context& by, erasure& now, customer_id member)
{
    constexpr int at_once = 5;
    const auto next = ids_of(tx, next_conversations, {member, now.place, at_once});
    for (const std::int64_t id : next) {
        const conversation_id which{id};
        tx.exec(empty_conversation, {which});
        tx.exec(delete_drafts, {which});
        tx.exec(delete_values, {id});
        if (const auto living = requests::of_conversation(tx.db(), which))
            requests::close(tx, by, living->id, request_reason::resolved);
        conversations::set_status(
            tx, by, which, conversation_status::resolved, std::nullopt, "customer_erased"
        );
        log_entry line = logged(by, happening::subject_changed);
        line.customer = member;
        line.conversation = which;
        line.conversation_state =
            std::make_shared<const conversation>(conversations::need(tx.db(), which));
        line.inbox = line.conversation_state->inbox;
        tx.append(std::move(line));
        now.place = id;
    }
    return next.size() < at_once;
}

// ---- files

constexpr std::string_view sent_files =
    "SELECT id FROM attachments WHERE customer_id = ? AND erased_at = 0 LIMIT "
    "?";
constexpr std::string_view unsent_files =
    "SELECT id FROM attachments WHERE entry_id = 0 AND owner_kind = ? AND "
    "owner_id = ?"
    " AND erased_at = 0 LIMIT ?";

bool erase_files(transaction& tx, context& by, customer_id member, std::vector<std::string>& blobs)
{
    auto next = ids_of(tx, sent_files, {member, rows_at_once});
    if (next.empty())
        next = ids_of(tx, unsent_files, {author_kind::customer, raw(member), rows_at_once});
    for (const std::int64_t id : next)
        if (std::string blob = attachments::erase(tx, by, attachment_id{id}); !blob.empty())
            blobs.push_back(std::move(blob));
    return next.empty();
}

// ---- entries

namespace {

constexpr std::string_view next_entries =
    "SELECT id, happened, kind, details FROM entries WHERE customer_id = ?"
    " AND (happened > ? OR (happened = ? AND id > ?)) ORDER BY happened, id "
    "LIMIT ?";
constexpr std::string_view forget_source =
    "UPDATE entries SET platform_id = '', delivery_detail = '' WHERE id = ?";
constexpr std::string_view keep_event =
    "UPDATE entries SET content = '', details = ?, delivery_detail = '' WHERE "
    "id = ?";
constexpr std::string_view forget_trouble = "UPDATE outbox SET error = '' WHERE entry_id = ?";

struct found_entry
{
    entry_id id{};
    std::int64_t happened = 0;
    entry_kind kind{};
    std::string details{};
};

/// What happened, without the words around it (subjects, reasons).
std::string only_happening(const std::string& details)
{
    const auto parsed = json::parse(details);
    boost::json::object kept;
    if (const auto* word = parsed.as_object().if_contains("happening"))
        kept["happening"] = *word;
    return boost::json::serialize(kept);
}

constexpr int most_revisions = 50; // of all entries of a piece
constexpr std::string_view next_revisions =
    "SELECT revision FROM entry_revisions WHERE entry_id = ? LIMIT ?";
constexpr std::string_view delete_revision =
    "DELETE FROM entry_revisions WHERE entry_id = ? AND revision = ?";

int erase_revisions(transaction& tx, entry_id of, int most)
{
    const auto next = ids_of(tx, next_revisions, {of, most});
    for (const std::int64_t one : next)
        tx.exec(delete_revision, {of, one});
    return static_cast<int>(next.size());
}

std::vector<found_entry> entries_after(transaction& tx, const erasure& now, customer_id member)
{
    std::vector<found_entry> found;
    db::rows row =
        tx.query(next_entries, {member, now.place, now.place, now.place_id, rows_at_once});
    while (row.next())
        found.push_back({row.id<entry_id>(0), row.integer(1), row.as<entry_kind>(2), row.string(3)}
        );
    return found;
}

} // namespace

bool erase_entries(transaction& tx, context& by, erasure& now, customer_id member)
{
    const auto next = entries_after(tx, now, member);
    int revisions = 0;
    for (const found_entry& one : next) {
        if (one.kind == entry_kind::event) {
            tx.exec(keep_event, {only_happening(one.details), one.id});
        } else {
            revisions += erase_revisions(tx, one.id, most_revisions - revisions);
            if (revisions == most_revisions)
                return false;
            timeline::redact(tx, by, one.id);
            tx.exec(forget_source, {one.id});
            tx.exec(forget_trouble, {one.id});
        }
        now.place = one.happened;
        now.place_id = raw(one.id);
    }
    return next.size() < rows_at_once;
}

// ---- orders

constexpr std::string_view next_orders =
    "SELECT id FROM orders WHERE customer_id = ? AND id > ? ORDER BY id LIMIT "
    "?";
constexpr std::string_view empty_order =
    "UPDATE orders SET carrier = '', tracking = '', revision = revision + 1 "
    "WHERE id = ?";

bool erase_orders(transaction& tx, erasure& now, customer_id member)
{
    const auto next = ids_of(tx, next_orders, {member, now.place, rows_at_once});
    for (const std::int64_t id : next) {
        tx.exec(empty_order, {id});
        tx.exec(delete_values, {id});
        now.place = id;
    }
    return next.size() < rows_at_once;
}

// ---- kept answers

namespace {

constexpr std::string_view next_answers =
    "SELECT principal, client_key, created, body FROM idempotency_keys WHERE "
    "created > ?"
    " ORDER BY created LIMIT ?";
constexpr std::string_view delete_answer =
    "DELETE FROM idempotency_keys WHERE principal = ? AND client_key = ?";
constexpr std::string_view conversations_of = "SELECT id FROM conversations WHERE customer_id = ?";

struct found_answer
{
    std::string principal;
    std::string key;
    std::int64_t created = 0;
    std::string body;
};

std::vector<found_answer> answers_after(transaction& tx, std::int64_t created, int most)
{
    std::vector<found_answer> found;
    db::rows row = tx.query(next_answers, {created, most});
    while (row.next())
        found.push_back({row.string(0), row.string(1), row.integer(2), row.string(3)});
    return found;
}

} // namespace

// Answers are kept for three days and name whom they are about by ids only; a page of them is read
// at a time. Of answers kept in one microsecond a page sees the first hundred.
bool erase_answers(transaction& tx, erasure& now, customer_id member)
{
    constexpr int at_once = 100;
    std::vector<std::string> names{"\"" + to_string(member) + "\""};
    for (const std::int64_t id : ids_of(tx, conversations_of, {member}))
        names.push_back("\"" + std::to_string(id) + "\"");
    const auto next = answers_after(tx, now.place, at_once);
    for (const found_answer& one : next) {
        now.place = one.created;
        for (const std::string& name : names)
            if (one.body.find(name) != std::string::npos) {
                tx.exec(delete_answer, {one.principal, one.key});
                break;
            }
    }
    return next.size() < at_once;
}

// ---- raw bodies

bool erase_intake(transaction& tx, customer_id member, std::vector<std::string>& blobs)
{
    return intake::erase(tx, member, rows_at_once, blobs) < rows_at_once;
}

} // namespace crm::erasures
