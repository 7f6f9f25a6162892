// Full-text search over the whole history: messages, conversations' subjects, customers, orders.
// The index is derived from the truth and can be made anew at any time; crm/search_follower.hpp
// keeps it up. Words: crm/search_words.hpp. Functions run inside store jobs.
#pragma once

#include "crm/base/ids.hpp"
#include "crm/sight.hpp"
#include "crm/store/transaction.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace crm::search {

/// What was found. The number is stored.
enum class document : std::int8_t
{
    message = 1,
    conversation = 2,
    customer = 3,
    order = 4
};

struct question
{
    std::string words;
    document kind = document::message;
    // Whose messages and conversations the asking agent may see. Customers and orders stand in no
    // inbox: whether they may be seen is the caller's to check (crm/sight.hpp).
    audience who{.everything = true};
    customer_id of_customer{}; // 0: any
    std::int64_t before = 0;   // continue below this hit's id; 0 from the newest
    int limit = 20;            // 1 to 100
};

struct hit
{
    std::int64_t id = 0; // of the entry, conversation, customer or order
    inbox_id inbox{};
    customer_id customer{};
};

/// The newest documents that hold every word, newest first. Nothing for a question without words.
std::vector<hit> find(db::connection& on, const question& asked);

/// How far the index has come.
struct progress
{
    std::int64_t position = 0; // of the log
    bool is_complete = false;  // everything older is in it too
};

/// Makes the index's tables, or makes them anew when the words' version has changed. On a
/// connection of its own at start, before the follower; commits.
void prepare(db::connection& on);
/// Empties the index; the follower fills it again.
void begin_anew(db::connection& on);

progress read_progress(db::connection& on);

/// Takes the next at most `most` log entries or older rows into the index, fewer where texts are
/// long or many were there before; false when there was nothing to do. A background job.
bool follow(transaction& in, int most);

/// An extract of at most about `length` characters around the first word that was asked for.
std::string snippet(std::string_view text, std::string_view words, std::size_t length = 160);

} // namespace crm::search
