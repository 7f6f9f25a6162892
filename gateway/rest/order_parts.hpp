// What the API and the demo shop share about orders. Run inside a store job.
#pragma once

#include "crm/customer.hpp"
#include "crm/order.hpp"

#include <boost/json/object.hpp>
#include <string>
#include <vector>

namespace gateway::rest {

/// Whose order it is: by id, else by the shop's own user id, else by e-mail address.
struct order_owner
{
    crm::customer_id customer{};
    std::string external;
    std::string email;
    std::string name;
    std::string locale;
};

/// The customer; one who is not known yet is made, with the address proven, for the shop vouches
/// for it. Throws problem{not_found}, problem{invalid}.
crm::customer_id order_customer(crm::transaction& tx, crm::context& by, const order_owner& who);

/// The "lines" of a body that was held to its shape.
std::vector<crm::order_line> order_lines(const boost::json::object& body);

} // namespace gateway::rest
