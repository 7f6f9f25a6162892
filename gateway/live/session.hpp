// What agents' and customers' sockets have in common: greeting, reading frames, one command after
// the other, answers, and the chain of positions. A session outlives its socket only as long as a
// command of it is under way. Io thread.
#pragma once

#include "crm/base/problem.hpp"
#include "gateway/house.hpp"
#include "gateway/net/socket.hpp"
#include "gateway/wire/json_text.hpp"

#include <boost/json/object.hpp>
#include <deque>
#include <memory>
#include <string>
#include <string_view>

namespace gateway::live {

/// A frame of the client, checked against the shape of its op.
struct client_frame
{
    std::string op;
    std::string cid; // empty where the op has none
    boost::json::object members;
};

/// Something that happened while the client was away.
struct missed_event
{
    std::int64_t position = 0;
    std::shared_ptr<const std::string> tail; // as in session::send_event
};

class session : public std::enable_shared_from_this<session>
{
public:
    session(house& in, std::string address) : in_{in}, address_{std::move(address)} {}
    virtual ~session() = default;
    session(const session&) = delete;
    session& operator=(const session&) = delete;

    /// Takes the socket; to be called once, by attach().
    void open(std::shared_ptr<net::socket> on);
    void received(std::string_view text);
    void closed();
    void close(net::close_code code, std::string_view reason);
    [[nodiscard]] bool is_open() const { return socket_ != nullptr; }
    [[nodiscard]] bool is_greeted() const { return greeted_; }

    /// Sends an event: `tail` is shared JSON that begins with `"at":...`. Held back until the
    /// welcome is out, skipped when the welcome's state already contains it.
    void send_event(std::int64_t position, const std::shared_ptr<const std::string>& tail);
    /// An ephemeral frame; may be dropped.
    void send_live(const std::shared_ptr<const std::string>& text);

protected:
    /// Which shape a frame of this op must have; empty for an unknown op.
    [[nodiscard]] virtual std::string_view shape_of(std::string_view op) const = 0;
    /// Ops that are done at once and never answered: typing, viewing.
    [[nodiscard]] virtual bool is_cast(std::string_view op) const = 0;
    virtual void cast(const client_frame& what) = 0;
    /// Greets: reads what the client needs and sends the welcome. Throws problem.
    virtual task<void> greet(client_frame hello) = 0;
    /// Does one command and answers it. Throws problem.
    virtual task<void> command(client_frame what) = 0;
    virtual void left() = 0;
    /// The position as this client sees it.
    [[nodiscard]] virtual std::string position_text(std::int64_t at) const = 0;
    /// Frames allowed in a minute.
    [[nodiscard]] virtual double frames_allowed() const = 0;
    /// More members for an err frame, such as the entries a stale reply missed.
    virtual task<std::string> error_members(const client_frame& what, const crm::problem& why);

    void send_text(std::string text);
    void answer_ok(const client_frame& to, std::int64_t at, std::string_view members = {});
    void answer_err(std::string_view cid, const crm::problem& why, std::string_view members = {});
    /// The welcome is out. The client stands at `here`; what it missed goes out, then what was held
    /// back meanwhile and is not contained in it (is past `covered`).
    void start_at(std::int64_t here, const std::vector<missed_event>& missed, std::int64_t covered);
    /// Holds events back until start_at is called again.
    void hold() { greeted_ = false; }
    [[nodiscard]] std::int64_t here() const { return here_; }

    house& in_;
    std::string address_;

private:
    void pass_on(std::int64_t position, const std::shared_ptr<const std::string>& tail);
    [[nodiscard]] bool within_rate();
    void accept(client_frame what);
    task<void> run_commands();
    task<void> one_command(client_frame what);
    task<void> answer_refusal(const client_frame& what, const crm::problem& refused);

    std::shared_ptr<net::socket> socket_;
    std::deque<client_frame> waiting_;
    std::vector<missed_event> held_;
    std::int64_t here_ = 0;
    std::int64_t covered_ = 0; // the welcome's state contains everything up to this position
    double frames_left_ = 0;
    std::int64_t counted_ms_ = 0;
    bool said_hello_ = false;
    bool greeted_ = false;
    bool busy_ = false;
};

/// Makes a session the user of a socket.
std::unique_ptr<net::socket_user>
attach(std::shared_ptr<session> made, const std::shared_ptr<net::socket>& on);

} // namespace gateway::live
