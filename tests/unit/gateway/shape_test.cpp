#include "gateway/api/shape.hpp"

#include "crm/base/problem.hpp"
#include "gateway/rest/dispatch.hpp"
#include "gateway/rights.hpp"
#include "gateway/routes.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>

namespace api = gateway::api;
namespace json = boost::json;

namespace {

api::catalogue small()
{
    return api::catalogue{{
        {"line", "sku: text(1..5), count: integer(1..9)"},
        {"order", "id: id, status: open|done, note?: text|null, lines: [line](0..2), total: number"
        },
    }};
}

std::string fault(const json::value& body)
{
    try {
        small().check("order", body);
    } catch (const crm::problem& why) {
        return why.field();
    }
    return "fits";
}

json::object good()
{
    return {
        {"id", "7"},
        {"status", "open"},
        {"lines", json::array{json::object{{"sku", "a"}, {"count", 1}}}},
        {"total", 1.5}
    };
}

json::object with(const char* name, const json::value& value)
{
    auto made = good();
    made[name] = value;
    return made;
}

} // namespace

TEST_CASE("a body that fits its shape is let pass, with members the shape does not know")
{
    CHECK(fault(good()) == "fits");
    CHECK(fault(with("role", "admin")) == "fits");
    CHECK(fault(with("note", nullptr)) == "fits");
}

TEST_CASE("the path of the first member that does not fit is named")
{
    CHECK(fault(with("id", 7)) == "id");
    CHECK(fault(with("id", "7x")) == "id");
    CHECK(fault(with("id", "")) == "id");
    CHECK(fault(with("status", "closed")) == "status");
    CHECK(fault(with("note", 1)) == "note");
    CHECK(fault(with("total", "1")) == "total");
    CHECK(fault(with("lines", json::object{})) == "lines");
    CHECK(
        fault(with("lines", json::array{json::object{{"sku", ""}, {"count", 1}}})) == "lines[0].sku"
    );
    CHECK(
        fault(with("lines", json::array{json::object{{"sku", "a"}, {"count", 10}}})) ==
        "lines[0].count"
    );
    CHECK(fault(with("lines", json::array{json::object{{"sku", "a"}}})) == "lines[0].count");
    CHECK(fault(with("lines", json::array{1, 2, 3})) == "lines");
    auto missing = good();
    missing.erase("status");
    CHECK(fault(missing) == "status");
}

TEST_CASE("characters are counted, not bytes")
{
    CHECK(
        fault(with("lines", json::array{json::object{{"sku", "你好吗啊呀"}, {"count", 1}}})) ==
        "fits"
    );
    CHECK(
        fault(with("lines", json::array{json::object{{"sku", "你好吗啊呀六"}, {"count", 1}}})) ==
        "lines[0].sku"
    );
}

TEST_CASE("our own answers may hold nothing that their shape does not name")
{
    CHECK_THROWS_AS(small().check_exactly("order", with("secret", 1)), crm::problem);
    CHECK_NOTHROW(small().check_exactly("order", good()));
}

TEST_CASE("broken notation is found at once")
{
    CHECK_THROWS_AS((api::catalogue{{{"a", "b"}}}), std::logic_error);
    CHECK_THROWS_AS((api::catalogue{{{"a", "b: nowhere"}}}), std::logic_error);
    CHECK_THROWS_AS((api::catalogue{{{"a", "b: text(1-2)"}}}), std::logic_error);
    CHECK_THROWS_AS((api::catalogue{{{"a", "b: id"}, {"a", "b: id"}}}), std::logic_error);
}

TEST_CASE("every endpoint of the table names shapes and a permission that exist")
{
    const auto& all = api::catalogue::all();
    for (const auto& each : gateway::operations()) {
        INFO(each.path);
        if (!each.body.empty() && each.body != "bytes")
            CHECK_NOTHROW(all.at(each.body));
        auto answer = each.answer;
        for (const std::string_view word : {"created ", "page "})
            if (answer.starts_with(word))
                answer.remove_prefix(word.size());
        if (!answer.empty() && answer != "bytes")
            CHECK_NOTHROW(all.at(answer));
        if (!each.query.empty())
            CHECK_NOTHROW(api::catalogue{{{"query", each.query}}});
        const bool special = each.permission == "anyone" || each.permission == "session";
        CHECK((special || gateway::permission_from(each.permission).has_value()));
        CHECK(each.run != nullptr);
    }
}

TEST_CASE("a literal path goes before one with a member")
{
    const auto counts = gateway::rest::match("GET", "/conversations/counts");
    REQUIRE(counts.what);
    CHECK(counts.what->path == "/conversations/counts");
    const auto one = gateway::rest::match("GET", "/conversations/77");
    REQUIRE(one.what);
    CHECK(one.what->path == "/conversations/{id}");
    REQUIRE(one.path.size() == 1);
    CHECK(one.path[0].second == "77");
    const auto two = gateway::rest::match("DELETE", "/conversations/77/tags/5");
    REQUIRE(two.what);
    CHECK(two.path[1].first == "tag");
    CHECK(two.path[1].second == "5");
    CHECK_FALSE(gateway::rest::match("GET", "/conversations//entries").what);
    CHECK_FALSE(gateway::rest::match("GET", "/nowhere").what);
    CHECK(gateway::rest::match("PUT", "/session").other_method);
}
