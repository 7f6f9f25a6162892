// Tokens for programs: scoped, hashed, revocable.
#include "crm/api_token.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"
#include "crm/session.hpp"

#include <algorithm>

namespace crm::api_tokens {
namespace {

constexpr std::string_view prefix = "parley_";
constexpr std::size_t hint_length = 12;

std::string joined(const std::vector<std::string>& words)
{
    std::string text;
    for (const std::string& one : words)
        text += (text.empty() ? "" : " ") + one;
    return text;
}

std::vector<std::string> parted(std::string_view text)
{
    std::vector<std::string> words;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(' '), text.size());
        words.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return words;
}

void check_scopes(const std::vector<std::string>& scopes)
{
    const bool fit = !scopes.empty() && scopes.size() <= 50 &&
                     std::ranges::all_of(scopes, [](const std::string& one) {
                         return !one.empty() && one.size() <= 60 &&
                                one.find_first_not_of("abcdefghijklmnopqrstuvwxyz_:*") == one.npos;
                     });
    if (!fit)
        throw problem{errc::invalid, "Choose scopes like conversations:write.", "scopes"};
}

constexpr std::string_view select_token =
    "SELECT id, name, hint, scopes, created_at, expires_at, last_used_at, revoked_at"
    " FROM api_tokens ";

api_token read_token(const db::rows& row)
{
    return {
        .id = row.id<token_id>(0),
        .name = row.string(1),
        .hint = row.string(2),
        .scopes = parted(row.text(3)),
        .created = row.time(4),
        .expires = row.time(5),
        .last_used = row.time(6),
        .revoked = row.time(7)
    };
}

void log_about(transaction& tx, const context& by, happening what, token_id which)
{
    log_entry line = logged(by, what);
    line.subject = raw(which);
    tx.append(std::move(line));
}

} // namespace

api_token create(
    transaction& tx,
    context& by,
    std::string_view token,
    std::string_view name,
    std::vector<std::string> scopes,
    instant expires
)
{
    if (!token.starts_with(prefix) || token.size() < prefix.size() + 43)
        throw problem{errc::invalid, "A token is parley_ and at least 256 random bits."};
    check_scopes(scopes);
    if (expires.is_set() && expires <= by.now)
        throw problem{errc::invalid, "The token would be too old at once.", "expires"};
    api_token made;
    made.id = by.ids.next<token_id>();
    made.name = clean_line(name, 80);
    made.hint = std::string{token.substr(0, hint_length)};
    made.scopes = std::move(scopes);
    made.created = by.now;
    made.expires = expires;
    if (made.name.empty())
        throw problem{errc::invalid, "Say what the token is for.", "name"};
    tx.exec(
        "INSERT INTO api_tokens (id, token_hash, name, hint, scopes, created_at, created_by,"
        " expires_at, last_used_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, 0)",
        {made.id,
         token_hash(token),
         made.name,
         made.hint,
         joined(made.scopes),
         by.now,
         by.who.id,
         made.expires}
    );
    log_about(tx, by, happening::token_created, made.id);
    return made;
}

std::optional<api_token> find(db::connection& on, std::string_view hash, instant now)
{
    static const std::string sql =
        std::string{select_token} +
        "WHERE token_hash = ? AND revoked_at = 0 AND (expires_at = 0 OR expires_at > ?)";
    db::rows row = on.query(sql, {hash, now});
    if (!row.next())
        return std::nullopt;
    return read_token(row);
}

void touch(transaction& tx, const context& by, const api_token& which)
{
    if (by.now - which.last_used < std::chrono::minutes{1})
        return;
    tx.exec("UPDATE api_tokens SET last_used_at = ? WHERE id = ?", {by.now, which.id});
}

void revoke(transaction& tx, context& by, token_id which)
{
    const std::int64_t matched = tx.exec(
        "UPDATE api_tokens SET revoked_at = ? WHERE id = ? AND revoked_at = 0", {by.now, which}
    );
    if (matched == 0)
        throw problem{errc::not_found, "There is no such token, or it is revoked already."};
    log_about(tx, by, happening::token_revoked, which);
}

std::vector<api_token> all(db::connection& on)
{
    static const std::string sql = std::string{select_token} + "ORDER BY id DESC";
    std::vector<api_token> found;
    db::rows row = on.query(sql);
    while (row.next())
        found.push_back(read_token(row));
    return found;
}

} // namespace crm::api_tokens
