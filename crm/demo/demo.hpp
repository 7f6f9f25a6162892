// The demo's data: a small tea shop's contact centre with sixty days behind it. The same seed gives
// the same story; times are set so that it ends now. Everything is written through the same verbs
// as real work, in time order, by jobs of at most some 200 rows. Plain data and verbs, any thread.
#pragma once

#include "crm/context.hpp"
#include "crm/demo/story.hpp"
#include "crm/store/transaction.hpp"

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace crm::demo {

/// Somebody who may log in. The caller makes a password and sets it (crm/staff.hpp).
struct login
{
    std::string role;
    std::string email;
    agent_id agent{};
};

/// What was made so far; handed from one job to the next.
struct progress
{
    std::size_t next_beat = 0;
    std::size_t values_after = 0; // last customer whose value was refreshed
    bool furnished = false;
    bool finished = false;
    std::vector<inbox_id> inboxes{};
    std::vector<channel_account_id> accounts{};
    std::vector<agent_id> agents{};
    std::vector<tag_id> tags{};
    std::vector<customer_id> customers{};
    std::vector<identity_id> identities{};
    std::vector<conversation_id> conversations{};
    std::vector<order_id> orders{};
};

/// True when the database holds a house already: then nothing is seeded.
bool is_furnished(db::connection& on);

/// The next piece of the story, from `before` on. The context needs 128 fresh ids and the present
/// time; each beat is written at its own time. To be called until `finished`:
///     while (!state.finished)
///         state = co_await store.write([told, state, by](transaction& tx) { return demo::step(tx,
///         by, *told, state); });
progress step(transaction& tx, const context& by, const story& told, progress before);

/// Who may log in, in the order: administrator, supervisor, agents.
std::vector<login> logins(db::connection& on);

} // namespace crm::demo
