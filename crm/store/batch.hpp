// One group of jobs in one transaction: notices whether a job wrote, collects the log entries,
// gives them their positions at the end. The writer thread's; tests use it on their own thread.
#pragma once

#include "crm/store/transaction.hpp"

#include <map>
#include <string>
#include <vector>

namespace crm {

/// Ids of actor addresses that are already in log_addresses; kept between batches.
class address_book
{
public:
    /// The id of this actor's address: 0 for an empty one; a row is inserted for a new one.
    std::int64_t id_of(db::connection& on, const log_entry& entry);
    /// Forgets what was inserted since the last keep(): the batch was rolled back.
    void forget_unkept();
    void keep() { unkept_.clear(); }

private:
    struct key
    {
        actor_kind kind;
        std::int64_t actor;
        std::string address;
        friend auto operator<=>(const key&, const key&) = default;
    };
    std::map<key, std::int64_t> known_;
    std::vector<key> unkept_;
};

class batch final : public transaction
{
public:
    batch(db::connection& on, address_book& addresses);
    ~batch() override;
    batch(const batch&) = delete;
    batch& operator=(const batch&) = delete;

    [[nodiscard]] db::connection& db() override;
    void append(log_entry happened) override;
    void exec_later(
        const db::row_statement& how, db::later_row row, std::shared_ptr<const void> owner
    ) override;
    [[nodiscard]] change_count changed() const override;
    [[nodiscard]] std::any& shared() override { return shared_; }

    /// Whether rows may wait for each other. Without, each failure is its own job's.
    void write_together(bool may) { together_ = may; }
    /// True when rows of several jobs were written together and refused: nobody knows whose it was.
    [[nodiscard]] bool failed_together() const { return failed_together_; }

    /// Starts watching one job.
    void begin_job();
    /// True when the present job changed a row, appended, or had a writing statement fail.
    [[nodiscard]] bool job_wrote() const;
    /// True when any job of the batch wrote.
    [[nodiscard]] bool wrote() const { return any_wrote_; }

    /// Rows that the jobs changed, the log's included, since the batch began or was cleared.
    [[nodiscard]] std::int64_t rows_written() const;

    /// Gives the positions and writes the log rows; before COMMIT. Throws db::failure.
    void write_log();
    /// Starts over after a rollback.
    void clear();
    /// Goes on with another connection; the entries stay.
    void move_to(db::connection& on);
    /// The entries, with their positions after write_log().
    [[nodiscard]] std::vector<log_entry> take_entries();

private:
    class watched;

    void settle();

    db::connection* on_;
    address_book& addresses_;
    std::unique_ptr<watched> watched_;
    std::vector<log_entry> entries_;
    db::waiting_rows waiting_;
    std::any shared_;
    std::int64_t rows_later_ = 0;
    bool together_ = true;
    bool failed_together_ = false;
    bool any_wrote_ = false;
};

} // namespace crm
