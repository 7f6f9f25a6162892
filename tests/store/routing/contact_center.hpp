// A whole contact centre behind the sockets, for tests: a store, the dispatcher, the switchboard,
// an inbox, and a few words to make things happen.
#pragma once

#include "crm/base/hash.hpp"
#include "crm/channel_account.hpp"
#include "crm/inbox.hpp"
#include "crm/order.hpp"
#include "crm/value.hpp"
#include "routing/dispatcher.hpp"
#include "routing/switchboard.hpp"
#include "tests/support/store_fixture.hpp"

#include <boost/asio/co_spawn.hpp>

namespace routing::test {

class contact_center
{
public:
    explicit contact_center(crm::test::backend on = crm::test::backend::sqlite, policy rules = {});
    ~contact_center();

    crm::agent_id agent(const std::string& name, int units = 4);
    void presence(crm::agent_id who, crm::presence to);
    void online(crm::agent_id who) { presence(who, crm::presence::available); }

    /// A visitor's message; the same name is the same browser.
    received say(const std::string& visitor, const std::string& text, std::string cid = {});
    /// A paid order of a visitor who wrote before.
    void order(crm::customer_id whose, std::int64_t margin_minor);
    received reply(crm::agent_id who, crm::conversation_id where, std::int64_t base = -1);
    void accept(crm::agent_id who, crm::request_id which);
    void decline(crm::agent_id who, crm::request_id which);
    void resolve(crm::agent_id who, crm::conversation_id where);

    /// Runs a switchboard verb to its end.
    template <class T>
    T run(task<T> what)
    {
        auto kept = std::make_shared<crm::test::outcome<T>>();
        const auto keep = [kept](std::exception_ptr failed) { kept->failed = failed; };
        if constexpr (std::is_void_v<T>)
            boost::asio::co_spawn(
                base.io,
                std::move(what),
                [kept, keep](std::exception_ptr failed) {
                    keep(failed);
                    kept->value = true;
                }
            );
        else
            boost::asio::co_spawn(
                base.io,
                std::move(what),
                [kept, keep](std::exception_ptr failed, T result) {
                    keep(failed);
                    kept->value = std::move(result);
                }
            );
        base.run_until([&] { return kept->is_done(); });
        if (kept->failed)
            std::rethrow_exception(kept->failed);
        if constexpr (!std::is_void_v<T>)
            return std::move(*kept->value);
    }

    /// Until the dispatcher has dealt with everything that was said so far.
    void settle();
    /// Until `count` offers have been made since the beginning.
    void until_offers(std::size_t count);
    /// A new dispatcher on the same database, as after a restart.
    void restart();

    /// Who was offered what, in log order.
    struct made_offer
    {
        crm::request_id request{};
        crm::agent_id agent{};
        crm::conversation_id conversation{};
    };
    std::vector<made_offer> offers() const;
    int count(crm::happening what) const;
    crm::request request_of(crm::conversation_id where);

    static crm::actor agent_actor(crm::agent_id who);
    crm::context acting(int ids = 64);

    crm::test::store_fixture base;
    crm::id_source ids;
    dispatcher_settings how;
    std::vector<decision> decided;
    std::shared_ptr<routing::dispatcher> dispatcher;
    std::unique_ptr<routing::switchboard> board;
    crm::inbox_id inbox{};
    crm::channel_account_id account{};

private:
    void begin();
};

} // namespace routing::test
