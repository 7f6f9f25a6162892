// Keeps the search index up: follows the log in background jobs, a short while behind it. Io
// thread.
#pragma once

#include "crm/store/store.hpp"

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>

namespace crm::search {

class follower
{
public:
    /// search::prepare has run on this database. Catches up at once and then follows the news.
    follower(boost::asio::io_context& io, store& from);
    /// Stops following; a job under way completes by itself.
    ~follower();
    follower(const follower&) = delete;
    follower& operator=(const follower&) = delete;

    /// How long the oldest news that is not in the index yet has been waiting; 0 when all is in.
    [[nodiscard]] std::chrono::milliseconds lag() const;
    /// True until everything older was taken in after a start on a fresh index.
    [[nodiscard]] bool is_catching_up() const;

private:
    struct state;
    std::shared_ptr<state> state_;
};

} // namespace crm::search
