// Whether an agent takes work. Any thread.
#pragma once

#include "crm/words.hpp"

#include <cstdint>

namespace crm {

/// Stored: never renumber.
enum class presence : std::int8_t
{
    offline = 0,
    available = 1,
    busy = 2, // finishes what it has, takes no more
    away = 3
};
template <>
struct vocabulary<presence>
{
    static constexpr std::string_view what = "presence";
    static constexpr auto all = words_of<presence>(
        {{presence::offline, "offline"},
         {presence::available, "available"},
         {presence::busy, "busy"},
         {presence::away, "away"}}
    );
};

} // namespace crm
