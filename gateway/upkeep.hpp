// What must be done now and then: old idempotent answers are forgotten, files that no row refers to
// are removed, uploads that were never sent end. In small background jobs. Io thread.
#pragma once

#include "gateway/house.hpp"

#include <boost/asio/steady_timer.hpp>

namespace gateway {

class upkeep
{
public:
    // Two kinds of rows are forgotten in one job, and ending an upload writes two: all within 200.
    static constexpr int forgotten_at_once = 100;
    static constexpr int uploads_at_once = 50;

    /// Begins at once and lasts as long as this lives.
    explicit upkeep(house& in);
    ~upkeep();
    upkeep(const upkeep&) = delete;
    upkeep& operator=(const upkeep&) = delete;

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace gateway
