// The agenda: durable timers. A timer is a row; one wheel reads what is due next and fires each as
// a job that takes the row away in the same transaction as its effect. Verbs run inside a store
// job.
#pragma once

#include "crm/context.hpp"
#include "crm/store/transaction.hpp"

#include <optional>
#include <vector>

namespace crm {

/// What a timer is for. Stored: never renumber, only add.
enum class timer_kind : std::int16_t
{
    snooze_over = 1,   // subject: conversation
    skill_expiry = 2,  // subject: agent
    erasure = 3,       // subject: customer; a chain
    nightly_value = 4, // subject 0; number: the last customer seen; a chain
    log_floor = 5,     // subject 0; a chain
    audit_index = 6    // subject 0; a chain
};

struct timer
{
    agenda_id id{};
    instant due{};
    timer_kind kind{};
    std::int64_t subject = 0;
    std::int64_t number = 0; // what the kind says
    int attempts = 0;
};

namespace agenda {

/// Sets the one timer of this kind and subject; an earlier one moves. The log tells when it is due,
/// so that whoever waits for the next timer learns of it.
timer set(
    transaction& tx,
    context& by,
    timer_kind kind,
    std::int64_t subject,
    instant due,
    std::int64_t number = 0
);
/// For the next link of a chain, by whoever fired the last one: sets it without telling.
void again(transaction& tx, context& by, const timer& fired, instant due, std::int64_t number = 0);
/// Takes it away, if there is one.
void cancel(transaction& tx, timer_kind kind, std::int64_t subject);

/// Takes a timer that is due off the agenda; false when it was moved or cancelled meanwhile, and
/// then nothing must happen. Call it first in the job that has the effect.
bool take(transaction& tx, const context& by, const timer& which);
/// After a failed effect: tries again at `next`.
void postpone(transaction& tx, const timer& which, instant next);

/// Timers due by `until`, earliest first.
std::vector<timer> due(db::connection& on, instant until, int limit);
/// When the earliest timer is due.
std::optional<instant> next(db::connection& on);
std::optional<timer> find(db::connection& on, timer_kind kind, std::int64_t subject);

} // namespace agenda
} // namespace crm
