// What was asked of a server and what it answered, and the judge that holds this against the
// database and against what observers saw. Pure; any thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace load {

/// How an operation ended: `info` is not known, because the connection or the server died first.
enum class outcome
{
    info,
    ok,
    fail
};

/// One intention of one writer, known by its cid for ever.
struct operation
{
    std::string cid;
    std::string writer;
    std::string text;
    outcome ended = outcome::info;
    std::int64_t seq = 0; // as acknowledged: public for visitors, the conversation's for agents
    bool by_visitor = true;
};

/// One entry as the database or an observer holds it.
struct seen_entry
{
    std::string conversation;
    std::string id;
    std::int64_t seq = 0;        // 0 where the observer is not shown it
    std::int64_t public_seq = 0; // 0 for what a customer never sees
    std::string cid;
    std::string text;
};

/// What one observer believes: its entries by conversation and number.
struct observed
{
    std::string name;
    bool by_public_seq =
        false;                // a visitor: numbers are public ones, internal entries are not shown
    std::string conversation; // the only one a visitor sees; empty = all
    std::map<std::string, std::map<std::int64_t, seen_entry>> entries;
};

/// What the judge found; everything but `acknowledged` must be zero.
struct verdict
{
    std::int64_t acknowledged = 0;
    std::int64_t lost = 0;    // acknowledged and absent, or there with another text or number (I1)
    std::int64_t doubled = 0; // any cid more than once (I1, I4)
    std::int64_t gaps = 0;    // a seq or public_seq missing or twice (I2)
    std::int64_t different = 0;          // an observer's timeline is not the database's (I3)
    std::int64_t resurrected = 0;        // refused and yet there (I4)
    std::vector<std::string> complaints; // the first twenty, in words

    [[nodiscard]] std::int64_t violations() const
    {
        return lost + doubled + gaps + different + resurrected;
    }
};

/// The operations of one run.
class history
{
public:
    void invoke(operation what);
    void ended(const std::string& cid, outcome how, std::int64_t seq);
    [[nodiscard]] const std::map<std::string, operation>& operations() const { return operations_; }
    [[nodiscard]] std::int64_t count(outcome how) const;

private:
    std::map<std::string, operation> operations_;
};

/// Holds a history and observers against the rows of the database (in any order).
verdict judge(
    const history& asked,
    const std::vector<seen_entry>& stored,
    const std::vector<observed>& observers
);

} // namespace load
