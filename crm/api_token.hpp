// Tokens for programs: scoped, revocable, shown once. Only hashes are stored. Verbs run inside a
// store job.
#pragma once

#include "crm/context.hpp"
#include "crm/store/transaction.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

/// The form in which a token is stored: hex SHA-256.
std::string token_hash(std::string_view token);

/// An API token. `hint` is its first characters, for recognising it in a list.
struct api_token
{
    token_id id{};
    std::string name{};
    std::string hint{};
    std::vector<std::string> scopes{};
    instant created{};
    instant expires{}; // not set: never
    instant last_used{};
    instant revoked{};
};

namespace api_tokens {

/// A new token: `parley_` and 43 characters. Scopes are words like "orders:write".
api_token create(
    transaction& tx,
    context& by,
    std::string_view token,
    std::string_view name,
    std::vector<std::string> scopes,
    instant expires
);
/// The token's rights, if it is neither revoked nor too old.
std::optional<api_token> find(db::connection& on, std::string_view hash, instant now);
/// Notes that it was used; at most once a minute reaches the database.
void touch(transaction& tx, const context& by, const api_token& which);
void revoke(transaction& tx, context& by, token_id which);
std::vector<api_token> all(db::connection& on);

} // namespace api_tokens
} // namespace crm
