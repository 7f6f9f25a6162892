// The store of the bare relay: SQLite, one connection, one commit for all that is waiting. Written
// against the C interface directly, so that it costs what the database costs and nothing more. One
// thread.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

namespace bench {

/// How much SQL a message costs.
enum class bare_sql
{
    none, // nothing is stored
    one,  // one INSERT
    ours  // what the product runs for a message in a conversation that exists
};

/// A message to store; `commit` fills in id and position.
struct bare_message
{
    std::int64_t conversation = 0; // 1, 2, 3 ...: the number of its sender
    std::string cid;
    std::string text;
    std::int64_t id = 0;
    std::int64_t position = 0;
};

class bare_store
{
public:
    virtual ~bare_store() = default;
    /// Stores the messages in one transaction, on disk when it returns. Ends the process on
    /// failure.
    virtual void commit(std::span<bare_message* const> batch) = 0;
};

/// Opens a new database file: WAL, synchronous=FULL.
std::unique_ptr<bare_store> open_bare_store(const std::string& file, bare_sql what);

} // namespace bench
