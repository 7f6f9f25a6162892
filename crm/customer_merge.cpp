// Two customers who are one person. A merge sets one reference and nothing else, so that taking it
// back restores what was, byte by byte.
#include "crm/base/problem.hpp"
#include "crm/conversation_list.hpp"
#include "crm/conversation_rows.hpp"
#include "crm/customer.hpp"
#include "crm/value.hpp"

namespace crm::customers {
namespace {

constexpr int most_members = 100;
constexpr int deepest_merge = 32;

constexpr std::string_view select_merged_into = "SELECT merged_into FROM customers WHERE id = ?";
constexpr std::string_view select_merged =
    "SELECT id FROM customers WHERE merged_into = ? ORDER BY id";

} // namespace

customer_id root_of(db::connection& on, customer_id id)
{
    for (int step = 0; step < deepest_merge; ++step) {
        db::rows row = on.query(select_merged_into, {id});
        if (!row.next())
            return id;
        const auto into = row.id<customer_id>(0);
        if (raw(into) == 0)
            return id;
        id = into;
    }
    throw std::logic_error{"customers are merged in a circle"};
}

std::vector<customer_id> members_of(db::connection& on, customer_id root)
{
    std::vector<customer_id> members{root};
    for (std::size_t at = 0; at < members.size() && members.size() < most_members; ++at) {
        db::rows row = on.query(select_merged, {members[at]});
        while (row.next())
            members.push_back(row.id<customer_id>(0));
    }
    return members;
}

namespace {

void check_merge(db::connection& on, customer_id survivor, customer_id other)
{
    if (survivor == other)
        throw problem{errc::conflict, "A customer cannot be merged with itself.", "other"};
    for (const customer_id one : {survivor, other}) {
        const customer who = need(on, one);
        if (raw(who.merged_into) != 0)
            throw problem{
                errc::conflict,
                "Customer " + to_string(one) +
                    " is merged into another one: merge that one instead."
            };
        if (who.erased.is_set())
            throw problem{errc::gone, "Customer " + to_string(one) + " was erased."};
    }
    const std::size_t together = members_of(on, survivor).size() + members_of(on, other).size();
    if (together > most_members)
        throw problem{errc::conflict, "A customer has at most 100 merged members."};
}

constexpr std::string_view set_merged_into = "UPDATE customers SET merged_into = ? WHERE id = ?";
constexpr std::string_view insert_merge =
    "INSERT INTO customer_merges (id, survivor_id, merged_id, merged_at, merged_by, undone_at,"
    " undone_by) VALUES (?, ?, ?, ?, ?, 0, 0)";
constexpr std::string_view open_merge =
    "SELECT id, survivor_id FROM customer_merges WHERE merged_id = ? AND undone_at = 0";
constexpr std::string_view end_merge =
    "UPDATE customer_merges SET undone_at = ?, undone_by = ? WHERE id = ?";

/// What depends on all members together: the stage of live conversations, and the value.
void follow(transaction& tx, context& by, customer_id one, customer_id other, happening what)
{
    for (const customer_id root : {root_of(tx.db(), one), root_of(tx.db(), other)}) {
        for (const conversation_id live : conversations::live_of_customer(tx.db(), root))
            conversations::refresh_stage(tx, by, live);
        value::refresh(tx, by, root, what, raw(other));
        if (root_of(tx.db(), other) == root_of(tx.db(), one))
            break;
    }
}

} // namespace

void merge(transaction& tx, context& by, customer_id survivor, customer_id other)
{
    check_merge(tx.db(), survivor, other);
    tx.exec(set_merged_into, {survivor, other});
    tx.exec(insert_merge, {by.ids.next<entry_id>(), survivor, other, by.now, by.who.id});
    log_entry line = logged(by, happening::customer_merged);
    line.customer = survivor;
    line.subject = raw(other);
    tx.append(std::move(line));
    follow(tx, by, survivor, other, happening::customer_merged);
}

void unmerge(transaction& tx, context& by, customer_id other)
{
    std::int64_t merge = 0;
    customer_id survivor{};
    {
        db::rows row = tx.query(open_merge, {other});
        if (!row.next())
            throw problem{errc::conflict, "This customer is not merged into another one."};
        merge = row.integer(0);
        survivor = row.id<customer_id>(1);
    }
    tx.exec(set_merged_into, {customer_id{}, other});
    tx.exec(end_merge, {by.now, by.who.id, merge});
    log_entry line = logged(by, happening::customer_unmerged);
    line.customer = survivor;
    line.subject = raw(other);
    tx.append(std::move(line));
    follow(tx, by, survivor, other, happening::customer_unmerged);
}

} // namespace crm::customers
