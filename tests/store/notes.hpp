// Rows that the store's tests write, count and clash over, in a table that the store itself owns.
#pragma once

#include "crm/base/problem.hpp"
#include "crm/store/transaction.hpp"

#include <numeric>
#include <string>
#include <vector>

namespace crm::test {

/// Inserts a row and a log entry; throws db::failure{duplicate} when the note stands already.
inline void put(transaction& in, const std::string& note, const std::string& text = {})
{
    in.exec(
        "INSERT INTO idempotency_keys (principal, client_key, fingerprint, status, body, created) "
        "VALUES ('note', ?, '', 0, ?, 0)",
        {note, text}
    );
    in.append(
        {.what = happening::setting_changed, .subject = static_cast<std::int64_t>(note.size())}
    );
}

inline bool stands(db::connection& on, const std::string& note)
{
    return on
        .query("SELECT 1 FROM idempotency_keys WHERE principal = 'note' AND client_key = ?", {note})
        .next();
}

/// All notes, sorted.
inline std::vector<std::string> notes(db::connection& on)
{
    std::vector<std::string> found;
    db::rows rows = on.query(
        "SELECT client_key FROM idempotency_keys WHERE principal = 'note' ORDER BY client_key"
    );
    while (rows.next())
        found.push_back(rows.string(0));
    return found;
}

/// 1, 2, … last: what positions without gaps look like.
inline std::vector<std::int64_t> one_to(std::size_t last)
{
    std::vector<std::int64_t> numbers(last);
    std::iota(numbers.begin(), numbers.end(), 1);
    return numbers;
}

/// The log's positions: "1 2 3" when there are no gaps.
inline std::vector<std::int64_t> positions(db::connection& on)
{
    std::vector<std::int64_t> found;
    db::rows rows = on.query("SELECT position FROM log_entries ORDER BY position");
    while (rows.next())
        found.push_back(rows.integer(0));
    return found;
}

} // namespace crm::test
