// News on its way from a commit to the sockets: makes each event's JSON once per audience and hands
// the shared bytes to whoever may see it, in the order of the log. Keeps who is connected, who
// looks at what, and which offers are open. Io thread.
#pragma once

#include "crm/conversation.hpp"
#include "crm/draft.hpp"
#include "gateway/house.hpp"
#include "gateway/live/events.hpp"
#include "gateway/live/positions.hpp"

#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <unordered_map>
#include <vector>

namespace gateway::live {

class session;
class agent_session;
class customer_session;

/// Counters for the metrics.
struct hub_counts
{
    std::int64_t events_out = 0; // events handed to sockets
    std::int64_t log_entries = 0;
    std::int64_t resumed = 0;
    std::int64_t snapshots = 0;
};

} // namespace gateway::live

namespace gateway {

class hub
{
public:
    explicit hub(boost::asio::io_context& io);
    ~hub();

    /// Starts hearing; once the house stands.
    void start(house& in);
    void stop();

    void add(live::agent_session& one);
    void remove(live::agent_session& one);
    /// Closes an earlier socket of the same agent's same tab with 4009.
    void replace(crm::agent_id who, const std::string& client);
    /// A customer's socket hears news of this root customer from now on; {} for one not known yet.
    void add(live::customer_session& one, crm::customer_id root);
    void remove(live::customer_session& one, crm::customer_id root);
    /// Other sockets of the same visitor who is now a known customer.
    std::vector<std::shared_ptr<live::customer_session>>
    strangers_with(const std::string& visitor_key);
    /// Whom a visitor is known as who is connected with this key, if a signed identity says so; {}
    /// for a stranger and for a key that nobody holds.
    [[nodiscard]] crm::customer_id signed_in_with(const std::string& visitor_key) const;

    /// Sends away the sockets that a token opened which is closed now, but for the one that closed
    /// it: the browser's other tabs must not go on showing what it led to.
    void end_token(
        crm::customer_id root, const std::string& visitor_key, const live::customer_session& but
    );

    /// The log's position right before a customer who became known lately; 0 when it was not
    /// lately.
    [[nodiscard]] std::int64_t before_birth_of(crm::customer_id who) const;

    /// A socket that must say hello within 10 s.
    void expect_hello(const std::shared_ptr<live::session>& one);

    /// The conversation's last known state: from news, else from the database. Throws
    /// problem{not_found}.
    task<std::shared_ptr<const crm::conversation>> conversation(crm::conversation_id which);

    /// An agent looks at a conversation ({} = at none); composing: "reply", "note" or empty.
    void viewing(live::agent_session& who, crm::conversation_id what, std::string composing);
    /// A customer types; shown to agents who look at the conversation or own it.
    void customer_types(const crm::conversation& where, bool on, std::string_view text);
    /// An agent types; shown to the customer.
    void agent_types(const crm::conversation& where, std::string_view name, bool on);
    /// Tells the agent's other tabs of a draft.
    void draft_saved(live::agent_session& who, const crm::draft& what);
    /// An offer that an agent holds since before this process.
    void remember_offer(crm::request_id which, crm::agent_id whose);

    /// Looks at every session again: ends those whose right to be here is gone.
    void check_sessions();
    /// Closes everything with 4000, spread over a while.
    void drain(std::chrono::milliseconds spread);

    [[nodiscard]] std::size_t agents_connected() const { return agents_.size(); }
    [[nodiscard]] std::size_t customers_connected() const { return customer_sockets_; }
    /// Of these, those that an app opened over a channel account.
    [[nodiscard]] std::size_t apps_connected() const;
    [[nodiscard]] bool is_connected(crm::agent_id who) const;
    [[nodiscard]] const live::hub_counts& counts() const { return counts_; }
    live::hub_counts& counts() { return counts_; }
    [[nodiscard]] const live::position_veil& veil() const { return *veil_; }

private:
    struct viewer_entry
    {
        std::string composing;
        std::int64_t until_ms = 0;
    };
    using viewers = std::map<crm::agent_id, viewer_entry>;

    void hear(std::span<const crm::log_entry> committed);
    task<void> work_off();
    task<void> reload_names();
    void deliver(const live::told& news);
    void deliver_to_agents(const live::told& news);
    void deliver_to_customer(const crm::log_entry& what);
    void after_delivery(const crm::log_entry& what);
    void keep(const std::shared_ptr<const crm::conversation>& state);
    void show_viewers(crm::conversation_id where);
    void tick();
    void tick_queues();
    task<void> show_queues();
    void give_up_backlog();
    void heed_untold(const crm::log_entry& what);
    void close_everybody();

    boost::asio::io_context& io_;
    house* in_ = nullptr;
    std::shared_ptr<void> listening_;
    boost::asio::steady_timer timer_;
    std::unique_ptr<live::position_veil> veil_;
    std::set<live::agent_session*> agents_;
    std::unordered_map<std::int64_t, std::vector<live::customer_session*>>
        customers_; // by root; 0 = not known yet
    std::size_t customer_sockets_ = 0;
    std::deque<crm::log_entry> backlog_;
    bool working_ = false;
    std::size_t in_work_ = 0;  // entries at the front of backlog_ that work_off has taken up
    bool names_stale_ = false; // loading them failed, or was not come to; the clock tries again
    bool showing_ = false;
    // Two generations: when the young one is full it becomes the old one.
    using states = std::unordered_map<std::int64_t, std::shared_ptr<const crm::conversation>>;
    states young_;
    states old_;
    using births = std::unordered_map<std::int64_t, std::int64_t>; // customer: position before
    births young_births_;
    births old_births_;
    std::map<crm::request_id, crm::agent_id> offers_;
    std::map<crm::conversation_id, viewers> viewed_;
    std::deque<std::pair<std::int64_t, std::weak_ptr<live::session>>> hellos_;
    std::map<crm::inbox_id, std::string> last_queue_;
    std::int64_t ticks_ = 0;
    live::hub_counts counts_;
};

} // namespace gateway
