// The same rules as routing::engine, written the plainest way: lists, no heaps, no lanes, no
// classes, every search over everything. Slow and hard to get wrong; the engine is held against it.
#pragma once

#include "routing/engine/decisions.hpp"
#include "routing/engine/events.hpp"
#include "routing/engine/policy.hpp"

#include <map>
#include <string>

namespace routing::test {

class naive_router
{
public:
    explicit naive_router(policy rules) : rules_(std::move(rules)) {}

    /// The decisions as short text, in order ("offer 3 to 1 attempt 2", ...).
    std::vector<std::string> apply(time_us now, const event& what);

    /// The same short text for a decision of the engine.
    static std::string brief(const decision& what);

private:
    enum class where
    {
        scheduled,
        waiting,
        held,
        offered,
        active
    };
    struct waiter
    {
        request spec;
        where is = where::waiting;
        time_us since = 0, full = 0, hold_until = 0, expires = 0;
        int ring = 0, attempt = 0;
        bool directed = false, hold_over = false, told_overdue = false;
        agent_id agent{};
        std::map<agent_id, time_us> pauses;
    };
    struct member
    {
        agent_defined spec;
        presence now = presence::offline;
        time_us idle_since = 0;
        int misses = 0;
    };

    void take(const event& what);
    void queue(const request& what);
    void wait(waiter& w);
    void drop(request_id id, const char* why);
    void leave(waiter& w, const char* why);
    void answer_lost(waiter& w);
    void transfer(const request_transferred& e);
    void agent_gone(agent_id who);
    void back(waiter& w, const char* why);
    void assign(request_id id, agent_id to);
    void fire(waiter& w);
    void miss(waiter& w);
    bool kept(const waiter& w) const;
    time_us due(const waiter& w) const;
    std::optional<int> next_ring(const waiter& w) const;
    void settle();
    void seek_agent(waiter& w);
    bool seek_request(agent_id who);
    bool ask_preferred(waiter& w);
    void offer_to(waiter& w, agent_id who);
    bool able(const member& m, const waiter& w, bool skills_matter) const;
    bool room(const member& m, channel on) const;
    bool paused(const waiter& w, agent_id who) const;
    bool before(const waiter& a, const waiter& b) const;
    time_us place(const waiter& w) const;
    int load(const member& m, bool firm_only) const;
    std::size_t skill_count(agent_id who) const;
    waiter* find(request_id id);

    policy rules_;
    std::map<request_id, waiter> waiters_;
    std::map<agent_id, member> members_;
    std::vector<request_id> touched_;
    std::vector<agent_id> freed_;
    std::vector<std::string> out_;
    time_us now_ = 0;
};

} // namespace routing::test
