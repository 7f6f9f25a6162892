// A visitor's identity, signed by the site that embeds the widget: a JWT with HS256 and one of the
// inbox's secrets (S8). Any thread.
#pragma once

#include "crm/base/time.hpp"
#include "crm/inbox.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace gateway {

/// What the site vouches for.
struct identity_claims
{
    std::string subject; // the site's own user id
    std::string name;
    std::string email;
    std::string phone;
};

/// Checks a token against the inbox's active secrets. Throws problem{unauthenticated} that says
/// which rule it breaks: HS256 only, known kid, signature, iss = the inbox's slug, aud =
/// "parley-widget", sub of 1 to 190 bytes, exp at most 1 h after iat and not past, iat and nbf not
/// in the future (60 s of grace).
identity_claims check_identity(
    std::string_view token,
    std::string_view inbox_slug,
    const std::vector<crm::identity_secret>& secrets,
    crm::instant now
);

/// Makes one, valid for an hour: what a site's own server does. For the demo shop and tests.
std::string sign_identity(
    const identity_claims& who,
    std::string_view inbox_slug,
    const crm::identity_secret& with,
    crm::instant now
);

} // namespace gateway
