// The demo shop on shop.localhost: its pages, and the little back end that an integrator's shop
// would have: it takes an order and signs who the customer is (docs/api.md). Demo only. Io thread.
#pragma once

#include "gateway/house.hpp"
#include "gateway/net/http.hpp"
#include "gateway/static_files.hpp"

#include <string>
#include <string_view>

namespace gateway {

/// "shop.localhost".
bool is_shop_host(std::string_view host);

class demo_shop
{
public:
    explicit demo_shop(house& in) : in_{in} {}

    /// Throws problem.
    net::task<net::response> answer(const net::request& asked, const static_files& files);

private:
    net::task<net::response> place(const net::request& asked);
    net::task<net::response> show(const net::request& asked, std::string number);
    [[nodiscard]] std::string key_of(std::string_view number) const;
    [[nodiscard]] std::string identity_of(const std::string& email, const std::string& name) const;

    house& in_;
};

} // namespace gateway
