#include "gateway/demo/simulated_visitor.hpp"

#include "crm/base/random.hpp"
#include "gateway/members.hpp"
#include "gateway/wire/json_text.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>

namespace gateway::demo {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds say_patience{20};
constexpr std::int64_t answer_ms = 3'000;
constexpr int most_pages = 400;

std::int64_t now_ms()
{
    using namespace std::chrono;
    return duration_cast<milliseconds>(steady_clock::now().time_since_epoch()).count();
}

} // namespace

simulated_visitor::simulated_visitor(asio::io_context& io, unsigned short port, const persona& who)
    : io_{io}, port_{port}, who_{who}
{
}

asio::awaitable<bool> simulated_visitor::connect()
{
    const auto origin = "http://localhost:" + std::to_string(port_);
    on_ = co_await net::websocket_client::connect(io_, port_, "/ws/chat", origin);
    if (!on_)
        co_return false;
    unread_.clear();
    wire::json_text hello;
    hello.open_object()
        .member("op", "hello")
        .member("v", 1)
        .member("inbox", "web")
        .member("locale", who_.locale);
    if (!token_.empty())
        hello.member("token", token_);
    hello.key("page")
        .open_object()
        .member("url", "http://shop.localhost:" + std::to_string(port_) + std::string{who_.page})
        .member("title", who_.title)
        .close_object()
        .close_object();
    const bool sent = co_await on_->send(hello.take());
    const auto first = sent ? co_await frame(answer_ms) : std::nullopt;
    if (!first || text_of(*first, "op") != "welcome") {
        on_.reset();
        co_return false;
    }
    welcome_ = *first;
    if (const auto token = maybe_text(welcome_, "token"))
        token_ = *token;
    co_return true;
}

asio::awaitable<std::optional<boost::json::object>>
simulated_visitor::frame(std::int64_t patience_ms)
{
    if (unread_.empty()) {
        const auto text = co_await on_->receive(patience_ms);
        if (!text)
            co_return std::nullopt;
        auto read = boost::json::parse(*text);
        if (auto* many = read.if_array())
            for (auto& each : *many)
                unread_.push_back(std::move(each.as_object()));
        else
            unread_.push_back(std::move(read.as_object()));
    }
    auto next = std::move(unread_.front());
    unread_.erase(unread_.begin());
    co_return next;
}

asio::awaitable<std::optional<boost::json::object>>
simulated_visitor::answer_to(std::string cid, std::int64_t patience_ms)
{
    const auto until = now_ms() + patience_ms;
    while (on_ && now_ms() < until) {
        auto next = co_await frame(until - now_ms());
        if (!next)
            break;
        if (text_of(*next, "cid") == cid && text_of(*next, "op") != "event")
            co_return next;
    }
    co_return std::nullopt;
}

asio::awaitable<bool> simulated_visitor::say(std::string text)
{
    const auto cid = crm::random_token();
    wire::json_text said;
    said.open_object().member("op", "say").member("cid", cid).member("text", text).close_object();
    const auto until = std::chrono::steady_clock::now() + say_patience;
    asio::steady_timer rest{io_};
    while (std::chrono::steady_clock::now() < until) {
        const bool ready = on_ && on_->is_open() ? true : co_await connect();
        const bool sent = ready && co_await on_->send(said.text());
        const auto answer = sent ? co_await answer_to(cid, answer_ms) : std::nullopt;
        if (answer && text_of(*answer, "op") == "ok") {
            acknowledged_.insert(cid);
            co_return true;
        }
        if (answer && !flag_of(*answer, "retryable"))
            co_return false;
        if (!answer)
            on_.reset();
        rest.expires_after(std::chrono::milliseconds{
            std::max<std::int64_t>(50, answer ? integer_of(*answer, "retry_after_ms") : 50)
        });
        co_await rest.async_wait(asio::use_awaitable);
    }
    co_return false;
}

asio::awaitable<void> simulated_visitor::stay(std::chrono::milliseconds how_long)
{
    const auto until = now_ms() + how_long.count();
    asio::steady_timer rest{io_};
    while (now_ms() < until) {
        if (on_ && on_->is_open()) {
            co_await frame(until - now_ms());
            continue;
        }
        rest.expires_after(std::chrono::milliseconds{500});
        co_await rest.async_wait(asio::use_awaitable);
        co_await connect();
    }
}

asio::awaitable<void> simulated_visitor::count(proof& into)
{
    into.acknowledged += static_cast<std::int64_t>(acknowledged_.size());
    const bool here = co_await connect();
    if (!here) {
        into.gap_free = false;
        co_return;
    }
    std::map<std::int64_t, std::string> entries; // cid by public seq
    const auto keep = [&](const boost::json::object& from) {
        for (const auto& each : from.at("entries").get_array())
            entries[integer_of(each.get_object(), "seq")] = text_of(each.get_object(), "cid");
    };
    keep(welcome_);
    bool more = flag_of(welcome_, "more");
    for (int page = 0; more && page < most_pages; ++page) {
        const auto cid = crm::random_token();
        wire::json_text ask;
        ask.open_object()
            .member("op", "more")
            .member("cid", cid)
            .member("before", entries.begin()->first)
            .close_object();
        const bool sent = co_await on_->send(ask.take());
        const auto answer = sent ? co_await answer_to(cid, answer_ms) : std::nullopt;
        if (!answer || text_of(*answer, "op") != "history")
            break;
        keep(*answer);
        more = flag_of(*answer, "more");
    }
    std::map<std::string, int> times;
    std::int64_t expected = 1;
    for (const auto& [seq, cid] : entries) {
        into.gap_free = into.gap_free && seq == expected++;
        if (!cid.empty())
            ++times[cid];
    }
    for (const auto& cid : acknowledged_) {
        const auto found = times.find(cid);
        into.lost += found == times.end() ? 1 : 0;
    }
    for (const auto& [cid, how_often] : times)
        into.doubled += how_often - 1;
}

} // namespace gateway::demo
