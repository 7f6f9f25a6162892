#include "tests/support/load_archive.hpp"

#include <array>
#include <string>
#include <string_view>

namespace load {

namespace {

constexpr std::int64_t rows_in_a_commit = 50'000;
constexpr std::int64_t begin_us = 1'700'000'000'000'000;
constexpr std::int64_t minute_us = 60'000'000;

constexpr std::array<std::string_view, 8> sentences{
    "Where is my order? It was to arrive on Monday.",
    "我的订单什么时候可以送到？已经等了三天了。",
    "The jacket is too small. Can I have the next size?",
    "谢谢，问题已经解决了，你们的服务很好。",
    "I was charged twice for the same order, please look into it.",
    "请问这款手机支持无线充电吗？",
    "Could you send me the invoice for last month once more?",
    "Thank you, that was quick. Have a nice day!",
};

constexpr std::string_view insert_customer = "INSERT INTO customers (id, anonymous, name, locale, "
                                             "timezone, company_id, owner_agent_id, merged_into,"
                                             " score, tier, tier_pinned, value_minor, currency, "
                                             "verified, profiling_opt_out, created_at, updated_at,"
                                             " last_seen_at, erased_at, revision) VALUES (?, 0, ?, "
                                             "'en', 'UTC', 0, 0, 0, 0, 0, 0, 0, 'EUR', 0, 0, ?, ?,"
                                             " ?, 0, 0)";
constexpr std::string_view insert_conversation =
    "INSERT INTO conversations (id, inbox_id, customer_id, channel_account_id, identity_id, "
    "channel, subject,"
    " status, priority, stage, stage_by_hand, assignee_id, team_id, order_id, tags, locale, "
    "last_seq,"
    " last_public_seq, last_happened, preview, preview_kind, preview_author, preview_at, unread, "
    "agent_read_seq,"
    " customer_read_seq, failed, opened_at, last_activity_at, waiting_since, first_response_due,"
    " first_response_at, snoozed_until, resolved_at, reopened, request_id, request_state, "
    "request_since,"
    " revision) VALUES (?, ?, ?, 0, 0, 1, '', 4, 0, 1, 0, 0, 0, 0, '', 'en', ?, ?, ?, 'archived', "
    "1, 1, ?, 0, ?,"
    " 0, 0, ?, ?, 0, 0, 0, 0, ?, 0, 0, 0, 0, 0)";
constexpr std::string_view insert_entry =
    "INSERT INTO entries (id, conversation_id, customer_id, inbox_id, seq, public_seq, happened, "
    "received, kind,"
    " author_kind, author_id, identity_id, channel, channel_account_id, stage, is_public, delivery,"
    " delivery_detail, revision, redacted_at, attachment_count, has_html, reference, cid, "
    "platform_id, content,"
    " details) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1, 1, ?, 0, 1, 0, 1, 1, 0, '', 0, 0, 0, 0, 0, ?, "
    "'', ?, '{}')";

/// Commits every so many rows, so that no transaction grows without bound.
class writer
{
public:
    explicit writer(crm::db::connection& on) : on_{on} { on_.begin_write(); }
    ~writer() { on_.commit(); }
    writer(const writer&) = delete;
    writer& operator=(const writer&) = delete;

    void exec(std::string_view sql, std::initializer_list<crm::db::value> args)
    {
        on_.exec(sql, args);
        if (++rows_ % rows_in_a_commit == 0) {
            on_.commit();
            on_.begin_write();
        }
    }

private:
    crm::db::connection& on_;
    std::int64_t rows_ = 0;
};

void fill_conversation(
    writer& into,
    const archive_settings& how,
    std::int64_t customer,
    std::int64_t count,
    std::int64_t& next_id
)
{
    const std::int64_t conversation = next_id++;
    const std::int64_t start = begin_us + customer % 100'000 * minute_us;
    const std::int64_t end = start + count * minute_us;
    into.exec(
        insert_conversation,
        {conversation, how.inbox, customer, count, count, end, end, count, start, end, end}
    );
    for (std::int64_t seq = 1; seq <= count; ++seq) {
        const std::int64_t id = next_id++;
        const std::int64_t at = start + seq * minute_us;
        const std::string cid = "archive-" + std::to_string(id);
        into.exec(
            insert_entry,
            {id,
             conversation,
             customer,
             how.inbox,
             seq,
             seq,
             at,
             at,
             customer,
             cid,
             sentences[static_cast<std::size_t>(id) % sentences.size()]}
        );
    }
}

} // namespace

std::vector<std::int64_t> fill_archive(crm::db::connection& on, const archive_settings& how)
{
    writer into{on};
    std::vector<std::int64_t> conversations;
    std::int64_t next_id = how.first_id + how.customers;
    const std::int64_t each = (how.entries - how.entries_of_first) / (how.customers - 1);
    for (std::int64_t i = 0; i < how.customers; ++i) {
        const std::int64_t customer = how.first_id + i;
        const std::string name = "Customer " + std::to_string(i);
        into.exec(insert_customer, {customer, name, begin_us, begin_us, begin_us});
        conversations.push_back(next_id);
        // A customer's history is several conversations.
        std::int64_t left = i == 0 ? how.entries_of_first : each;
        for (const std::int64_t part = left / 5 + 1; left > 0; left -= part)
            fill_conversation(into, how, customer, std::min(part, left), next_id);
    }
    return conversations;
}

} // namespace load
