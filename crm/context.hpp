// What a verb needs from outside the database: who acts, when, and the ids it may hand out.
// Captured by the caller before the job is queued, so that a job that runs twice does the same
// thing twice. Plain data, any thread.
#pragma once

#include "crm/base/ids.hpp"
#include "crm/base/time.hpp"
#include "crm/store/log.hpp"

namespace crm {

/// Who acts, when, and a block of ids. Verbs take it by reference and use up ids, so a store job
/// copies its captured context before use: `[ctx, ...](transaction& tx) { auto by = ctx; return
/// verb(tx, by); }`.
struct context
{
    actor who;
    instant now{};
    id_block ids;
};

/// A log entry of this actor at this moment; the caller fills in what it is about.
log_entry logged(const context& by, happening what);

} // namespace crm
