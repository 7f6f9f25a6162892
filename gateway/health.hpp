// How the server is doing: the readiness probe, the status page's numbers, the metrics. Io thread.
#pragma once

#include "gateway/house.hpp"
#include "gateway/net/http.hpp"
#include "gateway/net/server.hpp"

#include <array>
#include <boost/asio/steady_timer.hpp>
#include <memory>
#include <optional>
#include <string>

namespace crm::search {
class follower;
} // namespace crm::search

namespace gateway {

class app;

struct readiness
{
    bool ready = false;
    std::string text;
};

/// Asks the store whether a write becomes durable within 2 s; at most once a second.
class readiness_probe
{
public:
    explicit readiness_probe(house& in) : in_{in} {}
    task<readiness> ask();

private:
    task<readiness> look();
    house& in_;
    std::optional<std::int64_t> asked_ms_;
    std::optional<readiness> last_;
};

/// How late the io thread's timers fire: what everything else on it waits too. Samples every 20 ms.
class loop_lag
{
public:
    explicit loop_lag(boost::asio::io_context& io) : timer_{io} {}
    void start();
    void stop() { timer_.cancel(); }
    /// The share-th quantile of the last 3,000 samples (one minute), microseconds.
    [[nodiscard]] double quantile_us(double share) const;

private:
    void next();
    boost::asio::steady_timer timer_;
    std::chrono::steady_clock::time_point due_;
    std::array<float, 3000> samples_{};
    std::size_t count_ = 0;
};

/// What the numbers come from, besides the house; house::measured points at it.
struct gauges
{
    const loop_lag* lag = nullptr;
    const net::server* server = nullptr;
    const app* pages = nullptr;
    const crm::search::follower* index = nullptr;
    crm::instant started;
};

/// The body of GET /status.
std::string status_text(const house& in);
/// All metrics in Prometheus' text format.
std::string metrics_text(const house& in);

/// Serves /metrics and nothing else, on the loopback listener.
class metrics_app final : public net::application
{
public:
    explicit metrics_app(const house& in) : in_{in} {}
    [[nodiscard]] std::size_t body_limit(const net::request&) const override { return 0; }
    net::task<net::response> answer(net::request& what) override;
    std::variant<net::response, net::socket_opener> upgrade(const net::request& head) override;

private:
    const house& in_;
};

/// Resident memory of this process, bytes; 0 when the system does not say.
std::int64_t resident_bytes();

} // namespace gateway
