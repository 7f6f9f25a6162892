#include "gateway/live/visitor_token.hpp"

#include "crm/base/hash.hpp"
#include "crm/base/random.hpp"

namespace gateway::live {

namespace {

constexpr std::size_t word = 22; // characters of 128 bits in base64url

std::string mark_of(std::string_view key, std::string_view random)
{
    return crm::to_base64url(crm::hmac_sha256(key, random).substr(0, 16));
}

} // namespace

std::string make_visitor_token(std::string_view key)
{
    auto made = crm::random_token();
    return made += mark_of(key, made);
}

bool is_our_visitor_token(std::string_view key, std::string_view token)
{
    return token.size() == 2 * word && looks_like_visitor_token(token) &&
           crm::same_secret(mark_of(key, token.substr(0, word)), token.substr(word));
}

bool looks_like_visitor_token(std::string_view token)
{
    constexpr std::string_view letters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    return (token.size() == word || token.size() == 2 * word) &&
           token.find_first_not_of(letters) == std::string_view::npos;
}

} // namespace gateway::live
