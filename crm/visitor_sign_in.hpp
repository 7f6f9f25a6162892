// A browser's visitor is said to be a person with an account: by the site, in a signature that was
// checked before. The one place that decides whether what the browser wrote so far is that
// person's. Runs inside a store job.
#pragma once

#include "crm/context.hpp"
#include "crm/store/transaction.hpp"

#include <string>
#include <string_view>

namespace crm::visitors {

/// What the site vouches for; members it does not know are empty.
struct vouched_person
{
    std::string account; // the site's own user id
    std::string email{};
    std::string phone{};
};

/// Whose the browser's token is from now on.
struct sign_in_outcome
{
    enum class kind
    {
        nobody_wrote, // the token leads nowhere: there is nothing to join
        same_person,  // the account and what the browser wrote are one
        somebody_else // the token was another person's and is closed
    };
    kind what = kind::nobody_wrote;
    customer_id before{}; // the customer that the token led to
};

/// Joins what an unnamed visitor wrote to the account's customer, or gives the visitor the account
/// where it has no customer yet. A token whose customer is proven to be anybody else, by an
/// account, address or number that the site did not name, is closed and nothing is joined: on a
/// shared computer the next person must not read what the one before wrote.
sign_in_outcome
sign_in(transaction& tx, context& by, std::string_view token_hash, const vouched_person& who);

} // namespace crm::visitors
