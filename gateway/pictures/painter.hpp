// Draws uploaded pictures anew, each in a child process of its own that is locked in, so that a
// picture made to break a decoder breaks nothing else. One at a time on a thread of its own, behind
// a bounded queue. Call from the io thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <memory>
#include <string>

namespace gateway::pictures {

struct painter_settings
{
    std::string program = "/proc/self/exe";     // is started as `program redraw`
    std::chrono::milliseconds patience{30'000}; // for one picture
};

class painter
{
public:
    explicit painter(boost::asio::io_context& io, painter_settings how = {});
    ~painter();
    painter(const painter&) = delete;
    painter& operator=(const painter&) = delete;

    /// The picture drawn anew, as a file of the same type. Throws problem{invalid} for a damaged
    /// one, problem{too_large} for one that takes too much time or memory, problem{busy} when too
    /// many wait, problem{unavailable} where no process can be started.
    boost::asio::awaitable<std::string> redraw(std::string bytes);

private:
    boost::asio::io_context& io_;
    painter_settings how_;
    int waiting_ = 0;
    boost::asio::thread_pool thread_{1};
};

} // namespace gateway::pictures
