// Addresses of attachments for customers, who have no cookie: good for one customer and a while.
// Any thread.
#pragma once

#include "crm/base/ids.hpp"
#include "crm/base/time.hpp"

#include <string>
#include <string_view>

namespace gateway {

/// "/w/attachments/5?expires=...&for=12&sign=..."
std::string sign_address(
    std::string_view key, crm::attachment_id which, crm::customer_id whose, crm::instant expires
);

/// True when `sign` was made by sign_address for exactly these and has not expired.
bool check_address(
    std::string_view key,
    crm::attachment_id which,
    crm::customer_id whose,
    crm::instant expires,
    std::string_view sign,
    crm::instant now
);

} // namespace gateway
