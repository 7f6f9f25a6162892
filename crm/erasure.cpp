#include "crm/erasure.hpp"

#include "crm/agenda.hpp"
#include "crm/base/problem.hpp"
#include "crm/customer.hpp"
#include "crm/erasure_steps.hpp"

#include <utility>

namespace crm::erasures {
namespace {

constexpr std::string_view select_erasure =
    "SELECT customer_id, asked_at, phase, member_at, place, place_id, done_at "
    "FROM erasures"
    " WHERE customer_id = ?";
constexpr std::string_view insert_erasure =
    "INSERT INTO erasures (customer_id, asked_at, phase, member_at, place, "
    "place_id, done_at)"
    " VALUES (?, ?, ?, 0, 0, 0, 0)";
constexpr std::string_view update_erasure =
    "UPDATE erasures SET phase = ?, member_at = ?, place = ?, place_id = ?, "
    "done_at = ?"
    " WHERE customer_id = ?";
constexpr std::string_view mark_erased = "UPDATE customers SET erased_at = ? WHERE id = ?";

void log_erased(transaction& tx, const context& by, customer_id whom, bool is_over)
{
    log_entry line = logged(by, happening::customer_erased);
    line.customer = whom;
    line.number = is_over ? 1 : 0;
    tx.append(std::move(line));
}

/// One piece of the present phase for one member; true when there is no more of it.
bool erase_piece(
    transaction& tx, context& by, erasure& now, customer_id member, std::vector<std::string>& blobs
)
{
    switch (now.phase) {
    case erasure_phase::people:
        return erase_person(tx, by, now, member);
    case erasure_phase::conversations:
        return erase_conversations(tx, by, now, member);
    case erasure_phase::files:
        return erase_files(tx, by, member, blobs);
    case erasure_phase::entries:
        return erase_entries(tx, by, now, member);
    case erasure_phase::orders:
        return erase_orders(tx, now, member);
    case erasure_phase::answers:
        return erase_answers(tx, now, member);
    case erasure_phase::intake:
        return erase_intake(tx, member, blobs);
    case erasure_phase::over:
        break;
    }
    return true;
}

/// On to the next member, or with the first one to the next phase.
void go_on(erasure& now, std::size_t members, instant at)
{
    now.place = now.place_id = 0;
    if (std::cmp_less(++now.member, members))
        return;
    now.member = 0;
    now.phase = static_cast<erasure_phase>(static_cast<int>(now.phase) + 1);
    if (now.phase == erasure_phase::over)
        now.done = at;
}

} // namespace

erasure begin(transaction& tx, context& by, customer_id any_member)
{
    const customer whom = customers::need(tx.db(), customers::root_of(tx.db(), any_member));
    if (const auto begun = find(tx.db(), whom.id))
        return *begun;
    tx.exec(insert_erasure, {whom.id, by.now, erasure_phase::people});
    tx.exec(mark_erased, {by.now, whom.id});
    agenda::set(tx, by, timer_kind::erasure, raw(whom.id), by.now);
    log_erased(tx, by, whom.id, false);
    return *find(tx.db(), whom.id);
}

piece step(transaction& tx, context& by, customer_id root)
{
    auto now = find(tx.db(), root);
    if (!now || now->phase == erasure_phase::over)
        return {.finished = true};
    const std::vector<customer_id> members = customers::members_of(tx.db(), root);
    piece done;
    const customer_id member = members.at(static_cast<std::size_t>(now->member));
    if (erase_piece(tx, by, *now, member, done.blobs))
        go_on(*now, members.size(), by.now);
    tx.exec(update_erasure, {now->phase, now->member, now->place, now->place_id, now->done, root});
    done.finished = now->phase == erasure_phase::over;
    if (done.finished)
        log_erased(tx, by, root, true);
    return done;
}

std::optional<erasure> find(db::connection& on, customer_id root)
{
    db::rows row = on.query(select_erasure, {root});
    if (!row.next())
        return std::nullopt;
    return erasure{
        .customer = row.id<customer_id>(0),
        .asked = row.time(1),
        .phase = row.as<erasure_phase>(2),
        .member = row.integer(3),
        .place = row.integer(4),
        .place_id = row.integer(5),
        .done = row.time(6)
    };
}

} // namespace crm::erasures
