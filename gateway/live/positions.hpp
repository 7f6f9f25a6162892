// Log positions as a visitor sees them: one AES block over position and customer, so that they can
// be compared and handed back but tell nothing about how much the house has to do. One thread at a
// time: it keeps the cipher's state, which is costlier to make than a block is to encipher.
#pragma once

#include "crm/base/ids.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace gateway::live {

class position_veil
{
public:
    /// `key`: at least 16 bytes. Throws std::runtime_error where AES is not available.
    explicit position_veil(std::string_view key);
    ~position_veil();
    position_veil(const position_veil&) = delete;
    position_veil& operator=(const position_veil&) = delete;

    /// 22 characters; the same for the same pair.
    [[nodiscard]] std::string hide(std::int64_t position, crm::customer_id whose) const;
    /// nullopt when it is not ours or not this customer's.
    [[nodiscard]] std::optional<std::int64_t>
    show(std::string_view text, crm::customer_id whose) const;

private:
    class cipher;
    std::unique_ptr<cipher> hides_;
    std::unique_ptr<cipher> shows_;
};

} // namespace gateway::live
