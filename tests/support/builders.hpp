// A small furnished house for tests of the domain: a database, an inbox, an agent, a clock that
// stands still, and builders that read like sentences:
//     test::house h;
//     const auto lin = h.add(test::a_customer().named("林晓雨").worth(900));
//     const auto talk = h.open(lin);
//     h.says(talk, "Where is my order?");
#pragma once

#include "crm/conversation.hpp"
#include "crm/conversation_list.hpp"
#include "crm/customer.hpp"
#include "crm/inbox.hpp"
#include "crm/order.hpp"
#include "crm/staff.hpp"
#include "crm/timeline.hpp"
#include "tests/support/crm_database.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace crm::test {

/// What a customer is like; `house::add` brings it to life.
class a_customer
{
public:
    a_customer named(std::string name) const
    {
        return with([&](a_customer& c) { c.name_ = std::move(name); });
    }
    a_customer mailing_from(std::string mail) const
    {
        return with([&](a_customer& c) { c.mail_ = std::move(mail); });
    }
    /// With a paid order of this margin in whole units.
    a_customer worth(std::int64_t units) const
    {
        return with([&](a_customer& c) { c.worth_ = units; });
    }
    a_customer anonymous() const
    {
        return with([](a_customer& c) { c.name_.clear(); });
    }

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const std::string& mail() const { return mail_; }
    [[nodiscard]] std::int64_t worth() const { return worth_; }

private:
    template <class Change>
    a_customer with(Change change) const
    {
        a_customer copy = *this;
        change(copy);
        return copy;
    }

    std::string name_ = "Ada";
    std::string mail_;
    std::int64_t worth_ = 0;
};

class house
{
public:
    house();

    /// A context of this actor now, with plenty of ids.
    context by(actor who = {});
    context by_agent()
    {
        return by({.kind = actor_kind::agent, .id = raw(ann), .by = via::console});
    }
    context by_customer(customer_id whom)
    {
        return by({.kind = actor_kind::customer, .id = raw(whom), .by = via::widget});
    }

    /// Runs `verb(tx, context&)` as nobody in particular.
    template <class Verb>
    auto run(const Verb& verb)
    {
        return run(by(), verb);
    }
    /// Runs it as somebody.
    template <class Verb>
    auto run(const context& as, const Verb& verb)
    {
        return base.write([&](transaction& tx) {
            context mine = as;
            return verb(tx, mine);
        });
    }

    customer_id add(const a_customer& like);
    agent_id add_agent(
        const std::string& name,
        std::vector<grant> roles = {{.role = role::agent, .inbox = {}, .team = {}}}
    );
    inbox_id add_inbox(const std::string& slug);
    conversation open(customer_id whom, std::optional<inbox_id> in = std::nullopt);

    /// A customer's message; an agent's reply; an agent's note.
    appended says(const conversation& where, std::string text, std::string cid = {});
    appended answers(const conversation& where, std::string text, std::string cid = {});
    appended notes(const conversation& where, std::string text);

    order buys(
        customer_id whom,
        const std::string& number,
        order_status reached,
        std::int64_t total_minor = 10'000,
        std::int64_t cost_minor = 0
    );
    order moves(const order& which, order_status to);

    conversation now(const conversation& of)
    {
        return conversations::need(base.connection(), of.id);
    }
    customer now(customer_id of) { return customers::need(base.connection(), of); }
    db::connection& db() { return base.connection(); }

    /// Every row of a table as one text, in key order; for "nothing changed".
    std::string rows_of(const std::string& table, const std::string& where = "1 = 1");
    std::int64_t count(const std::string& table, const std::string& where = "1 = 1");

    void pass(std::chrono::microseconds by) { time.advance(by); }

    manual_clock time{instant{1'772'442'000'000'000}}; // a Monday, 09:00 UTC
    id_source ids{time, 1};
    crm_database base{};
    inbox_id help{};
    channel_account_id web{};
    agent_id ann{};
};

} // namespace crm::test
