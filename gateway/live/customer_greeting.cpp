// How a customer's socket is greeted: who is this, and what do they see.
#include "crm/audit.hpp"
#include "crm/base/hash.hpp"
#include "crm/base/random.hpp"
#include "crm/base/text.hpp"
#include "crm/identity.hpp"
#include "crm/session.hpp"
#include "crm/texts.hpp"
#include "crm/timeline_pages.hpp"
#include "crm/visitor_sign_in.hpp"
#include "gateway/directory.hpp"
#include "gateway/limits.hpp"
#include "gateway/live/customer_session.hpp"
#include "gateway/live/hub.hpp"
#include "gateway/live/outlook.hpp"
#include "gateway/live/visitor_token.hpp"
#include "gateway/members.hpp"
#include "gateway/net/transport.hpp"
#include "routing/business_clock.hpp"

namespace gateway::live {

namespace {

constexpr int entries_at_once = 50;

/// Who stands behind a token, an app's user or a signed identity.
struct lookup
{
    std::string visitor_key;
    std::optional<std::pair<crm::identity_kind, std::string>> proven;
    crm::channel_account_id proven_at{};
};

crm::customer_id
find_customer(crm::db::connection& on, const lookup& by, crm::instant now, customer_greeting& into)
{
    if (!by.visitor_key.empty()) {
        const auto visitor = crm::visitors::find(on, by.visitor_key, now);
        if (visitor) {
            into.token = visitor->id;
            into.customer = visitor->customer;
        }
        into.spent = !visitor && crm::visitors::is_spent(on, by.visitor_key, now);
    }
    if (by.proven)
        if (const auto known =
                crm::identities::find_proven(on, by.proven->first, by.proven_at, by.proven->second))
            into.customer = known->customer;
    return crm::raw(into.customer) == 0 ? into.customer
                                        : crm::customers::root_of(on, into.customer);
}

void read_person(crm::db::connection& on, customer_greeting& into)
{
    if (const auto who = crm::customers::find(on, into.root)) {
        into.name = who->name;
        into.verified = who->verified;
    }
    for (const auto& each : crm::identities::of(on, into.customer))
        if (each.kind == crm::identity_kind::email && into.email.empty())
            into.email = each.display.empty() ? each.address : each.display;
}

/// The public seq up to which the customer is told that an agent has read, from the page that is
/// shown.
std::int64_t read_mark(const customer_greeting& read)
{
    std::int64_t mark = read.entries.empty() ? 0 : read.entries.front().public_seq - 1;
    for (const auto& each : read.entries)
        if (each.seq <= read.told_read_seq)
            mark = std::max(mark, each.public_seq);
    return mark;
}

} // namespace

task<void> customer_session::greet(client_frame hello)
{
    if (integer_of(hello.members, "v") != 1)
        throw crm::problem{crm::errc::invalid, "this server speaks version 1"};
    in_.rates.visitor_sockets.take(net::rate_key(address_), net::steady_ms(), "connection");
    locale_ = crm::clean_line(text_of(hello.members, "locale"), 16);
    if (door_ == customer_door::widget)
        co_await enter_by_widget(hello);
    else
        co_await enter_by_app(hello);
    if (!is_open())
        co_return;
    std::optional<std::string> at;
    if (text_of(hello.members, "epoch") == in_.store.epoch())
        at = maybe_text(hello.members, "at");
    // As a stranger first: what is said in these milliseconds by another socket of the same visitor
    // makes greet() look again.
    in_.news.add(*this, root_);
    counted_ = true;
    auto read = co_await read_greeting(at);
    // Another socket of this visitor said the first word while that was read.
    if (crm::raw(read.root) == 0 && spoke_meanwhile_)
        read = co_await read_greeting(at);
    if (!is_open())
        co_return;
    if (crm::raw(root_) == 0 && crm::raw(read.root) != 0) {
        in_.news.remove(*this, root_);
        in_.news.add(*this, read.root);
        // News between the reading and now found nobody here: read again, now that it is held back,
        // and held back with positions as this client will see them.
        root_ = read.root;
        veiled_as_ = read.replay ? read.veiled_as : root_;
        read = co_await read_greeting(at);
        if (!is_open())
            co_return;
    }
    // Merged with somebody meanwhile: this socket listens under the wrong name.
    if (read.root != root_ || read.as_of < owner_changed_at_)
        co_return close(net::close_code::epoch_changed, "load again");
    customer_ = read.customer;
    token_ = read.token;
    veiled_as_ = read.replay ? read.veiled_as : root_;
    if (read.conversation)
        where_ = std::make_shared<const crm::conversation>(*read.conversation);
    std::int64_t here = read.as_of;
    if (read.replay)
        here = *in_.news.veil().show(text_of(hello.members, "at"), veiled_as_);
    ++(read.replay ? in_.news.counts().resumed : in_.news.counts().snapshots);
    send_welcome(read, here);
    start_at(here, read.missed, read.as_of);
    show_queue(in_.outlook.anyone_for(inbox_.id));
}

task<void> customer_session::enter_by_widget(const client_frame& hello)
{
    const auto people = in_.people.page();
    const auto* inbox = people->find(text_of(hello.members, "inbox"));
    if (!inbox)
        throw crm::problem{crm::errc::invalid, "there is no such inbox"};
    inbox_ = *inbox;
    if (const auto found = people->web_accounts.find(inbox->id);
        found != people->web_accounts.end())
        account_ = found->second;
    const auto token = text_of(hello.members, "token");
    visitor_key_ = looks_like_visitor_token(token) ? crm::token_hash(token) : std::string{};
    is_marked_ = is_our_visitor_token(in_.keys.visitors, token);
    if (const auto* page = hello.members.if_contains("page"); page && page->is_object())
        note_page(page->get_object());
    const auto signed_text = text_of(hello.members, "identity");
    const auto secrets = people->secrets.find(inbox->id);
    if (signed_text.empty() || secrets == people->secrets.end())
        co_return;
    try {
        identity_ = check_identity(signed_text, inbox->slug, secrets->second, in_.time.now());
    } catch (const crm::problem&) {
        co_return; // an old page may carry an old signature: the visitor is simply not verified
    }
    co_await link_identity(*identity_);
}

task<void> customer_session::enter_by_app(const client_frame& hello)
{
    const auto people = in_.people.page();
    const auto found = people->accounts.find(app_account_);
    const bool usable =
        found != people->accounts.end() && found->second.channel == crm::channel::socket;
    std::optional<std::string> secret;
    if (usable) {
        const auto job = [which = found->second.id](crm::db::connection& on) {
            return crm::channel_accounts::secret(on, which, "token");
        };
        secret = co_await in_.store.read(job);
    }
    const auto given = crm::token_hash(text_of(hello.members, "token"));
    const auto* inbox = usable ? people->find(found->second.inbox) : nullptr;
    if (!secret || !inbox || !crm::same_secret(given, crm::token_hash(*secret)))
        throw crm::problem{crm::errc::unauthenticated, "the channel token is not valid"};
    inbox_ = *inbox;
    account_ = found->second;
    app_user_ = text_of(hello.members, "user");
    app_name_ = crm::clean_line(text_of(hello.members, "name"), 120);
    app_email_ = text_of(hello.members, "email");
    app_phone_ = text_of(hello.members, "phone");
}

/// The site says who this is. What the browser wrote before is theirs, unless it is proven to be
/// somebody else's: then that token ends, here and in the browser's other tabs, and this visitor
/// goes on under a fresh one.
task<void> customer_session::link_identity(const identity_claims& claims)
{
    const crm::visitors::vouched_person who{claims.subject, claims.email, claims.phone};
    const auto job = [by = in_.acting(acting()), who, key = visitor_key_](crm::transaction& tx) {
        auto now = by;
        return crm::visitors::sign_in(tx, now, key, who);
    };
    const auto outcome = co_await in_.store.write(job);
    if (outcome.what != crm::visitors::sign_in_outcome::kind::somebody_else)
        co_return;
    in_.news.end_token(outcome.before, visitor_key_, *this);
    visitor_key_.clear();
}

task<customer_greeting> customer_session::read_greeting(std::optional<std::string> at)
{
    lookup by{visitor_key_, std::nullopt, {}};
    if (door_ == customer_door::app)
        by = {{}, std::pair{crm::identity_kind::platform, app_user_}, account_.id};
    else if (identity_)
        by.proven = std::pair{crm::identity_kind::account, identity_->subject};
    auto listener = ear({});
    const auto job = [by,
                      at,
                      listener,
                      names = in_.people.names(),
                      now = in_.time.now(),
                      inbox = inbox_.id,
                      account = account_.id,
                      most = replay_limits{in_.config},
                      key = in_.keys.positions,
                      signs = in_.keys.attachments,
                      until = address_expiry(in_)](crm::db::connection& on) {
        customer_greeting made;
        made.as_of = crm::audit::last_position(on);
        made.root = find_customer(on, by, now, made);
        const position_veil veil{key};
        if (crm::raw(made.root) == 0) {
            // Nothing can have happened to somebody who has not written: resuming is standing
            // still.
            const auto stands = at && !made.spent ? veil.show(*at, made.root) : std::nullopt;
            made.replay = stands && *stands <= made.as_of;
            return made;
        }
        read_person(on, made);
        made.conversation =
            crm::conversations::find_current(on, made.customer, inbox, account, now);
        made.veiled_as = made.root;
        auto from = at ? veil.show(*at, made.root) : std::nullopt;
        if (at && !from && (from = veil.show(*at, crm::customer_id{})))
            made.veiled_as = crm::customer_id{}; // a position from before the first word
        if (from) {
            auto who = listener;
            who.root = made.root;
            who.veiled_as = made.veiled_as;
            who.address = customer_address(signs, until, made.root);
            auto missed = missed_by_customer(on, who, *names, veil, {*from, made.as_of, most}, now);
            made.replay = missed.has_value();
            if (missed)
                made.missed = std::move(*missed);
        }
        if (made.conversation) {
            made.told_read_seq = crm::conversations::told_read_seq(on, *made.conversation);
            auto page = crm::timeline::public_before(
                on, made.conversation->id, std::nullopt, entries_at_once
            );
            made.entries = std::move(page.entries);
            made.more = page.more;
        }
        return made;
    };
    auto read = co_await in_.store.read(job);
    // A token of ours that is not stored keeps its name: its first message may be under way on
    // another connection, or be lost and sent again, and must then be known as the same visitor's.
    // Any other that is not stored was made up: nobody chooses under which name they are known.
    const bool is_made_up = crm::raw(read.token) == 0 && !is_marked_;
    const bool needs_name = visitor_key_.empty() || read.spent || is_made_up;
    if (needs_name && door_ == customer_door::widget && fresh_token_.empty()) {
        fresh_token_ = make_visitor_token(in_.keys.visitors);
        visitor_key_ = crm::token_hash(fresh_token_);
    }
    co_return read;
}

void customer_session::inbox_members(wire::json_text& to) const
{
    const auto now = in_.time.now();
    const auto language = locale_.empty() ? inbox_.locale : locale_;
    const auto brand = inbox_.brand.empty() ? inbox_.name : inbox_.brand;
    to.key("inbox")
        .open_object()
        .member("name", brand)
        .member("locale", inbox_.locale)
        .member("open", routing::is_open(inbox_, now))
        .member("online", in_.outlook.anyone_for(inbox_.id));
    if (const auto opens = routing::next_opening(inbox_, now))
        to.member("opens_at", *opens);
    to.key("form").open_list();
    for (const auto& each : inbox_.form)
        if (inbox_.asks_form)
            to.open_object()
                .member("name", each.name)
                .member("label", each.label)
                .member("type", each.type)
                .member("required", each.required)
                .close_object();
    to.close_list().member(
        "greeting",
        crm::texts::of_inbox(inbox_, crm::text_name::greeting, language, {{"brand", brand}})
    );
    const auto privacy =
        inbox_.privacy_notice.empty()
            ? crm::texts::of_inbox(
                  inbox_, crm::text_name::privacy_notice, language, {{"brand", brand}}
              )
            : inbox_.privacy_notice;
    to.member("privacy", privacy).close_object();
}

void customer_session::send_welcome(const customer_greeting& read, std::int64_t here)
{
    wire::json_text text;
    text.open_object()
        .member("op", "welcome")
        .member("v", 1)
        .member("epoch", in_.store.epoch())
        .member("as_of", position_text(here))
        .member("resume", read.replay ? "replay" : "snapshot")
        .member("server_time", in_.time.now());
    if (!fresh_token_.empty())
        text.member("token", fresh_token_);
    // Who is signed for is known before the first word, too.
    const auto& name = read.name.empty() && identity_ ? identity_->name : read.name;
    text.key("me")
        .open_object()
        .member("name", name)
        .member("verified", read.verified || identity_.has_value());
    if (!read.email.empty())
        text.member("email", read.email);
    text.close_object();
    inbox_members(text);
    text.key("conversation");
    if (read.conversation)
        wire::public_conversation(
            text,
            *read.conversation,
            *in_.people.names(),
            inbox_.shows_read_marks ? read_mark(read) : 0
        );
    else
        text.null();
    text.key("entries").open_list();
    const auto address = customer_address(in_, root_);
    for (const auto& each : read.entries)
        if (!read.replay)
            wire::public_entry(text, each, *in_.people.names(), address);
    text.close_list().member("more", read.more && !read.replay).key("queue");
    const auto place = where_ ? in_.outlook.place_of(where_->id) : std::nullopt;
    if (place)
        text.open_object()
            .member("place", place->place)
            .member("wait_ms", place->wait_ms)
            .close_object();
    else
        text.null();
    text.key("limits")
        .open_object()
        .member("text", 20'000)
        .member("attachment_bytes", in_.config.attachments.bytes)
        .member("attachments", 10)
        .close_object()
        .close_object();
    send_text(text.take());
}

} // namespace gateway::live
