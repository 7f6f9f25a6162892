#include "gateway/rest/call.hpp"

#include <charconv>

namespace gateway::rest {

const std::string& call::text(std::string_view name) const
{
    for (const auto& [known_name, value] : path)
        if (known_name == name)
            return value;
    throw std::logic_error{"no such path member: " + std::string{name}};
}

std::int64_t call::raw_id(std::string_view name) const
{
    try {
        return crm::parse_id(text(name));
    } catch (const crm::problem&) {
        throw crm::problem{crm::errc::not_found, "There is nothing of this id."};
    }
}

int call::limit(int otherwise) const
{
    return static_cast<int>(integer_of(query, "limit", otherwise));
}

unsigned status_of(crm::errc code)
{
    switch (code) {
    case crm::errc::invalid:
        return 422;
    case crm::errc::malformed:
        return 400;
    case crm::errc::unauthenticated:
        return 401;
    case crm::errc::forbidden:
        return 403;
    case crm::errc::not_found:
        return 404;
    case crm::errc::conflict:
    case crm::errc::stale_reply:
        return 409;
    case crm::errc::gone:
        return 410;
    case crm::errc::precondition:
        return 412;
    case crm::errc::too_large:
        return 413;
    case crm::errc::unsupported:
        return 415;
    case crm::errc::rate_limited:
        return 429;
    case crm::errc::busy:
    case crm::errc::unavailable:
        return 503;
    case crm::errc::internal:
        break;
    }
    return 500;
}

net::response json_answer(std::string text, unsigned status)
{
    net::response made;
    made.status = status;
    made.bytes = std::move(text);
    made.set("content-type", "application/json");
    made.set("cache-control", "no-store");
    return made;
}

net::response nothing()
{
    net::response made;
    made.status = 204;
    return made;
}

std::string page_text(std::string_view items, std::string_view next, std::int64_t as_of)
{
    wire::json_text text;
    text.open_object().key("items").raw(items).key("next");
    if (next.empty())
        text.null();
    else
        text.value(next);
    text.key("as_of").digits(as_of);
    text.close_object();
    return text.take();
}

net::response problem_answer(const crm::problem& why, const std::string& request_id)
{
    const auto status = status_of(why.code());
    wire::json_text text;
    text.open_object()
        .member("type", "about:blank")
        .member("title", net::reason_phrase(status))
        .member("status", static_cast<std::int64_t>(status))
        .member("code", crm::code_name(why.code()))
        .member("detail", why.what());
    if (!why.field().empty())
        text.member("field", why.field());
    text.member("request_id", request_id);
    if (why.retry_after().count() > 0)
        text.member("retry_after_ms", static_cast<std::int64_t>(why.retry_after().count()));
    text.close_object();
    net::response made;
    made.status = status;
    made.bytes = text.take();
    made.set("content-type", "application/problem+json");
    made.set("cache-control", "no-store");
    const auto seconds = (why.retry_after().count() + 999) / 1000;
    if (seconds > 0 || status == 429 || status == 503)
        made.set("retry-after", std::to_string(std::max<std::int64_t>(1, seconds)));
    if (status == 401)
        made.set("www-authenticate", "Bearer");
    return made;
}

net::response with_revision(net::response answer, std::int64_t revision)
{
    answer.set("etag", "\"" + std::to_string(revision) + "\"");
    return answer;
}

std::optional<std::int64_t> wanted_revision(const net::request& asked)
{
    auto text = asked.header("if-match");
    if (text.empty())
        return std::nullopt;
    std::int64_t revision = 0;
    if (text.size() >= 3 && text.front() == '"' && text.back() == '"') {
        text = text.substr(1, text.size() - 2);
        const auto [end, failed] =
            std::from_chars(text.data(), text.data() + text.size(), revision);
        if (failed == std::errc{} && end == text.data() + text.size())
            return revision;
    }
    throw crm::problem{crm::errc::precondition, "If-Match must be the ETag of what you last read."};
}

crm::idempotent_request idempotency_of(const call& at)
{
    crm::idempotent_request made;
    made.key = at.asked.header("idempotency-key");
    if (made.key.empty())
        return made;
    if (made.key.size() > 64)
        throw crm::problem{crm::errc::invalid, "An Idempotency-Key has 1 to 64 characters."};
    const auto who = at.who().as_actor({});
    made.principal =
        (who.kind == crm::actor_kind::agent ? "agent:" : "token:") + std::to_string(who.id);
    made.request = at.asked.method + " " + at.asked.path + "\n" + at.asked.body;
    return made;
}

std::optional<crm::kept_answer>
first_answer(crm::db::connection& on, const crm::idempotent_request& key)
{
    if (key.key.empty())
        return std::nullopt;
    auto found = crm::find_answer(on, key);
    if (found && found->status == not_kept)
        throw crm::problem{
            crm::errc::conflict,
            "This was done under the same Idempotency-Key already. Its answer shows a secret and "
            "is not kept: if it never reached you, take that one back and make another.",
            "Idempotency-Key"
        };
    return found;
}

net::response kept_response(crm::kept_answer what)
{
    if (what.status == 204)
        return nothing();
    return json_answer(std::move(what.body), static_cast<unsigned>(what.status));
}

std::string public_origin(const house& in, const net::request& asked)
{
    return in.config.http.public_url.empty() ? asked.origin : in.config.http.public_url;
}

} // namespace gateway::rest
