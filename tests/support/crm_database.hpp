// Migrated databases for tests of the domain, and transactions on them in one line:
//     test::crm_database base;
//     auto made = base.write([&](transaction& in) { return customer::create(in, …); });
#pragma once

#include "crm/store/batch.hpp"

#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace crm::test {

/// The moment at which tests' clocks start: 2026-03-02 09:00 UTC, a Monday.
inline constexpr instant monday_nine{1'772'442'000'000'000};

/// What both kinds below can do.
class migrated_database
{
public:
    migrated_database(const migrated_database&) = delete;
    migrated_database& operator=(const migrated_database&) = delete;

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

    /// Rows that the last job changed, the log's included.
    [[nodiscard]] std::int64_t rows_of_last_write() const { return rows_; }

    /// Every log entry committed so far, with its position.
    std::vector<log_entry> news{};

protected:
    explicit migrated_database(std::shared_ptr<db::connection> on);
    ~migrated_database();

private:
    void finish(batch& one);

    std::shared_ptr<db::connection> on_;
    address_book addresses_;
    std::int64_t rows_ = 0;
};

/// SQLite in memory and, where it is installed, a private MariaDB: a test that makes one runs once
/// on each.
class crm_database : public migrated_database
{
public:
    /// Empty and migrated, on the database whose turn it is in this test case.
    crm_database();

    /// The columns of a table, in order.
    std::vector<std::string> columns(const std::string& table);
};

/// SQLite in memory only.
class in_memory_database : public migrated_database
{
public:
    in_memory_database();
};

} // namespace crm::test
