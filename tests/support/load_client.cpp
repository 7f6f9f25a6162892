#include "tests/support/load_client.hpp"

namespace load {

namespace json = boost::json;
using std::chrono::steady_clock;

namespace {

constexpr int code_gap_seen = 4010;

} // namespace

std::string text_of(const json::object& from, std::string_view member)
{
    const auto* found = from.if_contains(member);
    return found != nullptr && found->is_string() ? std::string{found->as_string()} : std::string{};
}

std::int64_t number_of(const json::object& from, std::string_view member)
{
    const auto* found = from.if_contains(member);
    return found != nullptr && found->is_int64() ? found->as_int64() : 0;
}

client::client(boost::asio::io_context& io, role what, std::uint32_t seed)
    : io_{io}, role_{std::move(what)}, random_{seed}, retry_{io}
{
}

void client::start(const endpoint& where)
{
    where_ = where;
    stopped_ = false;
    connect();
}

void client::connect()
{
    if (stopped_)
        return;
    const std::weak_ptr<client> weak = weak_from_this();
    headers extra = role_.extra;
    extra.emplace_back("Origin", "http://" + where_.host + ":" + std::to_string(where_.port));
    socket::listener heard;
    heard.opened = [weak] {
        if (const auto self = weak.lock())
            self->opened();
    };
    heard.text = [weak](std::string_view bytes) {
        if (const auto self = weak.lock())
            self->text(bytes);
    };
    heard.closed = [weak](int code, std::string_view reason) {
        if (const auto self = weak.lock())
            self->closed(code, reason);
    };
    socket_ = socket::open(io_, where_, role_.path, extra, std::move(heard));
}

void client::opened()
{
    json::object hello = role_.hello;
    hello["op"] = "hello";
    hello["v"] = 1;
    if (!here_.empty()) {
        hello["epoch"] = epoch_;
        hello["at"] = here_;
    }
    socket_->send(json::serialize(hello));
}

void client::closed(int code, std::string_view reason)
{
    welcome_ = false;
    socket_.reset();
    last_close_ = std::to_string(code) + " " + std::string{reason};
    if (stopped_)
        return;
    std::uniform_int_distribution<std::int64_t> wait{1, longest_wait.count()};
    retry_.expires_after(std::chrono::milliseconds{wait(random_)});
    retry_.async_wait([weak = weak_from_this()](boost::system::error_code stopped) {
        const auto self = weak.lock();
        if (!stopped && self)
            self->connect();
    });
}

void client::text(std::string_view bytes)
{
    const json::value parsed = json::parse(bytes);
    if (const auto* one = parsed.if_object())
        return frame(*one);
    for (const auto& one : parsed.as_array()) {
        if (!socket_ || !socket_->is_open())
            return;
        frame(one.as_object());
    }
}

void client::frame(const json::object& one)
{
    const std::string op = text_of(one, "op");
    if (op == "event")
        event(one);
    else if (op == "ok")
        answer_came(one, true);
    else if (op == "err")
        answer_came(one, false);
    else if (op == "welcome")
        welcome(one);
    else if (op == "history") {
        asked_.erase(text_of(one, "cid"));
        if (role_.history)
            role_.history(one);
    }
}

void client::welcome(const json::object& one)
{
    const bool snapshot = text_of(one, "resume") != "replay";
    ++(snapshot ? snapshots_ : resumes_);
    // A replay starts where we stood; anything else would skip events unseen.
    if (!snapshot && text_of(one, "as_of") != here_) {
        ++gaps_;
        last_gap_ = "resumed at " + text_of(one, "as_of") + " instead of " + here_;
    }
    epoch_ = text_of(one, "epoch");
    here_ = text_of(one, "as_of");
    last_welcome_ = (snapshot ? "snapshot at " : "replay from ") + here_;
    events_ = 0;
    if (const std::string token = text_of(one, "token"); !token.empty())
        role_.hello["token"] = token;
    if (role_.welcomed)
        role_.welcomed(one, snapshot);
    welcome_ = true; // from here on questions are sent at once; those of before follow now
    for (const auto& [cid, what] : asked_)
        if (socket_)
            socket_->send(what.frame);
}

void client::answer_came(const json::object& one, bool ok)
{
    reply got;
    got.cid = text_of(one, "cid");
    const auto found = asked_.find(got.cid);
    if (found == asked_.end())
        return;
    got.ok = ok;
    got.code = text_of(one, "code");
    got.seq = number_of(one, "seq");
    got.at = text_of(one, "at");
    const auto* retryable = one.if_contains("retryable");
    got.retryable = retryable != nullptr && retryable->is_bool() && retryable->as_bool();
    const std::chrono::duration<double, std::milli> waited =
        steady_clock::now() - found->second.first_sent;
    got.waited_ms = waited.count();
    asked_.erase(found);
    if (role_.answered)
        role_.answered(got);
}

void client::event(const json::object& one)
{
    if (text_of(one, "after") != here_) {
        ++gaps_;
        last_gap_ = text_of(one, "what") + " after " + text_of(one, "after") + " at " +
                    text_of(one, "at") + " came when we stood at " + here_ + ", " +
                    std::to_string(events_) + " events after a " + last_welcome_;
        socket_->close(code_gap_seen);
        return;
    }
    here_ = text_of(one, "at");
    ++events_;
    if (role_.event)
        role_.event(one);
}

void client::ask(const std::string& cid, json::object what)
{
    what["cid"] = cid;
    auto& kept = asked_[cid];
    kept = {json::serialize(what), steady_clock::now()};
    if (welcome_ && socket_)
        socket_->send(kept.frame);
}

void client::tell(const json::object& what)
{
    if (welcome_ && socket_)
        socket_->send(json::serialize(what));
}

void client::cut()
{
    if (socket_)
        socket_->cut();
}

void client::stop()
{
    stopped_ = true;
    retry_.cancel();
    cut();
}

} // namespace load
