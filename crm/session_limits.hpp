// How long proofs of who somebody is stay good. Plain data, any thread.
#pragma once

#include <chrono>

namespace crm {

/// How long sessions and links live.
struct session_limits
{
    std::chrono::microseconds idle{std::chrono::hours{12}};
    std::chrono::microseconds absolute{std::chrono::hours{24 * 7}};
    std::chrono::microseconds invite{std::chrono::hours{72}};
    std::chrono::microseconds reset{std::chrono::minutes{30}};
};

} // namespace crm
