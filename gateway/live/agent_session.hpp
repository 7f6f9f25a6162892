// An agent's socket: the console's side of docs/realtime.md, section 7. Io thread.
#pragma once

#include "gateway/live/session.hpp"
#include "gateway/rights.hpp"
#include "gateway/wire/wire.hpp"

#include "crm/conversation.hpp"

namespace routing {
struct handing_on;
} // namespace routing

namespace gateway::live {

/// What an agent's welcome is made of, read in one transaction.
struct agent_greeting
{
    std::int64_t as_of = 0;
    crm::presence presence{};
    bool replay = false;
    std::vector<missed_event> missed;
    std::vector<wire::offer_view> offers;
};

class agent_session final : public session
{
public:
    /// `session_hash`: of the secret in the upgrade's cookie; empty when there was none.
    agent_session(house& in, std::string address, std::string session_hash);

    [[nodiscard]] const viewer& who() const { return who_; }
    [[nodiscard]] crm::conversation_id looks_at() const { return looks_at_; }
    void look_at(crm::conversation_id what) { looks_at_ = what; }
    /// Looks again whether the session still is valid and the rights are the same.
    void check();
    /// Sends the load if it changed.
    void show_load();
    /// Another socket of the same tab took over.
    [[nodiscard]] bool is_of(const std::string& client) const { return client_ == client; }

private:
    [[nodiscard]] std::string_view shape_of(std::string_view op) const override;
    [[nodiscard]] bool is_cast(std::string_view op) const override;
    void cast(const client_frame& what) override;
    task<void> greet(client_frame hello) override;
    task<void> command(client_frame what) override;
    task<std::string> error_members(const client_frame& what, const crm::problem& why) override;
    void left() override;
    [[nodiscard]] std::string position_text(std::int64_t at) const override
    {
        return std::to_string(at);
    }
    [[nodiscard]] double frames_allowed() const override;

    using command_of = task<void> (agent_session::*)(const client_frame&);
    struct known_op
    {
        std::string_view shape;
        command_of run;
    };
    static const std::map<std::string_view, known_op>& known_ops();

    task<void> do_cast(client_frame what);
    task<agent_greeting> read_greeting(std::optional<std::int64_t> from);
    void send_welcome(const agent_greeting& read, std::int64_t here);
    /// The conversation a frame names, if it is within sight and may be written to.
    task<std::shared_ptr<const crm::conversation>> writable(const client_frame& what);
    [[nodiscard]] crm::actor acting() const { return who_.as_actor(address_); }
    void done(const client_frame& what);

    task<void> reply(const client_frame& what);
    task<void> note(const client_frame& what);
    task<void> accept_offer(const client_frame& what);
    task<void> decline_offer(const client_frame& what);
    task<void> assign(const client_frame& what);
    task<void> transfer(const client_frame& what);
    task<void> status(const client_frame& what);
    task<void> priority(const client_frame& what);
    task<void> stage(const client_frame& what);
    task<void> tag(const client_frame& what);
    task<void> untag(const client_frame& what);
    task<void> presence(const client_frame& what);
    task<void> draft(const client_frame& what);

    std::string session_hash_;
    std::string client_;
    viewer who_;
    crm::agent me_;
    crm::conversation_id looks_at_{};
    std::string last_load_;
    bool counted_ = false;
};

/// "resolve", "pending", "snooze": the status that a reply brings with it; nullopt for none.
std::optional<crm::conversation_status> status_after_reply(std::string_view then);
/// To whom a body or frame hands a conversation on. Throws problem{invalid} when to nobody.
routing::handing_on handing_on_of(const boost::json::object& members);

/// The rights that decide what a socket may see are the same.
bool same_rights(const viewer& one, const viewer& other);

} // namespace gateway::live
