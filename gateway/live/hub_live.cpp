// The hub's ephemeral side: who looks, who types, queues and loads, and the clock that ends them.
#include "crm/base/spawn.hpp"
#include "gateway/directory.hpp"
#include "gateway/live/agent_session.hpp"
#include "gateway/live/customer_session.hpp"
#include "gateway/live/hub.hpp"
#include "gateway/live/outlook.hpp"
#include "gateway/net/transport.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace gateway {

namespace {

constexpr std::int64_t viewing_ms = 25'000;
constexpr std::chrono::seconds tick_every{1};
constexpr std::int64_t ticks_between_queues = 2;
constexpr std::int64_t ticks_between_checks = 5;
constexpr std::size_t sockets_in_slice = 250;

} // namespace

void hub::viewing(live::agent_session& who, crm::conversation_id what, std::string composing)
{
    const auto agent = who.who().agent;
    const auto before = who.looks_at();
    if (crm::raw(before) != 0 && before != what) {
        if (const auto found = viewed_.find(before); found != viewed_.end()) {
            found->second.erase(agent);
            show_viewers(before);
        }
    }
    who.look_at(what);
    if (crm::raw(what) == 0)
        return;
    auto& entry = viewed_[what][agent];
    const bool changed = entry.until_ms == 0 || entry.composing != composing;
    entry = {std::move(composing), net::steady_ms() + viewing_ms};
    if (changed)
        show_viewers(what);
}

void hub::show_viewers(crm::conversation_id where)
{
    const auto found = viewed_.find(where);
    wire::json_text text;
    text.open_object().member("op", "live").member("what", "viewing").member("conversation", where);
    text.key("agents").open_list();
    if (found != viewed_.end())
        for (const auto& [agent, entry] : found->second) {
            text.open_object().member("id", agent).member("name", in_->people.names()->of(agent));
            text.key("composing");
            if (entry.composing.empty())
                text.null();
            else
                text.value(entry.composing);
            text.close_object();
        }
    text.close_list().close_object();
    const auto frame = std::make_shared<const std::string>(text.take());
    for (auto* each : agents_)
        if (each->looks_at() == where)
            each->send_live(frame);
    if (found != viewed_.end() && found->second.empty())
        viewed_.erase(found);
}

void hub::customer_types(const crm::conversation& where, bool on, std::string_view text)
{
    wire::json_text made;
    made.open_object()
        .member("op", "live")
        .member("what", "typing")
        .member("conversation", where.id)
        .member("on", on);
    if (!text.empty())
        made.member("text", text);
    made.close_object();
    const auto frame = std::make_shared<const std::string>(made.take());
    for (auto* each : agents_)
        if ((each->looks_at() == where.id || where.assignee == each->who().agent) &&
            each->who().sees_conversation(where))
            each->send_live(frame);
}

void hub::agent_types(const crm::conversation& where, std::string_view name, bool on)
{
    const auto found = customers_.find(crm::raw(where.shown.id));
    if (found == customers_.end())
        return;
    wire::json_text made;
    made.open_object()
        .member("op", "live")
        .member("what", "typing")
        .member("conversation", where.id);
    made.key("who").open_object().member("name", name).close_object();
    made.member("on", on).close_object();
    const auto frame = std::make_shared<const std::string>(made.take());
    for (auto* each : found->second)
        if (each->hears(where))
            each->send_live(frame);
}

void hub::draft_saved(live::agent_session& who, const crm::draft& what)
{
    wire::json_text text;
    text.open_object()
        .member("op", "live")
        .member("what", "draft_changed")
        .member("conversation", what.conversation)
        .member("mode", crm::word(what.mode))
        .member("saved", what.saved)
        .close_object();
    const auto frame = std::make_shared<const std::string>(text.take());
    for (auto* each : agents_)
        if (each != &who && each->who().agent == who.who().agent)
            each->send_live(frame);
}

void hub::check_sessions()
{
    for (auto* each : agents_)
        each->check();
}

void hub::tick()
{
    timer_.expires_after(tick_every);
    timer_.async_wait([this](boost::system::error_code failed) {
        if (failed)
            return;
        const auto now = net::steady_ms();
        while (!hellos_.empty() && hellos_.front().first <= now) {
            if (const auto one = hellos_.front().second.lock();
                one && one->is_open() && !one->is_greeted())
                one->close(net::close_code::protocol_fault, "no hello within 10 s");
            hellos_.pop_front();
        }
        std::vector<crm::conversation_id> changed;
        for (auto& [where, who] : viewed_)
            if (std::erase_if(who, [&](const auto& each) { return each.second.until_ms <= now; }) >
                0)
                changed.push_back(where);
        for (const auto each : changed)
            show_viewers(each);
        if (++ticks_ % ticks_between_queues == 0)
            tick_queues();
        if (ticks_ % ticks_between_checks == 0)
            check_sessions();
        if (names_stale_ && !working_) {
            working_ = true;
            auto again = [](hub& self) -> task<void> { co_await self.reload_names(); };
            crm::spawn(io_.get_executor(), "hub.names", again(*this));
        }
        tick();
    });
}

void hub::tick_queues()
{
    for (const auto& each : in_->outlook.queues()) {
        wire::json_text text;
        text.open_object()
            .member("op", "live")
            .member("what", "queue")
            .member("inbox", each.inbox)
            .member("waiting", each.waiting)
            .member("longest_ms", each.longest_ms)
            .close_object();
        auto& last = last_queue_[each.inbox];
        if (last == text.text())
            continue;
        last = text.take();
        const auto frame = std::make_shared<const std::string>(last);
        for (auto* agent : agents_)
            if (agent->who().sees_inbox(each.inbox))
                agent->send_live(frame);
    }
    for (auto* each : agents_)
        each->show_load();
    if (showing_)
        return; // the last round is still under way
    showing_ = true;
    auto show = [](hub& self) -> task<void> { co_await self.show_queues(); };
    crm::spawn(io_.get_executor(), "hub.queues", show(*this));
}

/// Tells customers where they stand, a slice of the sockets at a time: thousands of them must not
/// hold up those who chat.
task<void> hub::show_queues()
{
    const std::unique_ptr<bool, void (*)(bool*)> ends{&showing_, [](bool* is) { *is = false; }};
    std::vector<std::weak_ptr<live::session>> all;
    all.reserve(customer_sockets_);
    for (auto& [root, sockets] : customers_)
        for (auto* each : sockets)
            all.push_back(each->weak_from_this());
    std::map<crm::inbox_id, bool> online;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (i % sockets_in_slice == sockets_in_slice - 1)
            co_await boost::asio::post(io_, boost::asio::use_awaitable);
        const auto one = std::static_pointer_cast<live::customer_session>(all[i].lock());
        if (!one)
            continue;
        const auto [known, is_new] = online.try_emplace(one->inbox(), false);
        if (is_new)
            known->second = in_->outlook.anyone_for(one->inbox());
        one->show_queue(known->second);
    }
}

void hub::drain(std::chrono::milliseconds spread)
{
    std::vector<std::weak_ptr<live::session>> all;
    for (auto* each : agents_)
        all.push_back(each->weak_from_this());
    for (auto& [root, sockets] : customers_)
        for (auto* each : sockets)
            all.push_back(each->weak_from_this());
    auto close_all = [](boost::asio::io_context& io,
                        std::vector<std::weak_ptr<live::session>> open,
                        std::chrono::milliseconds over) -> task<void> {
        boost::asio::steady_timer pause{io};
        constexpr int steps = 20;
        const auto share = open.size() / steps + 1;
        for (std::size_t i = 0; i < open.size(); ++i) {
            if (const auto one = open[i].lock())
                one->close(net::close_code::draining, "draining");
            if ((i + 1) % share == 0) {
                pause.expires_after(over / steps);
                co_await pause.async_wait(boost::asio::use_awaitable);
            }
        }
    };
    crm::spawn(io_.get_executor(), "hub.drain", close_all(io_, std::move(all), spread));
}

} // namespace gateway
