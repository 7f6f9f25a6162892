#include "gateway/sign_in.hpp"

#include "crm/base/log.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/random.hpp"
#include "crm/base/spawn.hpp"
#include "crm/base/text.hpp"
#include "gateway/house.hpp"
#include "gateway/net/transport.hpp"
#include "gateway/passwords.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace gateway {

namespace {

constexpr std::int64_t session_kept_ms = 15'000;
constexpr std::int64_t token_kept_ms = 900; // a token revoked on another node ends within a second
constexpr std::size_t most_kept = 20'000;
constexpr std::chrono::microseconds touch_after{std::chrono::minutes{1}};
constexpr std::chrono::microseconds failures_counted{std::chrono::minutes{15}};
// Of one account, from anywhere. Beyond it every attempt is held up, the right one too, but none is
// refused for what strangers did: nobody can lock somebody else out.
constexpr std::int64_t failures_without_pause = 20;
constexpr std::chrono::milliseconds first_pause{250};
constexpr std::chrono::milliseconds longest_pause{4'000};

crm::session_limits read_limits(const settings& how)
{
    return {
        .idle = std::chrono::hours{how.sessions.idle_hours},
        .absolute = std::chrono::hours{how.sessions.absolute_hours},
        .invite = std::chrono::hours{how.sessions.invite_hours},
        .reset = std::chrono::minutes{how.sessions.reset_minutes},
    };
}

/// Twice as long after each further failure.
std::chrono::milliseconds pause_after(std::int64_t failures)
{
    const auto beyond = failures - failures_without_pause;
    if (beyond <= 0)
        return {};
    return std::min(longest_pause, first_pause * (1 << std::min<std::int64_t>(beyond - 1, 4)));
}

} // namespace

std::string session_cookie(std::string_view secret, std::chrono::seconds lives)
{
    return std::string{session_cookie_name} + "=" + std::string{secret} +
           "; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=" +
           std::to_string(secret.empty() ? 0 : lives.count());
}

sign_in::sign_in(const settings& how)
    : limits_{read_limits(how)},
      by_account_{rate{static_cast<double>(how.rates.logins_per_account), std::chrono::minutes{15}}
      },
      by_address_{rate{static_cast<double>(how.rates.logins_per_address), std::chrono::hours{1}}}
{
}

net::task<known_viewer> sign_in::find(house& in, const net::request& asked)
{
    const auto authorization = asked.header("authorization");
    if (authorization.starts_with("Bearer ")) {
        auto token = std::string{authorization.substr(7)};
        co_return co_await find_token(in, std::move(token));
    }
    const auto secret = asked.cookie(session_cookie_name);
    if (secret.empty() || secret.size() > 128)
        co_return nullptr;
    auto hash = crm::token_hash(secret);
    co_return co_await find_session(in, std::move(hash));
}

net::task<known_viewer> sign_in::find_session(house& in, std::string hash)
{
    const auto found = known_.find(hash);
    if (found != known_.end() && net::steady_ms() - found->second.read_ms < session_kept_ms &&
        found->second.who->session.expires > in.time.now())
        co_return found->second.who;
    co_return co_await read_session(in, std::move(hash));
}

net::task<known_viewer> sign_in::read_session(house& in, std::string hash)
{
    const auto job = [hash, now = in.time.now(), limits = limits_](crm::db::connection& on) {
        std::optional<signed_in> made;
        const auto session = crm::sessions::find(on, hash, now, limits);
        if (!session)
            return made;
        const auto agent = crm::staff::find_agent(on, session->agent);
        if (agent && agent->active)
            made = signed_in{viewer_of(*agent, session->id), *agent, *session};
        return made;
    };
    auto read = co_await in.store.read(job);
    if (!read) {
        known_.erase(hash);
        co_return nullptr;
    }
    auto who = std::make_shared<const signed_in>(std::move(*read));
    keep(hash, who);
    if (in.time.now() - who->session.last_seen > touch_after) {
        auto note = [](house& at, crm::context by, crm::session which) -> net::task<void> {
            const auto touched = [by, which](crm::transaction& tx) {
                crm::sessions::touch(tx, by, which);
            };
            co_await at.store.write_background(touched);
        };
        crm::spawn(
            in.io.get_executor(),
            "session.touch",
            note(in, in.acting(who->who.as_actor({}), 1), who->session)
        );
    }
    co_return who;
}

net::task<known_viewer> sign_in::find_token(house& in, std::string token)
{
    const auto wrong = crm::problem{
        crm::errc::unauthenticated,
        "This API token is not valid: it was revoked, is too old, or is mistyped."
    };
    if (!token.starts_with("parley_") || token.size() > 128)
        throw wrong;
    const auto hash = crm::token_hash(token);
    const auto found = known_.find(hash);
    if (found != known_.end() && net::steady_ms() - found->second.read_ms < token_kept_ms)
        co_return found->second.who;
    const auto job = [hash, now = in.time.now()](crm::db::connection& on) {
        return crm::api_tokens::find(on, hash, now);
    };
    const auto read = co_await in.store.read(job);
    if (!read) {
        known_.erase(hash);
        throw wrong;
    }
    auto who = std::make_shared<const signed_in>(signed_in{viewer_of(*read), {}, {}});
    keep(hash, who);
    if (in.time.now() - read->last_used > touch_after) {
        auto note = [](house& at, crm::context by, crm::api_token which) -> net::task<void> {
            const auto touched = [by, which](crm::transaction& tx) {
                crm::api_tokens::touch(tx, by, which);
            };
            co_await at.store.write_background(touched);
        };
        crm::spawn(
            in.io.get_executor(),
            "token.touch",
            note(in, in.acting(who->who.as_actor({}), 1), *read)
        );
    }
    co_return who;
}

void sign_in::keep(const std::string& hash, const known_viewer& who)
{
    if (known_.size() >= most_kept)
        known_.clear();
    known_[hash] = {who, net::steady_ms()};
}

net::task<crm::agent>
sign_in::check_password(house& in, std::string email, std::string password, std::string address)
{
    const auto account = crm::ascii_lower(crm::trim(email));
    const auto from = net::rate_key(address);
    // Of one account from one place: whoever guesses waits, the owner elsewhere does not.
    const auto guesser = account + "\n" + from;
    const auto now = net::steady_ms();
    const auto wait = std::max(by_account_.wait(guesser, now), by_address_.wait(from, now));
    if (wait.count() > 0)
        throw crm::problem{
            crm::errc::rate_limited,
            "Too many failed log-ins. Wait " + std::to_string((wait.count() + 999) / 1000) +
                " s and try again."
        }
            .retry_after(wait);
    // Charged before the slow part, so that parallel guesses cannot slip through; given back on
    // success.
    by_account_.charge(guesser, now);
    by_address_.charge(from, now);
    const auto job = [account, since = in.time.now() - failures_counted](crm::db::connection& on) {
        candidate made;
        made.who = crm::staff::find_agent(on, account);
        if (made.who && made.who->active)
            made.hash = crm::staff::password_hash(on, made.who->id).value_or("");
        made.failures = crm::sessions::failed_logins(on, account, since);
        return made;
    };
    auto found = co_await in.store.read(job);
    if (const auto pause = pause_after(found.failures); pause.count() > 0) {
        boost::asio::steady_timer timer{in.io, pause};
        co_await timer.async_wait(boost::asio::as_tuple(boost::asio::use_awaitable));
    }
    const bool right = co_await in.passwords.verify(found.hash, std::move(password));
    co_await note_attempt(in, account, found, right, std::move(address));
    if (!right)
        throw crm::problem{crm::errc::unauthenticated, "E-mail address or password is wrong."};
    by_account_.forget(guesser);
    by_address_.give_back(from, net::steady_ms());
    co_return std::move(*found.who);
}

/// Counts a failure; a success ends the series.
net::task<void> sign_in::note_attempt(
    house& in, std::string account, const candidate& tried, bool right, std::string address
)
{
    if (right && tried.failures == 0)
        co_return;
    const auto known = tried.who ? tried.who->id : crm::agent_id{};
    const auto by = in.acting(
        {.kind = crm::actor_kind::system, .by = crm::via::console, .address = std::move(address)}
    );
    const auto job = [by, account = std::move(account), known, right](crm::transaction& tx) {
        auto acting = by;
        if (right)
            crm::sessions::login_succeeded(tx, account);
        else
            crm::sessions::login_failed(tx, acting, account, known, by.now - failures_counted);
    };
    co_await in.store.write(job);
}

net::task<opened_session> sign_in::open(house& in, crm::agent_id who, const net::request& asked)
{
    const auto secret = crm::random_token(256);
    const auto csrf = crm::random_token(128);
    const auto by = in.acting(
        {.kind = crm::actor_kind::agent,
         .id = crm::raw(who),
         .by = crm::via::console,
         .address = asked.peer}
    );
    const auto hash = crm::token_hash(secret);
    const auto software = crm::clean_line(asked.header("user-agent"), 200);
    const auto job = [by, who, hash, csrf, software, limits = limits_](crm::transaction& tx) {
        auto acting = by;
        return crm::sessions::open(tx, acting, who, hash, csrf, software, limits);
    };
    co_await in.store.write(job);
    auto known = co_await read_session(in, hash);
    if (!known)
        throw crm::problem{crm::errc::unauthenticated, "This account was just deactivated."};
    co_return opened_session{secret, std::move(known)};
}

bool sign_in::hear(const crm::log_entry& what)
{
    using enum crm::happening;
    switch (what.what) {
    case logged_out:
    case agent_changed:
    case preferences_changed:
    case agent_deactivated:
    case rights_changed:
    case password_changed:
    case team_created:
    case token_revoked:
        // Rare enough that forgetting everybody is simpler than knowing who is meant.
        known_.clear();
        return true;
    default:
        return false;
    }
}

} // namespace gateway
