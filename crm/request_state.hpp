// States of a routing request; apart, because a conversation shows them. Any thread.
#pragma once

#include "crm/words.hpp"

#include <cstdint>

namespace crm {

/// Stored: never renumber.
enum class request_state : std::int8_t
{
    waiting = 1,
    offered = 2,
    active = 3,
    closed = 4,
    abandoned = 5
};
template <>
struct vocabulary<request_state>
{
    static constexpr std::string_view what = "request state";
    static constexpr auto all = words_of<request_state>(
        {{request_state::waiting, "waiting"},
         {request_state::offered, "offered"},
         {request_state::active, "active"},
         {request_state::closed, "closed"},
         {request_state::abandoned, "abandoned"}}
    );
};

} // namespace crm
