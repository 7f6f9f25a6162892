#include "crm/base/spawn.hpp"

#include "crm/base/log.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <exception>

namespace crm {

namespace {

void report(std::string_view name, const std::exception_ptr& escaped)
{
    if (!escaped)
        return;
    try {
        std::rethrow_exception(escaped);
    } catch (const boost::system::system_error& error) {
        if (error.code() != boost::asio::error::operation_aborted)
            logging::error("task.failed", {{"task", name}, {"reason", error.what()}});
    } catch (const std::exception& error) {
        logging::error("task.failed", {{"task", name}, {"reason", error.what()}});
    } catch (...) {
        logging::error("task.failed", {{"task", name}, {"reason", "not a standard exception"}});
    }
}

} // namespace

void spawn(
    const boost::asio::any_io_executor& on, std::string_view name, boost::asio::awaitable<void> task
)
{
    boost::asio::co_spawn(on, std::move(task), [name](const std::exception_ptr& escaped) {
        report(name, escaped);
    });
}

} // namespace crm
