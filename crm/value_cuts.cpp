#include "crm/value_cuts.hpp"

#include "crm/base/json.hpp"
#include "crm/settings_table.hpp"

#include <algorithm>
#include <array>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <cmath>
#include <optional>
#include <utility>

namespace crm::value {
namespace {

constexpr std::string_view breakpoints_name = "value.breakpoints";
constexpr std::string_view shares_name = "tier_shares";

using number_of_cuts = std::int64_t breakpoints::*;
constexpr std::array<std::pair<std::string_view, number_of_cuts>, 12> stored_members{{
    {"v50_minor", &breakpoints::v50_minor},
    {"v999_minor", &breakpoints::v999_minor},
    {"vip_from_minor", &breakpoints::vip_from_minor},
    {"major_from_minor", &breakpoints::major_from_minor},
    {"regular_from_minor", &breakpoints::regular_from_minor},
    {"vip_gain_minor", &breakpoints::vip_gain_minor},
    {"vip_keep_minor", &breakpoints::vip_keep_minor},
    {"major_gain_minor", &breakpoints::major_gain_minor},
    {"major_keep_minor", &breakpoints::major_keep_minor},
    {"regular_gain_minor", &breakpoints::regular_gain_minor},
    {"regular_keep_minor", &breakpoints::regular_keep_minor},
    {"customers", &breakpoints::customers},
}};

std::string to_json(const breakpoints& cuts)
{
    boost::json::object made;
    for (const auto& [name, member] : stored_members)
        made[name] = cuts.*member;
    return boost::json::serialize(made);
}

/// A setting that is a JSON object; nullopt when it was never set or is something else.
std::optional<boost::json::object> stored_object(db::connection& on, std::string_view name)
{
    const auto stored = settings_table::get(on, name);
    if (!stored)
        return std::nullopt;
    boost::json::value parsed = json::parse(*stored);
    if (!parsed.is_object())
        return std::nullopt;
    return std::move(parsed.get_object());
}

/// The shares that the house has set, in per cent; what is no sensible share is left as it was.
tier_shares shares(db::connection& on)
{
    tier_shares wanted;
    const auto stored = stored_object(on, shares_name);
    if (!stored)
        return wanted;
    const auto read = [&](std::string_view name, int& to) {
        const auto* share = stored->if_contains(name);
        if (share != nullptr && share->is_number())
            to = static_cast<int>(std::lround(share->to_number<double>() * 10));
    };
    read("vip", wanted.vip);
    read("major", wanted.major);
    read("regular", wanted.regular);
    const bool fits = wanted.vip > 0 && wanted.major > 0 && wanted.regular > 0 &&
                      wanted.vip + wanted.major + wanted.regular <= 1'000;
    return fits ? wanted : tier_shares{};
}

constexpr std::string_view next_values =
    "SELECT id, value_minor, tier, merged_into, currency FROM customers WHERE id > ? ORDER BY id"
    " LIMIT ?";

} // namespace

gathered gather(db::connection& on, customer_id after, int limit)
{
    gathered made;
    made.last = after;
    int seen = 0;
    db::rows row = on.query(next_values, {after, limit});
    while (row.next()) {
        ++seen;
        made.last = row.id<customer_id>(0);
        if (row.as<tier>(2) != tier::none && row.integer(3) == 0 && !row.text(4).empty())
            made.values.push_back(row.integer(1));
    }
    made.is_last = seen < limit;
    return made;
}

std::optional<breakpoints> cuts_from(db::connection& on, std::vector<std::int64_t> values)
{
    const auto count = static_cast<std::int64_t>(values.size());
    if (count < enough_customers)
        return std::nullopt;
    std::ranges::sort(values, std::ranges::greater{});
    return cuts_of(count, shares(on), [&](std::int64_t rank) {
        return rank < count ? values[static_cast<std::size_t>(rank)] : 0;
    });
}

void keep(transaction& tx, context& by, const breakpoints& cuts)
{
    if (cuts != present(tx.db()))
        settings_table::set(tx, by, breakpoints_name, to_json(cuts));
}

breakpoints recompute(transaction& tx, context& by)
{
    constexpr int at_once = 10'000;
    std::vector<std::int64_t> all;
    for (gathered next; !next.is_last;) {
        next = gather(tx.db(), next.last, at_once);
        all.insert(all.end(), next.values.begin(), next.values.end());
    }
    if (const auto cuts = cuts_from(tx.db(), std::move(all)))
        keep(tx, by, *cuts);
    return present(tx.db());
}

breakpoints present(db::connection& on)
{
    breakpoints cuts;
    const auto stored = stored_object(on, breakpoints_name);
    if (!stored)
        return cuts;
    for (const auto& [name, member] : stored_members)
        if (const auto* number = stored->if_contains(name))
            cuts.*member = number->as_int64();
    return cuts;
}

} // namespace crm::value
