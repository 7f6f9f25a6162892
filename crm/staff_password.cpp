// Agents' passwords, as finished argon2id strings.
#include "crm/base/problem.hpp"
#include "crm/session.hpp"
#include "crm/staff.hpp"

namespace crm::staff {

void set_password(
    transaction& tx, context& by, agent_id which, std::string_view hash, token_id keep
)
{
    if (!hash.starts_with("$argon2id$"))
        throw problem{errc::invalid, "A password is stored as an argon2id string only."};
    const std::int64_t matched = tx.exec(
        "UPDATE agents SET password_hash = ?, password_set_at = ? WHERE id = ?",
        {hash, by.now, which}
    );
    if (matched == 0)
        throw problem{errc::not_found, "There is no such agent."};
    log_entry line = logged(by, happening::password_changed);
    line.subject = raw(which);
    tx.append(std::move(line));
    sessions::end_all(tx, by, which, keep);
}

std::optional<std::string> password_hash(db::connection& on, agent_id which)
{
    db::rows row = on.query(
        "SELECT password_hash FROM agents WHERE id = ? AND is_active = 1 AND password_set_at > 0",
        {which}
    );
    if (!row.next())
        return std::nullopt;
    return row.string(0);
}

} // namespace crm::staff
