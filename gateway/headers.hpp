// The headers that every answer carries, and the content policies of the different pages (S14). Any
// thread.
#pragma once

#include "gateway/net/http.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// The console's policy: nothing but our own files.
std::string_view console_policy();
/// The widget panel's: our own files, framed only by these origins.
std::string panel_policy(const std::vector<std::string>& framed_by);
/// The demo shop's: its own files and the widget's loader and panel from `console`.
std::string shop_policy(std::string_view console);
/// For bytes that came from outside: they may do nothing at all.
std::string_view sandbox_policy();

/// Adds what is missing: nosniff, referrer and permissions policies, a policy that allows nothing,
/// HSTS over TLS, the request id.
void complete_headers(net::response& answer, const net::request& asked);

} // namespace gateway
