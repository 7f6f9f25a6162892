#include "crm/session.hpp"

#include "crm/base/hash.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"

#include <algorithm>

namespace crm {

std::string token_hash(std::string_view token)
{
    return to_hex(sha256(token));
}

namespace sessions {
namespace {

constexpr std::string_view select_session =
    "SELECT s.id, s.agent_id, s.csrf, s.created_at, s.last_seen_at, s.expires_at, s.address,"
    " s.user_agent FROM sessions s ";
constexpr std::string_view insert_session =
    "INSERT INTO sessions (id, token_hash, agent_id, csrf, created_at, last_seen_at, expires_at,"
    " ended_at, address, user_agent) VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?)";

session read_session(const db::rows& row)
{
    return {
        .id = row.id<token_id>(0),
        .agent = row.id<agent_id>(1),
        .csrf = row.string(2),
        .created = row.time(3),
        .last_seen = row.time(4),
        .expires = row.time(5),
        .address = row.string(6),
        .user_agent = row.string(7)
    };
}

void log_about(
    transaction& tx, const context& by, happening what, agent_id whose, std::int64_t number = 0
)
{
    log_entry line = logged(by, what);
    line.subject = raw(whose);
    line.number = number;
    tx.append(std::move(line));
}

} // namespace

session open(
    transaction& tx,
    context& by,
    agent_id of,
    std::string_view hash,
    std::string_view csrf,
    std::string_view user_agent,
    const session_limits& limits
)
{
    {
        db::rows row = tx.query("SELECT is_active FROM agents WHERE id = ?", {of});
        if (!row.next() || !row.flag(0))
            throw problem{errc::forbidden, "This account is deactivated: ask an administrator."};
    }
    session made{
        .id = by.ids.next<token_id>(),
        .agent = of,
        .csrf = std::string{csrf},
        .created = by.now,
        .last_seen = by.now,
        .expires = by.now + limits.absolute,
        .address = by.who.address,
        .user_agent = clean_line(user_agent, 200)
    };
    tx.exec(
        insert_session,
        {made.id,
         hash,
         of,
         made.csrf,
         made.created,
         made.last_seen,
         made.expires,
         made.address,
         made.user_agent}
    );
    log_about(tx, by, happening::logged_in, of);
    return made;
}

std::optional<session>
find(db::connection& on, std::string_view hash, instant now, const session_limits& limits)
{
    static const std::string sql =
        std::string{select_session} +
        "JOIN agents a ON a.id = s.agent_id WHERE s.token_hash = ? AND s.ended_at = 0"
        " AND s.expires_at > ? AND s.last_seen_at > ? AND a.is_active = 1";
    db::rows row = on.query(sql, {hash, now, now - limits.idle});
    if (!row.next())
        return std::nullopt;
    return read_session(row);
}

void touch(transaction& tx, const context& by, const session& which)
{
    if (by.now - which.last_seen < std::chrono::minutes{1})
        return;
    tx.exec(
        "UPDATE sessions SET last_seen_at = ? WHERE id = ? AND ended_at = 0 AND last_seen_at < ?",
        {by.now, which.id, by.now}
    );
}

void end(transaction& tx, context& by, agent_id of, token_id which)
{
    const std::int64_t matched = tx.exec(
        "UPDATE sessions SET ended_at = ? WHERE id = ? AND agent_id = ? AND ended_at = 0",
        {by.now, which, of}
    );
    if (matched == 0)
        throw problem{errc::not_found, "There is no such session."};
    log_about(tx, by, happening::logged_out, of, raw(which));
}

void end_all(transaction& tx, context& by, agent_id of, token_id but)
{
    const std::int64_t matched = tx.exec(
        "UPDATE sessions SET ended_at = ? WHERE agent_id = ? AND ended_at = 0 AND id <> ?",
        {by.now, of, but}
    );
    if (matched > 0)
        log_about(tx, by, happening::logged_out, of);
}

std::vector<session>
of_agent(db::connection& on, agent_id of, instant now, const session_limits& limits)
{
    static const std::string sql =
        std::string{select_session} +
        "WHERE s.agent_id = ? AND s.ended_at = 0 AND s.expires_at > ? AND s.last_seen_at > ?"
        " ORDER BY s.last_seen_at DESC, s.id DESC";
    std::vector<session> found;
    db::rows row = on.query(sql, {of, now, now - limits.idle});
    while (row.next())
        found.push_back(read_session(row));
    return found;
}

namespace {

std::string failure_key(std::string_view email)
{
    // Whatever was typed, so that an unknown account is throttled like a known one.
    return to_hex(sha256(ascii_lower(trim(email))));
}

} // namespace

std::int64_t failed_logins(db::connection& on, std::string_view email, instant since)
{
    db::rows row = on.query(
        "SELECT failures FROM login_failures WHERE email = ? AND first_at >= ?",
        {failure_key(email), since}
    );
    return row.next() ? row.integer(0) : 0;
}

void login_failed(
    transaction& tx, context& by, std::string_view email, agent_id known, instant since
)
{
    const std::string key = failure_key(email);
    const std::int64_t counted = tx.exec(
        "UPDATE login_failures SET failures = failures + 1, last_at = ? WHERE email = ?"
        " AND first_at >= ?",
        {by.now, key, since}
    );
    if (counted == 0) {
        tx.exec("DELETE FROM login_failures WHERE email = ?", {key});
        tx.exec(
            "INSERT INTO login_failures (email, failures, first_at, last_at) VALUES (?, 1, ?, ?)",
            {key, by.now, by.now}
        );
    }
    log_about(tx, by, happening::login_failed, known);
}

void login_succeeded(transaction& tx, std::string_view email)
{
    tx.exec("DELETE FROM login_failures WHERE email = ?", {failure_key(email)});
}

std::int64_t forget_failures(transaction& tx, instant before, int most)
{
    std::vector<std::string> old;
    {
        db::rows row =
            tx.query("SELECT email FROM login_failures WHERE first_at < ? LIMIT ?", {before, most});
        while (row.next())
            old.push_back(row.string(0));
    }
    for (const std::string& each : old)
        tx.exec("DELETE FROM login_failures WHERE email = ?", {each});
    return static_cast<std::int64_t>(old.size());
}

} // namespace sessions
} // namespace crm
