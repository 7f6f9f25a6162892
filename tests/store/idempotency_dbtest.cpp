// The same request twice brings the first answer.
#include "tests/store/notes.hpp"
#include "tests/support/store_fixture.hpp"

#include "crm/store/idempotency.hpp"

#include <catch2/catch.hpp>

using namespace crm;
using namespace crm::test;

namespace {

/// A request that makes a note and answers with its number.
auto request(const std::string& key, const std::string& body, instant now)
{
    return [key, body, now](transaction& in) {
        const idempotent_request asked{"token:1", key, "POST /notes " + body};
        if (const auto first = find_answer(in.db(), asked))
            return *first;
        in.append({.what = happening::tag_created});
        const kept_answer answer{201, "made " + body};
        keep_answer(in, asked, answer, now);
        return answer;
    };
}

} // namespace

TEST_CASE("two requests with one key that race have one effect and one answer")
{
    const backend on = GENERATE(from_range(backends()));
    const bool twice = GENERATE(false, true);
    INFO(name_of(on));
    store_fixture base{on, {.rerun_every_batch = twice}};
    const auto gate = base.hold_writer();
    std::vector<std::shared_ptr<outcome<kept_answer>>> all;
    for (int i = 0; i < 10; ++i)
        all.push_back(base.start(request("k1", "x", {1'000})));
    gate->set_value();
    base.run_until([&] { return all.back()->is_done(); });
    for (const auto& one : all) {
        REQUIRE(one->value);
        CHECK(one->value->status == 201);
        CHECK(one->value->body == "made x");
    }
    CHECK(base.news.size() == 1);
}

TEST_CASE("a key used for another request is refused")
{
    store_fixture base{backend::sqlite};
    base.write(request("k1", "x", {1'000}));
    CHECK_THROWS_WITH(
        base.write(request("k1", "y", {1'000})), Catch::Matchers::Contains("another request")
    );
    CHECK_THROWS_AS(base.write(request("", "y", {1'000})), problem);
    CHECK_THROWS_AS(base.write(request(std::string(65, 'k'), "y", {1'000})), problem);
    CHECK(base.news.size() == 1);
}

TEST_CASE("answers are forgotten after 72 hours, a bounded number at a time")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    store_fixture base{on};
    constexpr instant start{1'000'000'000'000};
    for (int i = 0; i < 10; ++i)
        base.write(request("k" + std::to_string(i), "x", start + std::chrono::seconds{i}));
    const auto sweep = [&](instant now) {
        return base.write([now](transaction& in) { return forget_answers(in, now, 4); });
    };
    CHECK(sweep(start + kept_answer_life) == 0);
    const instant later = start + kept_answer_life + std::chrono::seconds{9};
    CHECK(sweep(later) == 4);
    CHECK(sweep(later) == 4);
    CHECK(sweep(later) == 1);
    CHECK(sweep(later) == 0);
    // The youngest is still there and answers.
    base.write(request("k9", "x", later));
    CHECK(base.news.size() == 10);
}
