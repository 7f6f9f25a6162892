#include "gateway/signed_address.hpp"

#include "crm/base/hash.hpp"
#include "crm/base/random.hpp"

namespace gateway {

namespace {

std::string signature(
    std::string_view key, crm::attachment_id which, crm::customer_id whose, crm::instant expires
)
{
    const auto text = "attachment " + crm::to_string(which) + " " + crm::to_string(whose) + " " +
                      std::to_string(expires.us);
    return crm::to_base64url(crm::hmac_sha256(key, text));
}

} // namespace

std::string sign_address(
    std::string_view key, crm::attachment_id which, crm::customer_id whose, crm::instant expires
)
{
    return "/w/attachments/" + crm::to_string(which) + "?expires=" + std::to_string(expires.us) +
           "&for=" + crm::to_string(whose) + "&sign=" + signature(key, which, whose, expires);
}

bool check_address(
    std::string_view key,
    crm::attachment_id which,
    crm::customer_id whose,
    crm::instant expires,
    std::string_view sign,
    crm::instant now
)
{
    return expires > now && crm::same_secret(sign, signature(key, which, whose, expires));
}

} // namespace gateway
