// Which path is whose: the REST table, the sockets, the widget's public endpoints, static files,
// health. Also what holds for every answer: security headers, problem documents, request ids. Io
// thread.
#pragma once

#include "gateway/health.hpp"
#include "gateway/house.hpp"
#include "gateway/net/http.hpp"
#include "gateway/static_files.hpp"

#include <map>
#include <memory>
#include <string>

namespace gateway {

class demo_shop;

/// Counters by what was answered.
struct app_counts
{
    std::map<std::pair<std::string, unsigned>, std::int64_t> answers; // by route and status
};

class app final : public net::application
{
public:
    /// `shop`: the demo shop's back end, or null.
    app(house& in, static_files files, demo_shop* shop);

    [[nodiscard]] std::size_t body_limit(const net::request& head) const override;
    net::task<std::optional<net::response>> admit(net::request& head) override;
    net::task<net::response> answer(net::request& what) override;
    std::variant<net::response, net::socket_opener> upgrade(const net::request& head) override;
    [[nodiscard]] const app_counts& counts() const { return counts_; }

private:
    net::task<net::response> route(net::request& what, std::string& name);
    net::task<net::response> rest(net::request& what, std::string& name);
    net::response page(const net::request& what);
    [[nodiscard]] bool is_console_origin(const net::request& what, std::string_view origin) const;

    house& in_;
    static_files files_;
    demo_shop* shop_;
    app_counts counts_;
    readiness_probe probe_{in_};
    std::int64_t next_request_ = 0;
    std::string request_prefix_;
};

} // namespace gateway
