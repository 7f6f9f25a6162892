// What a browser holds to be known again: 128 random bits and the house's mark on them, so that a
// token is seen to be ours before anything is stored under it. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace gateway::live {

/// A new token, 44 characters; `key` is the installation's.
std::string make_visitor_token(std::string_view key);

/// True when this house made the token. Nobody can choose one.
bool is_our_visitor_token(std::string_view key, std::string_view token);

/// True for what may be a token at all, also one stored before tokens were marked (22 characters).
bool looks_like_visitor_token(std::string_view token);

} // namespace gateway::live
