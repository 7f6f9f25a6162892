// Identities: by what a customer is known on a channel. A proven address belongs to one customer; a
// claimed one to nobody, so two visitors who claim the same address never see each other's history.
// Visitor tokens: what a browser holds; only the hash is stored. Verbs run inside a store job.
#pragma once

#include "crm/context.hpp"
#include "crm/store/transaction.hpp"
#include "crm/words.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

/// Kinds of identities. Stored: never renumber.
enum class identity_kind : std::int8_t
{
    email = 1,
    phone = 2,
    account = 3,  // the host's own user id, signed by the host or sent by a trusted app
    visitor = 4,  // a browser that wrote without a name
    platform = 5, // the id a platform gave, valid for one channel account
    group = 6     // a group chat of a platform
};
template <>
struct vocabulary<identity_kind>
{
    static constexpr std::string_view what = "identity kind";
    static constexpr auto all = words_of<identity_kind>(
        {{identity_kind::email, "email"},
         {identity_kind::phone, "phone"},
         {identity_kind::account, "account"},
         {identity_kind::visitor, "visitor"},
         {identity_kind::platform, "platform"},
         {identity_kind::group, "group"}}
    );
};

/// How we came to know something. Stored: never renumber.
enum class source : std::int8_t
{
    claimed = 1,  // the customer says so
    observed = 2, // the channel brought it
    agent = 3,
    api = 4,
    signed_by_host = 5,
    import = 6,
    inferred = 7
};
template <>
struct vocabulary<source>
{
    static constexpr std::string_view what = "source";
    static constexpr auto all = words_of<source>(
        {{source::claimed, "claimed"},
         {source::observed, "observed"},
         {source::agent, "agent"},
         {source::api, "api"},
         {source::signed_by_host, "signed_by_host"},
         {source::import, "import"},
         {source::inferred, "inferred"}}
    );
};

/// One address of one customer.
struct identity
{
    identity_id id{};
    customer_id customer{};
    identity_kind kind = identity_kind::visitor;
    channel_account_id account{}; // set where the address means something only there
    std::string address{};        // normalised: lower-case mail, +digits phone
    std::string display{};        // as it came
    crm::source source = crm::source::claimed;
    instant verified{};
    instant created{};
    instant undeliverable{};
};

/// What a visitor's token leads to.
struct visitor
{
    token_id id{};
    customer_id customer{}; // the visitor's own; its root may differ after a merge
    identity_id identity{};
    inbox_id inbox{};
    instant expires{};
};

namespace identities {

/// The form in which addresses are compared: mail lower-cased and checked, phone as + and digits.
/// Throws problem{invalid} when the text is not an address of the kind.
std::string normalised(identity_kind kind, std::string_view address);

/// Adds an address to a customer. Unverified addresses are claims. Adding the same address to the
/// same customer again returns it (and verifies it, where it now is). Throws problem{conflict} when
/// a verified address belongs to another customer: merge the two instead.
identity add(transaction& tx, context& by, identity wanted, bool verified);

/// Proves a claimed address. Throws problem{conflict} as above, problem{not_found}.
identity verify(transaction& tx, context& by, identity_id which);

/// The customer's identity with a proven address; nullopt when nobody proved it.
std::optional<identity> find_proven(
    db::connection& on, identity_kind kind, channel_account_id account, std::string_view address
);
std::optional<identity> find(db::connection& on, identity_id id);

/// The identities of one customer (not of its merged members), oldest first.
std::vector<identity> of(db::connection& on, customer_id customer);

/// Other customers who have the same address, proven or claimed: candidates for a merge.
std::vector<customer_id> sharing(db::connection& on, identity_id with, int limit);

/// Marks an address that mail came back from.
void mark_undeliverable(transaction& tx, context& by, identity_id which);

} // namespace identities

namespace visitors {

/// Stores a new token's hash. `token_hash` is 32 bytes (SHA-256 of the 128-bit token, in hex).
visitor open(
    transaction& tx,
    context& by,
    std::string_view token_hash,
    customer_id customer,
    identity_id identity,
    inbox_id inbox,
    instant expires
);

/// Whom a token belongs to; nullopt when it is unknown, closed or expired.
std::optional<visitor> find(db::connection& on, std::string_view token_hash, instant now);

/// True for a token that was stored once and leads nowhere any more: closed or expired.
bool is_spent(db::connection& on, std::string_view token_hash, instant now);

/// Notes that the token was used; at most once an hour reaches the database.
void touch(transaction& tx, const context& by, token_id which);

/// Ends one token.
void close(transaction& tx, context& by, token_id which);

} // namespace visitors
} // namespace crm
