#include "routing/dispatcher.hpp"

#include "crm/base/log.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/spawn.hpp"
#include "routing/carrying_out.hpp"

#include <algorithm>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <iterator>

namespace routing {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view lease_name = "dispatcher";
/// After a refusal of the store, and between attempts to get the lease.
constexpr auto breather = 500ms;
/// Offers that end in one job; each is some ten rows.
constexpr std::size_t most_rung_out = 15;
/// How much earlier than the wall clock a timer may go off.
constexpr time_us early_us = 10'000;
constexpr auto quiet = boost::asio::as_tuple(boost::asio::use_awaitable);

} // namespace

std::shared_ptr<dispatcher> dispatcher::make(
    boost::asio::io_context& io,
    crm::store& store,
    const crm::clock& time,
    crm::id_source& ids,
    dispatcher_settings how
)
{
    return std::shared_ptr<dispatcher>{new dispatcher{io, store, time, ids, std::move(how)}};
}

dispatcher::dispatcher(
    boost::asio::io_context& io,
    crm::store& store,
    const crm::clock& time,
    crm::id_source& ids,
    dispatcher_settings how
)
    : io_{io}, store_{store}, time_{time}, ids_{ids}, how_{std::move(how)},
      rules_{std::make_shared<const policy>(how_.rules)},
      feeder_{std::make_unique<feeder>(how_.rules)}, timer_{io}, pause_{io}, lease_timer_{io}
{
}

void dispatcher::start()
{
    running_ = true;
    // Listening begins before the state is read, so nothing can fall between the two.
    listening_ = store_.on_news([weak = weak_from_this()](std::span<const crm::log_entry> news) {
        if (const auto me = weak.lock())
            me->hear(news);
    });
    wake();
}

void dispatcher::stop()
{
    running_ = false;
    listening_.reset();
    timer_.cancel();
    pause_.cancel();
    lease_timer_.cancel();
}

bool dispatcher::is_idle() const
{
    return running_ && !stale_ && !pumping_ && !timing_ && in_flight_ == 0 && backlog_.empty();
}

void dispatcher::hear(std::span<const crm::log_entry> news)
{
    for (const crm::log_entry& one : news)
        if (concerns_routing(one))
            backlog_.push_back(one);
    if (!backlog_.empty())
        wake();
}

void dispatcher::wake()
{
    if (pumping_ || !running_)
        return;
    pumping_ = true;
    crm::spawn(io_.get_executor(), "dispatcher.pump", pump());
}

task<void> dispatcher::pump()
{
    const auto me = shared_from_this();
    while (running_ && (stale_ || !backlog_.empty())) {
        bool failed = false;
        try {
            if (stale_)
                co_await restore();
            std::vector<crm::log_entry> news{backlog_.begin(), backlog_.end()};
            backlog_.clear();
            const wanted_facts wanted = wanted_by(news);
            facts known;
            if (wanted.any()) {
                const auto job = [wanted](crm::db::connection& on) { return look_up(on, wanted); };
                known = co_await store_.read(job);
            }
            if (!stale_)
                for (const crm::log_entry& one : news)
                    feed(one, known);
        } catch (const std::exception& refused) {
            crm::logging::warning("dispatcher.behind", {{"why", refused.what()}});
            failed = true;
            stale_ = true;
        }
        if (failed)
            co_await rest(breather);
    }
    pumping_ = false;
    arm_timer();
}

task<void> dispatcher::rest(std::chrono::milliseconds how_long)
{
    pause_.expires_after(how_long);
    co_await pause_.async_wait(quiet);
}

void dispatcher::feed(const crm::log_entry& what, const facts& known)
{
    std::vector<decision> decided;
    feeder_->feed(what, known, decided);
    carry_out(std::move(decided));
}

crm::context dispatcher::acting(int ids) const
{
    return {.who = {}, .now = time_.now(), .ids = ids_.reserve(ids)};
}

// ---- start and restart

task<bool> dispatcher::take_lease()
{
    const auto job = [by = acting(1), holder = how_.holder, length = how_.lease_time](
                         crm::transaction& tx
                     ) { return crm::requests::hold(tx, by, lease_name, holder, length); };
    const auto held = co_await store_.write(job);
    if (held)
        epoch_ = held->epoch;
    co_return held.has_value();
}

// Page by page, each in a short read of its own. What happens meanwhile is heard, and fed after the
// position of the first page; what a later page shows already changes nothing when it is fed again.
task<house_state> dispatcher::read_house()
{
    const auto first = [](crm::db::connection& on) { return read_state(on); };
    house_state state = co_await store_.read(first);
    crm::request_id after{};
    for (bool more = true; more && running_;) {
        const auto next = [after](crm::db::connection& on) { return read_requests(on, after); };
        std::vector<open_request> page = co_await store_.read(next);
        more = !page.empty();
        if (more)
            after = page.back().what.id;
        std::ranges::move(page, std::back_inserter(state.requests));
    }
    co_return state;
}

task<void> dispatcher::restore()
{
    // What was decided before is stored or refused first, so that the tables tell all of it.
    while (in_flight_ > 0 || timing_)
        co_await rest(10ms);
    bool leads = co_await take_lease();
    while (running_ && !leads) {
        co_await rest(breather);
        leads = co_await take_lease();
    }
    const house_state state = co_await read_house();
    feeder_ = std::make_unique<feeder>(how_.rules);
    std::vector<decision> decided;
    feeder_->restore(state, time_.now().us, decided);
    stale_ = false;
    carry_out(std::move(decided));
    // Whoever was here counts as here for the grace period, so a restart requeues nobody.
    for (const crm::agent& one : state.agents)
        if (one.presence != crm::presence::offline && !connected_.contains(one.id))
            connected(one.id, false);
    crm::spawn(io_.get_executor(), "dispatcher.lease", renew_lease());
}

task<void> dispatcher::renew_lease()
{
    const auto me = shared_from_this();
    lease_timer_.expires_after(how_.lease_time / 2);
    const auto [error] = co_await lease_timer_.async_wait(quiet);
    if (error || !running_)
        co_return;
    const std::int64_t before = epoch_;
    bool leads = false;
    try {
        leads = co_await take_lease();
    } catch (const std::exception& refused) {
        crm::logging::warning("dispatcher.lease", {{"why", refused.what()}});
    }
    if (leads && epoch_ == before) {
        crm::spawn(io_.get_executor(), "dispatcher.lease", renew_lease());
        co_return;
    }
    // Somebody else may have decided meanwhile: begin again from the tables.
    stale_ = true;
    wake();
}

// ---- carrying out

void dispatcher::carry_out(std::vector<decision> decided)
{
    if (how_.on_decision)
        for (const decision& one : decided)
            how_.on_decision(one);
    std::vector<carried> work;
    for (decision& one : decided)
        if (needs_storing(one))
            work.push_back(prepare(std::move(one), *feeder_));
    constexpr std::size_t at_once = 8; // keeps each job small
    for (std::size_t from = 0; from < work.size(); from += at_once) {
        const auto begin = work.begin() + static_cast<std::ptrdiff_t>(from);
        const auto end =
            work.begin() + static_cast<std::ptrdiff_t>(std::min(from + at_once, work.size()));
        // Not awaited: the engine has reserved already, and the writer keeps the order.
        ++in_flight_;
        crm::spawn(io_.get_executor(), "dispatcher.persist", persist({begin, end}));
    }
}

task<void> dispatcher::persist(std::vector<carried> work)
{
    const auto me = shared_from_this();
    const auto job = [work = std::move(work), by = acting(64), epoch = epoch_](crm::transaction& tx
                     ) {
        auto now = by;
        for (const carried& one : work)
            routing::carry_out(tx, now, one, epoch);
    };
    bool failed = false;
    try {
        co_await store_.write(job);
    } catch (const std::exception& refused) {
        crm::logging::warning("dispatcher.persist", {{"why", refused.what()}});
        failed = true;
    }
    --in_flight_;
    if (!failed)
        co_return;
    // What was decided is not on disk: begin again from what is.
    stale_ = true;
    wake();
}

// ---- time

void dispatcher::arm_timer()
{
    if (!running_ || stale_ || timing_ || feeder_->router().next_due() == never)
        return;
    const time_us wait = std::max<time_us>(0, feeder_->router().next_due() - time_.now().us);
    timer_.expires_after(std::chrono::microseconds{wait});
    timer_.async_wait([weak = weak_from_this()](const boost::system::error_code& error) {
        const auto me = weak.lock();
        if (error || !me || !me->running_ || me->timing_)
            return;
        me->timing_ = true;
        crm::spawn(me->io_.get_executor(), "dispatcher.time", me->let_time_pass());
    });
}

// Time becomes a log entry before it has an effect. Offers that rang out end in the same job, so
// an acceptance is either before it in the log, or refused.
task<void> dispatcher::let_time_pass()
{
    const auto me = shared_from_this();
    const time_us due = feeder_->router().next_due();
    crm::context by = acting(64);
    bool refused = false;
    // What was due may be over meanwhile; then the timer is set anew.
    if (due != never && due <= by.now.us + early_us) {
        // The timer may be a little early; the entry says when it was due.
        by.now.us = std::max(by.now.us, due);
        // Of many offers that rang out at once the first go now, and time passes until them only.
        std::vector<rung_offer> over = feeder_->router().rung_out(by.now.us);
        if (over.size() > most_rung_out) {
            by.now.us = over[most_rung_out - 1].expires;
            std::erase_if(over, [&](const rung_offer& one) { return one.expires > by.now.us; });
        }
        const auto job = [by, over = std::move(over), epoch = epoch_](crm::transaction& tx) {
            if (!crm::requests::leads(tx, epoch))
                return false;
            auto now = by;
            tx.append(crm::logged(now, crm::happening::routing_timers_due));
            for (const rung_offer& one : over)
                crm::requests::decline(
                    tx, now, one.request, one.agent, crm::request_reason::missed
                );
            return true;
        };
        try {
            const bool leads = co_await store_.write(job);
            // Another node decides now: begin again from the tables, and with the lease.
            stale_ = stale_ || !leads;
        } catch (const std::exception& why) {
            crm::logging::warning("dispatcher.time", {{"why", why.what()}});
            refused = true;
        }
    }
    if (refused)
        co_await rest(breather);
    timing_ = false;
    if (stale_)
        wake();
    if (!pumping_)
        arm_timer();
}

// ---- what others want to know

std::optional<outlook> dispatcher::place_of(crm::conversation_id which) const
{
    const auto waiting = feeder_->waiting_in(which);
    return waiting ? feeder_->router().outlook_of(*waiting) : std::nullopt;
}

std::vector<inbox_line> dispatcher::lines() const
{
    std::vector<inbox_line> found;
    const time_us now = time_.now().us;
    for (const auto& [inbox, line] : feeder_->lines())
        found.push_back(
            {inbox, line.count, std::chrono::microseconds{std::max<time_us>(0, now - line.since)}}
        );
    return found;
}

agent_load dispatcher::load_of(crm::agent_id who) const
{
    const engine& router = feeder_->router();
    const auto slot = router.agents().find(who);
    if (!slot)
        return {};
    const agent_state& agent = router.agents()[*slot];
    return {
        agent.firm_units + agent.interruptible_units,
        router.who_may().ability_of(agent.of_class).units
    };
}

bool dispatcher::anyone_for(crm::inbox_id which) const
{
    return feeder_->anyone_for(which);
}

terms dispatcher::present_terms() const
{
    terms now{rules_, {}};
    for (channel c : all_channels)
        now.oldest[index_of(c)] = feeder_->router().oldest_wait(c);
    return now;
}

} // namespace routing
