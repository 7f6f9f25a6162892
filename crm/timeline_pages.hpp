// Reading timelines, page by page, with attachments and authors' names. Reads only.
#pragma once

#include "crm/sight.hpp"
#include "crm/store/connection.hpp"
#include "crm/timeline.hpp"

#include <optional>
#include <string_view>
#include <vector>

namespace crm::timeline {

/// A page, in the order named by its function; `more` when there are further entries that way.
struct page
{
    std::vector<entry> entries{};
    bool more = false;
};

/// Where a customer's page ended: the last entry's happened and id.
struct place
{
    instant happened{};
    entry_id id{};
};
/// The opaque text of a place, for cursors. place_from throws problem{invalid}.
std::string to_cursor(const place& at);
place place_from(std::string_view cursor);

/// Every entry of a customer over all merged members, newest first, older than `before`. Only
/// entries of conversations that `who` may see, and those that stand in none (orders). limit
/// 1..200.
page of_customer(
    db::connection& on,
    customer_id root,
    std::optional<place> before,
    int limit,
    const audience& who = {.everything = true}
);

/// Entries of a conversation older than `before`, in order of seq, the newest `limit` of them;
/// without `before` the latest.
page before(db::connection& on, conversation_id where, std::optional<std::int64_t> seq, int limit);
/// Entries newer than `after`, in order of seq, the oldest `limit` of them.
page after(db::connection& on, conversation_id where, std::int64_t seq, int limit);

/// The same two as the customer sees them: public entries, by public seq, delivery details left
/// out.
page public_before(
    db::connection& on, conversation_id where, std::optional<std::int64_t> public_seq, int limit
);
page public_after(db::connection& on, conversation_id where, std::int64_t public_seq, int limit);

/// One entry with attachments; nullopt when there is none.
std::optional<entry> find(db::connection& on, entry_id which);

} // namespace crm::timeline
