// The one way to start a coroutine that nobody awaits. Asio's `detached` swallows what escapes;
// this logs it. The coroutine takes its owners by value. Call from the io thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <string_view>

namespace crm {

/// Starts `task`. What escapes it is logged as "task.failed" under `name`, which must be a
/// constant; a cancelled operation is the normal end of a task and is not logged.
void spawn(
    const boost::asio::any_io_executor& on, std::string_view name, boost::asio::awaitable<void> task
);

} // namespace crm
