#include "gateway/live/customer_session.hpp"

#include "channels/socket/socket.hpp"
#include "crm/audit.hpp"
#include "crm/base/log.hpp"
#include "crm/base/spawn.hpp"
#include "crm/base/text.hpp"
#include "crm/store/failpoint.hpp"
#include "gateway/directory.hpp"
#include "gateway/live/hub.hpp"
#include "gateway/live/outlook.hpp"
#include "gateway/members.hpp"
#include "gateway/signed_address.hpp"
#include "routing/switchboard.hpp"

namespace gateway::live {

wire::address_of customer_address(std::string key, crm::instant until, crm::customer_id whose)
{
    return [key = std::move(key), until, whose](crm::attachment_id which) {
        return sign_address(key, which, whose, until);
    };
}

crm::instant address_expiry(const house& in)
{
    return in.time.now() + std::chrono::minutes{in.config.attachments.visitor_link_minutes};
}

wire::address_of customer_address(const house& in, crm::customer_id whose)
{
    return customer_address(in.keys.attachments, address_expiry(in), whose);
}

customer_session::customer_session(
    house& in, std::string address, customer_door door, std::string app_account
)
    : session{in, std::move(address)}, door_{door}, app_account_{std::move(app_account)}
{
}

double customer_session::frames_allowed() const
{
    return static_cast<double>(in_.config.rates.visitor_frames);
}

std::shared_ptr<customer_session> customer_session::self()
{
    return std::static_pointer_cast<customer_session>(shared_from_this());
}

std::string customer_session::position_text(std::int64_t at) const
{
    return in_.news.veil().hide(at, veiled_as_);
}

void customer_session::left()
{
    if (counted_)
        in_.news.remove(*this, root_);
    counted_ = false;
}

customer_ear customer_session::ear(crm::customer_id root) const
{
    customer_ear made;
    made.root = root;
    made.veiled_as = veiled_as_;
    made.hears = [inbox = inbox_.id, account = account_.id](const crm::conversation& what) {
        return what.inbox == inbox && (crm::raw(account) == 0 || what.account == account);
    };
    made.shows_read_marks = inbox_.shows_read_marks;
    return made;
}

bool customer_session::hears(const crm::conversation& what) const
{
    return what.inbox == inbox_.id && (crm::raw(account_.id) == 0 || what.account == account_.id);
}

void customer_session::told(const std::shared_ptr<const crm::conversation>& now)
{
    where_ = now;
}

void customer_session::owner_changed(std::int64_t position)
{
    owner_changed_at_ = std::max(owner_changed_at_, position);
    if (is_greeted() && here() < position)
        close(net::close_code::epoch_changed, "load again");
}

void customer_session::show_queue(bool online)
{
    if (!is_greeted())
        return;
    show_place();
    if (last_online_ == online)
        return;
    last_online_ = online;
    send_live(std::make_shared<const std::string>(
        std::string{R"({"op":"live","what":"agents","online":)"} + (online ? "true}" : "false}")
    ));
}

void customer_session::show_place()
{
    const auto place = where_ ? in_.outlook.place_of(where_->id) : std::nullopt;
    if (!place && last_queue_.empty())
        return; // nearly all: nobody waits here, nor ever did
    wire::json_text text;
    text.open_object().member("op", "live").member("what", "queue").key("place");
    if (place)
        text.value(place->place);
    else
        text.null();
    text.member("wait_ms", place ? place->wait_ms : std::int64_t{0}).close_object();
    if (last_queue_ == text.text())
        return;
    last_queue_ = text.take();
    send_live(std::make_shared<const std::string>(last_queue_));
}

/// A stranger wrote and is a customer now. Their first entry was told before anybody knew whom to
/// tell, so it is brought from the log. False: it could not be brought; the socket must be closed,
/// for what comes later is held back until it is.
task<bool> customer_session::become(crm::customer_id customer, std::int64_t since)
{
    if (crm::raw(root_) != 0 || !is_open())
        co_return true;
    // Its welcome is being read, from before or after that word: greet() looks again.
    if (!is_greeted()) {
        spoke_meanwhile_ = true;
        co_return true;
    }
    hold();
    in_.news.remove(*this, root_);
    customer_ = customer;
    root_ = customer;
    in_.news.add(*this, root_);
    // Who was not there has missed nothing, however long this socket stood and looked.
    since = std::max(since, in_.news.before_birth_of(customer));
    auto listener = ear(root_);
    listener.address = customer_address(in_, root_);
    const auto job = [listener,
                      since,
                      names = in_.people.names(),
                      now = in_.time.now(),
                      key = in_.keys.positions,
                      most = replay_limits{in_.config}.for_newcomer()](crm::db::connection& on) {
        crm::failpoint("visitor.become");
        const auto now_at = crm::audit::last_position(on);
        const position_veil veil{key};
        auto missed = missed_by_customer(on, listener, *names, veil, {since, now_at, most}, now);
        return std::pair{std::move(missed), now_at};
    };
    try {
        const auto [missed, covered] = co_await in_.store.read(job);
        if (missed)
            start_at(here(), *missed, covered);
        co_return missed.has_value();
    } catch (const std::exception& why) {
        crm::logging::warning("visitor.become_failed", {{"why", why.what()}});
        co_return false;
    }
}

crm::actor customer_session::acting() const
{
    const auto by = door_ == customer_door::widget ? crm::via::widget : crm::via::socket;
    return {
        .kind = crm::actor_kind::customer, .id = crm::raw(customer_), .by = by, .address = address_
    };
}

channels::webchat::writer customer_session::writer() const
{
    channels::webchat::writer made;
    made.inbox = inbox_.id;
    made.account = account_.id;
    made.who = acting();
    made.visitor_key = visitor_key_;
    made.locale = locale_;
    made.order_number = order_number_;
    if (identity_) {
        made.signed_subject = identity_->subject;
        made.signed_name = identity_->name;
    }
    return made;
}

routing::incoming customer_session::by_door(routing::incoming message) const
{
    if (door_ == customer_door::widget)
        return message;
    return channels::socket::from_app(std::move(message), {app_user_, app_name_});
}

void customer_session::note_page(const boost::json::object& page)
{
    page_url_ = crm::clean_line(text_of(page, "url"), 2000);
    page_title_ = crm::clean_line(text_of(page, "title"), 300);
    page_product_ = crm::clean_line(text_of(page, "product"), 120);
    order_number_ = crm::clean_line(text_of(page, "order"), 80);
}

void customer_session::cast(const client_frame& what)
{
    if (what.op == "page")
        note_page(what.members);
    auto run = [](std::shared_ptr<customer_session> me, client_frame frame) -> task<void> {
        co_await me->do_cast(std::move(frame));
    };
    crm::spawn(in_.io.get_executor(), "socket.cast", run(self(), what));
}

/// Nobody waits for an answer, so a refusal is silence.
task<void> customer_session::do_cast(client_frame what)
{
    try {
        if (what.op == "page")
            co_await keep_visit();
        if (!where_)
            co_return;
        if (what.op == "typing") {
            const auto text = inbox_.shows_typing ? text_of(what.members, "text") : std::string{};
            in_.news.customer_types(*where_, flag_of(what.members, "on"), text);
        } else if (what.op == "read") {
            co_await in_.board.read_by_customer(
                acting(), where_->id, integer_of(what.members, "seq")
            );
        }
    } catch (const crm::problem&) {
        co_return;
    }
}

} // namespace gateway::live
