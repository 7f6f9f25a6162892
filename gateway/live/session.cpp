#include "gateway/live/session.hpp"

#include "crm/base/json.hpp"
#include "crm/base/log.hpp"
#include "crm/base/spawn.hpp"
#include "gateway/api/shape.hpp"
#include "gateway/live/hub.hpp"
#include "gateway/net/transport.hpp"

#include <boost/json.hpp>

namespace gateway::live {

namespace {

/// Commands a client may have under way; more are answered with 4008.
constexpr std::size_t most_waiting = 256;
/// Events held back while a welcome is being read; more make the client come back.
constexpr std::size_t most_held = 10'000;

std::string text_member(const boost::json::object& from, std::string_view name)
{
    const auto* found = from.if_contains(name);
    return found && found->is_string() ? std::string{found->get_string()} : std::string{};
}

class adapter final : public net::socket_user
{
public:
    explicit adapter(std::shared_ptr<session> of) : of_{std::move(of)} {}
    void received(std::string_view text) override { of_->received(text); }
    void closed() override { of_->closed(); }

private:
    std::shared_ptr<session> of_;
};

} // namespace

std::unique_ptr<net::socket_user>
attach(std::shared_ptr<session> made, const std::shared_ptr<net::socket>& on)
{
    made->open(on);
    return std::make_unique<adapter>(std::move(made));
}

void session::open(std::shared_ptr<net::socket> on)
{
    socket_ = std::move(on);
    counted_ms_ = net::steady_ms();
    frames_left_ = frames_allowed();
    in_.news.expect_hello(shared_from_this());
    if (in_.draining)
        close(net::close_code::draining, "draining");
}

void session::closed()
{
    socket_.reset();
    waiting_.clear();
    held_.clear();
    left();
}

void session::close(net::close_code code, std::string_view reason)
{
    if (socket_)
        socket_->close(code, reason);
}

bool session::within_rate()
{
    const auto now = net::steady_ms();
    const auto allowed = frames_allowed();
    frames_left_ = std::min(
        allowed, frames_left_ + static_cast<double>(now - counted_ms_) * allowed / 60'000.0
    );
    counted_ms_ = now;
    frames_left_ -= 1;
    return frames_left_ >= 0;
}

void session::received(std::string_view text)
{
    if (!within_rate() || waiting_.size() >= most_waiting)
        return close(net::close_code::too_many, "10");
    boost::json::value read;
    try {
        read = crm::json::parse(text);
    } catch (const crm::problem& why) {
        return close(net::close_code::protocol_fault, why.what());
    }
    if (!read.is_object())
        return close(net::close_code::protocol_fault, "a frame is one JSON object");
    client_frame what;
    what.members = std::move(read.get_object());
    what.op = text_member(what.members, "op");
    what.cid = text_member(what.members, "cid");
    accept(std::move(what));
}

void session::accept(client_frame what)
{
    if (!said_hello_ && what.op != "hello")
        return close(net::close_code::protocol_fault, "the first frame must be hello");
    if (said_hello_ && what.op == "hello")
        return close(net::close_code::protocol_fault, "hello was said already");
    if (what.op == "ping") {
        wire::json_text pong;
        pong.open_object().member("op", "pong");
        if (const auto* sent = what.members.if_contains("t"); sent && sent->is_int64())
            pong.member("t", sent->get_int64());
        pong.member("server_time", in_.time.now()).close_object();
        return send_text(pong.take());
    }
    const auto shape = shape_of(what.op);
    try {
        if (shape.empty())
            throw crm::problem{
                crm::errc::invalid, "There is no op \"" + what.op.substr(0, 40) + "\".", "op"
            };
        api::catalogue::all().check(shape, what.members);
    } catch (const crm::problem& why) {
        if (what.op == "hello")
            return close(net::close_code::protocol_fault, why.what());
        return answer_err(what.cid, why);
    }
    said_hello_ = true;
    if (is_cast(what.op)) {
        if (greeted_)
            cast(what);
        return;
    }
    waiting_.push_back(std::move(what));
    if (busy_)
        return;
    busy_ = true;
    auto run = [](std::shared_ptr<session> self) -> task<void> { co_await self->run_commands(); };
    crm::spawn(in_.io.get_executor(), "socket.commands", run(shared_from_this()));
}

/// One after the other, so that what a client sent first is done first.
task<void> session::run_commands()
{
    while (!waiting_.empty() && socket_) {
        auto next = std::move(waiting_.front());
        waiting_.pop_front();
        co_await one_command(std::move(next));
    }
    busy_ = false;
}

task<void> session::one_command(client_frame what)
{
    std::optional<crm::problem> refused;
    try {
        if (what.op == "hello") {
            co_await greet(what);
        } else {
            co_await command(what);
        }
        co_return;
    } catch (const crm::problem& why) {
        refused = why;
    } catch (const std::exception& why) {
        crm::logging::error("socket.command_failed", {{"op", what.op}, {"why", why.what()}});
        refused = crm::problem{crm::errc::internal, "Something went wrong here; try again."};
    }
    if (what.op == "hello") {
        const auto code =
            refused->code() == crm::errc::unauthenticated ? net::close_code::session_ended
            : refused->code() == crm::errc::rate_limited || crm::is_retryable(refused->code())
                ? net::close_code::too_many
                : net::close_code::protocol_fault;
        const auto seconds =
            std::max<std::int64_t>(1, (refused->retry_after().count() + 999) / 1000);
        close(code, code == net::close_code::too_many ? std::to_string(seconds) : refused->what());
        co_return;
    }
    co_await answer_refusal(what, *refused);
}

/// Must not throw: what a client sends later would wait behind this command for ever.
task<void> session::answer_refusal(const client_frame& what, const crm::problem& refused)
{
    std::string members;
    auto why = refused;
    try {
        members = co_await error_members(what, refused);
    } catch (const crm::problem& failed) {
        why = failed;
    } catch (const std::exception& failed) {
        crm::logging::error("socket.answer_failed", {{"op", what.op}, {"why", failed.what()}});
        why = crm::problem{crm::errc::internal, "Something went wrong here; try again."};
    }
    answer_err(what.cid, why, members);
}

task<std::string> session::error_members(const client_frame&, const crm::problem&)
{
    co_return std::string{};
}

void session::send_text(std::string text)
{
    if (socket_)
        socket_->send_text(std::move(text));
}

void session::answer_ok(const client_frame& to, std::int64_t at, std::string_view members)
{
    wire::json_text text;
    text.open_object().member("op", "ok").member("cid", to.cid).member("at", position_text(at));
    auto made = text.take();
    made += members;
    made += '}';
    send_text(std::move(made));
}

void session::answer_err(std::string_view cid, const crm::problem& why, std::string_view members)
{
    wire::json_text text;
    text.open_object().member("op", "err");
    if (!cid.empty())
        text.member("cid", cid.substr(0, 64));
    text.member("code", crm::code_name(why.code()))
        .member("detail", why.what())
        .member("retryable", crm::is_retryable(why.code()));
    if (!why.field().empty())
        text.member("field", why.field());
    if (why.retry_after().count() > 0)
        text.member("retry_after_ms", static_cast<std::int64_t>(why.retry_after().count()));
    auto made = text.take();
    made += members;
    made += '}';
    send_text(std::move(made));
}

void session::send_event(std::int64_t position, const std::shared_ptr<const std::string>& tail)
{
    if (!socket_)
        return;
    if (!greeted_) {
        if (held_.size() >= most_held)
            return close(net::close_code::too_slow, "too much happened: resume");
        held_.push_back({position, tail});
        return;
    }
    // News may be delivered after a reader saw what it tells of. Compared with what is covered, not
    // with where the client stands: one position can tell two things.
    if (position > covered_)
        pass_on(position, tail);
}

void session::pass_on(std::int64_t position, const std::shared_ptr<const std::string>& tail)
{
    net::frame made;
    made.head = "{\"op\":\"event\",\"after\":\"" + position_text(here_) + "\",";
    made.tail = tail;
    here_ = position;
    socket_->send(std::move(made));
}

void session::send_live(const std::shared_ptr<const std::string>& text)
{
    if (socket_ && greeted_)
        socket_->send({.head = {}, .tail = text, .live = true});
}

void session::start_at(
    std::int64_t here, const std::vector<missed_event>& missed, std::int64_t covered
)
{
    here_ = here;
    covered_ = covered;
    greeted_ = true;
    for (const auto& each : missed)
        if (socket_)
            pass_on(each.position, each.tail);
    const auto held = std::exchange(held_, {});
    for (const auto& each : held)
        send_event(each.position, each.tail);
}

} // namespace gateway::live
