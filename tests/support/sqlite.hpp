// A migrated database in memory, and transactions on it in one line:
//     test::in_memory_database base;
//     auto made = base.write([&](transaction& in) { return customer::create(in, …); });
#pragma once

#include "crm/store/batch.hpp"
#include "crm/store/migrations.hpp"
#include "crm/store/sqlite.hpp"

#include <type_traits>
#include <vector>

namespace crm::test {

/// The moment at which tests' clocks start: 2026-03-02 09:00 UTC, a Monday.
inline constexpr instant monday_nine{1'772'442'000'000'000};

class in_memory_database
{
public:
    in_memory_database() : on_{db::open_sqlite(":memory:", db::access::read_write)}
    {
        db::migrate(*on_, monday_nine);
    }

    /// Runs the job, writes its log entries, commits; rolls back and rethrows when it throws.
    template <class Job>
    auto write(const Job& job)
    {
        batch one{*on_, addresses_};
        on_->begin_write();
        try {
            if constexpr (std::is_void_v<std::invoke_result_t<const Job&, transaction&>>) {
                job(one);
                finish(one);
            } else {
                auto result = job(one);
                finish(one);
                return result;
            }
        } catch (...) {
            one.clear();
            on_->rollback();
            throw;
        }
    }

    /// Runs the job on the connection, as a reader would.
    template <class Job>
    auto read(const Job& job)
    {
        return job(*on_);
    }

    [[nodiscard]] db::connection& connection() { return *on_; }

    /// Every log entry committed so far, with its position.
    std::vector<log_entry> news;

private:
    void finish(batch& one)
    {
        one.write_log();
        on_->commit();
        for (log_entry& entry : one.take_entries())
            news.push_back(std::move(entry));
    }

    std::unique_ptr<db::connection> on_;
    address_book addresses_;
};

} // namespace crm::test
