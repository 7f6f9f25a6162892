// Companies: what several customers belong to. Verbs run inside a store job.
#pragma once

#include "crm/context.hpp"
#include "crm/store/transaction.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

/// A company. `domain` is the mail domain of its people, lower case, empty if unknown.
struct company
{
    company_id id{};
    std::string name{};
    std::string domain{};
    std::string note{};
    std::int64_t revision = 0;
};

namespace companies {

/// Adds a company. Throws problem{conflict} when another has the domain.
company create(transaction& tx, context& by, company wanted);

/// Changes name, domain and note. Throws problem{precondition} when `expected` is not its revision.
company change(transaction& tx, context& by, company wanted, std::int64_t expected);

std::optional<company> find(db::connection& on, company_id id);
std::optional<company> find_by_domain(db::connection& on, std::string_view domain);
/// The oldest company of exactly this name.
std::optional<company> find_by_name(db::connection& on, std::string_view name);

/// Companies whose id is above `after`, in id order.
std::vector<company> page(db::connection& on, company_id after, int limit);

} // namespace companies
} // namespace crm
