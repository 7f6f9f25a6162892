#include "tests/support/bare_ours.hpp"

#include "tests/support/bare_sqlite.hpp"

#include "crm/store/migrations.hpp"
#include "crm/store/sqlite.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <vector>

namespace bench {

namespace {

constexpr std::int64_t senders = 1'024;
constexpr std::int64_t first_customer = 1'000'000;
constexpr std::int64_t first_conversation = 2'000'000;
constexpr std::int64_t first_entry = 10'000'000;
constexpr std::int64_t inbox = 1;
constexpr std::int64_t never = 4'000'000'000'000'000; // a visitor's token ends in 2096
constexpr std::int64_t entry_added = 40;
// As crm/store/batch.cpp, crm/store/later.cpp and crm/arrivals.cpp group them.
constexpr std::array<std::size_t, 5> log_rows{256, 64, 16, 4, 1};
constexpr std::array<std::size_t, 4> entry_rows{64, 16, 4, 1};
constexpr std::array<std::size_t, 4> key_counts{1, 4, 16, 64};

constexpr std::string_view add_customer = "INSERT INTO customers (id, anonymous, name, locale, "
                                          "timezone, company_id, owner_agent_id, merged_into,"
                                          " score, tier, tier_pinned, value_minor, currency, "
                                          "verified, profiling_opt_out, created_at, updated_at,"
                                          " last_seen_at, erased_at, revision) VALUES (?, 1, '', "
                                          "'en', '', 0, 0, 0, 0, 0, 0, 0, 'EUR', 0, 0, ?, ?,"
                                          " ?, 0, 0)";
constexpr std::string_view add_token = "INSERT INTO visitor_tokens (id, token_hash, customer_id, "
                                       "identity_id, inbox_id, created_at, last_seen_at,"
                                       " expires_at, closed_at) VALUES (?, ?, ?, 0, 1, ?, ?, ?, 0)";
constexpr std::string_view add_conversation =
    "INSERT INTO conversations (id, inbox_id, customer_id, channel_account_id, identity_id, "
    "channel, subject,"
    " status, priority, stage, stage_by_hand, assignee_id, team_id, order_id, tags, locale, "
    "last_seq,"
    " last_public_seq, last_happened, preview, preview_kind, preview_author, preview_at, unread, "
    "agent_read_seq,"
    " customer_read_seq, failed, opened_at, last_activity_at, waiting_since, first_response_due,"
    " first_response_at, snoozed_until, resolved_at, reopened, request_id, request_state, "
    "request_since,"
    " revision) VALUES (?, 1, ?, 0, 0, 1, '', 1, 0, 1, 0, 0, 0, 0, '', 'en', 0, 0, 0, '', 1, 1, 0, "
    "0, 0, 0, 0,"
    " ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)";

std::string token_of(std::int64_t sender)
{
    std::string made = std::to_string(sender);
    made.insert(0, 64 - made.size(), '0');
    return made;
}

std::int64_t now_us()
{
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::microseconds>(now).count();
}

std::string repeated(
    std::string_view head,
    std::string_view one,
    std::size_t times,
    std::string_view between = ", ",
    std::string_view tail = ""
)
{
    std::string made{head};
    for (std::size_t i = 0; i < times; ++i)
        made.append(i == 0 ? "" : between).append(one);
    return made.append(tail);
}

sqlite3* open_migrated(const std::string& file)
{
    const auto base = crm::db::open_sqlite(file, crm::db::access::read_write);
    crm::db::migrate(*base, crm::instant{now_us()});
    return open_file(file);
}

class our_statements final : public bare_store
{
public:
    explicit our_statements(const std::string& file) : owned_{open_migrated(file)}
    {
        // As crm/store/sqlite.cpp opens it.
        run(base_, "PRAGMA secure_delete=ON");
        run(base_, "PRAGMA cache_size=-65536");
        run(base_, "PRAGMA temp_store=MEMORY");
        statement customer{base_, add_customer};
        statement token{base_, add_token};
        statement conversation{base_, add_conversation};
        const std::int64_t now = now_us();
        run(base_, "BEGIN IMMEDIATE");
        for (std::int64_t i = 0; i < senders; ++i) {
            customer(first_customer + i, now, now, now);
            token(i + 1, token_of(i), first_customer + i, now, now, never);
            conversation(first_conversation + i, first_customer + i, now, now);
        }
        run(base_, "COMMIT");
        prepare();
    }

    void commit(std::span<bare_message* const> batch) override
    {
        run(base_, "BEGIN IMMEDIATE");
        for (std::size_t at = 0; at < batch.size(); at += key_counts.back())
            look_up(batch.subspan(at, std::min(key_counts.back(), batch.size() - at)));
        const std::int64_t now = now_us();
        for (auto* one : batch)
            number(*one);
        in_groups(batch, entry_rows, entries_, [&](statement& into, const bare_message& one) {
            bind_entry(into, one, now);
        });
        for (const auto* one : batch)
            count(*one, now);
        advance_head_(std::ssize(batch));
        select_head_();
        in_groups(batch, log_rows, log_, [&](statement& into, const bare_message& one) {
            bind_log(into, one, now);
        });
        run(base_, "COMMIT");
    }

private:
    /// Closes the database after the statements that were prepared on it.
    struct closer
    {
        void operator()(sqlite3* what) const { sqlite3_close_v2(what); }
    };

    using statements = std::vector<std::unique_ptr<statement>>;

    void prepare()
    {
        const std::string columns = std::string{texts::conversation_columns};
        for (const std::size_t keys : key_counts) {
            callers_.push_back(make(repeated(texts::callers, "?", keys, ", ", ")")));
            said_.push_back(make(repeated(texts::said, texts::one_said, keys, " OR ")));
            current_.push_back(make(
                repeated(columns + std::string{texts::current}, "?", keys, ", ", ") LIMIT 500")
            ));
        }
        for (const std::size_t rows : entry_rows)
            entries_.push_back(make(repeated(texts::insert_entry, texts::entry_row, rows)));
        for (const std::size_t rows : log_rows)
            log_.push_back(make(repeated(texts::insert_log, texts::log_row, rows)));
    }

    [[nodiscard]] std::unique_ptr<statement> make(const std::string& sql) const
    {
        return std::make_unique<statement>(base_, sql);
    }

    /// Writes all messages of a batch with statements of these many rows.
    template <std::size_t Sizes, class Bind>
    static void in_groups(
        std::span<bare_message* const> batch,
        const std::array<std::size_t, Sizes>& sizes,
        const statements& with,
        const Bind& bind
    )
    {
        std::size_t at = 0;
        for (std::size_t size = 0; size < Sizes; ++size)
            for (; batch.size() - at >= sizes[size]; at += sizes[size]) {
                for (const auto* one : batch.subspan(at, sizes[size]))
                    bind(*with[size], *one);
                with[size]->step();
            }
    }

    static std::int64_t sender_of(const bare_message& one) { return one.conversation % senders; }
    static std::int64_t customer_of(const bare_message& one)
    {
        return first_customer + sender_of(one);
    }
    static std::int64_t conversation_of(const bare_message& one)
    {
        return first_conversation + sender_of(one);
    }

    void look_up(std::span<bare_message* const> batch)
    {
        const auto* const keys = std::ranges::lower_bound(key_counts, batch.size());
        const auto size = static_cast<std::size_t>(keys - key_counts.begin());
        for (const std::int64_t fixed : {inbox, std::int64_t{0}, std::int64_t{4}, now_us()})
            current_[size]->bind(fixed);
        tokens_.clear();
        tokens_.reserve(key_counts.back()); // bound by reference
        for (std::size_t i = 0; i < *keys; ++i) {
            const bare_message& one = *batch[std::min(i, batch.size() - 1)];
            tokens_.push_back(token_of(sender_of(one)));
            callers_[size]->bind(std::string_view{tokens_.back()});
            said_[size]->bind(customer_of(one));
            said_[size]->bind(std::string_view{one.cid});
            current_[size]->bind(customer_of(one));
        }
        for (const statements* each : {&callers_, &said_, &current_})
            (*each)[size]->step();
    }

    void number(bare_message& one)
    {
        one.id = first_entry + ++last_;
        one.position = last_;
        ++seqs_[static_cast<std::size_t>(sender_of(one))];
    }

    void bind_entry(statement& into, const bare_message& one, std::int64_t now) const
    {
        const std::int64_t seq = one.position; // unique in the conversation, as a number of its own
        for (const std::int64_t number :
             {one.id,
              conversation_of(one),
              customer_of(one),
              inbox,
              seq,
              seq,
              now,
              now,
              std::int64_t{1},
              std::int64_t{1},
              customer_of(one),
              std::int64_t{0},
              std::int64_t{1},
              std::int64_t{0},
              std::int64_t{1},
              std::int64_t{1},
              std::int64_t{0},
              std::int64_t{0},
              std::int64_t{0},
              std::int64_t{0}})
            into.bind(number);
        const std::string_view cid = one.cid;
        const std::string_view text = one.text;
        for (const std::string_view word : {cid, std::string_view{}, text, std::string_view{"{}"}})
            into.bind(word);
    }

    void count(const bare_message& one, std::int64_t now)
    {
        const std::int64_t seq = seqs_[static_cast<std::size_t>(sender_of(one))];
        update_conversation_(
            seq,
            seq,
            now,
            std::string_view{one.text}.substr(0, 140),
            std::int64_t{1},
            std::int64_t{1},
            now,
            seq,
            std::int64_t{0},
            now,
            now,
            std::int64_t{0},
            conversation_of(one)
        );
    }

    static void bind_log(statement& into, const bare_message& one, std::int64_t now)
    {
        for (const std::int64_t number :
             {one.position,
              now,
              entry_added,
              std::int64_t{1},
              customer_of(one),
              std::int64_t{1},
              customer_of(one),
              conversation_of(one),
              inbox,
              one.id,
              one.position,
              std::int64_t{0},
              std::int64_t{1},
              std::int64_t{0},
              std::int64_t{0}})
            into.bind(number);
    }

    std::unique_ptr<sqlite3, closer> owned_;
    sqlite3* base_ = owned_.get();
    statement update_conversation_{base_, texts::update_conversation};
    statement advance_head_{base_, texts::advance_head};
    statement select_head_{base_, texts::select_head};
    std::vector<std::string> tokens_;
    statements callers_;
    statements said_;
    statements current_;
    statements entries_;
    statements log_;
    std::array<std::int64_t, senders> seqs_{};
    std::int64_t last_ = 0;
};

} // namespace

std::unique_ptr<bare_store> open_our_statements(const std::string& file)
{
    return std::make_unique<our_statements>(file);
}

} // namespace bench
