#include "crm/agenda.hpp"
#include "crm/base/problem.hpp"
#include "crm/request.hpp"
#include "tests/support/builders.hpp"

#include <catch2/catch.hpp>

using namespace crm;
using namespace std::chrono_literals;

namespace {

struct skilled_house : test::house
{
    skill_id make(const std::string& name, const std::string& spoken = {})
    {
        return run([&](transaction& tx, context& as) {
            return staff::create_skill(tx, as, name, spoken).id;
        });
    }
    void need(std::vector<inbox_skill> skills, language_need language = language_need::none)
    {
        run([&](transaction& tx, context& as) {
            inbox now = *inboxes::find(tx.db(), help);
            now.skills = std::move(skills);
            now.language = language;
            inboxes::change(tx, as, now, now.revision);
        });
    }
    std::vector<needed_skill> needed(channel over, const std::string& locale = "en")
    {
        return inboxes::needed_skills(db(), help, over, locale);
    }
};

template <class Verb>
std::string field_refused(test::house& h, const Verb& verb)
{
    try {
        h.run(verb);
    } catch (const problem& why) {
        return why.field();
    }
    return "nothing";
}

} // namespace

TEST_CASE("an inbox needs its own skills, those of the channel, and the customer's language")
{
    skilled_house h;
    const auto refunds = h.make("refunds");
    const auto calls = h.make("calls");
    const auto chinese = h.make("Chinese", "zh");
    h.need({
        {.what = {.skill = refunds, .level = 2, .optional = true}},
        {.what = {.skill = refunds, .level = 4}, .over = channel::email},
        {.what = {.skill = calls}, .over = channel::voice},
    });
    CHECK(h.needed(channel::web) == std::vector<needed_skill>{{refunds, 2, true}});
    CHECK(h.needed(channel::email) == std::vector<needed_skill>{{refunds, 4, false}});
    CHECK(
        h.needed(channel::voice, "zh-CN") ==
        std::vector<needed_skill>{{refunds, 2, true}, {calls, 1, false}}
    );
    h.need({}, language_need::wanted);
    CHECK(h.needed(channel::web, "zh-CN") == std::vector<needed_skill>{{chinese, 1, true}});
    CHECK(h.needed(channel::web, "ZH_TW") == std::vector<needed_skill>{{chinese, 1, true}});
    CHECK(h.needed(channel::web, "de-DE").empty());
    CHECK(h.needed(channel::web, "").empty());
    h.need({}, language_need::required);
    CHECK(h.needed(channel::web, "zh") == std::vector<needed_skill>{{chinese, 1, false}});
}

TEST_CASE("a skill that does not exist, or is named twice, is refused with its place")
{
    skilled_house h;
    const auto refunds = h.make("refunds");
    h.make("Chinese", "zh");
    const auto refused = [&](std::vector<inbox_skill> skills) {
        return field_refused(h, [&](transaction& tx, context& as) {
            inbox now = *inboxes::find(tx.db(), h.help);
            now.skills = skills;
            inboxes::change(tx, as, now, now.revision);
        });
    };
    CHECK(refused({{.what = {.skill = skill_id{77}}}}) == "skills");
    CHECK(refused({{.what = {.skill = refunds, .level = 9}}}) == "skills");
    CHECK(refused({{.what = {.skill = refunds}}, {.what = {.skill = refunds}}}) == "skills");
    CHECK(refused({{.what = {.skill = refunds}}}) == "nothing");
    const auto named = [&](const std::string& name, const std::string& spoken) {
        return field_refused(h, [&](transaction& tx, context& as) {
            staff::create_skill(tx, as, name, spoken);
        });
    };
    CHECK(named("Mandarin", "ZH") == "language");
    CHECK(named("Mandarin", "zh-CN") == "language");
    CHECK(named("Mandarin", "cmn") == "nothing");
}

TEST_CASE("a request keeps the skills it needs, with what may be given up")
{
    skilled_house h;
    const auto talk = h.open(h.add(test::a_customer()));
    const std::vector<needed_skill> needs{
        {.skill = skill_id{5}, .level = 3, .optional = true},
        {.skill = skill_id{6}},
        {.skill = skill_id{7}, .level = 2, .optional = true}
    };
    const auto made = h.run([&](transaction& tx, context& as) {
        request wanted;
        wanted.conversation = talk.id;
        wanted.skills = needs;
        return requests::enqueue(tx, as, wanted);
    });
    CHECK(requests::find(h.db(), made.id)->skills == needs);
}

TEST_CASE("the next skill to expire has a timer, which goes on to the one after it")
{
    skilled_house h;
    const auto first = h.make("first");
    const auto second = h.make("second");
    const auto set = [&](std::vector<agent_skill> skills) {
        h.run([&](transaction& tx, context& as) {
            staff::agent_change wanted;
            wanted.skills = std::move(skills);
            staff::change_agent(tx, as, h.ann, wanted);
        });
    };
    const auto due = [&]() -> std::optional<instant> {
        const auto found = agenda::find(h.db(), timer_kind::skill_expiry, raw(h.ann));
        return found ? std::optional{found->due} : std::nullopt;
    };
    const instant now = h.time.now();
    set({{.skill = first, .expires = now + 2h}, {.skill = second, .expires = now + 1h}});
    CHECK(due() == now + 1h);
    h.pass(1h);
    h.run([&](transaction& tx, context& as) { staff::skill_expired(tx, as, h.ann); });
    CHECK(due() == now + 2h);
    CHECK(h.base.news.back().what == happening::timer_set);
    set({{.skill = first}});
    CHECK_FALSE(due());
}
