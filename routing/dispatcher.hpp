// Feeds the engine and carries out what it decides. It hears nothing but committed log entries, in
// position order; what only time brings becomes a log entry first. A decision is stored as a
// compare-and-set with its reasons; one that fails becomes a log entry too (offer_withdrawn with
// the attempt in `amount`), and the engine takes it back. So the log alone replays every decision.
// Io thread.
#pragma once

#include "crm/inbox.hpp"
#include "crm/request.hpp"
#include "crm/staff.hpp"
#include "crm/store/store.hpp"
#include "routing/carrying_out.hpp"
#include "routing/engine/engine.hpp"
#include "routing/feeder.hpp"
#include "routing/switchboard.hpp"
#include "routing/verbs.hpp"

#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <set>

namespace routing {

/// How the dispatcher behaves around the engine.
struct dispatcher_settings
{
    policy rules;
    /// How long an agent without a socket still counts as present (reload, restart, short cut).
    std::chrono::milliseconds presence_grace{30'000};
    /// The dispatcher's lease; renewed at half of it. Another node takes over when it has run out.
    std::chrono::microseconds lease_time = std::chrono::minutes{10};
    /// Who holds the lease: the node's number, so that a restarted node goes on at once.
    std::int64_t holder = 1;
    /// Hears every decision as the engine made it (tests, replay).
    std::function<void(const decision&)> on_decision;
};

/// One inbox's waiting line.
struct inbox_line
{
    crm::inbox_id inbox{};
    std::int64_t waiting = 0;
    std::chrono::microseconds longest{0};
};

struct agent_load
{
    int used = 0;
    int units = 0;
};

class dispatcher : public std::enable_shared_from_this<dispatcher>
{
public:
    static std::shared_ptr<dispatcher> make(
        boost::asio::io_context& io,
        crm::store& store,
        const crm::clock& time,
        crm::id_source& ids,
        dispatcher_settings how
    );

    /// Takes the lease, reads the present state and begins; returns at once. Agents who are not
    /// connected within the grace period are set offline.
    void start();
    /// Decides nothing from now on.
    void stop();
    /// True when the state has been read and every entry heard so far has been dealt with.
    [[nodiscard]] bool is_idle() const;

    /// Place and expected wait of a customer; nullopt when nobody waits in this conversation.
    [[nodiscard]] std::optional<outlook> place_of(crm::conversation_id which) const;
    [[nodiscard]] std::vector<inbox_line> lines() const;
    [[nodiscard]] agent_load load_of(crm::agent_id who) const;
    /// True when an agent who may serve the inbox is present.
    [[nodiscard]] bool anyone_for(crm::inbox_id which) const;
    /// The first socket of an agent opened, or the last one closed.
    void connected(crm::agent_id who, bool is_here);

    /// What a request enqueued now is measured by.
    [[nodiscard]] terms present_terms() const;

private:
    dispatcher(
        boost::asio::io_context& io,
        crm::store& store,
        const crm::clock& time,
        crm::id_source& ids,
        dispatcher_settings how
    );

    void hear(std::span<const crm::log_entry> news);
    void wake();
    task<void> pump();
    task<bool> take_lease();
    task<void> restore();
    task<house_state> read_house();
    task<void> rest(std::chrono::milliseconds how_long);
    void feed(const crm::log_entry& what, const facts& known);

    void carry_out(std::vector<decision> decided);
    task<void> persist(std::vector<carried> work);
    void arm_timer();
    task<void> let_time_pass();
    task<void> renew_lease();
    task<std::optional<crm::presence>>
    store_presence(crm::agent_id who, crm::presence to, std::function<bool()> is_wanted);
    task<void> give_back(crm::agent_id who, crm::presence again);
    task<void> end_grace(crm::agent_id who, std::int64_t round);
    crm::context acting(int ids) const;

    boost::asio::io_context& io_;
    crm::store& store_;
    const crm::clock& time_;
    crm::id_source& ids_;
    dispatcher_settings how_;
    std::shared_ptr<const policy> rules_;
    std::shared_ptr<void> listening_;
    std::unique_ptr<feeder> feeder_;
    std::deque<crm::log_entry> backlog_;
    boost::asio::steady_timer timer_;
    boost::asio::steady_timer pause_;
    boost::asio::steady_timer lease_timer_;
    std::int64_t epoch_ = 0;
    std::int64_t grace_round_ = 0;
    int in_flight_ = 0; ///< jobs that store decisions
    bool running_ = false;
    bool pumping_ = false;
    bool stale_ = true;   ///< the state must be read anew
    bool timing_ = false; ///< a job that lets time pass is under way
    std::set<crm::agent_id> connected_;
    std::map<crm::agent_id, std::int64_t> leaving_;
    std::map<crm::agent_id, crm::presence> before_grace_;
};

} // namespace routing
