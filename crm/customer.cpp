#include "crm/customer.hpp"

#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"
#include "crm/tag.hpp"
#include "crm/value.hpp"

#include <algorithm>

namespace crm::customers {
namespace {

constexpr std::size_t name_length = 120;
constexpr std::size_t field_length = 2'000;

std::string checked_locale(const std::optional<std::string>& wanted, const std::string& present)
{
    if (!wanted)
        return present;
    if (wanted->size() > 35 || !is_utf8(*wanted))
        throw problem{errc::invalid, "A locale is like en or zh-CN.", "locale"};
    return *wanted;
}

void log_about(
    transaction& tx, const context& by, happening what, customer_id which, std::int64_t subject = 0
)
{
    log_entry line = logged(by, what);
    line.customer = which;
    line.subject = subject;
    tx.append(std::move(line));
}

constexpr std::string_view present_field =
    "SELECT id, content FROM customer_fields WHERE customer_id = ? AND ended_at = 0 AND field = ?";
constexpr std::string_view end_field = "UPDATE customer_fields SET ended_at = ? WHERE id = ?";
constexpr std::string_view insert_field =
    "INSERT INTO customer_fields (id, customer_id, field, content, source, observed_at, ended_at)"
    " VALUES (?, ?, ?, ?, ?, ?, 0)";

/// Sets one field of the archive; the former value stays with the moment it ended. True when it
/// differs.
bool set_field(
    transaction& tx,
    context& by,
    customer_id whom,
    archive_field field,
    std::string_view content,
    source from
)
{
    const std::string cleaned{trim(truncate(clean_text(content), field_length))};
    std::int64_t present = 0;
    {
        db::rows row = tx.query(present_field, {whom, field});
        if (row.next()) {
            if (row.text(1) == cleaned)
                return false;
            present = row.integer(0);
        }
    }
    if (present == 0 && cleaned.empty())
        return false;
    if (present != 0)
        tx.exec(end_field, {by.now, present});
    if (!cleaned.empty())
        tx.exec(insert_field, {by.ids.next<entry_id>(), whom, field, cleaned, from, by.now});
    return true;
}

constexpr std::string_view insert_customer =
    "INSERT INTO customers (id, anonymous, name, locale, timezone, company_id, owner_agent_id,"
    " merged_into, score, tier, tier_pinned, value_minor, currency, verified, profiling_opt_out,"
    " created_at, updated_at, last_seen_at, erased_at, revision)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, ?, ?, 0, '', 0, ?, ?, ?, ?, 0, 1)";

} // namespace

customer create(transaction& tx, context& by, const customer_change& known)
{
    customer made;
    made.id = by.ids.next<customer_id>();
    made.name = known.name ? clean_line(*known.name, name_length) : std::string{};
    made.anonymous = made.name.empty();
    made.locale = checked_locale(known.locale, {});
    made.timezone = known.timezone.value_or("");
    made.company = known.company.value_or(company_id{});
    made.owner = known.owner.value_or(agent_id{});
    made.tier = known.pinned_tier.value_or(tier::none);
    made.tier_pinned = made.tier != tier::none;
    made.profiling_opt_out = known.profiling_opt_out.value_or(false);
    made.created = made.updated = made.last_seen = by.now;
    made.revision = 1;
    tx.exec(
        insert_customer,
        {made.id,
         made.anonymous,
         made.name,
         made.locale,
         made.timezone,
         made.company,
         made.owner,
         made.tier,
         made.tier_pinned,
         made.profiling_opt_out,
         by.now,
         by.now,
         by.now}
    );
    for (const auto& [field, content] : known.fields)
        set_field(tx, by, made.id, field, content, source::agent);
    log_about(tx, by, happening::customer_created, made.id);
    return made;
}

namespace {

constexpr std::string_view update_customer =
    "UPDATE customers SET anonymous = ?, name = ?, locale = ?, timezone = ?, company_id = ?,"
    " owner_agent_id = ?, tier = ?, tier_pinned = ?, profiling_opt_out = ?, updated_at = ?,"
    " revision = ? WHERE id = ?";

/// The row as it will be.
customer changed(const customer& now, const customer_change& wanted)
{
    customer after = now;
    if (wanted.name) {
        after.name = clean_line(*wanted.name, name_length);
        after.anonymous = after.name.empty() && now.anonymous;
    }
    after.locale = checked_locale(wanted.locale, now.locale);
    after.timezone = wanted.timezone.value_or(now.timezone);
    after.company = wanted.company.value_or(now.company);
    after.owner = wanted.owner.value_or(now.owner);
    after.profiling_opt_out = wanted.profiling_opt_out.value_or(now.profiling_opt_out);
    if (wanted.pinned_tier) {
        after.tier_pinned = *wanted.pinned_tier != tier::none;
        if (after.tier_pinned)
            after.tier = *wanted.pinned_tier;
    }
    return after;
}

bool same_row(const customer& one, const customer& other)
{
    return one.name == other.name && one.locale == other.locale && one.timezone == other.timezone &&
           one.company == other.company && one.owner == other.owner &&
           one.profiling_opt_out == other.profiling_opt_out && one.tier == other.tier &&
           one.tier_pinned == other.tier_pinned;
}

} // namespace

customer change(
    transaction& tx,
    context& by,
    customer_id which,
    const customer_change& wanted,
    source from,
    std::optional<std::int64_t> expected
)
{
    const customer now = need(tx.db(), which);
    if (expected && *expected != now.revision)
        throw problem{
            errc::precondition, "Somebody changed this customer meanwhile: read it again."
        };
    if (now.erased.is_set())
        throw problem{errc::gone, "This customer was erased."};
    customer after = changed(now, wanted);
    bool differs = !same_row(now, after);
    for (const auto& [field, content] : wanted.fields)
        differs = set_field(tx, by, which, field, content, from) || differs;
    if (!differs)
        return now;
    after.updated = by.now;
    ++after.revision;
    tx.exec(
        update_customer,
        {after.anonymous,
         after.name,
         after.locale,
         after.timezone,
         after.company,
         after.owner,
         after.tier,
         after.tier_pinned,
         after.profiling_opt_out,
         after.updated,
         after.revision,
         after.id}
    );
    log_about(tx, by, happening::customer_changed, which);
    if (wanted.pinned_tier) {
        // A tier set by hand is part of the history of values, too.
        value::refresh(tx, by, which, happening::customer_changed, raw(which));
        return need(tx.db(), which);
    }
    return after;
}

constexpr std::string_view select_customer =
    "SELECT id, anonymous, name, locale, timezone, company_id, owner_agent_id, merged_into, score,"
    " tier, tier_pinned, value_minor, currency, verified, profiling_opt_out, created_at, "
    "updated_at,"
    " last_seen_at, erased_at, revision FROM customers ";

namespace {

customer read_customer(const db::rows& row)
{
    customer one;
    one.id = row.id<customer_id>(0);
    one.anonymous = row.flag(1);
    one.name = row.string(2);
    one.locale = row.string(3);
    one.timezone = row.string(4);
    one.company = row.id<company_id>(5);
    one.owner = row.id<agent_id>(6);
    one.merged_into = row.id<customer_id>(7);
    one.score = row.real(8);
    one.tier = static_cast<tier>(row.integer(9));
    one.tier_pinned = row.flag(10);
    one.value_minor = row.integer(11);
    one.currency = row.string(12);
    one.verified = row.flag(13);
    one.profiling_opt_out = row.flag(14);
    one.created = row.time(15);
    one.updated = row.time(16);
    one.last_seen = row.time(17);
    one.erased = row.time(18);
    one.revision = row.integer(19);
    return one;
}

} // namespace

std::optional<customer> find(db::connection& on, customer_id id)
{
    static const std::string sql = std::string{select_customer} + "WHERE id = ?";
    db::rows row = on.query(sql, {id});
    if (!row.next())
        return std::nullopt;
    return read_customer(row);
}

customer need(db::connection& on, customer_id id)
{
    if (auto found = find(on, id))
        return std::move(*found);
    throw problem{errc::not_found, "There is no such customer."};
}

constexpr std::string_view select_present =
    "SELECT field, content FROM customer_fields WHERE customer_id = ? AND ended_at = 0";

namespace {

double completeness(const customer_archive& of)
{
    const auto has = [&](identity_kind kind) {
        return std::ranges::any_of(of.identities, [&](const identity& one) {
            return one.kind == kind;
        });
    };
    constexpr double parts = 13; // name, mail, phone, company, nine fields
    const auto known = static_cast<double>(of.fields.size()) +
                       static_cast<double>(!of.who.name.empty()) +
                       static_cast<double>(has(identity_kind::email)) +
                       static_cast<double>(has(identity_kind::phone)) +
                       static_cast<double>(raw(of.who.company) != 0);
    return known / parts;
}

} // namespace

customer_archive archive(db::connection& on, customer_id id)
{
    customer_archive all;
    all.who = need(on, root_of(on, id));
    all.members = members_of(on, all.who.id);
    for (const customer_id member : all.members) {
        std::ranges::move(identities::of(on, member), std::back_inserter(all.identities));
        for (const tag_id tag : tags::of_customer(on, member))
            if (std::ranges::find(all.tags, tag) == all.tags.end())
                all.tags.push_back(tag);
        // What the root knows wins over what a merged member knew.
        db::rows row = on.query(select_present, {member});
        while (row.next())
            all.fields.emplace(static_cast<archive_field>(row.integer(0)), row.string(1));
    }
    all.completeness = completeness(all);
    return all;
}

constexpr std::string_view select_history =
    "SELECT field, content, source, observed_at, ended_at FROM customer_fields"
    " WHERE customer_id = ? ORDER BY observed_at DESC, id DESC";

std::vector<field_value> history(db::connection& on, customer_id id)
{
    std::vector<field_value> found;
    db::rows row = on.query(select_history, {id});
    while (row.next())
        found.push_back(
            {.field = static_cast<archive_field>(row.integer(0)),
             .content = row.string(1),
             .source = static_cast<source>(row.integer(2)),
             .observed = row.time(3),
             .ended = row.time(4)}
        );
    return found;
}

} // namespace crm::customers
