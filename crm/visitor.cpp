// Visitors' tokens: what a browser holds to be recognised. Only hashes are stored.
#include "crm/base/problem.hpp"
#include "crm/identity.hpp"

namespace crm::visitors {
namespace {

constexpr std::string_view insert_token =
    "INSERT INTO visitor_tokens (id, token_hash, customer_id, identity_id, inbox_id, created_at,"
    " last_seen_at, expires_at, closed_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0)";
constexpr std::string_view select_token =
    "SELECT id, customer_id, identity_id, inbox_id, expires_at FROM visitor_tokens"
    " WHERE token_hash = ? AND closed_at = 0 AND expires_at > ?";
constexpr std::string_view select_spent =
    "SELECT id FROM visitor_tokens WHERE token_hash = ? AND (closed_at > 0 OR expires_at <= ?)";
constexpr std::string_view touch_token =
    "UPDATE visitor_tokens SET last_seen_at = ? WHERE id = ? AND last_seen_at < ?";
constexpr std::string_view close_token =
    "UPDATE visitor_tokens SET closed_at = ? WHERE id = ? AND closed_at = 0";
constexpr std::string_view token_customer = "SELECT customer_id FROM visitor_tokens WHERE id = ?";

void log_revoked(transaction& tx, const context& by, customer_id whose, std::int64_t which)
{
    log_entry line = logged(by, happening::token_revoked);
    line.customer = whose;
    line.subject = which;
    tx.append(std::move(line));
}

} // namespace

visitor open(
    transaction& tx,
    context& by,
    std::string_view token_hash,
    customer_id customer,
    identity_id identity,
    inbox_id inbox,
    instant expires
)
{
    if (token_hash.size() != 64)
        throw problem{errc::invalid, "A token is stored as its SHA-256 in hexadecimal."};
    visitor made{
        .id = by.ids.next<token_id>(),
        .customer = customer,
        .identity = identity,
        .inbox = inbox,
        .expires = expires
    };
    tx.exec(
        insert_token, {made.id, token_hash, customer, identity, inbox, by.now, by.now, expires}
    );
    log_entry line = logged(by, happening::token_created);
    line.customer = customer;
    line.inbox = inbox;
    line.subject = raw(made.id);
    tx.append(std::move(line));
    return made;
}

std::optional<visitor> find(db::connection& on, std::string_view token_hash, instant now)
{
    db::rows row = on.query(select_token, {token_hash, now});
    if (!row.next())
        return std::nullopt;
    return visitor{
        .id = row.id<token_id>(0),
        .customer = row.id<customer_id>(1),
        .identity = row.id<identity_id>(2),
        .inbox = row.id<inbox_id>(3),
        .expires = row.time(4)
    };
}

bool is_spent(db::connection& on, std::string_view token_hash, instant now)
{
    return on.query(select_spent, {token_hash, now}).next();
}

void touch(transaction& tx, const context& by, token_id which)
{
    tx.exec(touch_token, {by.now, which, by.now - std::chrono::hours{1}});
}

void close(transaction& tx, context& by, token_id which)
{
    if (tx.exec(close_token, {by.now, which}) == 0)
        return;
    customer_id whose{};
    {
        db::rows row = tx.query(token_customer, {which});
        if (row.next())
            whose = row.id<customer_id>(0);
    }
    log_revoked(tx, by, whose, raw(which));
}

} // namespace crm::visitors
