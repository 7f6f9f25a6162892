// Intake: what a platform or mail server handed us, kept raw before it is understood. Only when the
// row is on disk does the platform get its answer. A parser that dies is counted before it runs;
// the third time the item is put aside, shown, and can be run again. Verbs run inside a store job.
#pragma once

#include "crm/context.hpp"
#include "crm/store/transaction.hpp"
#include "crm/words.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

enum class intake_id : std::int64_t
{
};

/// Stored: never renumber.
enum class intake_state : std::int8_t
{
    waiting = 1,
    done = 2,
    quarantined = 3
};
template <>
struct vocabulary<intake_state>
{
    static constexpr std::string_view what = "intake state";
    static constexpr auto all = words_of<intake_state>(
        {{intake_state::waiting, "waiting"},
         {intake_state::done, "done"},
         {intake_state::quarantined, "quarantined"}}
    );
};

struct intake_item
{
    intake_id id{};
    channel_account_id account{};
    std::string headers{}; // those that matter, as JSON
    std::string raw{};     // up to 64 KiB; larger bodies are in the blob
    std::string blob{};
    instant received{};
    intake_state state = intake_state::waiting;
    int attempts = 0;
    std::string error{};
};

namespace intake {

inline constexpr int attempts_before_quarantine = 3;
inline constexpr std::size_t raw_limit = 64 * 1024;

/// Keeps what came, once per account and key (the platform's own id, or a hash of the bytes).
/// Returns nullopt for a redelivery: nothing changed. Throws problem{too_large} for raw bytes over
/// the limit.
std::optional<intake_item> keep(
    transaction& tx,
    context& by,
    channel_account_id account,
    std::string_view key,
    std::string_view headers,
    std::string_view raw,
    std::string_view blob = {}
);

/// Counts an attempt before parsing, in a job of its own. Returns nullopt when the item is not
/// waiting, or has now been put aside.
std::optional<intake_item> begin(transaction& tx, context& by, intake_id which);
/// Marks it understood, in the transaction that appends its entries. `whose`: the customers whose
/// words it holds; when one of them is erased, the raw bytes go, too.
void done(transaction& tx, const context& by, intake_id which, std::span<const customer_id> whose);
/// Says why parsing failed; the item waits for its next attempt.
void failed(transaction& tx, const context& by, intake_id which, std::string_view why);
/// Lets an administrator run a quarantined item again.
void run_again(transaction& tx, context& by, intake_id which);

std::optional<intake_item> find(db::connection& on, intake_id which);
/// Oldest first.
std::vector<intake_id> waiting(db::connection& on, int limit);
std::vector<intake_item> quarantined(db::connection& on, int limit);

/// Empties the next `limit` items that hold this customer's words and returns how many; appends the
/// blobs to remove after the commit. The rows stay, so that a redelivery is still known as one.
int erase(transaction& tx, customer_id whose, int limit, std::vector<std::string>& blobs);

/// Removes understood items older than `before`; returns the blobs to remove after the commit.
std::vector<std::string> sweep(transaction& tx, instant before, int limit);

} // namespace intake
} // namespace crm
