#include "tests/support/bare_ours.hpp"

#include "tests/support/bare_sqlite.hpp"

#include "crm/store/migrations.hpp"
#include "crm/store/sqlite.hpp"

#include <chrono>

namespace bench {

namespace {

constexpr std::int64_t senders = 1'024;
constexpr std::int64_t first_customer = 1'000'000;
constexpr std::int64_t first_conversation = 2'000'000;
constexpr std::int64_t first_entry = 10'000'000;
constexpr std::int64_t inbox = 1;
constexpr std::int64_t never = 4'000'000'000'000'000; // a visitor's token ends in 2096
constexpr std::int64_t day_us = 86'400'000'000;
constexpr std::int64_t entry_added = 40;
constexpr std::array<std::size_t, 5> log_rows{
    256, 64, 16, 4, 1
}; // as crm/store/batch.cpp groups them

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

std::string log_text(std::size_t rows)
{
    std::string made{texts::insert_log};
    for (std::size_t i = 0; i < rows; ++i)
        made.append(i == 0 ? "" : ", ").append(texts::log_row);
    return made;
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
        for (std::size_t i = 0; i < log_rows.size(); ++i)
            log_[i] = std::make_unique<statement>(base_, log_text(log_rows[i]));
    }

    void commit(std::span<bare_message* const> batch) override
    {
        run(base_, "BEGIN IMMEDIATE");
        for (auto* one : batch)
            append(*one);
        advance_head_(std::ssize(batch));
        select_head_();
        std::size_t at = 0;
        for (std::size_t size = 0; size < log_rows.size(); ++size)
            for (; batch.size() - at >= log_rows[size]; at += log_rows[size])
                log_some(*log_[size], batch.subspan(at, log_rows[size]));
        run(base_, "COMMIT");
    }

private:
    /// Closes the database after the statements that were prepared on it.
    struct closer
    {
        void operator()(sqlite3* what) const { sqlite3_close_v2(what); }
    };

    void append(bare_message& one)
    {
        const std::int64_t sender = one.conversation % senders;
        const std::int64_t customer = first_customer + sender;
        const std::int64_t conversation = first_conversation + sender;
        const std::int64_t now = now_us();
        const std::int64_t seq = ++seqs_[static_cast<std::size_t>(sender)];
        const std::string token = token_of(sender);
        const std::string_view cid = one.cid;
        const std::string_view text = one.text;
        one.id = first_entry + ++last_;
        one.position = last_;

        find_token_(std::string_view{token}, now);
        touch_token_(now, sender + 1, now - day_us / 24);
        find_repeated_(std::int64_t{1}, customer, cid);
        reopen_days_(inbox);
        merged_into_(customer);
        merged_(customer);
        find_current_(customer, inbox, std::int64_t{0}, std::int64_t{4}, now - 7 * day_us);
        for (const std::int64_t number :
             {one.id,
              conversation,
              customer,
              inbox,
              seq,
              seq,
              now,
              now,
              std::int64_t{1},
              std::int64_t{1},
              customer,
              std::int64_t{0},
              std::int64_t{1},
              std::int64_t{0},
              std::int64_t{1},
              std::int64_t{1},
              std::int64_t{0},
              std::int64_t{0},
              std::int64_t{0},
              std::int64_t{0}})
            insert_entry_.bind(number);
        for (const std::string_view word : {cid, std::string_view{}, text, std::string_view{"{}"}})
            insert_entry_.bind(word);
        insert_entry_.step();
        update_conversation_(
            seq,
            seq,
            now,
            text.substr(0, 140),
            std::int64_t{1},
            std::int64_t{1},
            now,
            seq,
            std::int64_t{0},
            now,
            now,
            std::int64_t{0},
            conversation
        );
    }

    static void log_some(statement& into, std::span<bare_message* const> batch)
    {
        const std::int64_t now = now_us();
        for (const auto* one : batch) {
            const std::int64_t sender = one->conversation % senders;
            const std::int64_t customer = first_customer + sender;
            for (const std::int64_t number :
                 {one->position,
                  now,
                  entry_added,
                  std::int64_t{1},
                  customer,
                  std::int64_t{1},
                  customer,
                  first_conversation + sender,
                  inbox,
                  one->id,
                  one->position,
                  std::int64_t{0},
                  std::int64_t{1},
                  std::int64_t{0},
                  std::int64_t{0}})
                into.bind(number);
        }
        into.step();
    }

    std::unique_ptr<sqlite3, closer> owned_;
    sqlite3* base_ = owned_.get();
    statement find_token_{base_, texts::find_token};
    statement touch_token_{base_, texts::touch_token};
    statement find_repeated_{
        base_, std::string{texts::entry_columns} + std::string{texts::with_cid}
    };
    statement merged_into_{base_, texts::merged_into};
    statement merged_{base_, texts::merged};
    statement reopen_days_{base_, texts::reopen_days};
    statement find_current_{
        base_, std::string{texts::conversation_columns} + std::string{texts::current}
    };
    statement insert_entry_{base_, texts::insert_entry};
    statement update_conversation_{base_, texts::update_conversation};
    statement advance_head_{base_, texts::advance_head};
    statement select_head_{base_, texts::select_head};
    std::array<std::unique_ptr<statement>, log_rows.size()> log_;
    std::array<std::int64_t, senders> seqs_{};
    std::int64_t last_ = 0;
};

} // namespace

std::unique_ptr<bare_store> open_our_statements(const std::string& file)
{
    return std::make_unique<our_statements>(file);
}

} // namespace bench
