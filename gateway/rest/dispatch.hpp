// From a request to the line of the table that serves it: match, know the asker, permit, check
// against cross-site requests, read and hold to the shapes, call. Io thread.
#pragma once

#include "gateway/house.hpp"
#include "gateway/net/http.hpp"
#include "gateway/routes.hpp"

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace gateway::rest {

struct route_match
{
    const operation* what = nullptr;
    std::vector<std::pair<std::string_view, std::string>> path;
    bool other_method = false; // the path exists, the method does not
};

/// Finds the line for a method and a path below /api/v1.
route_match match(std::string_view method, std::string_view path);

/// Whether a request would be let in, by its head alone: credentials, permission, cross-site rules
/// and the rate. Throws problem when not.
net::task<void> admit(house& in, const net::request& head);

/// Serves a request to /api/v1. Throws problem. `name` becomes the route's name for metrics.
net::task<net::response> dispatch(house& in, const net::request& asked, std::string& name);

} // namespace gateway::rest
