#include "crm/store/batch.hpp"

#include "crm/base/random.hpp"

#include <array>
#include <fmt/format.h>
#include <stdexcept>
#include <utility>

namespace crm {

namespace {

constexpr std::string_view advance_head = "UPDATE log_head SET at = at + ? WHERE id = 1";
constexpr std::string_view select_head = "SELECT at FROM log_head WHERE id = 1";
constexpr std::string_view insert_entries =
    "INSERT INTO log_entries (position, at, what, actor_kind, actor_id, via, customer_id, "
    "conversation_id, inbox_id, entry_id, seq, subject, number, amount, address_id) VALUES ";
constexpr std::string_view one_row = "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view insert_address = "INSERT INTO log_addresses (id, actor_kind, actor_id, "
                                            "address, first_seen) VALUES (?, ?, ?, ?, ?)";

// Few sizes, so that few statements are kept prepared.
constexpr std::array<std::size_t, 5> row_counts{256, 64, 16, 4, 1};
constexpr std::size_t known_addresses = 50'000;

const std::string& insert_of(std::size_t which)
{
    static const std::array<std::string, row_counts.size()> texts = [] {
        std::array<std::string, row_counts.size()> made;
        for (std::size_t i = 0; i < made.size(); ++i) {
            made[i] = insert_entries;
            for (std::size_t row = 0; row < row_counts[i]; ++row) {
                made[i] += row == 0 ? "" : ", ";
                made[i] += one_row;
            }
        }
        return made;
    }();
    return texts[which];
}

void add_values(std::vector<db::value>& to, const log_entry& entry, std::int64_t address_id)
{
    for (const db::value& one : std::initializer_list<db::value>{
             entry.position,
             entry.at,
             entry.what,
             entry.actor,
             entry.actor_id,
             entry.by,
             entry.customer,
             entry.conversation,
             entry.inbox,
             entry.entry_ref,
             entry.seq,
             entry.subject,
             entry.number,
             entry.amount,
             address_id
         })
        to.push_back(one);
}

} // namespace

std::int64_t address_book::id_of(db::connection& on, const log_entry& entry)
{
    if (entry.address.empty())
        return 0;
    key wanted{entry.actor, entry.actor_id, entry.address};
    if (const auto found = known_.find(wanted); found != known_.end())
        return found->second;
    // Forgetting costs no more than a second row for an address.
    if (known_.size() >= known_addresses)
        known_.clear();
    const std::int64_t id = random_number();
    on.exec(insert_address, {id, wanted.kind, wanted.actor, wanted.address, entry.at});
    unkept_.push_back(wanted);
    known_.emplace(std::move(wanted), id);
    return id;
}

void address_book::forget_unkept()
{
    for (const key& one : unkept_)
        known_.erase(one);
    unkept_.clear();
}

/// Passes everything on, after the rows that wait, and remembers whether something was changed.
class batch::watched final : public db::connection
{
public:
    watched(db::connection& on, batch& owner) : on_{on}, owner_{owner} {}

    db::rows query_span(std::string_view sql, std::span<const db::value> args) override
    {
        owner_.settle();
        return on_.query_span(sql, args);
    }
    std::int64_t exec_span(std::string_view sql, std::span<const db::value> args) override
    {
        owner_.settle();
        // A statement that fails may have done half of its work, so it counts until it is known to
        // have matched nothing.
        const bool before = std::exchange(wrote, true);
        const std::int64_t matched = on_.exec_span(sql, args);
        wrote = before || matched > 0;
        rows += matched;
        changes += matched > 0 ? 1 : 0;
        return matched;
    }
    void run_once(std::string_view) override { refuse(); }
    void begin_write() override { refuse(); }
    void begin_read() override { refuse(); }
    void commit() override { refuse(); }
    void rollback() noexcept override {}
    [[nodiscard]] db::dialect speaks() const override { return on_.speaks(); }

    bool wrote = false;
    std::int64_t rows = 0;
    std::int64_t changes = 0;

private:
    [[noreturn]] static void refuse()
    {
        throw std::logic_error{"a job neither begins nor ends transactions: its batch does"};
    }
    db::connection& on_;
    batch& owner_;
};

batch::batch(db::connection& on, address_book& addresses)
    : on_{&on}, addresses_{addresses}, watched_{std::make_unique<watched>(on, *this)}
{
}

batch::~batch() = default;

db::connection& batch::db()
{
    return *watched_;
}

void batch::append(log_entry happened)
{
    watched_->wrote = true;
    any_wrote_ = true;
    entries_.push_back(std::move(happened));
}

void batch::exec_later(
    const db::row_statement& how, db::later_row row, std::shared_ptr<const void> owner
)
{
    watched_->wrote = true;
    any_wrote_ = true;
    ++rows_later_;
    if (together_)
        waiting_.add(how, std::move(row), std::move(owner));
    else
        waiting_.write_one(*on_, how, row);
}

/// Writes what waits.
void batch::settle()
{
    if (waiting_.empty())
        return;
    failed_together_ = true;
    waiting_.write(*on_);
    failed_together_ = false;
}

change_count batch::changed() const
{
    return {watched_->changes, rows_later_};
}

void batch::begin_job()
{
    any_wrote_ = any_wrote_ || watched_->wrote;
    watched_->wrote = false;
}

bool batch::job_wrote() const
{
    return watched_->wrote;
}

std::int64_t batch::rows_written() const
{
    return watched_->rows + rows_later_ + static_cast<std::int64_t>(entries_.size());
}

void batch::write_log()
{
    any_wrote_ = any_wrote_ || watched_->wrote;
    settle();
    if (entries_.empty())
        return;
    const auto count = static_cast<std::int64_t>(entries_.size());
    if (on_->exec(advance_head, {count}) != 1)
        throw db::failure{db::failure::kind::corrupt, "log_head has lost its row"};
    std::int64_t last = 0;
    {
        db::rows head = on_->query(select_head);
        head.next();
        last = head.integer(0);
    }
    std::vector<db::value> values;
    std::size_t at = 0;
    for (std::size_t which = 0; which < row_counts.size(); ++which) {
        while (entries_.size() - at >= row_counts[which]) {
            values.clear();
            for (std::size_t row = 0; row < row_counts[which]; ++row, ++at) {
                log_entry& entry = entries_[at];
                entry.position = last - count + 1 + static_cast<std::int64_t>(at);
                add_values(values, entry, addresses_.id_of(*on_, entry));
            }
            on_->exec_span(insert_of(which), values);
        }
    }
}

void batch::clear()
{
    entries_.clear();
    waiting_.clear();
    shared_.reset();
    failed_together_ = false;
    rows_later_ = 0;
    addresses_.forget_unkept();
    watched_->wrote = false;
    watched_->rows = 0;
    watched_->changes = 0;
    any_wrote_ = false;
}

void batch::move_to(db::connection& on)
{
    on_ = &on;
    watched_ = std::make_unique<watched>(on, *this);
}

std::vector<log_entry> batch::take_entries()
{
    addresses_.keep();
    return std::move(entries_);
}

} // namespace crm
