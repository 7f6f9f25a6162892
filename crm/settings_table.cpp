#include "crm/settings_table.hpp"

#include "crm/base/problem.hpp"

namespace crm::settings_table {
namespace {

constexpr std::string_view select_setting = "SELECT content FROM settings WHERE name = ?";
constexpr std::string_view select_settings = "SELECT name, content FROM settings ORDER BY name";
constexpr std::string_view update_setting =
    "UPDATE settings SET content = ?, changed_at = ?, changed_by = ? WHERE name = ?";
constexpr std::string_view insert_setting =
    "INSERT INTO settings (content, changed_at, changed_by, name) VALUES (?, ?, ?, ?)";
constexpr std::string_view select_secret = "SELECT secret FROM installation_secrets WHERE name = ?";
constexpr std::string_view insert_secret =
    "INSERT INTO installation_secrets (name, secret, created_at) VALUES (?, ?, ?)";

} // namespace

void set(transaction& tx, context& by, std::string_view name, std::string_view content)
{
    if (name.empty() || name.size() > 190)
        throw problem{errc::invalid, "A setting's name has 1 to 190 bytes.", "name"};
    if (content.size() > 64 * 1024)
        throw problem{errc::too_large, "A setting has at most 64 KiB.", "content"};
    const auto before = get(tx.db(), name);
    if (before && *before == content)
        return;
    tx.exec(before ? update_setting : insert_setting, {content, by.now, by.who.id, name});
    tx.append(logged(by, happening::setting_changed));
}

std::optional<std::string> get(db::connection& on, std::string_view name)
{
    db::rows row = on.query(select_setting, {name});
    if (!row.next())
        return std::nullopt;
    return row.string(0);
}

std::map<std::string, std::string> all(db::connection& on)
{
    std::map<std::string, std::string> found;
    db::rows row = on.query(select_settings);
    while (row.next())
        found.emplace(row.string(0), row.string(1));
    return found;
}

std::string
secret(transaction& tx, const context& by, std::string_view name, std::string_view fresh)
{
    if (auto present = find_secret(tx.db(), name))
        return std::move(*present);
    if (fresh.size() < 16)
        throw problem{errc::invalid, "An installation secret has at least 16 bytes."};
    tx.exec(insert_secret, {name, db::value::bytes_view{fresh}, by.now});
    return std::string{fresh};
}

std::optional<std::string> find_secret(db::connection& on, std::string_view name)
{
    db::rows row = on.query(select_secret, {name});
    if (!row.next())
        return std::nullopt;
    return row.string(0);
}

} // namespace crm::settings_table
