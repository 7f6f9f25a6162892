// The crew of a torture run: visitors that write, agents that answer, observers that only watch.
// Each keeps what it was told, so that the judge can hold it against the database. One io thread.
#pragma once

#include "tests/support/load_member.hpp"

#include <memory>
#include <random>
#include <string>
#include <vector>

namespace load {

class crew
{
public:
    crew(boost::asio::io_context& io, crew_settings how, history& into);
    ~crew();
    crew(const crew&) = delete;
    crew& operator=(const crew&) = delete;

    /// Connects everybody; watchers go through `watch_at`, which may be a fault proxy.
    void start(const endpoint& server, const endpoint& watch_at);
    /// From now on everybody looks for the server there.
    void move_to(const endpoint& server, const endpoint& watch_at);
    void begin_writing();
    /// No new questions; those asked are still re-sent until answered.
    void stop_writing();
    /// Cuts one client at random.
    void cut_somebody();

    [[nodiscard]] bool is_answered() const;
    [[nodiscard]] std::int64_t resumes() const;
    [[nodiscard]] std::int64_t snapshots() const;
    [[nodiscard]] std::int64_t gaps_seen() const;
    /// What everybody believes. `stored` tells which conversation each visitor is in.
    [[nodiscard]] std::vector<observed> views(const std::vector<seen_entry>& stored) const;
    /// One line on everybody who is not well, for messages.
    [[nodiscard]] std::string troubles() const;

private:
    std::vector<std::shared_ptr<member>> members_;
    std::mt19937 random_;
};

} // namespace load
