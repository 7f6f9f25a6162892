// A task together with the coroutine that waits for it. Moved between threads, resumed on the io
// thread only.
#pragma once

#include "crm/store/job.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>
#include <utility>

namespace crm::detail {

template <class Task>
struct waiting
{
    using handler = typename boost::asio::
        async_result<boost::asio::use_awaitable_t<>, void(std::unique_ptr<Task>)>::handler_type;

    std::unique_ptr<Task> work;
    handler resume;
    bool was_duplicate = false; // the last run broke a UNIQUE rule
    bool ran_alone = false;     // in a batch of its own

    waiting(std::unique_ptr<Task> of, handler then) : work{std::move(of)}, resume{std::move(then)}
    {
    }

    /// Io thread; once.
    void complete() { std::move(resume)(std::move(work)); }
};

} // namespace crm::detail
