// A customer as it stands, and the archive's fields. Plain data, any thread.
#pragma once

#include "crm/identity.hpp"
#include "crm/words.hpp"

#include <map>
#include <optional>
#include <string>
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

} // namespace crm
