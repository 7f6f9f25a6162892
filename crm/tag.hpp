// Tags: short labels on customers and conversations. Verbs run inside a store job.
#pragma once

#include "crm/context.hpp"
#include "crm/store/transaction.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

struct tag
{
    tag_id id{};
    std::string name{};
    std::string color{}; // a token name or #rrggbb
    instant archived{};
};

namespace tags {

/// Makes a tag; an archived one of that name comes back. Throws problem{conflict} when the name is
/// taken, problem{invalid} for an empty or too long one.
tag create(transaction& tx, context& by, std::string_view name, std::string_view color);
/// Takes a tag out of the lists; what is tagged stays tagged.
void archive(transaction& tx, context& by, tag_id which);

std::optional<tag> find(db::connection& on, tag_id which);
std::optional<tag> find(db::connection& on, std::string_view name);
std::vector<tag> all(db::connection& on);

void put_on(transaction& tx, context& by, customer_id whom, tag_id which);
void take_off(transaction& tx, context& by, customer_id whom, tag_id which);
std::vector<tag_id> of_customer(db::connection& on, customer_id whom);

} // namespace tags
} // namespace crm
