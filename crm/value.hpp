// What a customer is worth. The present source is the sum of the margin of paid orders; it is one
// function and can be replaced. Score and tier follow from the value; every result is kept as a
// snapshot with its basis, so that the value as of any moment can be read. Verbs run in a store
// job.
#pragma once

#include "crm/context.hpp"
#include "crm/customer.hpp"
#include "crm/store/transaction.hpp"
#include "crm/words.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace crm {

enum class snapshot_id : std::int64_t
{
};

/// How a value came about. Stored: never renumber.
enum class value_basis : std::int8_t
{
    none = 0,
    orders = 1,
    model = 2,
    contract = 3,
    manual = 4
};
template <>
struct vocabulary<value_basis>
{
    static constexpr std::string_view what = "basis";
    static constexpr auto all = words_of<value_basis>(
        {{value_basis::none, "none"},
         {value_basis::orders, "orders"},
         {value_basis::model, "model"},
         {value_basis::contract, "contract"},
         {value_basis::manual, "manual"}}
    );
};

/// Where scores and tiers are cut: exact quantiles over all customers with a value, and the value
/// from which each tier begins. Recomputed nightly; these defaults serve until enough is known.
struct breakpoints
{
    std::int64_t v50_minor = 5'000;
    std::int64_t v999_minor = 500'000;
    std::int64_t vip_from_minor = 200'000;
    std::int64_t major_from_minor = 50'000;
    std::int64_t regular_from_minor = 5'000;
    // What a customer must be worth to rise into a tier, and to stay in it, at the nightly run: as
    // far beyond the cut as `tier_margin` says. Equal to the cut where nothing is known yet.
    std::int64_t vip_gain_minor = 200'000;
    std::int64_t vip_keep_minor = 200'000;
    std::int64_t major_gain_minor = 50'000;
    std::int64_t major_keep_minor = 50'000;
    std::int64_t regular_gain_minor = 5'000;
    std::int64_t regular_keep_minor = 5'000;
    std::int64_t customers = 0; // how many they were computed from
    friend bool operator==(const breakpoints&, const breakpoints&) = default;
};

/// How many of a thousand customers each tier takes, from the top; the rest is small.
struct tier_shares
{
    int vip = 10;
    int major = 40;
    int regular = 150;
    friend bool operator==(const tier_shares&, const tier_shares&) = default;
};

/// Where a customer stands between the tiers: the present one, and for how many nights in a row the
/// value has pointed to another.
struct tier_standing
{
    tier now = tier::none;
    tier toward = tier::none;
    int nights = 0;
    friend bool operator==(const tier_standing&, const tier_standing&) = default;
};

/// A value as it was found at one moment.
struct value_snapshot
{
    snapshot_id id{};
    customer_id customer{};
    instant taken{};
    value_basis basis = value_basis::none;
    std::int64_t value_minor = 0;
    std::string currency{};
    std::int64_t orders = 0;
    double score = 0;       // 0..100
    double top_percent = 0; // share of customers worth at least as much, 0 unknown
    crm::tier tier = crm::tier::none;
    happening cause{}; // what led to it
    std::int64_t cause_id = 0;
};

namespace value {

/// 100·ln(1+V/V50) / ln(1+V99.9/V50), held within 0..100; 0 for nothing or a loss.
double score_of(std::int64_t value_minor, const breakpoints& cuts);

/// VIP, major, regular or small by where the value stands; none without orders.
tier tier_of(std::int64_t value_minor, std::int64_t orders, const breakpoints& cuts);

/// The cuts for so many customers; `value_at` tells the value at a rank, 0 the most valuable.
breakpoints cuts_of(
    std::int64_t customers,
    const tier_shares& shares,
    const std::function<std::int64_t(std::int64_t rank)>& value_at
);

/// Where a customer stands after one more night: up after two nights in a row beyond the cut by 5
/// per cent of rank and of value, down after three. The first tier is taken at once.
tier_standing after_night(
    tier_standing before, std::int64_t value_minor, std::int64_t orders, const breakpoints& cuts
);

/// The value over all merged members by the present source.
struct worth
{
    std::int64_t value_minor = 0;
    std::string currency{};
    std::int64_t orders = 0; // paid ones
};
worth worth_of(db::connection& on, customer_id root);

/// Takes a snapshot of a customer's root if anything differs from the last one, and shows it on the
/// customer. Appends customer_changed to the log. Returns the present snapshot. Once tiers are cut
/// by rank, an order or a merge gives the first tier only: after that they change at night.
value_snapshot refresh(
    transaction& tx, context& by, customer_id any_member, happening cause, std::int64_t cause_id
);

/// The nightly run for the next customers after `after` in id order: snapshots, and tiers as
/// after_night says. Returns the last id seen, or nullopt when there are no more. limit 1..100.
std::optional<customer_id> refresh_some(transaction& tx, context& by, customer_id after, int limit);

/// Cuts by rank as the setting "tier_shares" says ({"vip":1,"major":4,"regular":15} per cent unless
/// it is set) and the quantiles for the score, from all customers with paid orders; keeps the
/// defaults below 100 of them. Stored as a setting. Reads everybody at once: a house at work
/// gathers the values beforehand (crm/value_cuts.hpp).
breakpoints recompute(transaction& tx, context& by);
breakpoints present(db::connection& on);

/// The snapshot that held at a moment; nullopt before the first.
std::optional<value_snapshot> as_of(db::connection& on, customer_id root, instant at);
/// All snapshots, newest first.
std::vector<value_snapshot> history(db::connection& on, customer_id root, int limit);

} // namespace value
} // namespace crm
