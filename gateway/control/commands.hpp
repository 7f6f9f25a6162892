// What the command line asks of an installation: users, links, tokens, backups. The same functions
// serve a running server (over its control socket) and a stopped one (on its store). Io thread.
#pragma once

#include "crm/base/ids.hpp"
#include "crm/session.hpp"
#include "crm/store/store.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/json/object.hpp>
#include <string>

namespace gateway::control {

/// What commands work on.
struct workplace
{
    crm::store& store;
    const crm::clock& time;
    crm::id_source& ids;
    crm::session_limits limits;
    std::string origin; // for links
    std::string store_url;
    std::string data; // directory
};

/// Runs {"do": "user.add", ...}; answers the JSON text of its outcome. Throws problem that says
/// what to do.
boost::asio::awaitable<std::string> run(workplace at, boost::json::object asked);

} // namespace gateway::control
