// Who the demo's simulated visitors are and what they say. Any thread.
#pragma once

#include <span>
#include <string_view>

namespace gateway::demo {

struct persona
{
    std::string_view locale;
    std::string_view name;
    std::string_view page;  // path in the shop
    std::string_view title; // of that page
    std::span<const std::string_view> lines;
};

/// All of them; an index beyond the end begins anew.
const persona& persona_at(std::size_t index);

} // namespace gateway::demo
