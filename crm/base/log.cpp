#include "crm/base/log.hpp"

#include "crm/base/problem.hpp"
#include "crm/base/time.hpp"

#include <boost/json/serialize.hpp>
#include <boost/json/value.hpp>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace crm::logging {

namespace {

spdlog::logger& sink()
{
    static const std::shared_ptr<spdlog::logger> made = [] {
        auto logger = std::make_shared<spdlog::logger>(
            "parley", std::make_shared<spdlog::sinks::stderr_sink_mt>()
        );
        logger->set_pattern("%v");
        logger->set_level(spdlog::level::info);
        logger->flush_on(spdlog::level::warn);
        return logger;
    }();
    return *made;
}

spdlog::level::level_enum native(level how)
{
    switch (how) {
    case level::debug:
        return spdlog::level::debug;
    case level::info:
        return spdlog::level::info;
    case level::warning:
        return spdlog::level::warn;
    case level::error:
        return spdlog::level::err;
    }
    return spdlog::level::err;
}

std::string_view word(level how)
{
    switch (how) {
    case level::debug:
        return "debug";
    case level::info:
        return "info";
    case level::warning:
        return "warning";
    case level::error:
        return "error";
    }
    return "error";
}

} // namespace

void write(level how, std::string_view event, std::initializer_list<field> fields)
{
    spdlog::logger& to = sink();
    if (!to.should_log(native(how)))
        return;
    boost::json::object line;
    line["at"] = to_rfc3339(crm::system_clock{}.now());
    line["level"] = word(how);
    line["event"] = event;
    for (const field& one : fields)
        std::visit([&](const auto& value) { line[one.name] = value; }, one.value);
    to.log(native(how), "{}", boost::json::serialize(line));
}

void set_level(level least)
{
    sink().set_level(native(least));
}

level level_from(std::string_view text)
{
    for (const level one : {level::debug, level::info, level::warning, level::error})
        if (text == word(one))
            return one;
    throw problem{errc::invalid, "a log level is debug, info, warning or error"};
}

} // namespace crm::logging
