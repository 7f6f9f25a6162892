// The database that tests of the domain run on: SQLite in memory and, where it is installed, a
// private MariaDB. A test that makes one runs once on each.
#pragma once

#include "crm/store/batch.hpp"

#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace crm::test {

class crm_database
{
public:
    /// Empty and migrated, on the database whose turn it is in this test case.
    crm_database();
    ~crm_database();
    crm_database(const crm_database&) = delete;
    crm_database& operator=(const crm_database&) = delete;

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

    [[nodiscard]] db::connection& connection() { return *on_; }

    /// The columns of a table, in order.
    std::vector<std::string> columns(const std::string& table);

    /// Every log entry committed so far, with its position.
    std::vector<log_entry> news{};

private:
    void finish(batch& one);

    std::shared_ptr<db::connection> on_;
    address_book addresses_;
};

} // namespace crm::test
