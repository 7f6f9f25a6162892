// Log positions as a visitor sees them: one AES block over position and customer, so that they can
// be compared and handed back but tell nothing about how much the house has to do. Any thread.
#pragma once

#include "crm/base/ids.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::live {

class position_veil
{
public:
    /// `key`: at least 16 bytes.
    explicit position_veil(std::string_view key);

    /// 22 characters; the same for the same pair.
    [[nodiscard]] std::string hide(std::int64_t position, crm::customer_id whose) const;
    /// nullopt when it is not ours or not this customer's.
    [[nodiscard]] std::optional<std::int64_t>
    show(std::string_view text, crm::customer_id whose) const;

private:
    [[nodiscard]] std::string block(std::string_view in, bool encrypt) const;
    std::string key_;
};

} // namespace gateway::live
