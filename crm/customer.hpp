// Customers: one person (or company contact), one timeline. An anonymous visitor is a customer from
// the first word. Merging sets a reference and rewrites nothing, so it can be taken back. Verbs run
// inside a store job.
#pragma once

#include "crm/context.hpp"
#include "crm/identity.hpp"
#include "crm/store/transaction.hpp"
#include "crm/words.hpp"

#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

/// Customer tiers by rank of value. Stored: never renumber.
enum class tier : std::int8_t
{
    none = 0, // no value known
    vip = 1,
    major = 2,
    regular = 3,
    small = 4
};
template <>
struct vocabulary<tier>
{
    static constexpr std::string_view what = "tier";
    static constexpr auto all = words_of<tier>(
        {{tier::none, "none"},
         {tier::vip, "vip"},
         {tier::major, "major"},
         {tier::regular, "regular"},
         {tier::small, "small"}}
    );
};

/// The archive's fields beside name and contact. Stored: never renumber.
enum class archive_field : std::int8_t
{
    address = 1,
    needs = 2, // latent needs
    likes = 3,
    dislikes = 4,
    decision_role = 5, // decides, influences, uses, pays, gatekeeper
    interests = 6,
    orientation = 7, // price, service, product
    usual_purchase_time = 8,
    frequency = 9
};
template <>
struct vocabulary<archive_field>
{
    static constexpr std::string_view what = "archive field";
    static constexpr auto all = words_of<archive_field>(
        {{archive_field::address, "address"},
         {archive_field::needs, "needs"},
         {archive_field::likes, "likes"},
         {archive_field::dislikes, "dislikes"},
         {archive_field::decision_role, "decision_role"},
         {archive_field::interests, "interests"},
         {archive_field::orientation, "orientation"},
         {archive_field::usual_purchase_time, "usual_purchase_time"},
         {archive_field::frequency, "frequency"}}
    );
};

/// What stands beside a conversation: enough for a list row.
struct customer_brief
{
    customer_id id{}; // the root, where merged
    std::string name{};
    std::string locale{};
    crm::tier tier = crm::tier::none;
    double score = 0;
    bool anonymous = true;
    bool verified = false;
};

/// One customer row.
struct customer
{
    customer_id id{};
    bool anonymous = true;
    std::string name{};
    std::string locale{};
    std::string timezone{};
    company_id company{};
    agent_id owner{};
    customer_id merged_into{}; // 0: not merged
    double score = 0;
    crm::tier tier = crm::tier::none;
    bool tier_pinned = false;
    std::int64_t value_minor = 0;
    std::string currency{};
    bool verified = false; // has at least one proven identity other than a browser
    bool profiling_opt_out = false;
    instant created{};
    instant updated{};
    instant last_seen{};
    instant erased{};
    std::int64_t revision = 0;
};

/// A present value of the archive, or one that ended (`ended` set).
struct field_value
{
    archive_field field{};
    std::string content{};
    crm::source source = crm::source::claimed;
    instant observed{};
    instant ended{};
};

/// A customer with what hangs on it, over all merged members.
struct customer_archive
{
    customer who{};
    std::vector<customer_id> members{}; // the customer itself first
    std::vector<identity> identities{};
    std::map<archive_field, std::string> fields{};
    std::vector<tag_id> tags{};
    double completeness = 0; // 0..1: share of name, mail, phone, company and the nine fields known
};

/// What may be changed at once; absent members stay.
struct customer_change
{
    std::optional<std::string> name{};
    std::optional<std::string> locale{};
    std::optional<std::string> timezone{};
    std::optional<company_id> company{};
    std::optional<agent_id> owner{};
    std::optional<bool> profiling_opt_out{};
    std::optional<crm::tier> pinned_tier{}; // none takes the pin off
    std::map<archive_field, std::string> fields{};
};

namespace customers {

/// A new customer; without a name it is anonymous. `identities` are added by crm/identity.hpp.
customer create(transaction& tx, context& by, const customer_change& known);

/// Changes what is given; a field keeps its former values with their source. Naming an anonymous
/// customer makes it a known one. Throws problem{precondition} when `expected` is not its revision.
customer change(
    transaction& tx,
    context& by,
    customer_id which,
    const customer_change& wanted,
    source from,
    std::optional<std::int64_t> expected = std::nullopt
);

/// Says that `other` is the same person as `survivor`: both timelines are read as one from now on.
/// Both must be roots and different. Throws problem{conflict} with what to do.
void merge(transaction& tx, context& by, customer_id survivor, customer_id other);

/// Takes the last merge of `other` back. Throws problem{conflict} when it is not merged.
void unmerge(transaction& tx, context& by, customer_id other);

std::optional<customer> find(db::connection& on, customer_id id);
/// The same; throws problem{not_found}.
customer need(db::connection& on, customer_id id);

/// The customer that stands for this one after merges; itself when not merged.
customer_id root_of(db::connection& on, customer_id id);
/// The customer and everyone merged into it, itself first. At most 100.
std::vector<customer_id> members_of(db::connection& on, customer_id root);

customer_archive archive(db::connection& on, customer_id id);
/// Every value a field of the customer ever had, newest first.
std::vector<field_value> history(db::connection& on, customer_id id);

/// Roots only, last changed first. `before` is the last row of the previous page.
struct list_place
{
    instant updated{};
    customer_id id{};
};
std::vector<customer> page(db::connection& on, std::optional<list_place> before, int limit);

} // namespace customers
} // namespace crm
