// What the messages of one batch look up about their writers, read for all of them together: who
// holds a visitor's token, whether a client id was used before, which conversation goes on. With a
// database server behind a socket this is three round trips a batch instead of six a message. Jobs
// say beforehand what they will ask for; an answer holds for as long as nothing else was written.
// The writer thread's.
#pragma once

#include "crm/conversation.hpp"
#include "crm/identity.hpp"
#include "crm/store/transaction.hpp"
#include "crm/timeline.hpp"

#include <map>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

namespace crm {

class arrivals
{
public:
    /// Those of this batch.
    static arrivals& of(transaction& tx);

    /// A message of this visitor will come in this batch. Does not touch the database.
    void announce(
        std::string_view token_hash,
        inbox_id inbox,
        channel_account_id account,
        std::string_view cid
    );

    /// A valid token with what its customer's row says of merging.
    struct caller
    {
        visitor token;
        instant last_seen;
        bool is_alone = false; // neither merged into another customer nor joined by one
    };
    /// The holder of a token, as visitors::find; nothing for one that is unknown, closed or
    /// expired.
    std::optional<caller> find(transaction& tx, std::string_view token_hash, instant now);

    /// True when this customer's client id was never used. Looks at no other member.
    bool is_new(transaction& tx, customer_id author, std::string_view cid);

    /// As conversations::find_current, for a customer who is_alone.
    std::optional<conversation> current(
        transaction& tx, customer_id who, inbox_id inbox, channel_account_id account, instant now
    );

    /// Appends as timeline::append_new, and keeps what it changes in what is known.
    appended append(transaction& tx, context& by, conversation& where, const new_entry& wanted);

private:
    struct announced
    {
        std::string token_hash;
        inbox_id inbox;
        channel_account_id account;
        std::string cid;
    };
    struct place
    {
        customer_id customer;
        inbox_id inbox;
        channel_account_id account;
        friend auto operator<=>(const place&, const place&) = default;
    };
    using said = std::pair<customer_id, std::string>;

    void refresh(transaction& tx);
    [[nodiscard]] bool reads_ahead() const;
    void read_callers(transaction& tx, std::vector<db::value> hashes);
    void read_said(transaction& tx, std::span<const said> which);
    void read_current(
        transaction& tx,
        std::span<const customer_id> of,
        inbox_id inbox,
        channel_account_id account,
        instant now
    );

    std::vector<announced> announced_;
    change_count as_of_;
    int forgotten_ = 0; // how often something else was written
    std::unordered_map<std::string, std::optional<caller>> callers_;
    std::map<said, bool> said_;
    std::map<place, std::optional<conversation>> current_;
};

} // namespace crm
