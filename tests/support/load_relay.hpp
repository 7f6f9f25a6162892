// The workload of the relay benchmarks: many customers write over their sockets, one agent's socket
// hears everything. Closed loop (each customer waits for its acknowledgement) finds the most a
// server can do; open loop (messages fall due by the clock, whatever the server does) finds how
// long they take. Frames are searched, not parsed, to leave the processor to the server. One io
// thread.
#pragma once

#include "tests/support/load_socket.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace load {

/// One socket of the workload: where it goes and how it introduces itself.
struct party
{
    /// A frame sent once a frame holding `heard` has come.
    struct step
    {
        std::string heard;
        std::string said;
    };
    std::string path;
    headers extra;
    std::string hello;         // the first frame
    std::vector<step> steps{}; // of a longer log-in, in order
};

/// The words of the protocol that the server under test speaks; ours unless said otherwise. A
/// message is named by `name`, its sender's number, a dot and its own number.
struct dialect
{
    std::string name = "c";
    std::string welcome = R"("op":"welcome")"; // ends a log-in
    std::string acknowledged = R"("op":"ok")"; // to the sender; empty where there is none: then the
                                               // agent's copy lets the sender go on
    std::string delivered = R"("cid":")";      // to the agent, followed by the name
    std::string refused = R"("op":"err")";
    std::string before_name = R"({"op":"say","cid":")";
    std::string before_text = R"(","text":")";
    std::string after_text = R"("})";
};

/// What a run of the workload gave. Times are from when a message fell due to when the agent had
/// it.
struct relay_result
{
    double per_second = 0; // delivered to the agent
    double p50_ms = 0;
    double p99_ms = 0;
    double p999_ms = 0;
    std::int64_t delivered = 0;
    std::int64_t missing = 0; // sent and not delivered within 10 s after the end
    double cpu_s = 0;         // of the processes named in `measured`, over the whole run
};

class relay_load
{
public:
    /// `measured`: the processes whose CPU time is counted (server, and its database if it has
    /// one).
    relay_load(boost::asio::io_context& io, std::vector<pid_t> measured, dialect words = {});
    ~relay_load();
    relay_load(const relay_load&) = delete;
    relay_load& operator=(const relay_load&) = delete;

    /// Connects the agent and all senders and waits until each was welcomed. Throws
    /// std::runtime_error with the reason when one is refused or 60 s pass.
    void connect(const endpoint& where, const party& receiver, const std::vector<party>& senders);
    /// Each sender keeps one message under way for `lasting`, after `warm_up` that does not count.
    relay_result closed(std::chrono::milliseconds warm_up, std::chrono::milliseconds lasting);
    /// `per_second` messages fall due, evenly, one millisecond's at a time, for `lasting`.
    relay_result open(double per_second, std::chrono::milliseconds lasting);

    /// Bytes of text in a message.
    static constexpr std::size_t text_bytes = 200;

private:
    using clock = std::chrono::steady_clock;
    struct greeting
    {
        std::shared_ptr<socket> line;
        std::size_t next_step = 0;
        bool welcomed = false;
    };
    struct sender
    {
        std::shared_ptr<greeting> line;
        std::vector<clock::time_point> due; // by message number
    };

    std::shared_ptr<greeting>
    open(const endpoint& where, const party& who, std::function<void(std::string_view)> heard);
    bool greet(greeting& one, const party& who, std::string_view frame);
    void wait_for_welcomes(std::size_t count);
    void say(std::size_t which, clock::time_point due);
    void heard_by_sender(std::size_t which, std::string_view frame);
    void heard_by_receiver(std::string_view frame);
    void delivered(std::size_t which, std::size_t number);
    void run_until(clock::time_point end);
    void introduce();
    void drain();
    [[nodiscard]] double cpu() const;
    relay_result conclude(double seconds, double cpu_before);

    boost::asio::io_context& io_;
    std::vector<pid_t> measured_;
    dialect words_;
    std::shared_ptr<greeting> receiver_;
    std::vector<sender> senders_;
    std::vector<float> waits_ms_;
    std::string text_;
    std::string trouble_;
    std::size_t welcomed_ = 0;
    std::int64_t sent_ = 0;
    std::int64_t arrived_ = 0;
    bool counting_ = false;
    bool answering_ = false;
    bool introduced_ = false;
};

} // namespace load
