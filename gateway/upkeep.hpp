// What must be done now and then: old idempotent answers are forgotten, files that no row refers to
// are removed, uploads that were never sent end. In small background jobs. Io thread.
#pragma once

#include "gateway/house.hpp"

#include <boost/asio/steady_timer.hpp>

namespace gateway {

class upkeep
{
public:
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
