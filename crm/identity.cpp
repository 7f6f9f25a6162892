#include "crm/identity.hpp"

#include "crm/base/hash.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"

#include <algorithm>

namespace crm::identities {
namespace {

std::string normalised_email(std::string_view address)
{
    const std::string lower = ascii_lower(trim(address));
    const std::size_t at = lower.rfind('@');
    const bool fits =
        at != std::string::npos && at > 0 && at + 1 < lower.size() && lower.size() <= 254;
    // A blank, a control character or an angle bracket would let an address smuggle in a header.
    const bool clean = std::ranges::none_of(lower, [](unsigned char c) {
        return c <= ' ' || c == 127 || c == '<' || c == '>' || c == ',' || c == ';';
    });
    if (!fits || !clean || !is_utf8(lower))
        throw problem{
            errc::invalid, "This is not a mail address: write it like name@example.com.", "address"
        };
    return lower;
}

std::string normalised_phone(std::string_view address)
{
    std::string digits;
    for (const char c : trim(address)) {
        if (c >= '0' && c <= '9')
            digits += c;
        else if (c == '+' ? !digits.empty()
                          : std::string_view{" -().\t/"}.find(c) == std::string_view::npos)
            throw problem{
                errc::invalid, "A phone number has digits and may start with +.", "address"
            };
    }
    if (digits.starts_with("00"))
        digits.erase(0, 2);
    if (digits.size() < 3 || digits.size() > 15)
        throw problem{
            errc::invalid, "A phone number has 3 to 15 digits, with the country's code.", "address"
        };
    return "+" + digits;
}

/// What makes an address the same: its kind, the account it means something on, and its text.
std::string hash_of(identity_kind kind, channel_account_id account, std::string_view normal)
{
    return to_hex(sha256(
        std::to_string(static_cast<int>(kind)) + "\n" + to_string(account) + "\n" +
        std::string{normal}
    ));
}

constexpr std::string_view select_identity =
    "SELECT id, customer_id, kind, channel_account_id, address, display, source, verified_at,"
    " created_at, undeliverable_at FROM identities ";

identity read_identity(const db::rows& row)
{
    return {
        .id = row.id<identity_id>(0),
        .customer = row.id<customer_id>(1),
        .kind = static_cast<identity_kind>(row.integer(2)),
        .account = row.id<channel_account_id>(3),
        .address = row.string(4),
        .display = row.string(5),
        .source = static_cast<source>(row.integer(6)),
        .verified = row.time(7),
        .created = row.time(8),
        .undeliverable = row.time(9)
    };
}

void log_about(transaction& tx, const context& by, happening what, const identity& about)
{
    log_entry line = logged(by, what);
    line.customer = about.customer;
    line.subject = raw(about.id);
    line.number = static_cast<std::int64_t>(about.kind);
    tx.append(std::move(line));
}

constexpr std::string_view set_owner =
    "UPDATE identities SET owner_hash = ?, verified_at = ? WHERE id = ?";
constexpr std::string_view customer_proven =
    "UPDATE customers SET verified = 1, anonymous = 0, updated_at = ?, revision = revision + 1"
    " WHERE id = ?";

/// A browser's own key proves nothing about who sits before it.
bool proves_a_person(identity_kind kind)
{
    return kind != identity_kind::visitor && kind != identity_kind::group;
}

void prove(transaction& tx, context& by, identity& which, const std::string& hash)
{
    which.verified = by.now;
    tx.exec(set_owner, {hash, by.now, which.id});
    if (proves_a_person(which.kind))
        tx.exec(customer_proven, {by.now, which.customer});
    log_about(tx, by, happening::identity_verified, which);
}

void check_owner(db::connection& on, const identity& wanted, const std::string& hash)
{
    static const std::string sql = std::string{select_identity} + "WHERE owner_hash = ?";
    db::rows row = on.query(sql, {hash});
    if (row.next() && row.id<customer_id>(1) != wanted.customer)
        throw problem{
            errc::conflict,
            "This address is proven to be another customer's (" +
                to_string(row.id<customer_id>(1)) + "): merge the two instead.",
            "address"
        };
}

constexpr std::string_view insert_identity =
    "INSERT INTO identities (id, customer_id, kind, channel_account_id, address, address_hash,"
    " owner_hash, display, source, verified_at, created_at, undeliverable_at, erased_at)"
    " VALUES (?, ?, ?, ?, ?, ?, NULL, ?, ?, 0, ?, 0, 0)";
constexpr std::string_view customer_exists = "SELECT id FROM customers WHERE id = ?";

} // namespace

std::string normalised(identity_kind kind, std::string_view address)
{
    switch (kind) {
    case identity_kind::email:
        return normalised_email(address);
    case identity_kind::phone:
        return normalised_phone(address);
    case identity_kind::account:
    case identity_kind::visitor:
    case identity_kind::platform:
    case identity_kind::group:
        break;
    }
    std::string plain{trim(address)};
    if (plain.empty() || plain.size() > 1'000 || !is_utf8(plain))
        throw problem{errc::invalid, "An address has 1 to 1,000 bytes of UTF-8.", "address"};
    return plain;
}

identity add(transaction& tx, context& by, identity wanted, bool verified)
{
    wanted.address = normalised(wanted.kind, wanted.address);
    wanted.display = clean_line(wanted.display.empty() ? wanted.address : wanted.display, 200);
    const std::string hash = hash_of(wanted.kind, wanted.account, wanted.address);
    if (verified)
        check_owner(tx.db(), wanted, hash);
    static const std::string same =
        std::string{select_identity} + "WHERE address_hash = ? AND customer_id = ?";
    std::optional<identity> present;
    {
        db::rows row = tx.query(same, {hash, wanted.customer});
        if (row.next())
            present = read_identity(row);
    }
    if (present) {
        if (verified && !present->verified.is_set())
            prove(tx, by, *present, hash);
        return *present;
    }
    {
        db::rows row = tx.query(customer_exists, {wanted.customer});
        if (!row.next())
            throw problem{errc::not_found, "There is no such customer.", "customer"};
    }
    wanted.id = by.ids.next<identity_id>();
    wanted.created = by.now;
    wanted.verified = {};
    tx.exec(
        insert_identity,
        {wanted.id,
         wanted.customer,
         wanted.kind,
         wanted.account,
         wanted.address,
         hash,
         wanted.display,
         wanted.source,
         by.now}
    );
    log_about(tx, by, happening::identity_added, wanted);
    if (verified)
        prove(tx, by, wanted, hash);
    return wanted;
}

identity verify(transaction& tx, context& by, identity_id which)
{
    auto found = find(tx.db(), which);
    if (!found)
        throw problem{errc::not_found, "There is no such identity."};
    if (found->verified.is_set())
        return *found;
    const std::string hash = hash_of(found->kind, found->account, found->address);
    check_owner(tx.db(), *found, hash);
    prove(tx, by, *found, hash);
    return *found;
}

std::optional<identity> find_proven(
    db::connection& on, identity_kind kind, channel_account_id account, std::string_view address
)
{
    static const std::string sql = std::string{select_identity} + "WHERE owner_hash = ?";
    db::rows row = on.query(sql, {hash_of(kind, account, normalised(kind, address))});
    if (!row.next())
        return std::nullopt;
    return read_identity(row);
}

std::optional<identity> find(db::connection& on, identity_id id)
{
    static const std::string sql = std::string{select_identity} + "WHERE id = ?";
    db::rows row = on.query(sql, {id});
    if (!row.next())
        return std::nullopt;
    return read_identity(row);
}

std::vector<identity> of(db::connection& on, customer_id customer)
{
    static const std::string sql =
        std::string{select_identity} + "WHERE customer_id = ? AND erased_at = 0 ORDER BY id";
    std::vector<identity> found;
    db::rows row = on.query(sql, {customer});
    while (row.next())
        found.push_back(read_identity(row));
    return found;
}

constexpr std::string_view select_sharing =
    "SELECT DISTINCT other.customer_id FROM identities one JOIN identities other"
    " ON other.address_hash = one.address_hash AND other.customer_id <> one.customer_id"
    " WHERE one.id = ? AND one.erased_at = 0 ORDER BY other.customer_id LIMIT "
    "?";

std::vector<customer_id> sharing(db::connection& on, identity_id with, int limit)
{
    std::vector<customer_id> found;
    db::rows row = on.query(select_sharing, {with, limit});
    while (row.next())
        found.push_back(row.id<customer_id>(0));
    return found;
}

constexpr std::string_view set_undeliverable =
    "UPDATE identities SET undeliverable_at = ? WHERE id = ? AND undeliverable_at = 0";

void mark_undeliverable(transaction& tx, context& by, identity_id which)
{
    if (tx.exec(set_undeliverable, {by.now, which}) == 0)
        return;
    if (const auto now = find(tx.db(), which)) {
        log_entry line = logged(by, happening::identity_undeliverable);
        line.customer = now->customer;
        line.subject = raw(which);
        tx.append(std::move(line));
    }
}

} // namespace crm::identities
