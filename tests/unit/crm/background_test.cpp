// Background work holds up nobody: no step of any chain writes more than 200 rows.
#include "crm/attachment.hpp"
#include "crm/audit_index.hpp"
#include "crm/draft.hpp"
#include "crm/erasure.hpp"
#include "crm/identity.hpp"
#include "crm/intake.hpp"
#include "crm/log_floor.hpp"
#include "crm/search.hpp"
#include "crm/session.hpp"
#include "crm/store/idempotency.hpp"
#include "crm/value.hpp"
#include "gateway/upkeep.hpp"
#include "tests/support/builders.hpp"

#include <catch2/catch.hpp>

using namespace crm;
using namespace std::chrono_literals;

namespace {

constexpr std::int64_t most_rows = 200;

/// Runs the step until it says false; returns how many rows the greatest step wrote.
template <class Step>
std::int64_t greatest_of(test::house& h, int most_steps, const Step& step)
{
    std::int64_t greatest = 0;
    for (int steps = 0; steps < most_steps; ++steps) {
        const bool more = h.run(step);
        greatest = std::max(greatest, h.base.rows_of_last_write());
        if (!more)
            return greatest;
    }
    FAIL("the chain does not end");
    return greatest;
}

void attach(test::house& h, const conversation& where, int number)
{
    h.run(h.by_customer(where.customer), [&](transaction& tx, context& as) {
        new_entry mail;
        mail.conversation = where.id;
        mail.by = {author_kind::customer, raw(where.customer), {}};
        mail.text = "see these";
        mail.html = "<b>see these</b>";
        for (int file = 0; file < 3; ++file) {
            attachment one;
            one.owner_kind = author_kind::customer;
            one.owner = raw(where.customer);
            one.name = "a.png";
            one.media_type = "image/png";
            one.size = 5;
            one.blob = "blob-" + std::to_string(number) + "-" + std::to_string(file);
            one.sha256 = std::string(64, 'a');
            mail.attachments.push_back(attachments::store(tx, as, one).id);
        }
        timeline::append(tx, as, mail);
    });
}

/// Somebody who has left very much behind: the tables are as full as they get.
customer_id known_for_years(test::house& h)
{
    const auto who = h.add(test::a_customer());
    for (int i = 0; i < 120; ++i)
        h.run(h.by_customer(who), [&](transaction& tx, context& as) {
            as.who.address = "203.0.113." + std::to_string(i);
            const auto number = std::to_string(i);
            visitors::open(
                tx,
                as,
                std::string(60, 'c') + std::to_string(1'000 + i),
                who,
                {},
                h.help,
                as.now + 24h
            );
            identity one;
            one.customer = who;
            one.kind = identity_kind::email;
            one.address = "a" + number + "@example.com";
            identities::add(tx, as, one, false);
            customer_change archive;
            archive.fields[archive_field::likes] = "taste " + number;
            customers::change(tx, as, who, archive, source::agent);
            const auto raw_mail = intake::keep(tx, as, h.web, number, "{}", "Subject: x");
            intake::begin(tx, as, raw_mail->id);
            const std::vector whose{who};
            intake::done(tx, as, raw_mail->id, whose);
        });
    for (int i = 0; i < 12; ++i)
        h.open(who);
    const auto talk = h.open(who);
    for (int i = 0; i < 30; ++i)
        attach(h, talk, i);
    for (int i = 0; i < 60; ++i) {
        const auto said = h.answers(talk, "first form");
        for (int again = 0; again < (i == 30 ? 130 : 3); ++again)
            h.run(h.by_agent(), [&](transaction& tx, context& as) {
                timeline::revise(tx, as, said.what->id, "form " + std::to_string(again));
            });
    }
    for (int i = 0; i < 50; ++i)
        h.buys(who, "A" + std::to_string(i), order_status::paid);
    return who;
}

} // namespace

TEST_CASE("no step of an erasure writes more than 200 rows, whatever the customer left behind")
{
    test::house h;
    const auto who = known_for_years(h);
    h.run([&](transaction& tx, context& as) { erasures::begin(tx, as, who); });
    CHECK(greatest_of(h, 500, [&](transaction& tx, context&) {
              context as = h.by();
              as.ids = h.ids.reserve(128);
              return !erasures::step(tx, as, who).finished;
          }) <= most_rows);
    CHECK(h.count("entry_revisions") == 0);
    CHECK(h.count("identities", "address <> ''") == 0);
    CHECK(h.count("customer_fields") == 0);
    CHECK(h.count("visitor_tokens", "closed_at = 0") == 0);
    CHECK(h.count("log_addresses", "address <> ''") == 0);
    CHECK(h.count("intake", "headers <> ''") == 0);
    CHECK(h.count("intake") == 120);
}

TEST_CASE("no step of the nightly chains writes more than 200 rows")
{
    test::house h;
    for (int i = 0; i < 60; ++i)
        h.buys(h.add(test::a_customer()), "B" + std::to_string(i), order_status::paid, 1'000 + i);
    customer_id at{};
    CHECK(greatest_of(h, 20, [&](transaction& tx, context& as) {
              const auto last = value::refresh_some(tx, as, at, 20);
              at = last.value_or(at);
              return last.has_value();
          }) <= most_rows);
    CHECK(greatest_of(h, 100, [](transaction& tx, context&) {
              return audit::index::follow(tx);
          }) <= most_rows);
    search::begin_anew(h.db());
    CHECK(greatest_of(h, 100, [](transaction& tx, context& as) {
              return log_floor::raise(tx, as.now + 24h);
          }) <= most_rows);
}

TEST_CASE("no step of the search's follower writes more than 200 rows, and long texts end it sooner"
)
{
    test::house h;
    search::begin_anew(h.db());
    const auto step = [](transaction& tx, context&) { return search::follow(tx, 100); };
    greatest_of(h, 500, step);
    const auto talk = h.open(h.add(test::a_customer()));
    std::vector<appended> said;
    for (int i = 0; i < 150; ++i)
        said.push_back(h.answers(talk, "word" + std::to_string(i)));
    // Anew, from the log.
    CHECK(greatest_of(h, 100, step) <= most_rows);
    CHECK(h.count("search_documents", "words LIKE '%wwwword%'") == 150);

    // In place of what was there.
    for (int i = 0; i < 150; ++i)
        h.run(h.by_agent(), [&](transaction& tx, context& as) {
            timeline::revise(tx, as, said[static_cast<std::size_t>(i)].what->id, "other");
        });
    CHECK(greatest_of(h, 100, step) <= most_rows);
    CHECK(h.count("search_documents", "words LIKE '%wwwother%'") == 150);

    // From the rows that were there before the index.
    search::begin_anew(h.db());
    CHECK(greatest_of(h, 500, step) <= most_rows);
    CHECK(h.count("search_documents", "words LIKE '%wwwother%'") == 150);

    // A few of these are more than a step's worth, however few rows they are.
    std::string longest;
    for (int i = 0; i < 3'000; ++i)
        longest += std::to_string(10'000 + i) + " ";
    for (int i = 0; i < 20; ++i)
        h.answers(talk, longest);
    std::int64_t before = 0;
    std::int64_t most_at_once = 0;
    while (h.run(step)) {
        const auto now = h.count("search_documents", "words LIKE '%www10000%'");
        most_at_once = std::max(most_at_once, now - before);
        before = now;
    }
    CHECK(before == 20);
    CHECK(most_at_once == 2);
}

TEST_CASE("no step of the upkeep writes more than 200 rows")
{
    test::house h;
    for (int i = 0; i < 300; ++i)
        h.run([&](transaction& tx, context& as) {
            const auto number = std::to_string(i);
            keep_answer(
                tx, {"agent:1", number, "POST"}, {201, "{}"}, as.now + std::chrono::microseconds{i}
            );
            sessions::login_failed(tx, as, number + "@example.com", agent_id{}, as.now);
            attachment one;
            one.owner_kind = author_kind::customer;
            one.name = "a.png";
            one.media_type = "image/png";
            one.size = 5;
            one.blob = "blob-" + number;
            one.sha256 = std::string(64, 'a');
            attachments::store(tx, as, one);
        });
    h.pass(24h * 30);
    CHECK(greatest_of(h, 20, [](transaction& tx, context& as) {
              const auto failures =
                  sessions::forget_failures(tx, as.now, gateway::upkeep::forgotten_at_once);
              return forget_answers(tx, as.now, gateway::upkeep::forgotten_at_once) + failures > 0;
          }) <= most_rows);
    CHECK(greatest_of(h, 20, [](transaction& tx, context& as) {
              const auto old =
                  attachments::unsent(tx.db(), as.now, gateway::upkeep::uploads_at_once);
              for (const auto& each : old)
                  attachments::erase(tx, as, each.id);
              return !old.empty();
          }) <= most_rows);
}
