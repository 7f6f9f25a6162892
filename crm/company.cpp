#include "crm/company.hpp"

#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"

namespace crm::companies {
namespace {

constexpr std::string_view select_company =
    "SELECT id, name, domain, note, revision FROM companies ";

company read_company(const db::rows& row)
{
    return {
        .id = row.id<company_id>(0),
        .name = row.string(1),
        .domain = row.string(2),
        .note = row.string(3),
        .revision = row.integer(4)
    };
}

void check_company(db::connection& on, company& wanted)
{
    wanted.name = clean_line(wanted.name, 200);
    wanted.domain = ascii_lower(trim(wanted.domain));
    wanted.note = clean_text(wanted.note);
    if (wanted.name.empty())
        throw problem{errc::invalid, "A company needs a name.", "name"};
    if (wanted.domain.size() > 190)
        throw problem{errc::invalid, "A domain has at most 190 bytes.", "domain"};
    if (wanted.domain.empty())
        return;
    if (const auto other = find_by_domain(on, wanted.domain); other && other->id != wanted.id)
        throw problem{errc::conflict, "Another company has this domain: " + other->name, "domain"};
}

/// An empty domain is NULL, which may stand more than once.
std::optional<std::string_view> unique_domain(const company& of)
{
    return of.domain.empty() ? std::nullopt : std::optional<std::string_view>{of.domain};
}

void log_about(transaction& tx, const context& by, const company& about)
{
    log_entry line = logged(by, happening::customer_changed);
    line.subject = raw(about.id);
    tx.append(std::move(line));
}

constexpr std::string_view insert_company =
    "INSERT INTO companies (id, name, domain, note, created_at, updated_at, revision)"
    " VALUES (?, ?, ?, ?, ?, ?, 1)";
constexpr std::string_view update_company = "UPDATE companies SET name = ?, domain = ?, note = ?, "
                                            "updated_at = ?, revision = ? WHERE id = ?";

} // namespace

company create(transaction& tx, context& by, company wanted)
{
    wanted.id = {};
    check_company(tx.db(), wanted);
    wanted.id = by.ids.next<company_id>();
    wanted.revision = 1;
    tx.exec(
        insert_company, {wanted.id, wanted.name, unique_domain(wanted), wanted.note, by.now, by.now}
    );
    log_about(tx, by, wanted);
    return wanted;
}

company change(transaction& tx, context& by, company wanted, std::int64_t expected)
{
    const auto now = find(tx.db(), wanted.id);
    if (!now)
        throw problem{errc::not_found, "There is no such company."};
    if (now->revision != expected)
        throw problem{
            errc::precondition, "Somebody changed this company meanwhile: read it again."
        };
    check_company(tx.db(), wanted);
    wanted.revision = expected + 1;
    tx.exec(
        update_company,
        {wanted.name, unique_domain(wanted), wanted.note, by.now, wanted.revision, wanted.id}
    );
    log_about(tx, by, wanted);
    return wanted;
}

std::optional<company> find(db::connection& on, company_id id)
{
    static const std::string sql = std::string{select_company} + "WHERE id = ?";
    db::rows row = on.query(sql, {id});
    if (!row.next())
        return std::nullopt;
    return read_company(row);
}

std::optional<company> find_by_domain(db::connection& on, std::string_view domain)
{
    static const std::string sql = std::string{select_company} + "WHERE domain = ?";
    db::rows row = on.query(sql, {ascii_lower(domain)});
    if (!row.next())
        return std::nullopt;
    return read_company(row);
}

std::optional<company> find_by_name(db::connection& on, std::string_view name)
{
    static const std::string sql =
        std::string{select_company} + "WHERE name = ? ORDER BY id LIMIT 1";
    db::rows row = on.query(sql, {name});
    if (!row.next())
        return std::nullopt;
    return read_company(row);
}

std::vector<company> page(db::connection& on, company_id after, int limit)
{
    static const std::string sql = std::string{select_company} + "WHERE id > ? ORDER BY id LIMIT ?";
    std::vector<company> found;
    db::rows row = on.query(sql, {after, limit});
    while (row.next())
        found.push_back(read_company(row));
    return found;
}

} // namespace crm::companies
