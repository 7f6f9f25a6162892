// The domain's types as JSON, in the shapes of docs/realtime.md and docs/api.md (held to
// gateway/api/shapes_*.cpp by tests). Any thread: names are handed in as an immutable snapshot.
#pragma once

#include "crm/attachment.hpp"
#include "crm/attribute.hpp"
#include "crm/company.hpp"
#include "crm/conversation.hpp"
#include "crm/customer.hpp"
#include "crm/draft.hpp"
#include "crm/inbox.hpp"
#include "crm/order.hpp"
#include "crm/request.hpp"
#include "crm/session.hpp"
#include "crm/staff.hpp"
#include "crm/tag.hpp"
#include "crm/value.hpp"
#include "gateway/wire/json_text.hpp"

#include <functional>
#include <map>
#include <memory>
#include <string>

namespace gateway::wire {

/// Names that rows leave out, as they were when the job was queued.
struct names
{
    std::map<crm::agent_id, std::string> agents;

    /// Empty for an unknown agent.
    [[nodiscard]] std::string_view of(crm::agent_id who) const;
};
using shared_names = std::shared_ptr<const names>;

/// Makes the address under which one reader may fetch an attachment.
using address_of = std::function<std::string(crm::attachment_id)>;
/// For agents: their session is what lets them in.
std::string agent_address(crm::attachment_id which);

void attachment(json_text& to, const crm::attachment& what, const address_of& address);
void entry(json_text& to, const crm::entry& what, const names& known);
/// What a customer may see of a public entry.
void public_entry(
    json_text& to, const crm::entry& what, const names& known, const address_of& address
);

/// `at` is the position at which this state was read or came about.
void conversation(json_text& to, const crm::conversation& what, std::int64_t at);
/// `read_public_seq`: up to which public seq an agent has read.
void public_conversation(
    json_text& to, const crm::conversation& what, const names& known, std::int64_t read_public_seq
);

void order(json_text& to, const crm::order& what, std::int64_t at);

/// All that the customer shape shows; read in one transaction.
struct customer_view
{
    crm::customer_archive archive;
    std::optional<crm::value_snapshot> value;
    std::optional<crm::company> company;
    std::vector<crm::attribute_set> attributes;
    std::vector<crm::order> orders;
    std::int64_t order_count = 0;
    bool with_orders = false;
};
customer_view
read_customer(crm::db::connection& on, crm::customer_id which, crm::instant now, bool with_orders);
void customer(json_text& to, const customer_view& what, std::int64_t at);

/// Used units of an agent's capacity.
struct load
{
    std::int64_t used = 0;
    std::int64_t units = 0;
};
void agent(json_text& to, const crm::agent& who, const load& now);
/// The asker's own profile.
void me(json_text& to, const crm::agent& who, const std::vector<std::string_view>& permissions);
void grants(json_text& to, const std::vector<crm::grant>& held);
void team(json_text& to, const crm::team& what);
void skill(json_text& to, const crm::skill& what);
void tag(json_text& to, const crm::tag& what);
void attribute(json_text& to, const crm::attribute& what);
void api_token(json_text& to, const crm::api_token& what);
void draft(json_text& to, const crm::draft& what, const std::vector<crm::attachment>& files);

/// `open`: by its hours, now. `keys`: kids of the active identity secrets. `snippet`: what a site
/// embeds.
void inbox(
    json_text& to,
    const crm::inbox& what,
    const std::vector<crm::identity_secret>& keys,
    const std::string& snippet,
    bool open
);

/// An offer as its agent sees it.
struct offer_view
{
    crm::request request;
    crm::decision why;
    crm::conversation conversation;
    std::string first_words;
};
/// Throws problem{not_found} when the conversation is gone.
offer_view read_offer(crm::db::connection& on, const crm::request& what);
void offer(json_text& to, const offer_view& what, crm::instant now, std::int64_t at);
void why(json_text& to, const crm::decision& what);

} // namespace gateway::wire
