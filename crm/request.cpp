#include "crm/request.hpp"

#include "crm/base/problem.hpp"
#include "crm/conversation.hpp"
#include "crm/request_rows.hpp"

#include <algorithm>
#include <cmath>

namespace crm::requests {
namespace {

constexpr std::string_view dispatcher = "dispatcher";

constexpr std::string_view show_request =
    "UPDATE conversations SET request_id = ?, request_state = ?, request_since = ?,"
    " waits_for_id = ?, waits_until = ? WHERE id = ?";

bool is_over(request_state state)
{
    return state == request_state::closed || state == request_state::abandoned;
}

/// Shows the request's state on its conversation and logs what happened, with the state that led
/// to.
void follow(
    transaction& tx, const context& by, const request& now, happening what, std::int64_t number
)
{
    const bool over = is_over(now.state);
    // Only at its beginning: whoever declined or missed it is not waited for again.
    const bool is_kept = what == happening::request_enqueued && now.hold_until > by.now;
    tx.exec(
        show_request,
        {over ? request_id{} : now.id,
         over ? 0 : static_cast<int>(now.state),
         over ? instant{} : by.now,
         is_kept ? now.preferred : agent_id{},
         is_kept ? now.hold_until : instant{},
         now.conversation}
    );
    log_entry line = logged(by, what);
    line.conversation = now.conversation;
    line.customer = now.customer;
    line.inbox = now.inbox;
    line.subject = raw(now.id);
    line.number = number;
    if (auto where = conversations::find(tx.db(), now.conversation))
        line.conversation_state = std::make_shared<const conversation>(std::move(*where));
    tx.append(std::move(line));
}

constexpr std::string_view insert_request =
    "INSERT INTO requests (id, conversation_id, inbox_id, customer_id, channel, team_id, skills,"
    " preferred_agent_id, state, enqueued_at, due_at, place_us, head_start_us, congestion_us, "
    "score,"
    " value_snapshot_id, boost, ring, agent_id, offered_at, offer_expires_at, accepted_at, "
    "closed_at,"
    " close_reason, offers, updated_at, revision, hold_until, sender_id, sender_until)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, ?, 1, ?,"
    " ?, ?)";

} // namespace

request enqueue(transaction& tx, context& by, request wanted)
{
    if (of_conversation(tx.db(), wanted.conversation))
        throw problem{errc::conflict, "This conversation waits for an answer already."};
    const conversation where = conversations::need(tx.db(), wanted.conversation);
    wanted.id = by.ids.next<request_id>();
    wanted.inbox = where.inbox;
    wanted.customer = where.shown.id;
    wanted.channel = where.channel;
    wanted.state = request_state::waiting;
    if (!wanted.enqueued.is_set())
        wanted.enqueued = by.now;
    tx.exec(
        insert_request,
        {wanted.id,
         wanted.conversation,
         wanted.inbox,
         wanted.customer,
         wanted.channel,
         wanted.team,
         write_skills(wanted.skills),
         wanted.preferred,
         wanted.state,
         wanted.enqueued,
         wanted.due,
         wanted.place_us,
         wanted.head_start_us,
         wanted.congestion_us,
         wanted.score,
         wanted.value,
         wanted.boost,
         by.now,
         wanted.hold_until,
         wanted.sender,
         wanted.sender_until}
    );
    follow(tx, by, wanted, happening::request_enqueued, std::llround(wanted.score * 100.0));
    return *find(tx.db(), wanted.id);
}

namespace {

// An UPDATE that changes nothing takes the row's lock and counts what it matched: a lease that went
// to somebody else is seen even if its row changed a moment ago on another node.
constexpr std::string_view check_epoch =
    "UPDATE leases SET epoch = epoch WHERE name = ? AND epoch = ?";
constexpr std::string_view to_offered =
    "UPDATE requests SET state = ?, agent_id = ?, offered_at = ?, offer_expires_at = ?,"
    " offers = offers + 1, updated_at = ?, revision = revision + 1 WHERE id = ? AND state = ?";
constexpr std::string_view insert_decision =
    "INSERT INTO decisions (id, request_id, conversation_id, agent_id, runner_up_id, decided_at,"
    " consumed_position, policy_version, epoch, urgency, waited_us, head_start_us, score, ahead_of,"
    " outcome, outcome_at, reasons) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, ?)";

void keep_decision(
    transaction& tx, context& by, const request& of, const decision& why, std::int64_t epoch
)
{
    tx.exec(
        insert_decision,
        {by.ids.next<request_id>(),
         of.id,
         of.conversation,
         why.agent,
         why.runner_up,
         why.decided.is_set() ? why.decided : by.now,
         why.consumed,
         why.policy,
         epoch,
         why.urgency,
         why.waited_us,
         why.head_start_us,
         why.score,
         why.ahead_of,
         why.reasons}
    );
}

constexpr std::string_view settle_decision =
    "UPDATE decisions SET outcome = ?, outcome_at = ? WHERE request_id = ? AND outcome = 0";

void settle(transaction& tx, const context& by, request_id of, request_reason outcome)
{
    tx.exec(settle_decision, {outcome, by.now, of});
}

} // namespace

bool leads(transaction& tx, std::int64_t epoch)
{
    return tx.exec(check_epoch, {dispatcher, epoch}) == 1;
}

bool offer(
    transaction& tx,
    context& by,
    request_id which,
    const decision& why,
    instant expires,
    std::int64_t epoch
)
{
    if (epoch != 0 && !leads(tx, epoch))
        return false;
    if (tx.exec(
            to_offered,
            {request_state::offered,
             why.agent,
             by.now,
             expires,
             by.now,
             which,
             request_state::waiting}
        ) != 1)
        return false;
    const request now = *find(tx.db(), which);
    keep_decision(tx, by, now, why, epoch);
    follow(tx, by, now, happening::request_offered, raw(why.agent));
    return true;
}

namespace {

constexpr std::string_view to_active =
    "UPDATE requests SET state = ?, accepted_at = ?, updated_at = ?, revision = revision + 1"
    " WHERE id = ? AND state = ? AND agent_id = ?";
constexpr std::string_view name_agent =
    "UPDATE requests SET agent_id = ?, updated_at = ? WHERE id = ? AND state = ?";

} // namespace

bool accept(transaction& tx, context& by, request_id which, agent_id by_whom)
{
    if (tx.exec(
            to_active,
            {request_state::active, by.now, by.now, which, request_state::offered, by_whom}
        ) != 1)
        return false;
    settle(tx, by, which, request_reason::answered);
    const request now = *find(tx.db(), which);
    follow(tx, by, now, happening::request_accepted, raw(by_whom));
    conversations::assign(tx, by, now.conversation, by_whom, "accepted");
    return true;
}

bool take(transaction& tx, context& by, request_id which, agent_id by_whom)
{
    if (tx.exec(name_agent, {by_whom, by.now, which, request_state::waiting}) != 1)
        return false;
    tx.exec(
        to_active, {request_state::active, by.now, by.now, which, request_state::waiting, by_whom}
    );
    const request now = *find(tx.db(), which);
    follow(tx, by, now, happening::request_accepted, raw(by_whom));
    conversations::assign(tx, by, now.conversation, by_whom, "taken");
    return true;
}

namespace {

constexpr std::string_view to_waiting =
    "UPDATE requests SET state = ?, agent_id = 0, offered_at = 0, offer_expires_at = 0,"
    " accepted_at = 0, updated_at = ?, revision = revision + 1 WHERE id = ? AND state = ?";
constexpr std::string_view offered_to =
    "SELECT id FROM requests WHERE id = ? AND state = ? AND agent_id = ?";
constexpr std::string_view is_excluded =
    "SELECT agent_id FROM request_exclusions WHERE request_id = ? AND agent_id = ?";
constexpr std::string_view exclude_agent = "INSERT INTO request_exclusions (request_id, agent_id, "
                                           "reason, excluded_at) VALUES (?, ?, ?, ?)";

bool back_to_waiting(transaction& tx, const context& by, request_id which, request_state from)
{
    return tx.exec(to_waiting, {request_state::waiting, by.now, which, from}) == 1;
}

void exclude(transaction& tx, const context& by, request_id from, agent_id whom, request_reason why)
{
    {
        db::rows row = tx.query(is_excluded, {from, whom});
        if (row.next())
            return;
    }
    tx.exec(exclude_agent, {from, whom, why, by.now});
}

} // namespace

bool decline(transaction& tx, context& by, request_id which, agent_id by_whom, request_reason why)
{
    {
        db::rows row = tx.query(offered_to, {which, request_state::offered, by_whom});
        if (!row.next())
            return false;
    }
    if (!back_to_waiting(tx, by, which, request_state::offered))
        return false;
    exclude(tx, by, which, by_whom, why);
    settle(tx, by, which, why);
    const bool missed = why == request_reason::missed;
    follow(
        tx,
        by,
        *find(tx.db(), which),
        missed ? happening::offer_expired : happening::request_declined,
        raw(by_whom)
    );
    return true;
}

bool withdraw(transaction& tx, context& by, request_id which)
{
    const auto before = find(tx.db(), which);
    if (!before || !back_to_waiting(tx, by, which, request_state::offered))
        return false;
    settle(tx, by, which, request_reason::withdrawn);
    follow(tx, by, *find(tx.db(), which), happening::offer_withdrawn, raw(before->agent));
    return true;
}

bool requeue(transaction& tx, context& by, request_id which, request_reason why)
{
    const auto before = find(tx.db(), which);
    if (!before || !back_to_waiting(tx, by, which, request_state::active))
        return false;
    follow(
        tx, by, *find(tx.db(), which), happening::request_requeued, static_cast<std::int64_t>(why)
    );
    if (raw(before->agent) != 0)
        conversations::assign(tx, by, before->conversation, agent_id{}, word(why));
    return true;
}

namespace {

constexpr std::string_view to_over =
    "UPDATE requests SET state = ?, closed_at = ?, close_reason = ?, updated_at = ?,"
    " revision = revision + 1 WHERE id = ? AND state IN (?, ?, ?)";
constexpr std::string_view set_key =
    "UPDATE requests SET place_us = ?, head_start_us = ?, score = ?, value_snapshot_id = ?,"
    " updated_at = ?, revision = revision + 1 WHERE id = ? AND state = ? AND place_us > ?";
constexpr std::string_view set_ring =
    "UPDATE requests SET ring = ?, updated_at = ?, revision = revision + 1"
    " WHERE id = ? AND state = ? AND ring < ?";

} // namespace

bool close(transaction& tx, context& by, request_id which, request_reason why)
{
    const bool left = why == request_reason::customer_left;
    if (tx.exec(
            to_over,
            {left ? request_state::abandoned : request_state::closed,
             by.now,
             why,
             by.now,
             which,
             request_state::waiting,
             request_state::offered,
             request_state::active}
        ) != 1)
        return false;
    settle(tx, by, which, request_reason::withdrawn);
    follow(
        tx,
        by,
        *find(tx.db(), which),
        left ? happening::request_abandoned : happening::request_closed,
        static_cast<std::int64_t>(why)
    );
    return true;
}

bool rekey(
    transaction& tx,
    context& by,
    request_id which,
    std::int64_t place_us,
    std::int64_t head_start_us,
    double score,
    snapshot_id value
)
{
    if (tx.exec(
            set_key,
            {place_us, head_start_us, score, value, by.now, which, request_state::waiting, place_us}
        ) != 1)
        return false;
    follow(tx, by, *find(tx.db(), which), happening::request_rekeyed, 0);
    return true;
}

bool relax(transaction& tx, context& by, request_id which, int ring)
{
    if (tx.exec(set_ring, {ring, by.now, which, request_state::waiting, ring}) != 1)
        return false;
    follow(tx, by, *find(tx.db(), which), happening::ring_relaxed, ring);
    return true;
}

constexpr std::string_view renew_lease =
    "UPDATE leases SET held_until = ? WHERE name = ? AND holder = ? AND held_until > ?";
constexpr std::string_view take_lease =
    "UPDATE leases SET holder = ?, epoch = epoch + 1, held_until = ?"
    " WHERE name = ? AND held_until <= ?";
constexpr std::string_view select_lease =
    "SELECT holder, epoch, held_until FROM leases WHERE name = ?";
constexpr std::string_view insert_lease =
    "INSERT INTO leases (name, holder, epoch, held_until) VALUES (?, ?, 1, ?)";

std::optional<lease> hold(
    transaction& tx,
    const context& by,
    std::string_view name,
    std::int64_t holder,
    std::chrono::microseconds for_how_long
)
{
    const instant until = by.now + for_how_long;
    if (tx.exec(renew_lease, {until, name, holder, by.now}) == 0 &&
        tx.exec(take_lease, {holder, until, name, by.now}) == 0) {
        {
            db::rows row = tx.query(select_lease, {name});
            if (row.next())
                return std::nullopt;
        }
        tx.exec(insert_lease, {name, holder, until});
    }
    db::rows row = tx.query(select_lease, {name});
    row.next();
    return lease{.holder = row.integer(0), .epoch = row.integer(1), .until = row.time(2)};
}

} // namespace crm::requests
