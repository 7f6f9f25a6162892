#include "crm/attachment.hpp"
#include "crm/attribute.hpp"
#include "crm/draft.hpp"
#include "crm/erasure.hpp"
#include "crm/intake.hpp"
#include "crm/search.hpp"
#include "crm/store/idempotency.hpp"
#include "crm/timeline_pages.hpp"
#include "routing/wheel.hpp"
#include "tests/store/routing/contact_center.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

using namespace routing;
using namespace routing::test;
using namespace std::chrono_literals;
using crm::happening;

namespace {

/// The word that must be gone: in every text that the customer has to do with.
const std::string marker = "zebrafish";
const std::string marked_address = "203.0.113.77";

/// Every column of every table, except the search's own structures, which hold no text to read.
std::vector<std::pair<std::string, std::string>> columns(crm::db::connection& on)
{
    std::vector<std::pair<std::string, std::string>> all;
    const bool sqlite = on.speaks() == crm::db::dialect::sqlite;
    crm::db::rows row = on.query(
        sqlite ? "SELECT m.name, c.name FROM sqlite_master m JOIN "
                 "pragma_table_info(m.name) c"
                 " WHERE m.type = 'table' AND m.name NOT LIKE 'search_index%'"
               : "SELECT table_name, column_name FROM information_schema.columns"
                 " WHERE table_schema = DATABASE()"
    );
    while (row.next())
        all.emplace_back(row.string(0), row.string(1));
    return all;
}

/// Where a text stands and how often, as "table.column=1" each.
std::vector<std::string> places_of(crm::db::connection& on, const std::string& text)
{
    std::vector<std::string> found;
    const std::string type = on.speaks() == crm::db::dialect::sqlite ? "TEXT" : "CHAR";
    for (const auto& [table, column] : columns(on)) {
        const std::string sql = "SELECT COUNT(*) FROM " + table + " WHERE CAST(" + column + " AS " +
                                type + ") LIKE '%" + text + "%'";
        crm::db::rows row = on.query(sql);
        if (row.next() && row.integer(0) > 0)
            found.push_back(table + "." + column + "=" + std::to_string(row.integer(0)));
    }
    std::ranges::sort(found);
    return found;
}

/// A customer who left the marker wherever a customer can, and a neighbour who uses it too.
struct marked_center : contact_center
{
    explicit marked_center(crm::test::backend on) : contact_center{on}
    {
        wheel = routing::wheel::make(
            base.io,
            base.store(),
            base.time,
            *board,
            [this](std::vector<std::string> blobs) {
                freed.insert(freed.end(), blobs.begin(), blobs.end());
            }
        );
        wheel->start();
        ann = agent("ann");
        speak();
        furnish();
    }
    ~marked_center() { wheel->stop(); }

    void speak()
    {
        incoming what;
        what.inbox = inbox;
        what.who = {
            .kind = crm::actor_kind::customer,
            .id = 0,
            .by = crm::via::widget,
            .address = marked_address
        };
        what.visitor_key = crm::to_hex(crm::sha256("ada"));
        what.name = "Ada " + marker;
        what.text = "My " + marker + " is ill.";
        what.platform_id = "<" + marker + "@mail>";
        said = run(board->receive(what));
        what.kind = crm::entry_kind::form;
        what.platform_id.clear();
        what.details = R"({"fields":[{"label":"email","value":"ada@)" + marker + R"(.org"}]})";
        run(board->receive(what));
        merged = mail("I wrote before.");
        reply(ann, said.conversation);
        // What the neighbour says about the same thing stays.
        neighbour = say("bea", "I have a " + marker + ", too.");
    }

    received mail(const std::string& text)
    {
        incoming what;
        what.inbox = inbox;
        what.who = {
            .kind = crm::actor_kind::customer,
            .id = 0,
            .by = crm::via::widget,
            .address = marked_address
        };
        what.identity_kind = "email";
        what.identity_address = "ada@" + marker + ".org";
        what.verified = true;
        what.text = text;
        const received done = run(board->receive(what));
        settle();
        return done;
    }

    void furnish()
    {
        base.write([by = acting(128), this](crm::transaction& tx) {
            auto now = by;
            crm::customer_change archive;
            archive.fields[crm::archive_field::likes] = marker;
            archive.timezone = "Zone/" + marker;
            crm::customers::change(tx, now, said.customer, archive, crm::source::agent);
            crm::customers::merge(tx, now, said.customer, merged.customer);
            crm::attribute pet;
            pet.name = "pet";
            crm::attributes::define(tx, now, pet);
            crm::attributes::set(
                tx, now, crm::attribute_owner::customer, crm::raw(said.customer), "pet", marker
            );
            crm::conversations::set_subject(tx, now, said.conversation, "About a " + marker);
            crm::conversations::set_stage(
                tx, now, said.conversation, crm::stage::after_sale, "the " + marker + " was bought"
            );
            crm::timeline::revise(tx, now, said.entry, "My " + marker + " is well.");
            crm::new_entry mail;
            mail.conversation = said.conversation;
            mail.by = {crm::author_kind::customer, crm::raw(said.customer), {}};
            mail.text = marker;
            mail.html = "<b>" + marker + "</b>";
            mail.attachments = {file(tx, now)};
            crm::timeline::append(tx, now, mail);
            crm::draft begun;
            begun.agent = ann;
            begun.conversation = said.conversation;
            begun.text = "Dear " + marker;
            crm::drafts::save(tx, now, begun);
            crm::order bought;
            bought.number = "A1";
            bought.customer = said.customer;
            bought.status = crm::order_status::shipped;
            bought.total_minor = 900;
            bought.placed = bought.paid = bought.shipped = now.now;
            bought.tracking = marker;
            crm::orders::place(tx, now, bought);
            crm::keep_answer(
                tx,
                {"agent:1", "key", "POST"},
                {201,
                 R"({"id":")" + crm::to_string(said.conversation) + R"(","text":")" + marker + "\"}"
                },
                now.now
            );
            const auto raw = crm::intake::keep(
                tx, now, account, marker + "@mail", marker, "Subject: " + marker, "raw-of-ada"
            );
            const std::vector whose{said.customer, neighbour.customer, said.customer};
            crm::intake::begin(tx, now, raw->id);
            crm::intake::done(tx, now, raw->id, whose);
            crm::keep_answer(tx, {"agent:1", "other", "POST"}, {201, R"({"id":"77"})"}, now.now);
        });
        settle();
    }

    crm::attachment_id file(crm::transaction& tx, crm::context& by) const
    {
        crm::attachment one;
        one.owner_kind = crm::author_kind::customer;
        one.owner = crm::raw(said.customer);
        one.name = marker + ".png";
        one.media_type = "image/png";
        one.size = 5;
        one.blob = "blob-of-ada";
        one.sha256 = std::string(64, 'a');
        return crm::attachments::store(tx, by, one).id;
    }

    void index_all()
    {
        while (base.write([](crm::transaction& tx) { return crm::search::follow(tx, 100); })) {
        }
    }
    std::size_t hits(crm::search::document kind)
    {
        return base
            .read([kind](crm::db::connection& on) {
                return crm::search::find(on, {.words = marker, .kind = kind});
            })
            .size();
    }
    std::vector<std::string> places(const std::string& text)
    {
        return base.read(
            [text](crm::db::connection& on) { return places_of(on, text); },
            crm::read_length::extended
        );
    }
    void erase()
    {
        base.write([by = acting(), whom = said.customer](crm::transaction& tx) {
            auto now = by;
            crm::erasures::begin(tx, now, whom);
        });
        base.run_until([this] {
            return std::ranges::any_of(base.news, [](const crm::log_entry& one) {
                return one.what == happening::customer_erased && one.number == 1;
            });
        });
        settle();
        index_all();
    }

    crm::agent_id ann{};
    received said;
    received merged;
    received neighbour;
    std::vector<std::string> freed;
    std::shared_ptr<routing::wheel> wheel;
};

} // namespace

TEST_CASE("[M23] of an erased customer no word is left in any table, and "
          "search finds none")
{
    marked_center house{GENERATE(from_range(crm::test::backends()))};
    house.index_all();
    REQUIRE(house.hits(crm::search::document::message) >= 3);
    REQUIRE(house.hits(crm::search::document::customer) >= 1);
    const auto seq_before = house.base.read([&](crm::db::connection& on) {
        return crm::conversations::need(on, house.said.conversation).seq;
    });
    house.erase();
    CHECK(house.places(marked_address).empty());
    CHECK(house.freed == std::vector<std::string>{"blob-of-ada", "raw-of-ada"});
    // The neighbour's one message is all that still has the word: as its text, and in the list.
    CHECK(
        house.places(marker) ==
        std::vector<std::string>{
            "conversations.preview=1", "entries.content=1", "search_documents.words=1"
        }
    );
    CHECK(house.hits(crm::search::document::message) == 1);
    CHECK(house.hits(crm::search::document::customer) == 0);
    CHECK(house.hits(crm::search::document::conversation) == 0);
    const auto [own, foreign] = house.base.read([](crm::db::connection& on) {
        return std::pair{
            crm::find_answer(on, {"agent:1", "key", "POST"}).has_value(),
            crm::find_answer(on, {"agent:1", "other", "POST"}).has_value()
        };
    });
    CHECK_FALSE(own);
    CHECK(foreign);
    // The skeleton stands: who and when, every seq, the order's worth, and that it was closed.
    const auto where = house.base.read([which = house.said.conversation](crm::db::connection& on) {
        return crm::conversations::need(on, which);
    });
    CHECK(where.seq >= seq_before);
    CHECK(where.status == crm::conversation_status::resolved);
    CHECK(crm::raw(where.request) == 0);
    const auto page = house.base.read([which = where.id](crm::db::connection& on) {
        return crm::timeline::before(on, which, std::nullopt, 200);
    });
    CHECK(page.entries.size() == static_cast<std::size_t>(where.seq));
    const auto [whom, other] =
        house.base.read([one = house.said.customer,
                         two = house.merged.customer](crm::db::connection& on) {
            return std::pair{crm::customers::need(on, one), crm::customers::need(on, two)};
        });
    CHECK(whom.value_minor == 900);
    CHECK(other.erased.is_set());
}

TEST_CASE("[M23] an erased customer cannot be changed, and whoever writes "
          "again is somebody new")
{
    marked_center house{crm::test::backend::sqlite};
    house.erase();
    const auto change = [&] {
        house.base.write([by = house.acting(), whom = house.said.customer](crm::transaction& tx) {
            auto now = by;
            crm::customer_change wanted;
            wanted.name = "Ada";
            crm::customers::change(tx, now, whom, wanted, crm::source::agent);
        });
    };
    CHECK_THROWS_AS(change(), crm::problem);
    const auto again = house.mail("It is me again.");
    CHECK(again.customer != house.said.customer);
    CHECK(again.customer != house.merged.customer);
    // Asked twice, it happens once.
    const auto told = house.count(happening::customer_erased);
    const auto state =
        house.base.write([by = house.acting(), whom = house.said.customer](crm::transaction& tx) {
            auto now = by;
            return crm::erasures::begin(tx, now, whom);
        });
    CHECK(state.phase == crm::erasure_phase::over);
    CHECK(state.done.is_set());
    CHECK(house.count(happening::customer_erased) == told);
}

TEST_CASE("[M23] an erasure that was cut short goes on where it stopped, in "
          "small pieces")
{
    contact_center house{GENERATE(from_range(crm::test::backends()))};
    const auto said = house.say("ada", "zebrafish 0");
    for (int i = 1; i < 60; ++i)
        house.say("ada", "zebrafish " + std::to_string(i));
    house.base.write([by = house.acting(), whom = said.customer](crm::transaction& tx) {
        auto now = by;
        crm::erasures::begin(tx, now, whom);
    });
    const auto left = [&] {
        return house.base.read([](crm::db::connection& on) {
            crm::db::rows row =
                on.query("SELECT COUNT(*) FROM entries WHERE content LIKE '%zebrafish%'");
            row.next();
            return row.integer(0);
        });
    };
    int pieces = 0;
    std::int64_t before = left();
    for (bool finished = false; !finished && pieces < 100; ++pieces) {
        finished =
            house.base.write([by = house.acting(128), whom = said.customer](crm::transaction& tx) {
                auto now = by;
                return crm::erasures::step(tx, now, whom).finished;
            });
        const std::int64_t now = left();
        CHECK(before - now <= 20);
        before = now;
        if (pieces == 3)
            house.restart();
    }
    CHECK(before == 0);
    CHECK(pieces >= 6);
    CHECK(pieces < 100);
}
