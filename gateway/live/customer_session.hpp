// A customer's socket: the widget's and the apps' side of docs/realtime.md, sections 8 and 9.
// Nothing is written for a visitor who has not written. Io thread.
#pragma once

#include "channels/webchat/webchat.hpp"
#include "gateway/identity_token.hpp"
#include "gateway/live/replay.hpp"
#include "gateway/live/session.hpp"

#include "crm/channel_account.hpp"
#include "crm/conversation.hpp"
#include "crm/inbox.hpp"

namespace gateway::live {

/// How customers' attachment addresses are made for one customer.
wire::address_of customer_address(const house& in, crm::customer_id whose);
/// The same on any thread: with the signing key and the moment they end.
wire::address_of customer_address(std::string key, crm::instant until, crm::customer_id whose);
/// When an address made now ends.
crm::instant address_expiry(const house& in);

/// What a customer's welcome is made of, read in one transaction.
struct customer_greeting
{
    std::int64_t as_of = 0;
    crm::customer_id customer{}; // as the token or identity leads to; 0 unknown
    crm::customer_id root{};
    crm::customer_id veiled_as{}; // under whom the client's positions are hidden
    crm::token_id token{};
    bool spent = false; // the token given is closed or expired
    std::string name;
    std::string email;
    bool verified = false;
    std::optional<crm::conversation> conversation;
    std::int64_t told_read_seq = 0; // how far the customer may be told that agents have read
    std::vector<crm::entry> entries;
    bool more = false;
    bool replay = false;
    std::vector<missed_event> missed;
};

/// Which way a customer came in.
enum class customer_door
{
    widget,
    app
};

class customer_session final : public session
{
public:
    /// `app_account`: the slug of the channel account for door app; empty for the widget.
    customer_session(house& in, std::string address, customer_door door, std::string app_account);

    [[nodiscard]] const std::string& visitor_key() const { return visitor_key_; }
    [[nodiscard]] crm::customer_id veiled_as() const { return veiled_as_; }
    [[nodiscard]] std::shared_ptr<customer_session> self();
    [[nodiscard]] bool is_app() const { return door_ == customer_door::app; }
    [[nodiscard]] crm::inbox_id inbox() const { return inbox_.id; }
    [[nodiscard]] std::int64_t stands_at() const { return here(); }
    /// Who the site says this is.
    [[nodiscard]] const std::optional<identity_claims>& signed_as() const { return identity_; }
    /// True for conversations that this socket shows.
    [[nodiscard]] bool hears(const crm::conversation& what) const;
    /// Whom the token leads to changed at this place in the log: who was greeted before comes back.
    void owner_changed(std::int64_t position);
    /// Notes the present state of the conversation that this socket shows.
    void told(const std::shared_ptr<const crm::conversation>& now);
    /// Sends place in the queue and whether somebody can answer, where they changed.
    void show_queue(bool online);
    /// The visitor is a known customer from now on; brings what was missed meanwhile.
    task<bool> become(crm::customer_id customer, std::int64_t since);

private:
    [[nodiscard]] std::string_view shape_of(std::string_view op) const override;
    [[nodiscard]] bool is_cast(std::string_view op) const override;
    void cast(const client_frame& what) override;
    task<void> greet(client_frame hello) override;
    task<void> command(client_frame what) override;
    void left() override;
    [[nodiscard]] std::string position_text(std::int64_t at) const override;
    [[nodiscard]] double frames_allowed() const override;

    task<void> enter_by_widget(const client_frame& hello);
    task<void> enter_by_app(const client_frame& hello);
    task<void> link_identity(const identity_claims& claims);
    task<customer_greeting> read_greeting(std::optional<std::string> at);
    void send_welcome(const customer_greeting& read, std::int64_t here);
    void inbox_members(wire::json_text& to) const;
    [[nodiscard]] customer_ear ear(crm::customer_id root) const;
    [[nodiscard]] channels::webchat::writer writer() const;
    /// What an app's person writes is the app's word.
    [[nodiscard]] routing::incoming by_door(routing::incoming message) const;
    [[nodiscard]] crm::actor acting() const;

    task<void> say(const client_frame& what);
    task<void> form(const client_frame& what);
    task<void> leave_message(const client_frame& what);
    task<void> more(const client_frame& what);
    task<void> end(const client_frame& what);
    task<void> identify(const client_frame& what);
    task<void> rotate(const client_frame& what);
    task<void> receive(const client_frame& what, routing::incoming message);
    task<void> settle_in(crm::customer_id customer);
    task<void> claim(crm::customer_id whose, crm::identity_kind kind, std::string address);
    task<void> keep_visit();
    task<void> do_cast(client_frame what);
    void show_place();
    void note_page(const boost::json::object& page);

    customer_door door_;
    std::string app_account_;
    crm::inbox inbox_;
    crm::channel_account account_;
    std::string visitor_key_; // hash of the token; widget
    std::string fresh_token_; // to be told in the welcome
    bool is_marked_ = false;  // the token given bears this house's mark
    std::string app_user_;    // the app's own id; app
    std::string app_name_;
    std::string app_email_;
    std::string app_phone_;
    std::string locale_;
    std::optional<identity_claims> identity_;
    std::int64_t owner_changed_at_ = 0;
    bool spoke_meanwhile_ = false; // another socket of this stranger, while the welcome was read
    crm::token_id token_{};
    crm::customer_id customer_{};
    crm::customer_id root_{};
    crm::customer_id veiled_as_{};
    std::shared_ptr<const crm::conversation> where_;
    std::string page_url_;
    std::string page_title_;
    std::string page_product_;
    std::string order_number_;
    std::string kept_page_; // the last one written
    std::string last_queue_;
    std::optional<bool> last_online_;
    bool counted_ = false;
};

} // namespace gateway::live
