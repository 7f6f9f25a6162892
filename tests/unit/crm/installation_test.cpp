#include "crm/agenda.hpp"
#include "crm/attribute.hpp"
#include "crm/audit.hpp"
#include "crm/base/problem.hpp"
#include "crm/happenings.hpp"
#include "crm/intake.hpp"
#include "crm/settings_table.hpp"
#include "crm/sql_list.hpp"
#include "crm/tag.hpp"
#include "crm/texts.hpp"
#include "tests/support/refusals.hpp"

#include <catch2/catch.hpp>

using namespace crm;
using namespace std::chrono_literals;

TEST_CASE("an inbox reads back as it was written")
{
    test::house h;
    const auto written = h.run([](transaction& tx, context& as) {
        inbox wanted;
        wanted.slug = "shop";
        wanted.name = "Shop · 商店";
        wanted.timezone = "Asia/Shanghai";
        wanted.hours = {
            {.weekday = 0, .opens_minute = 540, .closes_minute = 720},
            {.weekday = 0, .opens_minute = 780, .closes_minute = 1'080}
        };
        wanted.exceptions = {
            {.day = "2026-10-01", .opens_minute = 0, .closes_minute = 0, .label = "国庆节"}
        };
        wanted.texts = {{.name = "greeting", .locale = "zh", .content = "欢迎"}};
        wanted.form = {{.name = "email", .label = "Mail", .type = "email", .required = true}};
        wanted.origins = {"http://shop.localhost:8080", "https://shop.example.com"};
        return inboxes::create(tx, as, wanted);
    });
    auto read = *inboxes::find(h.db(), "shop");
    CHECK(read.id == written.id);
    CHECK(read.hours == written.hours);
    CHECK(read.exceptions == written.exceptions);
    CHECK(read.texts == written.texts);
    CHECK(read.form == written.form);
    CHECK(read.origins == written.origins);
    CHECK(inboxes::all(h.db()).size() == 2);
    read.name = "Laden";
    read.origins.clear();
    h.run([&](transaction& tx, context& as) { inboxes::change(tx, as, read, read.revision); });
    CHECK(inboxes::find(h.db(), written.id)->name == "Laden");
    CHECK(inboxes::find(h.db(), written.id)->origins.empty());
    CHECK(test::code_of(h, [&](transaction& tx, context& as) {
              inboxes::change(tx, as, read, read.revision);
          }) == errc::precondition);
}

TEST_CASE("an inbox that cannot be is refused by the member at fault")
{
    test::house h;
    const auto refused = [&](const std::string& field, auto change) {
        inbox wanted;
        wanted.slug = "shop";
        wanted.name = "Shop";
        change(wanted);
        try {
            h.run([&](transaction& tx, context& as) { inboxes::create(tx, as, wanted); });
            FAIL("was not refused: " << field);
        } catch (const problem& why) {
            CHECK(why.field() == field);
        }
    };
    refused("slug", [](inbox& i) { i.slug = "Shop!"; });
    refused("slug", [](inbox& i) { i.slug = "help"; });
    refused("name", [](inbox& i) { i.name = " "; });
    refused("hours", [](inbox& i) { i.hours = {{.weekday = 7}}; });
    refused("hours", [](inbox& i) {
        i.hours = {{.weekday = 1, .opens_minute = 600, .closes_minute = 600}};
    });
    refused("exceptions", [](inbox& i) { i.exceptions = {{.day = "1 May", .label = ""}}; });
    refused("form", [](inbox& i) {
        i.form = {{.name = "a", .label = ""}, {.name = "a", .label = ""}};
    });
    for (const char* origin :
         {"shop.example.com", "https://", "https://a.b/path", "https://*.a.b", "https://x@a.b"})
        refused("origins", [&](inbox& i) { i.origins = {origin}; });
}

TEST_CASE("[S8] at most two signing keys are active, and a retired one is gone for good")
{
    test::house h;
    const std::string secret(32, 's');
    const auto add = [&](const std::string& kid, const std::string& bytes) {
        h.run([&](transaction& tx, context& as) { inboxes::add_secret(tx, as, h.help, kid, bytes); }
        );
    };
    CHECK_THROWS_AS(add("k0", "short"), problem);
    add("k1", secret);
    add("k2", secret);
    CHECK_THROWS_AS(add("k3", secret), problem);
    h.run([&](transaction& tx, context& as) { inboxes::retire_secret(tx, as, h.help, "k1"); });
    CHECK_THROWS_AS(add("k1", secret), problem);
    add("k3", secret);
    const auto active = inboxes::secrets(h.db(), h.help);
    REQUIRE(active.size() == 2);
    CHECK(active[0].secret == secret);
    CHECK(h.count("inbox_secrets", "kid = 'k1' AND LENGTH(secret) = 0") == 1);
}

TEST_CASE("what a channel can do is kept with its account")
{
    test::house h;
    const auto account = *channel_accounts::find(h.db(), "help-web");
    CHECK(account.can.is_live);
    CHECK_FALSE(account.can.needs_courier);
    CHECK(usual_capabilities(channel::whatsapp).reply_window_ms == 24 * 3'600'000);
    CHECK_FALSE(usual_capabilities(channel::whatsapp).repeats_safely);
    CHECK(usual_capabilities(channel::email).html);
    h.run([&](transaction& tx, context& as) {
        auto changed = account;
        changed.can.text_limit = 500;
        changed.can.after_unknown = "retry";
        channel_accounts::change(tx, as, changed, account.revision);
        channel_accounts::set_secret(tx, as, account.id, "app_secret", "canary");
        channel_accounts::move_cursor(tx, as, account.id, "uid", "5");
        channel_accounts::move_cursor(tx, as, account.id, "uid", "9");
    });
    CHECK(channel_accounts::find(h.db(), account.id)->can.text_limit == 500);
    CHECK(channel_accounts::secret(h.db(), account.id, "app_secret") == "canary");
    CHECK(channel_accounts::cursor(h.db(), account.id, "uid") == "9");
    CHECK(channel_accounts::cursor(h.db(), account.id, "other").empty());
    h.run([&](transaction& tx, context& as) {
        channel_accounts::set_secret(tx, as, account.id, "app_secret", "");
    });
    CHECK_FALSE(channel_accounts::secret(h.db(), account.id, "app_secret"));
}

TEST_CASE("custom attributes keep their type")
{
    test::house h;
    const auto who = h.add(test::a_customer());
    h.run([&](transaction& tx, context& as) {
        using enum attribute_type;
        for (const auto& [name, type] :
             {std::pair{"plan", choice},
              std::pair{"seats", number},
              std::pair{"renewal", date},
              std::pair{"partner", boolean},
              std::pair{"code", text}}) {
            attribute wanted;
            wanted.name = name;
            wanted.type = type;
            if (type == choice)
                wanted.choices = {"basic", "pro"};
            attributes::define(tx, as, wanted);
        }
        const auto set = [&](const char* name, const attribute_value& content) {
            attributes::set(tx, as, attribute_owner::customer, raw(who), name, content);
        };
        set("plan", std::string{"pro"});
        set("seats", 12.5);
        set("renewal", as.now);
        set("partner", false);
        set("code", std::string{"编码"});
        set("code", nullptr);
    });
    const auto read = attributes::of(h.db(), attribute_owner::customer, raw(who));
    REQUIRE(read.size() == 4);
    CHECK(std::get<bool>(read[0].content) == false);
    CHECK(std::get<std::string>(read[1].content) == "pro");
    CHECK(std::get<instant>(read[2].content) == h.time.now());
    CHECK(std::get<double>(read[3].content) == 12.5);
    const auto refused = [&](const char* name, const attribute_value& content) {
        return test::code_of(h, [&](transaction& tx, context& as) {
            attributes::set(tx, as, attribute_owner::customer, raw(who), name, content);
        });
    };
    CHECK(refused("plan", std::string{"gold"}) == errc::invalid);
    CHECK(refused("seats", std::string{"12"}) == errc::invalid);
    CHECK(refused("seats", std::numeric_limits<double>::infinity()) == errc::invalid);
    CHECK(refused("renewal", 1.0) == errc::invalid);
    CHECK(refused("partner", 1.0) == errc::invalid);
    CHECK(refused("nothing", 1.0) == errc::not_found);
    CHECK(test::code_of(h, [](transaction& tx, context& as) {
              return attributes::define(tx, as, {.name = "plan"});
          }) == errc::conflict);
    CHECK(test::code_of(h, [](transaction& tx, context& as) {
              return attributes::define(tx, as, {.name = "Bad Name"});
          }) == errc::invalid);
}

TEST_CASE("a tag is named once and comes back when archived")
{
    test::house h;
    const auto make = [&] {
        return h.run([](transaction& tx, context& as) {
            return tags::create(tx, as, " 急 ", "red");
        });
    };
    const auto first = make();
    CHECK(first.name == "急");
    CHECK_THROWS_AS(make(), problem);
    h.run([&](transaction& tx, context& as) { tags::archive(tx, as, first.id); });
    CHECK(tags::all(h.db()).empty());
    CHECK(make().id == first.id);
}

TEST_CASE("a timer is one per kind and subject, moves when set again, and fires once")
{
    test::house h;
    const auto set = [&](std::chrono::microseconds in) {
        return h.run([&](transaction& tx, context& as) {
            return agenda::set(tx, as, timer_kind::snooze_over, 7, as.now + in);
        });
    };
    const auto first = set(1h);
    const auto moved = set(2h);
    CHECK(first.id == moved.id);
    CHECK(agenda::next(h.db()) == h.time.now() + 2h);
    const auto take = [&](const timer& which) {
        return h.run([&](transaction& tx, context& as) { return agenda::take(tx, as, which); });
    };
    CHECK_FALSE(take(first));
    CHECK_FALSE(take(moved));
    h.pass(2h);
    CHECK(agenda::due(h.db(), h.time.now(), 10).size() == 1);
    CHECK_FALSE(take(first));
    CHECK(take(moved));
    CHECK_FALSE(take(moved));
    CHECK_FALSE(agenda::next(h.db()));
    const auto again = set(1s);
    h.run([&](transaction& tx, context& as) { agenda::postpone(tx, again, as.now + 5s); });
    CHECK(agenda::find(h.db(), timer_kind::snooze_over, 7)->attempts == 1);
    h.run([](transaction& tx, context&) { agenda::cancel(tx, timer_kind::snooze_over, 7); });
    CHECK_FALSE(agenda::find(h.db(), timer_kind::snooze_over, 7));
}

TEST_CASE("what came in is kept once, and put aside when its parser dies three times")
{
    test::house h;
    const auto keep = [&](const std::string& key) {
        return h.run([&](transaction& tx, context& as) {
            return intake::keep(tx, as, h.web, key, "{}", std::string{"raw\0bytes", 9});
        });
    };
    const auto item = keep("m1");
    REQUIRE(item);
    CHECK(item->raw == std::string{"raw\0bytes", 9});
    CHECK_FALSE(keep("m1"));
    CHECK(keep("m2"));
    const auto begin = [&] {
        return h.run([&](transaction& tx, context& as) { return intake::begin(tx, as, item->id); });
    };
    for (int i = 1; i <= intake::attempts_before_quarantine; ++i) {
        const auto now = begin();
        REQUIRE(now);
        CHECK(now->attempts == i);
    }
    CHECK_FALSE(begin());
    CHECK(intake::find(h.db(), item->id)->state == intake_state::quarantined);
    CHECK(intake::quarantined(h.db(), 10).size() == 1);
    CHECK(intake::waiting(h.db(), 10).size() == 1);
    h.run([&](transaction& tx, context& as) { intake::run_again(tx, as, item->id); });
    CHECK(begin());
    h.run([&](transaction& tx, context& as) { intake::done(tx, as, item->id, {}); });
    CHECK_FALSE(begin());
    h.pass(24h);
    h.run([&](transaction& tx, context& as) { CHECK(intake::sweep(tx, as.now, 10).empty()); });
    CHECK_FALSE(intake::find(h.db(), item->id));
    CHECK(test::code_of(h, [&](transaction& tx, context& as) {
              intake::keep(tx, as, h.web, "big", "{}", std::string(70'000, 'x'));
          }) == errc::too_large);
}

TEST_CASE("an installation secret is made once")
{
    test::house h;
    const auto ask = [&](const std::string& fresh) {
        return h.run([&](transaction& tx, context& as) {
            return settings_table::secret(tx, as, "cookies", fresh);
        });
    };
    CHECK_THROWS_AS(ask("short"), problem);
    CHECK(ask("first-first-first") == "first-first-first");
    CHECK(ask("second-second-second") == "first-first-first");
    h.run([](transaction& tx, context& as) {
        settings_table::set(tx, as, "a", "1");
        settings_table::set(tx, as, "a", "2");
        settings_table::set(tx, as, "a", "2");
    });
    CHECK(settings_table::all(h.db()) == std::map<std::string, std::string>{{"a", "2"}});
}

TEST_CASE("[S22] the audit trail finds who did what, from where, and can forget the address")
{
    test::house h;
    const auto talk = h.open(h.add(test::a_customer()));
    auto as_ann = h.by_agent();
    as_ann.who.address = "203.0.113.77";
    h.run(as_ann, [&](transaction& tx, context& as) {
        conversations::set_priority(tx, as, talk.id, priority::high);
    });
    for (int i = 0; i < 30; ++i)
        h.says(talk, "noise");
    audit::query query;
    query.actor = actor_kind::agent;
    query.conversation = talk.id;
    const auto found = audit::search(h.db(), query);
    REQUIRE(found.items.size() == 2);
    CHECK(found.next == 0);
    CHECK(found.items[0].what == happening::priority_changed);
    CHECK(found.items[0].address == "203.0.113.77");
    CHECK(found.items[0].number == static_cast<int>(priority::high));
    h.run([&](transaction& tx, context& as) {
        audit::erase_addresses(tx, as, actor_kind::agent, raw(h.ann), 9);
    });
    CHECK(audit::search(h.db(), query).items[0].address.empty());
    audit::query paged;
    paged.limit = 7;
    std::int64_t below = audit::last_position(h.db()) + 1;
    std::int64_t seen = 0;
    do {
        const auto page = audit::search(h.db(), paged);
        for (const log_entry& one : page.items) {
            CHECK(one.position == below - 1);
            below = one.position;
            ++seen;
        }
        paged.before = page.next;
    } while (paged.before != 0);
    CHECK(seen == audit::last_position(h.db()));
    CHECK(audit::after(h.db(), seen - 3, 10).size() == 3);
}

TEST_CASE("every text is there in both languages with the same blanks")
{
    for (const auto& [name, text] : vocabulary<text_name>::all) {
        CAPTURE(text);
        const auto english = texts::plain(name, "en");
        const auto chinese = texts::plain(name, "zh-CN");
        CHECK_FALSE(english.empty());
        CHECK(chinese != english);
        CHECK(texts::plain(name, "fr") == english);
        for (std::size_t at = english.find('{'); at != english.npos;
             at = english.find('{', at + 1)) {
            const auto blank = english.substr(at, english.find('}', at) - at + 1);
            CAPTURE(blank);
            CHECK(chinese.find(blank) != chinese.npos);
        }
    }
    CHECK(texts::filled("{a} and {b} {c", {{"a", "{b}"}, {"b", "2"}}) == "{b} and 2 {c");
    inbox own;
    own.texts = {{.name = "greeting", .locale = "zh-CN", .content = "欢迎光临{brand}"}};
    CHECK(
        texts::of_inbox(own, text_name::greeting, "zh-TW", {{"brand", "茶铺"}}) == "欢迎光临茶铺"
    );
    CHECK(
        texts::of_inbox(own, text_name::greeting, "de", {{"brand", "Tea"}}) ==
        "Hello! How can Tea help you today?"
    );
}

TEST_CASE("words and numbers of enumerations go both ways")
{
    CHECK(word(happening::request_rekeyed) == "request_rekeyed");
    CHECK(from_word<conversation_status>("snoozed") == conversation_status::snoozed);
    CHECK(word(static_cast<priority>(99)) == "unknown");
    CHECK_FALSE(is_known(static_cast<priority>(99)));
    try {
        from_word<stage>("later");
        FAIL("was not refused");
    } catch (const problem& why) {
        CHECK(std::string{why.what()} == "stage must be one of: pre_sale, in_sale, after_sale");
        CHECK(why.field() == "stage");
    }
}

TEST_CASE("lists for IN are padded to a few lengths")
{
    CHECK(sql_list(0) == "(?)");
    CHECK(sql_list(1) == "(?)");
    CHECK(sql_list(3) == "(?, ?, ?, ?)");
    CHECK(list_places(65) == 256);
    CHECK_THROWS_AS(list_places(2'000), std::length_error);
}
