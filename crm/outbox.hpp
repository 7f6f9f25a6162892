// The outbox: what is to leave the house. The row is written in the same transaction as its entry;
// the courier leases it, delivers, and tells the outcome. A fence makes a late courier harmless.
// Verbs run inside a store job.
#pragma once

#include "crm/context.hpp"
#include "crm/store/transaction.hpp"
#include "crm/timeline.hpp"
#include "crm/words.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

/// Stored: never renumber.
enum class outbox_state : std::int8_t
{
    held = 1, // may be taken back until not_before
    ready = 2,
    leased = 3,
    retry = 4,
    sent = 5,
    uncertain = 6,
    dead = 7,
    cancelled = 8
};
template <>
struct vocabulary<outbox_state>
{
    static constexpr std::string_view what = "outbox state";
    static constexpr auto all = words_of<outbox_state>(
        {{outbox_state::held, "held"},
         {outbox_state::ready, "ready"},
         {outbox_state::leased, "leased"},
         {outbox_state::retry, "retry"},
         {outbox_state::sent, "sent"},
         {outbox_state::uncertain, "uncertain"},
         {outbox_state::dead, "dead"},
         {outbox_state::cancelled, "cancelled"}}
    );
};

struct outbox_item
{
    outbox_id id{};
    entry_id entry{};
    conversation_id conversation{};
    channel_account_id account{};
    identity_id identity{}; // whom it goes to
    outbox_state state = outbox_state::ready;
    instant not_before{};
    int attempts = 0;
    std::int64_t holder = 0;
    std::int64_t fence = 0;
    instant leased_until{};
    std::string error{};
    instant created{};
};

namespace outbox {

/// Puts an entry into the outbox; `hold` gives time to take it back.
outbox_item
put(transaction& tx, context& by, const entry& what, identity_id to, std::chrono::microseconds hold
);

/// Leases up to `limit` items that are due, oldest first, never two of one conversation and none
/// behind an unfinished earlier one. Also items whose lease ran out on accounts that repeat safely;
/// others become uncertain by expire(). limit 1..50.
std::vector<outbox_item> lease(
    transaction& tx,
    const context& by,
    std::int64_t holder,
    std::chrono::microseconds for_how_long,
    int limit
);

/// Outcomes of a leased item. Each is ignored (false) when the fence is not the present one. sent
/// notes the platform's id; retry waits until `next`; dead and uncertain mark entry and
/// conversation.
bool sent(
    transaction& tx, context& by, outbox_id which, std::int64_t fence, std::string_view platform_id
);
bool retry(
    transaction& tx,
    context& by,
    outbox_id which,
    std::int64_t fence,
    instant next,
    std::string_view why
);
bool dead(transaction& tx, context& by, outbox_id which, std::int64_t fence, std::string_view why);
bool uncertain(
    transaction& tx, context& by, outbox_id which, std::int64_t fence, std::string_view why
);

/// Leases that ran out (their holder died): ready again where the account repeats safely, else
/// uncertain. Returns how many.
int expire(transaction& tx, context& by, int limit);

/// Takes a held item back (undo send). False when it has gone already.
bool cancel(transaction& tx, context& by, entry_id of);
/// Sends a dead or uncertain one again, because a person said so. Throws problem{conflict}
/// otherwise.
void send_again(transaction& tx, context& by, entry_id of);

std::optional<outbox_item> of_entry(db::connection& on, entry_id of);
/// When the next item becomes due; nullopt when nothing waits.
std::optional<instant> next_due(db::connection& on);
/// Dead and uncertain items, newest first, for the administrator.
std::vector<outbox_item> troubled(db::connection& on, int limit);

} // namespace outbox
} // namespace crm
