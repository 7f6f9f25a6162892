// What a write job works on: the batch's connection and the log entries that the batch will add.
// Plain functions over it are the whole domain, so tests need nothing but this. One thread.
#pragma once

#include "crm/store/connection.hpp"
#include "crm/store/later.hpp"
#include "crm/store/log.hpp"

#include <any>
#include <initializer_list>
#include <memory>
#include <string_view>

namespace crm {

/// How often a batch has changed something; two equal ones say that nothing came between.
struct change_count
{
    std::int64_t at_once = 0; // statements run through db()
    std::int64_t later = 0;   // rows given to exec_later()
    friend bool operator==(const change_count&, const change_count&) = default;
};

class transaction
{
public:
    virtual ~transaction() = default;
    [[nodiscard]] virtual db::connection& db() = 0;
    /// Adds to the log; its position is given when the batch ends. Counts as having written.
    virtual void append(log_entry happened) = 0;
    /// Writes one row together with others like it: before the next statement of db(), at the
    /// latest before the log. `owner` keeps alive what the values refer to. Counts as having
    /// written.
    virtual void exec_later(
        const db::row_statement& how, db::later_row row, std::shared_ptr<const void> owner
    ) = 0;
    [[nodiscard]] virtual change_count changed() const = 0;
    /// A place for what the jobs of one batch share; empty at its beginning.
    [[nodiscard]] virtual std::any& shared() = 0;

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
