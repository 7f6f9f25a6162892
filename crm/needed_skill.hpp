// A skill that work needs from whoever is to do it. Plain data, any thread.
#pragma once

#include "crm/base/ids.hpp"

namespace crm {

/// A skill at a level at least. An optional one is given up when the wait has grown long.
struct needed_skill
{
    skill_id skill{};
    int level = 1;
    bool optional = false;
    friend bool operator==(const needed_skill&, const needed_skill&) = default;
};

} // namespace crm
