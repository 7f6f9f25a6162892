// One thing that happened to a customer: the entry of a timeline, and its kinds. Plain data, any
// thread.
#pragma once

#include "crm/attachment.hpp"
#include "crm/channel_account.hpp"
#include "crm/stage.hpp"
#include "crm/words.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace crm {

/// Kinds of entries. Stored: never renumber.
enum class entry_kind : std::int8_t
{
    message = 1,
    note = 2,  // for colleagues only
    event = 3, // a change of the conversation: assigned, resolved, tagged
    order = 4,
    call = 5,
    visit = 6,
    form = 7,
    survey = 8,
    system = 9 // what the house itself says: out of hours, an agent joined
};
template <>
struct vocabulary<entry_kind>
{
    static constexpr std::string_view what = "kind";
    static constexpr auto all = words_of<entry_kind>(
        {{entry_kind::message, "message"},
         {entry_kind::note, "note"},
         {entry_kind::event, "event"},
         {entry_kind::order, "order"},
         {entry_kind::call, "call"},
         {entry_kind::visit, "visit"},
         {entry_kind::form, "form"},
         {entry_kind::survey, "survey"},
         {entry_kind::system, "system"}}
    );
};

/// Who wrote an entry. Stored: never renumber.
enum class author_kind : std::int8_t
{
    system = 0,
    customer = 1, // id: customer
    agent = 2,    // id: agent
    bot = 3,
    integration = 4 // id: API token
};
template <>
struct vocabulary<author_kind>
{
    static constexpr std::string_view what = "author kind";
    static constexpr auto all = words_of<author_kind>(
        {{author_kind::system, "system"},
         {author_kind::customer, "customer"},
         {author_kind::agent, "agent"},
         {author_kind::bot, "bot"},
         {author_kind::integration, "integration"}}
    );
};

/// How far a reply has come. Receipts move forward only. Stored: never renumber.
enum class delivery : std::int8_t
{
    none = 0, // nothing to deliver: inbound or internal
    held = 1, // may still be taken back
    queued = 2,
    sent = 3,
    delivered = 4,
    read = 5,
    failed = 6,
    uncertain = 7 // handed over, outcome unknown
};
template <>
struct vocabulary<delivery>
{
    static constexpr std::string_view what = "delivery";
    static constexpr auto all = words_of<delivery>(
        {{delivery::none, "none"},
         {delivery::held, "held"},
         {delivery::queued, "queued"},
         {delivery::sent, "sent"},
         {delivery::delivered, "delivered"},
         {delivery::read, "read"},
         {delivery::failed, "failed"},
         {delivery::uncertain, "uncertain"}}
    );
};

/// Who wrote, and by which of their addresses.
struct author
{
    author_kind kind = author_kind::system;
    std::int64_t id = 0;
    identity_id identity{};
};

/// One thing that happened. Named by id; a timeline is ordered by (happened, id), a conversation by
/// seq.
struct entry
{
    entry_id id{};
    conversation_id conversation{}; // 0: of the customer alone, outside any conversation
    customer_id customer{};
    inbox_id inbox{};
    std::int64_t seq = 0;        // 1, 2, 3, ... in its conversation
    std::int64_t public_seq = 0; // 0: internal, its customer never sees it
    instant happened{};          // the platform's time, within bounds
    instant received{};          // ours
    entry_kind kind = entry_kind::message;
    author by{};
    std::string author_name{}; // filled by pages; empty where the reader knows better
    crm::channel channel = crm::channel::none;
    channel_account_id account{};
    crm::stage stage = crm::stage::pre_sale; // frozen at append
    bool is_public = true;
    crm::delivery delivery = crm::delivery::none;
    std::string delivery_detail{};
    int revision = 0;
    instant redacted{};
    std::int64_t reference = 0; // kind order: the order; kind call, survey: theirs
    std::string cid{};
    std::string platform_id{};
    std::string text{};
    std::string details = "{}"; // JSON object, see docs/realtime.md
    bool has_html = false;      // read it with timeline::html
    std::vector<attachment> attachments{};
};

} // namespace crm
