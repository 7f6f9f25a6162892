#include "routing/carrying_out.hpp"

#include "crm/request.hpp"
#include "routing/translate.hpp"

namespace routing {
namespace {

crm::log_entry about(const feeder& knows, request_id which)
{
    crm::log_entry line;
    line.subject = crm::raw(which);
    if (const crm::request* row = knows.known(which)) {
        line.conversation = row->conversation;
        line.customer = row->customer;
        line.inbox = row->inbox;
    }
    return line;
}

void log_about(
    crm::transaction& tx, const crm::context& by, crm::happening what, const crm::log_entry& whom
)
{
    crm::log_entry line = crm::logged(by, what);
    line.conversation = whom.conversation;
    line.customer = whom.customer;
    line.inbox = whom.inbox;
    line.subject = whom.subject;
    line.number = whom.number;
    line.amount = whom.amount;
    tx.append(std::move(line));
}

struct storing
{
    crm::transaction& tx;
    crm::context& by;
    const carried& work;
    std::int64_t epoch;

    void operator()(const offer& made) const
    {
        const crm::instant expires = made.expires ? crm::instant{*made.expires} : by.now;
        if (crm::requests::offer(tx, by, made.id, work.record, expires, epoch)) {
            if (!made.expires)
                crm::requests::accept(tx, by, made.id, made.to);
            return;
        }
        crm::log_entry lost = work.about;
        lost.number = crm::raw(made.to);
        lost.amount = made.attempt;
        log_about(tx, by, crm::happening::offer_withdrawn, lost);
    }
    void operator()(const withdrawn& over) const { crm::requests::withdraw(tx, by, over.id); }
    void operator()(const ring_relaxed& wider) const
    {
        crm::requests::relax(tx, by, wider.id, wider.ring);
    }
    void operator()(const rekeyed& better) const
    {
        const std::int64_t head = work.record.head_start_us;
        const double score = static_cast<double>(better.score) / 100.0;
        crm::requests::rekey(tx, by, better.id, better.key, head, score, work.snapshot);
    }
    void operator()(const overdue& late) const
    {
        crm::log_entry line = work.about;
        line.amount = late.waited;
        log_about(tx, by, crm::happening::request_overdue, line);
    }
    void operator()(const auto_away& gone) const
    {
        crm::staff::set_presence(tx, by, gone.id, crm::presence::away);
    }
    void operator()(const held& /*unused*/) const {}
};

} // namespace

bool needs_storing(const decision& what)
{
    if (std::holds_alternative<held>(what))
        return false;
    const auto* over = std::get_if<withdrawn>(&what);
    // Every other end of an offer was read in the log: the database knew it first.
    return over == nullptr || over->why == withdrawal::agent_left;
}

carried prepare(decision what, const feeder& knows)
{
    carried made{std::move(what), {}, {}, {}};
    const engine& router = knows.router();
    if (const auto* one = std::get_if<offer>(&made.what)) {
        const auto agent = router.agents().find(one->to);
        const agent_state& state = router.agents()[*agent];
        made.record = stored_form(
            *one,
            state.firm_units + state.interruptible_units,
            router.who_may().ability_of(state.of_class).units
        );
        made.about = about(knows, one->id);
    } else if (const auto* late = std::get_if<overdue>(&made.what)) {
        made.about = about(knows, late->id);
    } else if (const auto* better = std::get_if<rekeyed>(&made.what)) {
        const auto slot = router.requests().find(better->id);
        made.record.head_start_us =
            slot ? router.requests()[*slot].arrival - better->key : std::int64_t{0};
        made.snapshot = knows.snapshot_of(better->id);
    }
    return made;
}

void carry_out(
    crm::transaction& tx, crm::context& by, const carried& what, std::int64_t lease_epoch
)
{
    std::visit(storing{tx, by, what, lease_epoch}, what.what);
}

} // namespace routing
