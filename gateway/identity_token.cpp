#include "gateway/identity_token.hpp"

#include "crm/base/hash.hpp"
#include "crm/base/json.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/random.hpp"
#include "gateway/members.hpp"
#include "gateway/wire/json_text.hpp"

#include <boost/json.hpp>

namespace gateway {

namespace {

constexpr std::size_t longest = 8 * 1024;
constexpr std::int64_t longest_life_s = 3600;
constexpr std::int64_t grace_s = 60;
constexpr std::string_view audience = "parley-widget";

[[noreturn]] void refuse(const std::string& why)
{
    throw crm::problem{
        crm::errc::unauthenticated, "The signed identity is not valid: " + why + ".", "identity"
    };
}

boost::json::object read_part(std::string_view part)
{
    try {
        auto read = crm::json::parse(crm::from_base64url(part));
        if (read.is_object())
            return std::move(read.get_object());
    } catch (const crm::problem& why) {
        if (why.code() == crm::errc::unauthenticated)
            throw;
    }
    refuse("it is malformed");
}

const crm::identity_secret&
secret_for(const boost::json::object& head, const std::vector<crm::identity_secret>& secrets)
{
    if (text_of(head, "alg") != "HS256")
        refuse("sign it with HS256");
    if (has_member(head, "crit"))
        refuse("it has critical extensions");
    const auto kid = maybe_text(head, "kid");
    if (!kid && secrets.size() == 1)
        return secrets.front();
    for (const auto& each : secrets)
        if (kid && each.kid == *kid)
            return each;
    refuse("its kid names no active secret of this inbox");
}

void check_times(const boost::json::object& claims, std::int64_t now_s)
{
    const auto issued = maybe_integer(claims, "iat");
    const auto ends = maybe_integer(claims, "exp");
    if (!issued || !ends)
        refuse("iat and exp are required, in seconds");
    if (*issued > now_s + grace_s || integer_of(claims, "nbf", 0) > now_s + grace_s)
        refuse("it is from the future; check the clock of the signing server");
    if (*ends <= now_s)
        refuse("it has expired");
    if (*ends - *issued > longest_life_s)
        refuse("it may live for an hour at most");
}

std::string signature_of(std::string_view signed_part, const crm::identity_secret& with)
{
    return crm::hmac_sha256(with.secret, signed_part);
}

} // namespace

identity_claims check_identity(
    std::string_view token,
    std::string_view inbox_slug,
    const std::vector<crm::identity_secret>& secrets,
    crm::instant now
)
{
    const auto first = token.find('.');
    const auto second = first == std::string_view::npos ? first : token.find('.', first + 1);
    const bool three_parts =
        second != std::string_view::npos && token.find('.', second + 1) == std::string_view::npos;
    if (token.size() > longest || !three_parts)
        refuse("it is malformed");
    const auto head = read_part(token.substr(0, first));
    const auto& secret = secret_for(head, secrets);
    std::string given;
    if (token.find('=') != std::string_view::npos)
        refuse("it is malformed"); // a JWT is not padded, and one text stands for one token
    try {
        given = crm::from_base64url(token.substr(second + 1));
    } catch (const crm::problem&) {
        refuse("it is malformed");
    }
    if (!crm::same_secret(given, signature_of(token.substr(0, second), secret)))
        refuse("the signature does not fit");
    // Nothing of the claims is looked at before the signature was.
    const auto claims = read_part(token.substr(first + 1, second - first - 1));
    if (text_of(claims, "aud") != audience)
        refuse("aud must be \"parley-widget\"");
    if (text_of(claims, "iss") != inbox_slug)
        refuse("iss must be the inbox's name in the snippet");
    check_times(claims, now.us / 1'000'000);
    identity_claims made{
        .subject = text_of(claims, "sub"),
        .name = text_of(claims, "name"),
        .email = text_of(claims, "email"),
        .phone = text_of(claims, "phone"),
    };
    if (made.subject.empty() || made.subject.size() > 190)
        refuse("sub must be 1 to 190 bytes");
    return made;
}

std::string sign_identity(
    const identity_claims& who,
    std::string_view inbox_slug,
    const crm::identity_secret& with,
    crm::instant now
)
{
    wire::json_text head;
    head.open_object()
        .member("alg", "HS256")
        .member("typ", "JWT")
        .member("kid", with.kid)
        .close_object();
    wire::json_text claims;
    const auto now_s = now.us / 1'000'000;
    claims.open_object()
        .member("iss", inbox_slug)
        .member("aud", audience)
        .member("sub", who.subject)
        .member("iat", now_s)
        .member("exp", now_s + longest_life_s);
    if (!who.name.empty())
        claims.member("name", who.name);
    if (!who.email.empty())
        claims.member("email", who.email);
    if (!who.phone.empty())
        claims.member("phone", who.phone);
    claims.close_object();
    auto made = crm::to_base64url(head.text()) + "." + crm::to_base64url(claims.text());
    made += "." + crm::to_base64url(signature_of(made, with));
    return made;
}

} // namespace gateway
