// Customers' messages that reach the store together: what is looked up for all of them at once
// must be what each would have found alone.
#include "crm/customer.hpp"
#include "crm/timeline_pages.hpp"
#include "tests/store/routing/contact_center.hpp"

#include <catch2/catch.hpp>

using namespace routing;
using namespace routing::test;

namespace {

using arriving = std::shared_ptr<crm::test::outcome<received>>;

/// Messages, and what comes between them, as one batch.
class one_batch
{
public:
    explicit one_batch(contact_center& house) : house_{house}, gate_{house.base.hold_writer()} {}

    arriving say(const std::string& visitor, const std::string& cid, const std::string& text = "x")
    {
        incoming what;
        what.inbox = house_.inbox;
        what.account = house_.account;
        what.who = {.kind = crm::actor_kind::customer, .by = crm::via::widget};
        what.visitor_key = crm::to_hex(crm::sha256(visitor));
        what.text = text;
        what.cid = cid;
        auto kept = std::make_shared<crm::test::outcome<received>>();
        boost::asio::co_spawn(
            house_.base.io,
            house_.board->receive(std::move(what)),
            [kept](std::exception_ptr failed, received done) {
                kept->failed = failed;
                kept->value = std::move(done);
            }
        );
        house_.base.io.restart();
        house_.base.io.poll();
        all_.push_back(kept);
        return kept;
    }
    template <class Verb>
    void between(Verb verb)
    {
        house_.base.start([by = house_.acting(), verb](crm::transaction& tx) {
            auto now = by;
            verb(tx, now);
        });
    }
    void run()
    {
        gate_->set_value();
        house_.base.run_until([&] {
            return std::ranges::all_of(all_, [](const arriving& one) { return one->is_done(); });
        });
    }

private:
    contact_center& house_;
    std::shared_ptr<std::promise<void>> gate_;
    std::vector<arriving> all_;
};

/// The seqs of all entries of a conversation: 1, 2, 3 ... when none is missing or doubled.
void check_gapless(contact_center& house, crm::conversation_id which)
{
    const auto seqs = house.base.read([which](crm::db::connection& on) {
        std::vector<std::int64_t> found;
        crm::db::rows row =
            on.query("SELECT seq FROM entries WHERE conversation_id = ? ORDER BY seq", {which});
        while (row.next())
            found.push_back(row.integer(0));
        return found;
    });
    for (std::size_t i = 0; i < seqs.size(); ++i)
        CHECK(seqs[i] == static_cast<std::int64_t>(i) + 1);
    const auto state = house.base.read([which](crm::db::connection& on) {
        return crm::conversations::need(on, which);
    });
    CHECK(state.seq == std::ssize(seqs));
}

} // namespace

TEST_CASE("messages of many customers in one batch each find their own conversation")
{
    contact_center house{GENERATE(from_range(crm::test::backends()))};
    std::vector<received> first;
    for (int i = 0; i < 70; ++i) // more than one statement's worth
        first.push_back(house.say("v" + std::to_string(i), "hello", "c0"));
    house.settle();
    one_batch batch{house};
    std::vector<arriving> said;
    for (int round = 1; round <= 2; ++round)
        for (int i = 0; i < 70; ++i)
            said.push_back(batch.say(
                "v" + std::to_string(i),
                "c" + std::to_string(round),
                std::to_string(i) + " says " + std::to_string(round)
            ));
    batch.run();
    for (std::size_t n = 0; n < said.size(); ++n) {
        const received& mine = first[n % 70];
        CHECK(said[n]->value->conversation == mine.conversation);
        CHECK(said[n]->value->customer == mine.customer);
        CHECK_FALSE(said[n]->value->repeated);
    }
    for (std::size_t i = 0; i < 70; ++i) {
        CHECK(said[70 + i]->value->seq == said[i]->value->seq + 1);
        check_gapless(house, first[i].conversation);
        const auto state = house.base.read([&](crm::db::connection& on) {
            return crm::conversations::need(on, first[i].conversation);
        });
        CHECK(state.preview == std::to_string(i) + " says 2");
        CHECK(state.unread == 3);
    }
    CHECK(house.base.store().health().reruns == 0);
}

TEST_CASE("a client id twice in one batch, and one from before, are repetitions")
{
    contact_center house{GENERATE(from_range(crm::test::backends()))};
    const received old = house.say("ada", "hello", "c0");
    house.settle();
    one_batch batch{house};
    const auto first = batch.say("ada", "c1");
    const auto again = batch.say("ada", "c1");
    const auto older = batch.say("ada", "c0");
    const auto next = batch.say("ada", "c2");
    batch.run();
    CHECK_FALSE(first->value->repeated);
    CHECK(again->value->repeated);
    CHECK(again->value->entry == first->value->entry);
    CHECK(older->value->repeated);
    CHECK(older->value->entry == old.entry);
    CHECK(next->value->seq == first->value->seq + 1);
    check_gapless(house, old.conversation);
}

TEST_CASE("what others change between two messages of a batch counts for the second")
{
    contact_center house{GENERATE(from_range(crm::test::backends()))};
    const received ada = house.say("ada", "hello", "c0");
    const received bea = house.say("bea", "hello", "c0");
    const received cleo = house.say("cleo", "hello", "c0");
    house.settle();
    one_batch batch{house};
    const auto before = batch.say("ada", "c1");
    batch.between([&](crm::transaction& tx, crm::context& by) {
        crm::new_entry note;
        note.conversation = ada.conversation;
        note.kind = crm::entry_kind::note;
        note.is_public = false;
        note.text = "a note";
        crm::timeline::append(tx, by, note);
    });
    const auto after = batch.say("ada", "c2");
    batch.between([&](crm::transaction& tx, crm::context& by) {
        crm::customers::merge(tx, by, ada.customer, bea.customer);
    });
    const auto merged = batch.say("bea", "c1");
    batch.between([&](crm::transaction& tx, crm::context& by) {
        const auto key = crm::to_hex(crm::sha256(std::string_view{"cleo"}));
        crm::visitors::close(tx, by, crm::visitors::find(tx.db(), key, by.now)->id);
    });
    const auto stranger = batch.say("cleo", "c1");
    const auto goes_on = batch.say("ada", "c3");
    batch.run();
    CHECK(after->value->seq == before->value->seq + 2);
    // Whoever was merged goes on in the conversation that both share.
    CHECK(merged->value->conversation != cleo.conversation);
    CHECK(goes_on->value->seq > after->value->seq);
    // A token that was closed meanwhile is nobody's, and the browser's address another's.
    CHECK(stranger->failed);
    for (const auto which : {ada.conversation, bea.conversation, cleo.conversation})
        check_gapless(house, which);
}

TEST_CASE("a resolved conversation is opened again once, and the batch's next message goes on in it"
)
{
    contact_center house{GENERATE(from_range(crm::test::backends()))};
    const auto ann = house.agent("ann");
    const received ada = house.say("ada", "hello", "c0");
    const received bea = house.say("bea", "hello", "c0");
    house.settle();
    house.resolve(ann, ada.conversation);
    house.settle();
    one_batch batch{house};
    const auto other = batch.say("bea", "c1");
    const auto reopens = batch.say("ada", "c1");
    const auto follows = batch.say("ada", "c2");
    batch.run();
    CHECK(other->value->conversation == bea.conversation);
    CHECK(reopens->value->conversation == ada.conversation);
    CHECK(follows->value->conversation == ada.conversation);
    const auto state = house.base.read([&](crm::db::connection& on) {
        return crm::conversations::need(on, ada.conversation);
    });
    CHECK(state.status == crm::conversation_status::open);
    CHECK(state.reopened == 1);
    check_gapless(house, ada.conversation);
}
