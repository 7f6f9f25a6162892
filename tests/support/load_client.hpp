// A client of the realtime protocol as docs/realtime.md describes one: asks with a cid, re-sends
// what was not answered, applies events under the gap rule, resumes where it stood. It is the
// referee of the torture runs, so it trusts nothing: a wrong `after` is counted, not repaired. One
// io thread.
#pragma once

#include "tests/support/load_socket.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/json.hpp>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <random>
#include <string>

namespace load {

/// An answer to something asked.
struct reply
{
    std::string cid;
    bool ok = false;
    std::string code; // of an `err`
    bool retryable = false;
    std::int64_t seq = 0;
    std::string at;
    double waited_ms = 0; // since it was first sent
};

class client : public std::enable_shared_from_this<client>
{
public:
    /// Who this is and what it does with what it hears. All functions may be empty.
    struct role
    {
        std::string path = "/ws/chat";
        headers extra;             // of the upgrade
        boost::json::object hello; // members beside op, v, epoch, at
        std::function<void(const reply&)> answered;
        /// A welcome; `snapshot` when everything held must be forgotten and read anew.
        std::function<void(const boost::json::object& frame, bool snapshot)> welcomed;
        /// An event, in order, none missed.
        std::function<void(const boost::json::object& frame)> event;
        /// The answer to `more`.
        std::function<void(const boost::json::object& frame)> history;
    };

    client(boost::asio::io_context& io, role what, std::uint32_t seed);

    /// Connects, and from then on comes back by itself (full jitter, at most `longest_wait`).
    void start(const endpoint& where);
    /// Where the server is from now on; used at the next connection.
    void move_to(const endpoint& where) { where_ = where; }
    /// Sends a frame with this cid and keeps it until it is answered, across connections.
    void ask(const std::string& cid, boost::json::object frame);
    /// No longer waits for the answer to this cid; nothing when it is unknown.
    void forget(const std::string& cid) { asked_.erase(cid); }
    /// Sends a frame nobody answers, if connected.
    void tell(const boost::json::object& frame);
    /// Cuts the connection; it comes back.
    void cut();
    /// Cuts and stays away.
    void stop();

    [[nodiscard]] bool is_welcome() const { return welcome_; }
    [[nodiscard]] std::size_t unanswered() const { return asked_.size(); }
    [[nodiscard]] const std::string& here() const { return here_; }
    [[nodiscard]] std::int64_t resumes() const { return resumes_; }
    [[nodiscard]] std::int64_t snapshots() const { return snapshots_; }
    /// Events whose `after` was not where this client stood; each ends its connection.
    [[nodiscard]] std::int64_t gaps_seen() const { return gaps_; }
    /// What the last of them was, for messages.
    [[nodiscard]] const std::string& last_gap() const { return last_gap_; }
    /// The last close code and reason heard, for messages.
    [[nodiscard]] const std::string& last_close() const { return last_close_; }

    /// The longest wait before a new attempt, ms.
    std::chrono::milliseconds longest_wait{50};

private:
    struct question
    {
        std::string frame;
        std::chrono::steady_clock::time_point first_sent;
    };
    void connect();
    void opened();
    void closed(int code, std::string_view reason);
    void text(std::string_view bytes);
    void frame(const boost::json::object& one);
    void welcome(const boost::json::object& one);
    void answer_came(const boost::json::object& one, bool ok);
    void event(const boost::json::object& one);

    boost::asio::io_context& io_;
    role role_;
    std::mt19937 random_;
    boost::asio::steady_timer retry_;
    endpoint where_;
    std::shared_ptr<socket> socket_;
    std::map<std::string, question> asked_;
    std::string epoch_;
    std::string here_;
    std::string last_close_;
    std::string last_gap_;
    std::string last_welcome_; // of this connection, for messages
    std::int64_t events_ = 0;  // since then
    std::int64_t resumes_ = 0;
    std::int64_t snapshots_ = 0;
    std::int64_t gaps_ = 0;
    bool welcome_ = false;
    bool stopped_ = false;
};

/// A member of a frame as text; empty when it is absent or something else.
std::string text_of(const boost::json::object& from, std::string_view member);
/// A member of a frame as a whole number; 0 when it is absent or something else.
std::int64_t number_of(const boost::json::object& from, std::string_view member);

} // namespace load
