// What a write job works on: the batch's connection and the log entries that the batch will add.
// Plain functions over it are the whole domain, so tests need nothing but this. One thread.
#pragma once

#include "crm/store/connection.hpp"
#include "crm/store/log.hpp"

#include <initializer_list>
#include <string_view>

namespace crm {

class transaction
{
public:
    virtual ~transaction() = default;
    [[nodiscard]] virtual db::connection& db() = 0;
    /// Adds to the log; its position is given when the batch ends. Counts as having written.
    virtual void append(log_entry happened) = 0;

    db::rows query(std::string_view sql, std::initializer_list<db::value> args = {})
    {
        return db().query(sql, args);
    }
    std::int64_t exec(std::string_view sql, std::initializer_list<db::value> args = {})
    {
        return db().exec(sql, args);
    }
};

} // namespace crm
