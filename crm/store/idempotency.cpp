#include "crm/store/idempotency.hpp"

#include "crm/base/hash.hpp"
#include "crm/base/problem.hpp"

namespace crm {

namespace {

constexpr std::size_t longest_key = 64;

constexpr std::string_view select_answer =
    "SELECT fingerprint, status, body FROM idempotency_keys WHERE principal = ? AND client_key = ?";
constexpr std::string_view insert_answer =
    "INSERT INTO idempotency_keys (principal, client_key, fingerprint, status, body, created) "
    "VALUES (?, ?, ?, ?, ?, ?)";
constexpr std::string_view select_age_of_last =
    "SELECT created FROM idempotency_keys WHERE created < ? ORDER BY created LIMIT 1 OFFSET ?";
constexpr std::string_view delete_older = "DELETE FROM idempotency_keys WHERE created < ?";

} // namespace

std::optional<kept_answer> find_answer(db::connection& on, const idempotent_request& asked)
{
    if (asked.key.empty() || asked.key.size() > longest_key)
        throw problem{
            errc::invalid, "an Idempotency-Key has 1 to 64 characters", "Idempotency-Key"
        };
    db::rows found = on.query(select_answer, {asked.principal, asked.key});
    if (!found.next())
        return std::nullopt;
    if (found.text(0) != to_hex(sha256(asked.request)))
        throw problem{
            errc::invalid,
            "this Idempotency-Key was used for another request; choose a fresh one",
            "Idempotency-Key"
        };
    return kept_answer{static_cast<int>(found.integer(1)), found.string(2)};
}

void keep_answer(
    transaction& in, const idempotent_request& asked, const kept_answer& answer, instant now
)
{
    in.exec(
        insert_answer,
        {asked.principal, asked.key, to_hex(sha256(asked.request)), answer.status, answer.body, now}
    );
}

std::int64_t forget_answers(transaction& in, instant now, int most)
{
    // DELETE … LIMIT is not in SQLite's common build, so the bound is an age: that of the row after
    // the last one to go. Rows of the very same microsecond go together.
    instant before = now - kept_answer_life;
    {
        db::rows last = in.query(select_age_of_last, {before, most});
        if (last.next())
            before = last.time(0);
    }
    return in.exec(delete_older, {before});
}

} // namespace crm
