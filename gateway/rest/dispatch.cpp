#include "gateway/rest/dispatch.hpp"

#include "crm/base/hash.hpp"
#include "crm/base/json.hpp"
#include "gateway/api/shape.hpp"
#include "gateway/limits.hpp"
#include "gateway/net/transport.hpp"
#include "gateway/rest/call.hpp"

#include <boost/json.hpp>
#include <charconv>

namespace gateway::rest {

namespace {

std::string_view method_word(verb which)
{
    switch (which) {
    case verb::get:
        return "GET";
    case verb::post:
        return "POST";
    case verb::put:
        return "PUT";
    case verb::patch:
        return "PATCH";
    case verb::remove:
        return "DELETE";
    }
    return {};
}

/// Segment by segment; a segment in braces takes anything but nothing.
bool fits(std::string_view pattern, std::string_view path, route_match& into)
{
    into.path.clear();
    while (!pattern.empty() && !path.empty()) {
        const auto pattern_end = std::min(pattern.find('/', 1), pattern.size());
        const auto path_end = std::min(path.find('/', 1), path.size());
        const auto wanted = pattern.substr(1, pattern_end - 1);
        const auto given = path.substr(1, path_end - 1);
        if (wanted.starts_with('{')) {
            if (given.empty())
                return false;
            into.path.emplace_back(wanted.substr(1, wanted.size() - 2), std::string{given});
        } else if (wanted != given) {
            return false;
        }
        pattern.remove_prefix(pattern_end);
        path.remove_prefix(path_end);
    }
    return pattern.empty() && path.empty();
}

boost::json::value query_member(const api::member& each, const std::string& text)
{
    using kind = api::type::kind;
    if (each.type.is == kind::integer) {
        std::int64_t number = 0;
        const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (failed == std::errc{} && end == text.data() + text.size())
            return number;
    }
    if (each.type.is == kind::boolean && (text == "true" || text == "false"))
        return text == "true";
    return boost::json::string{text};
}

/// The query string in the types of the table; parameters that it does not name are let pass.
boost::json::object read_query(const operation& what, const net::request& asked)
{
    boost::json::object made;
    if (what.query.empty())
        return made;
    const api::catalogue one{{{"query", what.query}}};
    for (const auto& each : one.at("query").members)
        if (const auto text = net::query_value(asked.query, each.name); text && !text->empty())
            made[each.name] = query_member(each, *text);
    one.check("query", made);
    return made;
}

boost::json::object read_body(const operation& what, const net::request& asked)
{
    if (what.body.empty() || what.body == "bytes")
        return {};
    const auto type = asked.header("content-type");
    if (type.substr(0, type.find(';')) != "application/json")
        throw crm::problem{crm::errc::unsupported, "Send the body as application/json."};
    auto read = crm::json::parse(asked.body);
    api::catalogue::all().check(what.body, read);
    return std::move(read.get_object());
}

/// Requests that change something and come with a cookie must prove that our own page sent them
/// (S3).
void refuse_cross_site(const operation& what, const net::request& asked, const known_viewer& known)
{
    if (what.method == verb::get)
        return;
    const auto site = asked.header("sec-fetch-site");
    const bool own_site = site.empty() || site == "same-origin" || site == "none";
    if (!own_site)
        throw crm::problem{crm::errc::forbidden, "Requests from other sites are refused."};
    // Logging in and using a link carry their own proof, and may well happen over an old session.
    const bool by_cookie =
        what.permission != "anyone" && known && known->who.kind == crm::actor_kind::agent;
    if (by_cookie && !crm::same_secret(asked.header("x-parley-csrf"), known->session.csrf))
        throw crm::problem{
            crm::errc::forbidden, "The header X-Parley-CSRF is missing or old; load the page again."
        };
}

void permit(const operation& what, const known_viewer& known)
{
    if (what.permission == "anyone")
        return;
    if (!known)
        throw crm::problem{crm::errc::unauthenticated, "Log in, or send an API token as a bearer."};
    if (what.permission == "session") {
        if (known->who.kind != crm::actor_kind::agent)
            throw crm::problem{
                crm::errc::forbidden, "This is for people who are logged in, not for API tokens."
            };
        return;
    }
    const auto one = permission_from(what.permission);
    if (!one)
        throw std::logic_error{"the table names an unknown permission"};
    known->who.need(*one);
}

/// Whoever asks, if they may ask this.
net::task<known_viewer> let_in(house& in, const net::request& asked, const operation& what)
{
    auto known = co_await in.doors.find(in, asked);
    permit(what, known);
    refuse_cross_site(what, asked, known);
    co_return known;
}

/// Under whom requests are counted.
std::string asker_key(const signed_in& who)
{
    const auto actor = who.who.as_actor({});
    return std::to_string(static_cast<int>(actor.kind)) + ":" + std::to_string(actor.id);
}

/// The first answer under the call's Idempotency-Key, or what the handler says now; it keeps its
/// answer in the very job that has the effect (write_once).
answer run_once(const operation& what, call& at)
{
    if (!takes_key(what))
        throw crm::problem{
            crm::errc::invalid, "This endpoint takes no Idempotency-Key.", "Idempotency-Key"
        };
    const auto look = [key = idempotency_of(at)](crm::db::connection& on) {
        return first_answer(on, key);
    };
    auto first = co_await at.in.store.read(look);
    if (first)
        co_return kept_response(std::move(*first));
    co_return co_await what.run(at);
}

constexpr std::string_view root = "/api/v1";

} // namespace

route_match match(std::string_view method, std::string_view path)
{
    route_match found;
    const auto wanted = method == "HEAD" ? std::string_view{"GET"} : method;
    for (const auto& each : operations()) {
        route_match candidate;
        if (!fits(each.path, path, candidate))
            continue;
        if (method_word(each.method) != wanted) {
            found.other_method = true;
            continue;
        }
        // A literal path stands before one with a member: /conversations/counts.
        if (found.what && candidate.path.size() >= found.path.size())
            continue;
        candidate.what = &each;
        found = std::move(candidate);
    }
    return found;
}

net::task<void> admit(house& in, const net::request& head)
{
    const auto found = match(head.method, std::string_view{head.path}.substr(root.size()));
    if (!found.what)
        throw crm::problem{
            crm::errc::not_found, "There is no such endpoint; see /api/v1/openapi.json."
        };
    const auto known = co_await let_in(in, head, *found.what);
    if (known)
        in.rates.api_requests.check(asker_key(*known), net::steady_ms(), "request");
}

net::task<net::response> dispatch(house& in, const net::request& asked, std::string& name)
{
    auto found = match(asked.method, std::string_view{asked.path}.substr(root.size()));
    if (!found.what) {
        if (found.other_method) {
            auto refused = problem_answer(
                {crm::errc::invalid, "This path does not know the method."}, asked.id
            );
            refused.status = 405;
            co_return refused;
        }
        throw crm::problem{
            crm::errc::not_found, "There is no such endpoint; see /api/v1/openapi.json."
        };
    }
    const auto& what = *found.what;
    name = std::string{method_word(what.method)} + " " + std::string{what.path};
    auto known = co_await let_in(in, asked, what);
    if (known)
        in.rates.api_requests.take(asker_key(*known), net::steady_ms(), "request");
    call at{in, asked, std::move(known), std::move(found.path), {}, {}};
    at.query = read_query(what, asked);
    at.body = read_body(what, asked);
    if (asked.header("idempotency-key").empty())
        co_return co_await what.run(at);
    co_return co_await run_once(what, at);
}

} // namespace gateway::rest
