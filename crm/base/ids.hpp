// Strong identifiers. 64 bits: 47 of time in 1/16 ms, 8 of node, 8 of counter; written as decimal
// strings in JSON. Any thread unless said otherwise.
#pragma once

#include "crm/base/time.hpp"

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>

namespace crm {

enum class customer_id : std::int64_t
{
};
enum class identity_id : std::int64_t
{
};
enum class company_id : std::int64_t
{
};
enum class inbox_id : std::int64_t
{
};
enum class channel_account_id : std::int64_t
{
};
enum class conversation_id : std::int64_t
{
};
enum class entry_id : std::int64_t
{
};
enum class attachment_id : std::int64_t
{
};
enum class order_id : std::int64_t
{
};
enum class agent_id : std::int64_t
{
};
enum class team_id : std::int64_t
{
};
enum class skill_id : std::int64_t
{
};
enum class tag_id : std::int64_t
{
};
enum class request_id : std::int64_t
{
};
enum class outbox_id : std::int64_t
{
};
enum class agenda_id : std::int64_t
{
};
enum class token_id : std::int64_t
{
};

/// True for the strong id enums above (and only for 64-bit enums).
template <class Id>
concept strong_id = std::is_enum_v<Id> && sizeof(Id) == 8;

/// The number inside an id, for the database and for hashing.
template <strong_id Id>
constexpr std::int64_t raw(Id id)
{
    return static_cast<std::int64_t>(id);
}

/// Decimal text of an id, the form used in JSON and URLs.
template <strong_id Id>
std::string to_string(Id id)
{
    return std::to_string(raw(id));
}

/// Reads the decimal text of an id; throws problem{invalid} when it is not a positive 64-bit
/// number.
std::int64_t parse_id(std::string_view text);

/// A block of ids reserved in advance, so that a store job that runs twice gives the same ids
/// twice. A job copies it into a local before use. `next` beyond the block's size throws
/// std::logic_error.
class id_block
{
public:
    id_block(std::int64_t first, int count) : next_{first}, end_{first + count} {}
    template <strong_id Id>
    Id next()
    {
        return static_cast<Id>(take());
    }

private:
    std::int64_t take();
    std::int64_t next_;
    std::int64_t end_;
};

/// Hands out ids that grow with time and never repeat on one node, even if the clock steps back.
/// Thread-safe.
class id_source
{
public:
    /// node: 0..255, unique among running nodes of one installation.
    id_source(const clock& time, int node);
    /// Reserves `count` (1..128) consecutive ids.
    id_block reserve(int count);
    /// Reserves one id.
    template <strong_id Id>
    Id next()
    {
        return reserve(1).template next<Id>();
    }

private:
    const clock& time_;
    std::int64_t node_;
    std::atomic<std::int64_t> last_{0};
};

} // namespace crm
