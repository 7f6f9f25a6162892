// The verbs of the whole product: the one way by which anything a customer, an agent or an
// integrator does becomes true. Every channel enters at `receive`; every verb is one store job, so
// what a caller sees return is on disk, and the news of it has already been posted. Io thread.
#pragma once

#include "crm/agenda.hpp"
#include "crm/conversation.hpp"
#include "crm/store/store.hpp"
#include "crm/timeline.hpp"

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace routing {

template <class T>
using task = boost::asio::awaitable<T>;

/// What came in from outside, in our words. Exactly one of `visitor`, `identity_address` names the
/// writer.
struct incoming
{
    crm::inbox_id inbox{};
    crm::actor who;               // customer over widget/socket, or a channel account
    std::string visitor_key;      // sha256 (hex) of the visitor token; empty for other channels
    std::string identity_kind;    // "email", "phone", "external", ...
    std::string identity_address; // the platform's id of the writer
    bool verified = false;        // signed by the site, or vouched for by the platform
    std::string name;             // as the writer gives it; may be empty
    std::string locale;
    std::string channel = "web"; // "web", "socket", "email", ...
    crm::entry_kind kind = crm::entry_kind::message;
    std::string text;
    std::string details; // JSON object text, see docs/realtime.md section 6
    std::vector<crm::attachment_id> attachments;
    std::string cid;                      // idempotency by (writer, cid)
    std::string platform_id;              // idempotency by (channel account, platform id)
    std::optional<crm::instant> happened; // platform time
    std::string order_number;             // page or order context, may be empty
    /// The account it came through; 0 takes the inbox's account of this channel.
    crm::channel_account_id account{};
};

/// What a writer is told: the entry as stored (the first one, if this was a repetition).
struct received
{
    crm::customer_id customer{};
    crm::conversation_id conversation{};
    crm::entry_id entry{};
    std::int64_t seq = 0;
    std::int64_t public_seq = 0;
    std::int64_t position = 0; // of the log entry, for `at`
    bool repeated = false;
};

/// An agent's reply or note.
struct outgoing
{
    crm::actor who;
    crm::conversation_id conversation{};
    std::string text;
    std::vector<crm::attachment_id> attachments;
    std::string cid;
    std::int64_t base =
        -1;             // the conversation's seq that the agent had seen; -1 = do not check (API)
    bool force = false; // send although a colleague was first; audited
    std::vector<crm::agent_id> mentions;
    std::optional<crm::conversation_status> then; // resolve, pending or snooze in the same commit
    std::optional<crm::instant> until;            // for snooze
};

/// To whom a conversation is handed on; one of both is set.
struct handing_on
{
    std::optional<crm::agent_id> to_agent;
    std::optional<crm::team_id> to_team;
    std::string note;
    /// Refuse (problem{conflict}, saying why) when that agent cannot take it now.
    bool only_if_free = false;
};

struct terms;

class switchboard
{
public:
    virtual ~switchboard() = default;

    /// The one entry for every channel: finds or makes customer and conversation, reopens or opens
    /// it, appends the entry, enqueues a routing request when nobody holds it.
    virtual task<received> receive(incoming what) = 0;
    /// A public reply and its outbox row in one transaction. Throws stale_answer (a crm::problem
    /// with errc::stale_reply) when a colleague was first and `force` is not set.
    virtual task<received> reply(outgoing what) = 0;
    virtual task<received> note(outgoing what) = 0;

    virtual task<void>
    assign(crm::actor who, crm::conversation_id where, std::optional<crm::agent_id> to) = 0;
    virtual task<void> transfer(crm::actor who, crm::conversation_id where, handing_on what) = 0;
    virtual task<void> set_status(
        crm::actor who,
        crm::conversation_id where,
        crm::conversation_status status,
        std::optional<crm::instant> until
    ) = 0;
    /// The customer waits at the same place, but nobody is asked before `not_before`. Throws
    /// problem{invalid} when that is not in the future.
    virtual task<void>
    call_back(crm::actor who, crm::conversation_id where, crm::instant not_before) = 0;
    virtual task<void>
    set_priority(crm::actor who, crm::conversation_id where, crm::priority level) = 0;
    /// nullopt = derive it from the order again.
    virtual task<void> set_stage(
        crm::actor who,
        crm::conversation_id where,
        std::optional<crm::stage> stage,
        std::string reason
    ) = 0;
    virtual task<void>
    tag(crm::actor who, crm::conversation_id where, crm::tag_id what, bool on) = 0;
    virtual task<void>
    read_by_agent(crm::actor who, crm::conversation_id where, std::int64_t seq) = 0;
    virtual task<void>
    read_by_customer(crm::actor who, crm::conversation_id where, std::int64_t public_seq) = 0;

    virtual task<void> accept(crm::actor who, crm::request_id which) = 0;
    virtual task<void> decline(crm::actor who, crm::request_id which, std::string reason) = 0;
    virtual task<void> set_presence(crm::actor who, crm::agent_id of, crm::presence state) = 0;

    /// What a request enqueued now is measured by, for verbs that are part of a larger job.
    [[nodiscard]] virtual std::shared_ptr<const terms> present_terms() const = 0;

    /// What a timer of the agenda is there for; nothing when it was moved or cancelled meanwhile.
    /// Answers with the blobs that no row names any more.
    virtual task<std::vector<std::string>> fire(crm::timer which) = 0;
    /// Sets the timers of every night where they are not set.
    virtual task<void> lay_out_nights() = 0;
};

class dispatcher;
struct upkeep_rules;

/// The switchboard over a store. New requests are measured by what the dispatcher knows of the
/// line. All arguments outlive it.
std::unique_ptr<switchboard> make_switchboard(
    crm::store& store,
    const crm::clock& time,
    crm::id_source& ids,
    const dispatcher& line,
    const upkeep_rules& keep
);
std::unique_ptr<switchboard> make_switchboard(
    crm::store& store, const crm::clock& time, crm::id_source& ids, const dispatcher& line
);

} // namespace routing
