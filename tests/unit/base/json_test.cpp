#include "crm/base/json.hpp"
#include "crm/base/problem.hpp"

#include <catch2/catch.hpp>

using namespace crm;

namespace json_test {

enum class colour
{
    red,
    green
};
BOOST_DESCRIBE_ENUM(colour, red, green)

struct line
{
    std::string sku;
    std::int32_t count = 1;
};
BOOST_DESCRIBE_STRUCT(line, (), (sku, count))

struct order
{
    order_id id{};
    instant placed;
    colour paint{};
    double weight = 0;
    bool paid = false;
    std::optional<std::string> note;
    std::vector<line> lines;
    std::map<std::string, std::int64_t> totals;
};
BOOST_DESCRIBE_STRUCT(order, (), (id, placed, paint, weight, paid, note, lines, totals))

} // namespace json_test

namespace {

using json_test::order;

constexpr std::string_view whole =
    R"({"id":"77","placed":1500000,"paint":"green","weight":1.5,"paid":true,)"
    R"("lines":[{"sku":"a","count":2}],"totals":{"EUR":5},"newer":1})";

/// The path of the member that a text is refused for.
std::string fault_of(const std::string& text, json::read_rules rules = {})
{
    try {
        static_cast<void>(json::read_text<order>(text, rules));
    } catch (const problem& refused) {
        CHECK(refused.code() == errc::invalid);
        return refused.field();
    }
    return "(none)";
}

std::string with(std::string_view old, std::string_view fresh)
{
    std::string text{whole};
    text.replace(text.find(old), old.size(), fresh);
    return text;
}

errc code_of(const std::string& text, json::read_rules rules = {})
{
    try {
        static_cast<void>(json::parse(text, rules));
    } catch (const problem& refused) {
        return refused.code();
    }
    return errc::internal;
}

} // namespace

TEST_CASE("a described struct goes to JSON and comes back the same")
{
    const auto read = json::read_text<order>(whole);
    CHECK(read.id == order_id{77});
    CHECK(read.placed == instant{1'500'000});
    CHECK(read.paint == json_test::colour::green);
    CHECK_FALSE(read.note);
    CHECK(read.lines.at(0).count == 2);
    CHECK(read.totals.at("EUR") == 5);
    const std::string text = json::to_text(read);
    CHECK(text.find("note") == std::string::npos);
    CHECK(json::to_text(json::read_text<order>(text)) == text);
}

TEST_CASE("what is wrong is named by its path")
{
    CHECK(fault_of(with(R"("count":2)", R"("count":"2")")) == "lines[0].count");
    CHECK(fault_of(with(R"("count":2)", R"("count":2147483648)")) == "lines[0].count");
    CHECK(fault_of(with(R"("count":2)", R"("count":1.5)")) == "lines[0].count");
    CHECK(fault_of(with(R"("sku":"a",)", "")) == "lines[0].sku");
    CHECK(fault_of(with(R"("id":"77")", R"("id":77)")) == "id");
    CHECK(fault_of(with(R"("id":"77")", R"("id":"-77")")) == "id");
    CHECK(fault_of(with(R"("id":"77")", R"("id":"7 7")")) == "id");
    CHECK(fault_of(with("green", "blue")) == "paint");
    CHECK(fault_of(with(R"("EUR":5)", R"("EUR":null)")) == "totals.EUR");
    CHECK(fault_of(with("true", "1")) == "paid");
    CHECK(fault_of("[]").empty());
}

TEST_CASE("unknown members are ignored for bodies and refused, with advice, for settings")
{
    CHECK(fault_of(std::string{whole}) == "(none)");
    const json::read_rules strict{.unknown = json::unknown_members::rejected};
    CHECK(fault_of(std::string{whole}, strict) == "newer");
    try {
        static_cast<void>(json::read_text<json_test::line>(
            R"({"sku":"a","cuont":1})",
            {.unknown = json::unknown_members::rejected,
             .absent = json::absent_members::default_value}
        ));
        FAIL("a misspelt key was taken");
    } catch (const problem& refused) {
        CHECK(std::string{refused.what()} == "cuont is not known; did you mean count?");
    }
}

TEST_CASE("bad text is refused before anything is read from it")
{
    CHECK(code_of("{") == errc::malformed);
    CHECK(code_of("{\"a\":\"\xFF\"}") == errc::malformed);
    CHECK(code_of("{\"a\":\"\xED\xA0\x80\"}") == errc::malformed);
    CHECK(code_of(std::string(33, '[') + std::string(33, ']')) == errc::malformed);
    CHECK(code_of(std::string(32, '[') + std::string(32, ']')) == errc::internal);
    CHECK(code_of("[1,2,3]", {.size_limit = 6}) == errc::too_large);
    CHECK(code_of("") == errc::malformed);
}
