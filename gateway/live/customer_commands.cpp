// What a customer may ask for over the socket.
#include "crm/base/log.hpp"
#include "crm/base/text.hpp"
#include "crm/identity.hpp"
#include "crm/timeline_pages.hpp"
#include "gateway/directory.hpp"
#include "gateway/limits.hpp"
#include "gateway/live/customer_session.hpp"
#include "gateway/live/hub.hpp"
#include "gateway/members.hpp"
#include "gateway/net/transport.hpp"
#include "routing/switchboard.hpp"

#include <boost/json.hpp>

namespace gateway::live {

namespace {

const std::map<std::string_view, std::string_view>& shapes()
{
    static const std::map<std::string_view, std::string_view> known{
        {"say", "frame_say"},
        {"form", "frame_form"},
        {"leave_message", "frame_leave_message"},
        {"page", "frame_page"},
        {"typing", "frame_visitor_typing"},
        {"read", "frame_visitor_read"},
        {"more", "frame_more"},
        {"end", "frame_end"},
        {"identify", "frame_identify"},
        {"rotate", "frame_end"},
    };
    return known;
}

constexpr int entries_at_once = 50;

} // namespace

std::string_view customer_session::shape_of(std::string_view op) const
{
    if (op == "hello")
        return door_ == customer_door::widget ? "frame_visitor_hello" : "frame_channel_hello";
    const auto found = shapes().find(op);
    return found == shapes().end() ? std::string_view{} : found->second;
}

bool customer_session::is_cast(std::string_view op) const
{
    return op == "page" || op == "typing" || op == "read";
}

task<void> customer_session::command(client_frame what)
{
    if (what.op == "say")
        co_await say(what);
    else if (what.op == "form")
        co_await form(what);
    else if (what.op == "leave_message")
        co_await leave_message(what);
    else if (what.op == "more")
        co_await more(what);
    else if (what.op == "end")
        co_await end(what);
    else if (what.op == "identify")
        co_await identify(what);
    else
        co_await rotate(what);
}

/// Hands a message to the switchboard and answers with its place; a stranger becomes a customer by
/// it.
task<void> customer_session::receive(const client_frame& what, routing::incoming message)
{
    const auto rate_key = visitor_key_.empty() ? app_account_ + "/" + app_user_ : visitor_key_;
    in_.rates.visitor_messages.take(rate_key, net::steady_ms(), "message");
    const bool stranger = crm::raw(root_) == 0;
    if (stranger && door_ == customer_door::widget)
        in_.rates.visitor_conversations.take(
            net::rate_key(address_), net::steady_ms(), "conversation"
        );
    const auto stood = here();
    const auto stored = co_await in_.board.receive(std::move(message));
    const auto members = ",\"seq\":" + std::to_string(stored.public_seq);
    if (!stranger) {
        answer_ok(what, stored.position, members);
        co_return;
    }
    // As for everybody else, the event goes out before the answer.
    const bool told = co_await become(stored.customer, stood);
    answer_ok(what, stored.position, members);
    if (!told)
        close(net::close_code::epoch_changed, "load again");
    co_await settle_in(stored.customer);
}

/// After a stranger's first word, which is answered already: every other socket of this visitor is
/// the customer's too, and what was known of the person is kept with them.
task<void> customer_session::settle_in(crm::customer_id customer)
{
    try {
        const auto others = in_.news.strangers_with(visitor_key_);
        for (const auto& each : others)
            if (!visitor_key_.empty() && !co_await each->become(customer, each->stands_at()))
                each->close(net::close_code::epoch_changed, "load again");
        const bool is_signed = identity_.has_value();
        const bool signs_email = is_signed && !identity_->email.empty();
        const bool signs_phone = is_signed && !identity_->phone.empty();
        using enum crm::identity_kind;
        co_await claim(customer, email, signs_email ? identity_->email : app_email_);
        co_await claim(customer, phone, signs_phone ? identity_->phone : app_phone_);
        co_await keep_visit();
    } catch (const crm::problem& why) {
        crm::logging::warning("visitor.settle_failed", {{"why", why.what()}});
    }
}

task<void> customer_session::say(const client_frame& what)
{
    auto message = channels::webchat::said(
        writer(),
        what.cid,
        text_of(what.members, "text"),
        ids_of<crm::attachment_id>(what.members, "attachments")
    );
    co_await receive(what, by_door(std::move(message)));
}

task<void> customer_session::form(const client_frame& what)
{
    channels::webchat::fields filled;
    std::string email;
    for (const auto& [key, value] : what.members.at("fields").get_object()) {
        const std::string name{key};
        if (!value.is_string())
            throw crm::problem{crm::errc::invalid, "Every field must be a text.", "fields." + name};
        filled.emplace_back(name, std::string{value.get_string()});
        if (name == "email")
            email = filled.back().second;
    }
    auto message = channels::webchat::filled_form(writer(), what.cid, filled);
    co_await receive(what, by_door(std::move(message)));
    co_await claim(customer_, crm::identity_kind::email, std::move(email));
}

task<void> customer_session::leave_message(const client_frame& what)
{
    auto email = text_of(what.members, "email");
    auto message = channels::webchat::left_message(
        writer(), what.cid, text_of(what.members, "name"), email, text_of(what.members, "text")
    );
    co_await receive(what, by_door(std::move(message)));
    co_await claim(customer_, crm::identity_kind::email, std::move(email));
}

/// What the customer says is noted as a claim; it proves nothing and merges nothing. What the site
/// or the app vouches for is proven.
task<void>
customer_session::claim(crm::customer_id whose, crm::identity_kind kind, std::string address)
{
    if (address.empty() || crm::raw(whose) == 0)
        co_return;
    const bool is_signed =
        identity_ && (identity_->email == address || identity_->phone == address);
    const bool vouched = is_signed || app_email_ == address || app_phone_ == address;
    crm::identity claimed;
    claimed.customer = whose;
    claimed.kind = kind;
    claimed.address = address;
    claimed.display = address;
    claimed.source = vouched ? crm::source::signed_by_host : crm::source::claimed;
    const auto job = [by = in_.acting(acting()), claimed, vouched](crm::transaction& tx) {
        auto now = by;
        crm::identities::add(tx, now, claimed, vouched);
    };
    try {
        co_await in_.store.write(job);
    } catch (const crm::problem&) {
        // Not an address, or proven for somebody else: it stays in the text of the entry.
    }
}

/// The page that the visitor is on, once: context for whoever answers.
task<void> customer_session::keep_visit()
{
    if (crm::raw(root_) == 0 || page_url_.empty() || page_url_ == kept_page_)
        co_return;
    if (in_.rates.visitor_pages.wait(visitor_key_, net::steady_ms()).count() > 0)
        co_return; // context only: too fast a walk leaves no trace
    in_.rates.visitor_pages.charge(visitor_key_, net::steady_ms());
    kept_page_ = page_url_;
    auto visit =
        by_door(channels::webchat::visited(writer(), page_url_, page_title_, page_product_));
    co_await in_.board.receive(std::move(visit));
}

task<void> customer_session::more(const client_frame& what)
{
    if (!where_)
        throw crm::problem{crm::errc::not_found, "There is no conversation yet."};
    const auto job = [where = where_->id,
                      before = integer_of(what.members, "before")](crm::db::connection& on) {
        return crm::timeline::public_before(on, where, before, entries_at_once);
    };
    const auto page = co_await in_.store.read(job);
    wire::json_text text;
    text.open_object().member("op", "history").member("cid", what.cid).key("entries").open_list();
    const auto address = customer_address(in_, root_);
    for (const auto& each : page.entries)
        wire::public_entry(text, each, *in_.people.names(), address);
    text.close_list().member("more", page.more).close_object();
    send_text(text.take());
}

task<void> customer_session::end(const client_frame& what)
{
    if (where_)
        co_await in_.board.set_status(
            acting(), where_->id, crm::conversation_status::resolved, std::nullopt
        );
    answer_ok(what, in_.store.position());
}

task<void> customer_session::identify(const client_frame& what)
{
    const auto people = in_.people.page();
    const auto secrets = people->secrets.find(inbox_.id);
    if (door_ == customer_door::app || secrets == people->secrets.end())
        throw crm::problem{crm::errc::unsupported, "This inbox takes no signed identities."};
    const auto text = text_of(what.members, "identity");
    const auto claims = check_identity(text, inbox_.slug, secrets->second, in_.time.now());
    co_await link_identity(claims);
    identity_ = claims;
    answer_ok(what, in_.store.position());
    // Whose conversation this is may have changed: the client loads it anew under the new name.
    close(net::close_code::epoch_changed, "identified: load again");
}

task<void> customer_session::rotate(const client_frame& what)
{
    const auto job = [by = in_.acting(acting()), key = visitor_key_](crm::transaction& tx) {
        auto now = by;
        if (const auto held = crm::visitors::find(tx.db(), key, now.now))
            crm::visitors::close(tx, now, held->id);
    };
    co_await in_.store.write(job);
    in_.news.end_token(root_, visitor_key_, *this);
    answer_ok(what, in_.store.position());
    close(net::close_code::session_ended, "forgotten on this browser");
}

} // namespace gateway::live
