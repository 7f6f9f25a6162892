// The secrets by which a host's server vouches for its visitors.
#include "crm/base/problem.hpp"
#include "crm/inbox.hpp"
#include "crm/inbox_rows.hpp"

namespace crm::inboxes {

void add_secret(
    transaction& tx, context& by, inbox_id of, std::string_view kid, std::string_view secret
)
{
    if (secret.size() < 32)
        throw problem{errc::invalid, "A signing secret has at least 32 bytes.", "secret"};
    if (kid.empty() || kid.size() > 60)
        throw problem{errc::invalid, "A key has a name of 1 to 60 bytes.", "kid"};
    if (!find(tx.db(), of))
        throw problem{errc::not_found, "There is no such inbox."};
    if (secrets(tx.db(), of).size() >= 2)
        throw problem{errc::conflict, "Two keys are active already: retire one first."};
    {
        db::rows row =
            tx.query("SELECT kid FROM inbox_secrets WHERE inbox_id = ? AND kid = ?", {of, kid});
        if (row.next())
            throw problem{errc::conflict, "There was a key of this name: choose another.", "kid"};
    }
    tx.exec(
        "INSERT INTO inbox_secrets (inbox_id, kid, secret, created_at, retired_at)"
        " VALUES (?, ?, ?, ?, 0)",
        {of, kid, db::value::bytes_view{secret}, by.now}
    );
    log_about(tx, by, happening::inbox_changed, of);
}

void retire_secret(transaction& tx, context& by, inbox_id of, std::string_view kid)
{
    const std::int64_t matched = tx.exec(
        "UPDATE inbox_secrets SET retired_at = ?, secret = ? WHERE inbox_id = ? AND kid = ?"
        " AND retired_at = 0",
        {by.now, db::value::bytes_view{""}, of, kid}
    );
    if (matched == 0)
        throw problem{errc::not_found, "There is no active key of this name.", "kid"};
    log_about(tx, by, happening::inbox_changed, of);
}

std::vector<identity_secret> secrets(db::connection& on, inbox_id of)
{
    std::vector<identity_secret> found;
    db::rows row = on.query(
        "SELECT kid, secret, created_at FROM inbox_secrets WHERE inbox_id = ? AND retired_at = 0"
        " ORDER BY created_at DESC, kid",
        {of}
    );
    while (row.next())
        found.push_back({.kid = row.string(0), .secret = row.string(1), .created = row.time(2)});
    return found;
}

} // namespace crm::inboxes
