// Who is here: sockets that open and close, and the grace between.
#include "crm/base/log.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/spawn.hpp"
#include "routing/dispatcher.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace routing {
namespace {

/// After a refusal of the store.
constexpr std::chrono::milliseconds breather{500};
constexpr auto quiet = boost::asio::as_tuple(boost::asio::use_awaitable);

} // namespace

void dispatcher::connected(crm::agent_id who, bool is_here)
{
    if (is_here) {
        connected_.insert(who);
        leaving_.erase(who);
        const auto before = before_grace_.find(who);
        if (before == before_grace_.end())
            return;
        const crm::presence again = before->second;
        before_grace_.erase(before);
        crm::spawn(io_.get_executor(), "dispatcher.back", give_back(who, again));
        return;
    }
    connected_.erase(who);
    leaving_[who] = ++grace_round_;
    crm::spawn(io_.get_executor(), "dispatcher.grace", end_grace(who, grace_round_));
}

// Stores a presence, again until the store takes it or nobody wants it any more. What it was.
task<std::optional<crm::presence>>
dispatcher::store_presence(crm::agent_id who, crm::presence to, std::function<bool()> is_wanted)
{
    while (running_ && is_wanted()) {
        const auto job = [by = acting(4), who, to](crm::transaction& tx) {
            auto now = by;
            const auto agent = crm::staff::find_agent(tx.db(), who);
            const auto before = agent ? agent->presence : to;
            if (before != to)
                crm::staff::set_presence(tx, now, who, to);
            return before;
        };
        try {
            co_return co_await store_.write(job);
        } catch (const std::exception& refused) {
            crm::logging::warning("dispatcher.presence", {{"why", refused.what()}});
        }
        boost::asio::steady_timer pause{io_, breather};
        co_await pause.async_wait(quiet);
    }
    co_return std::nullopt;
}

task<void> dispatcher::give_back(crm::agent_id who, crm::presence again)
{
    const auto me = shared_from_this();
    co_await store_presence(who, again, [this, who] { return connected_.contains(who); });
}

// After the grace an agent without a socket takes no work; coming back brings the presence back,
// also when that happens while the absence is being stored.
task<void> dispatcher::end_grace(crm::agent_id who, std::int64_t round)
{
    const auto me = shared_from_this();
    boost::asio::steady_timer grace{io_, how_.presence_grace};
    co_await grace.async_wait(quiet);
    const auto is_gone = [this, who, round] {
        const auto leaving = leaving_.find(who);
        return leaving != leaving_.end() && leaving->second == round;
    };
    const auto before = co_await store_presence(who, crm::presence::offline, is_gone);
    if (is_gone())
        leaving_.erase(who);
    if (!before || *before == crm::presence::offline)
        co_return;
    if (connected_.contains(who))
        co_await give_back(who, *before);
    else
        before_grace_[who] = *before;
}

} // namespace routing
