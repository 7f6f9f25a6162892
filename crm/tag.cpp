#include "crm/tag.hpp"

#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"

namespace crm::tags {
namespace {

constexpr std::string_view select_tag = "SELECT id, name, color, archived_at FROM tags ";
constexpr std::string_view insert_tag =
    "INSERT INTO tags (id, name, color, created_at, archived_at) VALUES (?, ?, ?, ?, 0)";
constexpr std::string_view revive_tag = "UPDATE tags SET color = ?, archived_at = 0 WHERE id = ?";
constexpr std::string_view archive_tag =
    "UPDATE tags SET archived_at = ? WHERE id = ? AND archived_at = 0";

tag read_tag(const db::rows& row)
{
    return {
        .id = row.id<tag_id>(0),
        .name = row.string(1),
        .color = row.string(2),
        .archived = row.time(3)
    };
}

void log_about(
    transaction& tx, const context& by, happening what, tag_id which, customer_id whom = {}
)
{
    log_entry line = logged(by, what);
    line.subject = raw(which);
    line.customer = whom;
    tx.append(std::move(line));
}

} // namespace

tag create(transaction& tx, context& by, std::string_view name, std::string_view color)
{
    tag made{
        .id = {}, .name = clean_line(name, 60), .color = clean_line(color, 30), .archived = {}
    };
    if (made.name.empty())
        throw problem{errc::invalid, "A tag needs a name.", "name"};
    if (made.name.size() > 190)
        throw problem{errc::invalid, "A tag's name has at most 190 bytes.", "name"};
    if (const auto present = find(tx.db(), made.name)) {
        if (!present->archived.is_set())
            throw problem{errc::conflict, "There is a tag of this name already.", "name"};
        made.id = present->id;
        tx.exec(revive_tag, {made.color, made.id});
    } else {
        made.id = by.ids.next<tag_id>();
        tx.exec(insert_tag, {made.id, made.name, made.color, by.now});
    }
    log_about(tx, by, happening::tag_created, made.id);
    return made;
}

void archive(transaction& tx, context& by, tag_id which)
{
    if (tx.exec(archive_tag, {by.now, which}) == 0)
        throw problem{errc::not_found, "There is no such tag."};
    log_about(tx, by, happening::tag_created, which);
}

std::optional<tag> find(db::connection& on, tag_id which)
{
    static const std::string sql = std::string{select_tag} + "WHERE id = ?";
    db::rows row = on.query(sql, {which});
    if (!row.next())
        return std::nullopt;
    return read_tag(row);
}

std::optional<tag> find(db::connection& on, std::string_view name)
{
    static const std::string sql = std::string{select_tag} + "WHERE name = ?";
    db::rows row = on.query(sql, {name});
    if (!row.next())
        return std::nullopt;
    return read_tag(row);
}

std::vector<tag> all(db::connection& on)
{
    static const std::string sql = std::string{select_tag} + "WHERE archived_at = 0 ORDER BY name";
    std::vector<tag> found;
    db::rows row = on.query(sql);
    while (row.next())
        found.push_back(read_tag(row));
    return found;
}

constexpr std::string_view has_tag =
    "SELECT tag_id FROM customer_tags WHERE customer_id = ? AND tag_id = ?";
constexpr std::string_view put_tag =
    "INSERT INTO customer_tags (customer_id, tag_id, tagged_at) VALUES (?, ?, ?)";
constexpr std::string_view take_tag =
    "DELETE FROM customer_tags WHERE customer_id = ? AND tag_id = ?";
constexpr std::string_view tags_of =
    "SELECT tag_id FROM customer_tags WHERE customer_id = ? ORDER BY tagged_at, tag_id";

void put_on(transaction& tx, context& by, customer_id whom, tag_id which)
{
    const auto known = find(tx.db(), which);
    if (!known || known->archived.is_set())
        throw problem{errc::not_found, "There is no such tag.", "tag"};
    {
        db::rows row = tx.query(has_tag, {whom, which});
        if (row.next())
            return;
    }
    tx.exec(put_tag, {whom, which, by.now});
    log_about(tx, by, happening::tagged, which, whom);
}

void take_off(transaction& tx, context& by, customer_id whom, tag_id which)
{
    if (tx.exec(take_tag, {whom, which}) > 0)
        log_about(tx, by, happening::untagged, which, whom);
}

std::vector<tag_id> of_customer(db::connection& on, customer_id whom)
{
    std::vector<tag_id> found;
    db::rows row = on.query(tags_of, {whom});
    while (row.next())
        found.push_back(row.id<tag_id>(0));
    return found;
}

} // namespace crm::tags
