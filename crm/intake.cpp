#include "crm/intake.hpp"

#include "crm/base/hash.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"

#include <set>

namespace crm::intake {
namespace {

constexpr std::string_view select_item =
    "SELECT id, channel_account_id, headers, raw, blob_name, received_at, state, attempts, error"
    " FROM intake ";
constexpr std::string_view is_known =
    "SELECT id FROM intake WHERE channel_account_id = ? AND key_hash = ?";
constexpr std::string_view insert_item =
    "INSERT INTO intake (id, channel_account_id, key_hash, headers, raw, blob_name, received_at,"
    " state, attempts, error, done_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, '', 0)";
constexpr std::string_view count_attempt =
    "UPDATE intake SET attempts = attempts + 1 WHERE id = ? AND state = ? AND attempts < ?";
constexpr std::string_view put_aside =
    "UPDATE intake SET state = ?, error = ? WHERE id = ? AND state = ?";
constexpr std::string_view mark_done =
    "UPDATE intake SET state = ?, done_at = ? WHERE id = ? AND state = ?";
constexpr std::string_view note_customer =
    "INSERT INTO intake_customers (customer_id, intake_id) VALUES (?, ?)";
constexpr std::string_view items_of_customer =
    "SELECT intake_id FROM intake_customers WHERE customer_id = ? LIMIT ?";
constexpr std::string_view forget_customer =
    "DELETE FROM intake_customers WHERE customer_id = ? AND intake_id = ?";
constexpr std::string_view empty_item =
    "UPDATE intake SET headers = '', raw = ?, blob_name = NULL, error = '' WHERE id = ?";
constexpr std::string_view set_error = "UPDATE intake SET error = ? WHERE id = ?";
constexpr std::string_view wait_again =
    "UPDATE intake SET state = ?, attempts = 0 WHERE id = ? AND state = ?";

intake_item read_item(const db::rows& row)
{
    return {
        .id = row.id<intake_id>(0),
        .account = row.id<channel_account_id>(1),
        .headers = row.string(2),
        .raw = row.string(3),
        .blob = row.string(4),
        .received = row.time(5),
        .state = static_cast<intake_state>(row.integer(6)),
        .attempts = static_cast<int>(row.integer(7)),
        .error = row.string(8)
    };
}

} // namespace

std::optional<intake_item> keep(
    transaction& tx,
    context& by,
    channel_account_id account,
    std::string_view key,
    std::string_view headers,
    std::string_view raw,
    std::string_view blob
)
{
    if (raw.size() > raw_limit)
        throw problem{errc::too_large, "Bodies over 64 KiB are kept as a blob.", "raw"};
    const std::string hash = to_hex(sha256(key));
    {
        db::rows row = tx.query(is_known, {account, hash});
        if (row.next())
            return std::nullopt;
    }
    const auto id = by.ids.next<intake_id>();
    const auto blob_name = blob.empty() ? std::nullopt : std::optional<std::string_view>{blob};
    tx.exec(
        insert_item,
        {id,
         account,
         hash,
         headers,
         db::value::bytes_view{raw},
         blob_name,
         by.now,
         intake_state::waiting}
    );
    return find(tx.db(), id);
}

std::optional<intake_item> begin(transaction& tx, context&, intake_id which)
{
    if (tx.exec(count_attempt, {which, intake_state::waiting, attempts_before_quarantine}) == 1)
        return find(tx.db(), which);
    const auto now = find(tx.db(), which);
    if (now && now->state == intake_state::waiting) {
        const std::string why = now->error.empty() ? "the parser died" : now->error;
        tx.exec(put_aside, {intake_state::quarantined, why, which, intake_state::waiting});
    }
    return std::nullopt;
}

void done(transaction& tx, const context& by, intake_id which, std::span<const customer_id> whose)
{
    if (tx.exec(mark_done, {intake_state::done, by.now, which, intake_state::waiting}) == 0)
        return;
    const std::set<customer_id> each_once{whose.begin(), whose.end()};
    for (const customer_id one : each_once)
        tx.exec(note_customer, {one, which});
}

int erase(transaction& tx, customer_id whose, int limit, std::vector<std::string>& blobs)
{
    std::vector<intake_id> found;
    {
        db::rows row = tx.query(items_of_customer, {whose, limit});
        while (row.next())
            found.push_back(row.id<intake_id>(0));
    }
    for (const intake_id one : found) {
        if (const auto item = find(tx.db(), one); item && !item->blob.empty())
            blobs.push_back(item->blob);
        tx.exec(empty_item, {db::value::bytes_view{}, one});
        tx.exec(forget_customer, {whose, one});
    }
    return static_cast<int>(found.size());
}

void failed(transaction& tx, const context&, intake_id which, std::string_view why)
{
    tx.exec(set_error, {clean_line(why, 500), which});
}

void run_again(transaction& tx, context& by, intake_id which)
{
    if (tx.exec(wait_again, {intake_state::waiting, which, intake_state::quarantined}) == 0)
        throw problem{errc::conflict, "Only what was put aside can be run again."};
    log_entry line = logged(by, happening::setting_changed);
    line.subject = raw(which);
    tx.append(std::move(line));
}

std::optional<intake_item> find(db::connection& on, intake_id which)
{
    static const std::string sql = std::string{select_item} + "WHERE id = ?";
    db::rows row = on.query(sql, {which});
    if (!row.next())
        return std::nullopt;
    return read_item(row);
}

std::vector<intake_id> waiting(db::connection& on, int limit)
{
    std::vector<intake_id> found;
    db::rows row = on.query(
        "SELECT id FROM intake WHERE state = ? ORDER BY id LIMIT ?", {intake_state::waiting, limit}
    );
    while (row.next())
        found.push_back(row.id<intake_id>(0));
    return found;
}

std::vector<intake_item> quarantined(db::connection& on, int limit)
{
    static const std::string sql =
        std::string{select_item} + "WHERE state = ? ORDER BY id DESC LIMIT ?";
    std::vector<intake_item> found;
    db::rows row = on.query(sql, {intake_state::quarantined, limit});
    while (row.next())
        found.push_back(read_item(row));
    return found;
}

std::vector<std::string> sweep(transaction& tx, instant before, int limit)
{
    std::vector<intake_id> old;
    std::vector<std::string> blobs;
    {
        db::rows row = tx.query(
            "SELECT id, blob_name FROM intake WHERE state = ? AND done_at < ? ORDER BY id LIMIT ?",
            {intake_state::done, before, limit}
        );
        while (row.next()) {
            old.push_back(row.id<intake_id>(0));
            if (!row.is_null(1))
                blobs.push_back(row.string(1));
        }
    }
    for (const intake_id one : old) {
        tx.exec("DELETE FROM intake_customers WHERE intake_id = ?", {one});
        tx.exec("DELETE FROM intake WHERE id = ?", {one});
    }
    return blobs;
}

} // namespace crm::intake
