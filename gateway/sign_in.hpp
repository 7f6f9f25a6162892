// Who is asking: sessions by cookie, API tokens by header, checked against the database and kept
// for a moment. Everything that takes rights away is heard from the log and forgotten here at once.
// Io thread.
#pragma once

#include "crm/session.hpp"
#include "crm/store/store.hpp"
#include "gateway/net/http.hpp"
#include "gateway/rights.hpp"
#include "gateway/settings.hpp"
#include "gateway/throttle.hpp"

#include <memory>
#include <string>
#include <unordered_map>

namespace gateway {

struct house;

/// Somebody known, with the rights of now.
struct signed_in
{
    viewer who;
    crm::agent agent;     // kind agent
    crm::session session; // kind agent
};
using known_viewer = std::shared_ptr<const signed_in>;

/// A session just opened: the secret goes into the cookie and nowhere else.
struct opened_session
{
    std::string secret;
    known_viewer who;
};

class sign_in
{
public:
    explicit sign_in(const settings& how);

    /// Whoever the request's cookie or bearer token belongs to; null when it has neither or they
    /// are not valid any more. Throws problem{unauthenticated} for a token that is wrong.
    net::task<known_viewer> find(house& in, const net::request& asked);
    /// A session by the hash of its secret.
    net::task<known_viewer> find_session(house& in, std::string hash);

    /// Checks a password under the limits of S9: so many failures of one account from one address,
    /// and so many of one address, are refused for a while; after many of one account from anywhere
    /// every further attempt takes seconds. Throws problem{unauthenticated} in the same words for
    /// an unknown account and a wrong password, problem{rate_limited}.
    net::task<crm::agent>
    check_password(house& in, std::string email, std::string password, std::string address);
    net::task<opened_session> open(house& in, crm::agent_id who, const net::request& asked);

    /// Hears what was committed; true when an agent's sockets must be checked again.
    bool hear(const crm::log_entry& what);
    [[nodiscard]] const crm::session_limits& limits() const { return limits_; }

private:
    struct kept
    {
        known_viewer who;
        std::int64_t read_ms = 0;
    };
    /// Whom a password is tried for.
    struct candidate
    {
        std::optional<crm::agent> who;
        std::string hash; // empty: nobody can log in so
        std::int64_t failures = 0;
    };
    net::task<void> note_attempt(
        house& in, std::string account, const candidate& tried, bool right, std::string address
    );
    net::task<known_viewer> read_session(house& in, std::string hash);
    net::task<known_viewer> find_token(house& in, std::string token);
    void keep(const std::string& hash, const known_viewer& who);

    crm::session_limits limits_;
    throttle by_account_; // key: account and address
    throttle by_address_;
    std::unordered_map<std::string, kept> known_;
};

/// The value for Set-Cookie that carries a session's secret; an empty secret ends it.
std::string session_cookie(std::string_view secret, std::chrono::seconds lives);
inline constexpr std::string_view session_cookie_name = "__Host-parley";

} // namespace gateway
