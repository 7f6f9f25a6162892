// The demo's dialogues, English and Chinese. A line starts with who says it: C customer, A agent, N
// an agent's note. {order} is the customer's newest order, {name} and {agent} are names.
#pragma once

#include <string_view>
#include <vector>

namespace crm::demo {

struct script
{
    std::string_view subject;
    std::vector<std::string_view> lines;
    bool needs_order = false;
};

const std::vector<script>& english_scripts();
const std::vector<script>& chinese_scripts();

/// Short turns from which the longest chat is made.
const std::vector<std::string_view>& small_talk();

/// A mail whose HTML tries what hostile mails try.
extern const std::string_view hostile_html;

} // namespace crm::demo
