#include "crm/outbox.hpp"

#include "crm/base/problem.hpp"
#include "crm/timeline_pages.hpp"
#include "tests/support/builders.hpp"

#include <catch2/catch.hpp>

using namespace crm;
using namespace std::chrono_literals;

namespace {

struct sending_house : test::house
{
    channel_account_id sms = run([&](transaction& tx, context& as) {
                                 channel_account account;
                                 account.slug = "sms";
                                 account.inbox = help;
                                 account.channel = channel::sms;
                                 account.name = "SMS";
                                 account.can = usual_capabilities(channel::sms);
                                 return channel_accounts::create(tx, as, account);
                             }).id;
    conversation talk = open(add(test::a_customer()));

    entry_id send(const conversation& where, std::chrono::microseconds hold = 0s)
    {
        return run(by_agent(), [&](transaction& tx, context& as) {
            new_entry wanted;
            wanted.conversation = where.id;
            wanted.by = {.kind = author_kind::agent, .id = raw(ann), .identity = {}};
            wanted.text = "hello";
            wanted.account = sms;
            wanted.delivery = hold > 0s ? delivery::held : delivery::queued;
            const auto said = timeline::append(tx, as, wanted);
            outbox::put(tx, as, *said.what, {}, hold);
            return said.what->id;
        });
    }
    std::vector<outbox_item> lease(std::int64_t holder = 1)
    {
        return run([&](transaction& tx, context& as) {
            return outbox::lease(tx, as, holder, 30s, 10);
        });
    }
    delivery state(entry_id of) { return timeline::find(db(), of)->delivery; }
};

} // namespace

TEST_CASE("a message is leased once, sent, and known by the platform's id")
{
    sending_house h;
    const auto said = h.send(h.talk);
    const auto leased = h.lease();
    REQUIRE(leased.size() == 1);
    CHECK(leased[0].entry == said);
    CHECK(h.lease(2).empty());
    h.run([&](transaction& tx, context& as) {
        CHECK(outbox::sent(tx, as, leased[0].id, leased[0].fence, "SM123"));
        CHECK_FALSE(outbox::sent(tx, as, leased[0].id, leased[0].fence, "SM123"));
    });
    CHECK(h.state(said) == delivery::sent);
    CHECK(timeline::find_by_platform(h.db(), h.sms, "SM123")->id == said);
    CHECK_FALSE(outbox::next_due(h.db()));
}

TEST_CASE("messages of one conversation leave in order, those of others do not wait")
{
    sending_house h;
    const auto other = h.open(h.add(test::a_customer()));
    const auto first = h.send(h.talk);
    const auto second = h.send(h.talk);
    const auto elsewhere = h.send(other);
    auto leased = h.lease();
    REQUIRE(leased.size() == 2);
    CHECK(leased[0].entry == first);
    CHECK(leased[1].entry == elsewhere);
    h.run([&](transaction& tx, context& as) {
        outbox::retry(tx, as, leased[0].id, leased[0].fence, as.now + 2s, "busy");
    });
    CHECK(h.lease().empty());
    CHECK(outbox::next_due(h.db()) == h.time.now());
    h.pass(3s);
    leased = h.lease();
    REQUIRE(leased.size() == 1);
    CHECK(leased[0].entry == first);
    CHECK(leased[0].attempts == 2);
    h.run([&](transaction& tx, context& as) {
        outbox::dead(tx, as, leased[0].id, leased[0].fence, "no such number");
    });
    CHECK(h.state(first) == delivery::failed);
    CHECK(h.now(h.talk).failed);
    CHECK(h.lease().at(0).entry == second);
}

TEST_CASE("a courier that comes back late can do no harm")
{
    sending_house h;
    const auto said = h.send(h.talk);
    const auto old = h.lease(1).at(0);
    h.pass(31s);
    h.run([&](transaction& tx, context& as) { CHECK(outbox::expire(tx, as, 10) == 1); });
    CHECK(h.state(said) == delivery::uncertain);
    h.run([&](transaction& tx, context& as) {
        CHECK_FALSE(outbox::sent(tx, as, old.id, old.fence, "late"));
    });
    CHECK(outbox::troubled(h.db(), 10).size() == 1);
    h.run([&](transaction& tx, context& as) { outbox::send_again(tx, as, said); });
    CHECK(h.state(said) == delivery::queued);
    const auto fresh = h.lease(2).at(0);
    CHECK(fresh.fence > old.fence);
    h.run([&](transaction& tx, context& as) {
        CHECK_FALSE(outbox::dead(tx, as, old.id, old.fence, "late"));
        CHECK(outbox::sent(tx, as, fresh.id, fresh.fence, "again"));
    });
    CHECK_THROWS_AS(
        h.run([&](transaction& tx, context& as) { outbox::send_again(tx, as, said); }), problem
    );
}

TEST_CASE("a lost lease is tried again where repeating is safe")
{
    sending_house h;
    h.run([&](transaction& tx, context& as) {
        auto account = *channel_accounts::find(tx.db(), h.sms);
        account.can.repeats_safely = true;
        channel_accounts::change(tx, as, account, account.revision);
    });
    const auto said = h.send(h.talk);
    h.lease();
    h.pass(31s);
    h.run([&](transaction& tx, context& as) { outbox::expire(tx, as, 10); });
    CHECK(h.state(said) == delivery::queued);
    CHECK(h.lease().size() == 1);
}

TEST_CASE("a held message may be taken back until it goes")
{
    sending_house h;
    const auto said = h.send(h.talk, 10s);
    CHECK(h.lease().empty());
    h.run([&](transaction& tx, context& as) {
        CHECK(outbox::cancel(tx, as, said));
        CHECK_FALSE(outbox::cancel(tx, as, said));
    });
    CHECK(timeline::find(h.db(), said)->redacted.is_set());
    h.pass(11s);
    CHECK(h.lease().empty());
    const auto second = h.send(h.talk, 10s);
    h.pass(11s);
    CHECK(h.lease().at(0).entry == second);
    h.run([&](transaction& tx, context& as) { CHECK_FALSE(outbox::cancel(tx, as, second)); });
}

TEST_CASE("a note never gets into the outbox")
{
    sending_house h;
    const auto said = h.notes(h.talk, "between us");
    CHECK_THROWS_AS(
        h.run([&](transaction& tx, context& as) { outbox::put(tx, as, *said.what, {}, 0s); }),
        std::logic_error
    );
}
