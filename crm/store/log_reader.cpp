#include "crm/store/log_reader.hpp"

namespace crm {

namespace {

constexpr std::string_view select_bounds = "SELECT floor_at, at FROM log_head WHERE id = 1";
constexpr std::string_view select_entries =
    "SELECT position, at, what, actor_kind, actor_id, via, customer_id, conversation_id, inbox_id, "
    "entry_id, seq, subject, number, amount FROM log_entries WHERE position > ? "
    "ORDER BY position LIMIT ?";
constexpr std::string_view select_address =
    "SELECT log_addresses.address FROM log_entries JOIN log_addresses "
    "ON log_addresses.id = log_entries.address_id WHERE log_entries.position = ?";

log_entry read_row(const db::rows& from)
{
    log_entry read;
    read.position = from.integer(0);
    read.at = from.time(1);
    read.what = from.as<happening>(2);
    read.actor = from.as<actor_kind>(3);
    read.actor_id = from.integer(4);
    read.by = from.as<via>(5);
    read.customer = from.id<customer_id>(6);
    read.conversation = from.id<conversation_id>(7);
    read.inbox = from.id<inbox_id>(8);
    read.entry_ref = from.id<entry_id>(9);
    read.seq = from.integer(10);
    read.subject = from.integer(11);
    read.number = from.integer(12);
    read.amount = from.integer(13);
    return read;
}

} // namespace

log_bounds read_log_bounds(db::connection& on)
{
    db::rows head = on.query(select_bounds);
    if (!head.next())
        throw db::failure{db::failure::kind::corrupt, "log_head has lost its row"};
    return {head.integer(0), head.integer(1)};
}

std::vector<log_entry> read_log(db::connection& on, std::int64_t after, int most)
{
    std::vector<log_entry> read;
    db::rows found = on.query(select_entries, {after, most});
    while (found.next())
        read.push_back(read_row(found));
    return read;
}

std::string read_log_address(db::connection& on, std::int64_t position)
{
    db::rows found = on.query(select_address, {position});
    return found.next() ? found.string(0) : std::string{};
}

} // namespace crm
