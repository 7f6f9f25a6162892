// The program's own log for operators: one JSON object a line on standard error. Only words that we
// wrote, ids and numbers go in; never what a customer or an agent wrote, never an address or a
// secret. Any thread. (The product's log of what happened is crm/store/log.hpp.)
#pragma once

#include "crm/base/ids.hpp"

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>
#include <variant>

namespace crm::logging {

enum class level
{
    debug,
    info,
    warning,
    error
};

/// One member of a log line.
struct field
{
    std::string_view name;
    std::variant<std::int64_t, double, std::string_view> value;

    template <std::integral Number>
    field(std::string_view n, Number number) : name{n}, value{static_cast<std::int64_t>(number)}
    {
    }
    field(std::string_view n, double number) : name{n}, value{number} {}
    /// A word or an error text of ours or of a library, borrowed until the call returns.
    field(std::string_view n, std::string_view word) : name{n}, value{word} {}
    field(std::string_view n, const std::string& word) : name{n}, value{std::string_view{word}} {}
    field(std::string_view n, const char* word) : name{n}, value{std::string_view{word}} {}
    template <strong_id Id>
    field(std::string_view n, Id id) : name{n}, value{raw(id)}
    {
    }
};

/// Writes {"at":…,"level":…,"event":…,fields…}. `event` is a constant such as "store.opened".
void write(level how, std::string_view event, std::initializer_list<field> fields = {});

inline void debug(std::string_view event, std::initializer_list<field> fields = {})
{
    write(level::debug, event, fields);
}
inline void info(std::string_view event, std::initializer_list<field> fields = {})
{
    write(level::info, event, fields);
}
inline void warning(std::string_view event, std::initializer_list<field> fields = {})
{
    write(level::warning, event, fields);
}
inline void error(std::string_view event, std::initializer_list<field> fields = {})
{
    write(level::error, event, fields);
}

/// Lines below this level are not written; info at the start.
void set_level(level least);

/// Reads "debug", "info", "warning" or "error". Throws problem{invalid}.
level level_from(std::string_view word);

} // namespace crm::logging
