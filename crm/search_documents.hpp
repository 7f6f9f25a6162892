// Reading what a search document says and putting it into the index, several at once. Inside a
// store job.
#pragma once

#include "crm/search_index.hpp"

#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace crm::search {

/// A document that may have changed; id 0 for none.
struct concerned
{
    document kind{};
    std::int64_t id = 0;
    friend auto operator<=>(const concerned&, const concerned&) = default;
};

/// Documents that are taken in one after the other. What they need is read for all of them at once,
/// and new ones are written together, as every statement is a journey to MySQL.
class reading
{
public:
    static constexpr std::size_t at_once = 16;

    /// At most `at_once` of them, each once.
    reading(transaction& in, std::span<const concerned> all);

    /// Takes in one of them as it is now, or as the caller says it is; written by `finish`.
    taken_in take(const concerned& what);
    taken_in write(document kind, const hit& about, std::string_view text);
    void finish();

private:
    struct message
    {
        hit about{};
        std::string text{};
    };
    struct row
    {
        document kind{};
        hit about{};
        std::string words{};
    };

    template <class Each>
    void for_each(std::string_view select, const std::vector<std::int64_t>& ids, const Each& each);
    taken_in take_message(std::int64_t id);
    taken_in take_conversation(std::int64_t id);
    taken_in take_customer(std::int64_t id);
    taken_in take_order(std::int64_t id);
    taken_in clear(std::int64_t id);

    transaction& in_;
    std::unordered_set<std::int64_t> indexed_;
    std::unordered_map<std::int64_t, message> messages_;
    std::vector<row> rows_; // to be written
};

} // namespace crm::search
