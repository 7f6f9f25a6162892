// Signed identities: nothing but our own signature gets through.
#include "crm/base/hash.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/random.hpp"
#include "gateway/identity_token.hpp"

#include <cstdint>
#include <cstdlib>

namespace {

const crm::identity_secret secret{"k1", "0123456789abcdef0123456789abcdef", {}};
const crm::instant now{1'763'458'260'000'000};

bool is_taken(std::string_view token)
{
    try {
        gateway::check_identity(token, "web", {secret}, now);
        return true;
    } catch (const crm::problem&) {
        return false;
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    if (is_taken(text)) {
        // Only a text whose last part is the HMAC of the rest may be taken.
        const auto dot = text.rfind('.');
        const auto right = crm::to_base64url(crm::hmac_sha256(secret.secret, text.substr(0, dot)));
        if (!crm::same_secret(text.substr(dot + 1), right))
            std::abort();
    }
    // Behind a right signature the claims may still be anything.
    const auto half = size / 2;
    auto made =
        crm::to_base64url(text.substr(0, half)) + "." + crm::to_base64url(text.substr(half));
    made += "." + crm::to_base64url(crm::hmac_sha256(secret.secret, made));
    is_taken(made);
    const auto good_head = crm::to_base64url(R"({"alg":"HS256","kid":"k1"})");
    auto claims = good_head + "." + crm::to_base64url(text);
    claims += "." + crm::to_base64url(crm::hmac_sha256(secret.secret, claims));
    is_taken(claims);
    return 0;
}
