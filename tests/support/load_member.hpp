// One of a torture run's crew: a socket, its view of the world, and a writer's loop of questions.
// One io thread.
#pragma once

#include "tests/support/load_client.hpp"
#include "tests/support/load_history.hpp"
#include "tests/support/load_http.hpp"

#include <boost/asio/steady_timer.hpp>
#include <map>
#include <memory>
#include <random>
#include <set>
#include <string>
#include <vector>

namespace load {

/// How a crew is made up and behaves.
struct crew_settings
{
    std::string inbox;             // slug that visitors write to
    int visitors = 16;             // writers
    std::vector<session> agents;   // writers and observers at once; one socket each
    std::vector<session> watchers; // observers only
    int window = 2;                // questions a writer has open at once
    int think_ms = 40;             // longest pause between an answer and the next question
    int hostile_percent = 3;       // of the questions are such that they must be refused
    std::uint32_t seed = 1;
};

/// Reads an `entry` of the protocol; a visitor's numbers are the public ones.
seen_entry entry_of(const boost::json::object& shape, bool as_visitor);

class member : public std::enable_shared_from_this<member>
{
public:
    member(
        boost::asio::io_context& io,
        std::shared_ptr<const crew_settings> how,
        history& into,
        std::string name,
        std::uint32_t seed
    );
    virtual ~member() = default;

    /// Connects; watchers go through `watch_at`, which may be a fault proxy.
    virtual void start(const endpoint& server, const endpoint& watch_at) = 0;
    /// From now on the server is there.
    virtual void move_to(const endpoint& server, const endpoint& watch_at) = 0;
    /// What this one believes. `stored` tells a visitor its conversation.
    [[nodiscard]] virtual observed view(const std::vector<seen_entry>& stored) const = 0;

    void begin_writing();
    void stop_writing() { writing_ = false; }
    void stop() { client_->stop(); }

    [[nodiscard]] client& line() const { return *client_; }
    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] bool is_answered() const
    {
        return waiting_.empty() && client_->unanswered() == 0;
    }

protected:
    [[nodiscard]] virtual bool is_writer() const = 0;
    /// The next question, or an empty object when there is nothing to say yet; completes `what`.
    virtual boost::json::object question(operation& what) = 0;

    /// A role that hears answers; the rest is the caller's.
    client::role answers();
    int random(int from, int to) { return std::uniform_int_distribution<int>{from, to}(random_); }
    std::string fresh_cid() { return name_ + "-" + std::to_string(++asked_); }

    boost::asio::io_context& io_;
    std::shared_ptr<const crew_settings> how_;
    history& history_;
    std::mt19937 random_;
    std::string name_;
    std::shared_ptr<client> client_;

    /// Runs `then` on this member after a while, unless it is gone.
    void after(std::chrono::milliseconds wait, std::function<void(member&)> then);

private:
    void answered(const reply& got);
    void ask_later();
    void ask_next();
    void ask(const std::string& cid);

    std::set<std::string> waiting_;
    std::map<std::string, boost::json::object> frames_;
    std::int64_t asked_ = 0;
    bool writing_ = false;
};

/// A customer on the website: writes, and must see its own conversation as it is stored.
class visitor final : public member
{
public:
    using member::member;
    void start(const endpoint& server, const endpoint& watch_at) override;
    void move_to(const endpoint& server, const endpoint& watch_at) override;
    [[nodiscard]] observed view(const std::vector<seen_entry>& stored) const override;

private:
    [[nodiscard]] bool is_writer() const override { return true; }
    boost::json::object question(operation& what) override;
    void welcomed(const boost::json::object& frame, bool snapshot);
    void ask_page(std::int64_t before);
    void page_refused();
    void page(const boost::json::object& frame);
    void keep(const boost::json::object& shape);

    std::map<std::int64_t, seen_entry> entries_;
    std::string page_cid_;
    std::int64_t page_before_ = 0; // of the page asked for last; empty when none is on its way
};

/// An agent's console: holds every conversation, and answers some when it is a writer.
class agent final : public member
{
public:
    agent(
        boost::asio::io_context& io,
        std::shared_ptr<const crew_settings> how,
        history& into,
        std::string name,
        std::uint32_t seed,
        session who,
        bool writes
    );
    void start(const endpoint& server, const endpoint& watch_at) override;
    void move_to(const endpoint& server, const endpoint& watch_at) override;
    [[nodiscard]] observed view(const std::vector<seen_entry>& stored) const override;

private:
    [[nodiscard]] bool is_writer() const override { return writes_; }
    boost::json::object question(operation& what) override;
    void load_snapshot();
    void load_conversation(const std::string& id);
    [[nodiscard]] boost::json::value get(const std::string& target) const;
    void keep(const boost::json::object& shape);

    session who_;
    bool writes_;
    bool is_stale_ = true;
    endpoint server_;
    std::map<std::string, std::map<std::int64_t, seen_entry>> entries_;
};

} // namespace load
