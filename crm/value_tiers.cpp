// Scores and tiers as functions of a value and the cuts.
#include "crm/value.hpp"

#include <algorithm>
#include <cmath>

namespace crm::value {

double score_of(std::int64_t value_minor, const breakpoints& cuts)
{
    if (value_minor <= 0)
        return 0;
    const double middle = std::max(1.0, static_cast<double>(cuts.v50_minor));
    const double top = std::max(middle, static_cast<double>(cuts.v999_minor));
    const double score =
        100.0 * std::log1p(static_cast<double>(value_minor) / middle) / std::log1p(top / middle);
    return std::clamp(score, 0.0, 100.0);
}

tier tier_of(std::int64_t value_minor, std::int64_t orders, const breakpoints& cuts)
{
    if (orders == 0)
        return tier::none;
    if (value_minor >= cuts.vip_from_minor)
        return tier::vip;
    if (value_minor >= cuts.major_from_minor)
        return tier::major;
    if (value_minor >= cuts.regular_from_minor)
        return tier::regular;
    return tier::small;
}

namespace {

/// How far beyond a cut a customer must be before the tier follows, in thousandths of rank and of
/// value.
constexpr std::int64_t tier_margin = 50;
constexpr int nights_up = 2;
constexpr int nights_down = 3;

struct one_cut
{
    std::int64_t from = 0;
    std::int64_t gain = 0;
    std::int64_t keep = 0;
};

one_cut cut_at(
    std::int64_t last, const std::function<std::int64_t(std::int64_t)>& value_at, std::int64_t all
)
{
    one_cut made;
    made.from = value_at(last - 1);
    const std::int64_t above = std::max<std::int64_t>(1, last * (1'000 - tier_margin) / 1'000);
    const std::int64_t below = std::min(all, (last * (1'000 + tier_margin) + 999) / 1'000);
    // The best customer outside is who must be left behind by the margin: whoever stands alone at
    // the top is not measured by itself.
    const std::int64_t outside = value_at(std::min(last, all - 1));
    made.gain = std::max(value_at(above - 1), outside + outside * tier_margin / 1'000);
    made.keep = std::min(value_at(below - 1), made.from - made.from * tier_margin / 1'000);
    return made;
}

/// The tier that these three values begin.
tier between(std::int64_t value, std::int64_t vip, std::int64_t major, std::int64_t regular)
{
    if (value >= vip)
        return tier::vip;
    if (value >= major)
        return tier::major;
    return value >= regular ? tier::regular : tier::small;
}

/// Tiers are numbered from the best.
bool is_better(tier one, tier other)
{
    return one < other;
}

} // namespace

breakpoints cuts_of(
    std::int64_t customers,
    const tier_shares& shares,
    const std::function<std::int64_t(std::int64_t rank)>& value_at
)
{
    const auto last_of = [&](std::int64_t per_mille) {
        return std::max<std::int64_t>(1, customers * per_mille / 1'000);
    };
    const one_cut vip = cut_at(last_of(shares.vip), value_at, customers);
    const one_cut major = cut_at(last_of(shares.vip + shares.major), value_at, customers);
    const one_cut regular =
        cut_at(last_of(shares.vip + shares.major + shares.regular), value_at, customers);
    breakpoints cuts;
    cuts.customers = customers;
    cuts.vip_from_minor = vip.from;
    cuts.vip_gain_minor = vip.gain;
    cuts.vip_keep_minor = vip.keep;
    cuts.major_from_minor = major.from;
    cuts.major_gain_minor = major.gain;
    cuts.major_keep_minor = major.keep;
    cuts.regular_from_minor = regular.from;
    cuts.regular_gain_minor = regular.gain;
    cuts.regular_keep_minor = regular.keep;
    cuts.v50_minor = std::max<std::int64_t>(1, value_at(last_of(500) - 1));
    cuts.v999_minor = std::max<std::int64_t>(cuts.v50_minor + 1, value_at(last_of(1) - 1));
    return cuts;
}

tier_standing after_night(
    tier_standing before, std::int64_t value_minor, std::int64_t orders, const breakpoints& cuts
)
{
    if (orders == 0 || before.now == tier::none)
        return {.now = tier_of(value_minor, orders, cuts)};
    const tier up =
        between(value_minor, cuts.vip_gain_minor, cuts.major_gain_minor, cuts.regular_gain_minor);
    const tier down =
        between(value_minor, cuts.vip_keep_minor, cuts.major_keep_minor, cuts.regular_keep_minor);
    const bool rises = is_better(up, before.now);
    if (!rises && !is_better(before.now, down))
        return {.now = before.now};
    const tier wanted = rises ? up : down;
    const bool goes_on = before.nights > 0 && rises == is_better(before.toward, before.now);
    tier_standing after{.now = before.now, .toward = wanted, .nights = 1};
    if (goes_on) {
        // Of the nights in a row the least far one counts.
        const bool nearer =
            rises ? is_better(wanted, before.toward) : is_better(before.toward, wanted);
        after.toward = nearer ? before.toward : wanted;
        after.nights = before.nights + 1;
    }
    if (after.nights >= (rises ? nights_up : nights_down))
        return {.now = after.toward};
    return after;
}

} // namespace crm::value
