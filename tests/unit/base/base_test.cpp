// Time, ids, text, money, tokens and fingerprints.
#include "crm/base/hash.hpp"
#include "crm/base/ids.hpp"
#include "crm/base/money.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/random.hpp"
#include "crm/base/text.hpp"
#include "crm/base/time.hpp"

#include <catch2/catch.hpp>
#include <set>
#include <thread>

using namespace crm;

TEST_CASE("times are written and read as RFC 3339")
{
    CHECK(to_rfc3339({1'772'442'000'000'001}) == "2026-03-02T09:00:00.000001Z");
    CHECK(to_rfc3339({-1}) == "1969-12-31T23:59:59.999999Z");
    CHECK(instant_from_rfc3339("2026-03-02T09:00:00Z") == instant{1'772'442'000'000'000});
    CHECK(instant_from_rfc3339("2026-03-02T10:30:00.5+01:30") == instant{1'772'442'000'500'000});
    CHECK(instant_from_rfc3339("2026-03-01t23:00:00-10:00") == instant{1'772'442'000'000'000});
    CHECK(instant_from_rfc3339("2016-12-31T23:59:60Z").us == 1'483'228'799'000'000);
    for (const char* wrong :
         {"",
          "2026-03-02",
          "2026-13-02T09:00:00Z",
          "2026-02-29T09:00:00Z",
          "2026-03-02T24:00:00Z",
          "2026-03-02T09:00:00",
          "2026-03-02T09:00:00.Z",
          "2026-03-02T09:00:00.1234567Z",
          "2026-03-02T09:00:00+1:00",
          "2026-03-02T09:00:00Zjunk"})
        CHECK_THROWS_AS(instant_from_rfc3339(wrong), problem);
}

TEST_CASE("ids grow, never repeat, and survive a clock that steps back")
{
    manual_clock time{{1'772'442'000'000'000}};
    id_source source{time, 7};
    std::int64_t last = 0;
    for (int i = 0; i < 5'000; ++i) {
        const std::int64_t id = raw(source.next<customer_id>());
        REQUIRE(id > last);
        REQUIRE((id >> 8 & 0xFF) == 7);
        last = id;
        if (i == 2'000)
            time.advance(-std::chrono::hours{1});
    }
    id_block block = source.reserve(128);
    const auto first = block.next<entry_id>();
    id_block copy = block;
    CHECK(raw(first) > last);
    CHECK(block.next<entry_id>() == copy.next<entry_id>());
    id_block one = source.reserve(1);
    one.next<entry_id>();
    CHECK_THROWS_AS(one.next<entry_id>(), std::logic_error);
}

TEST_CASE("threads that take ids at once get different ones")
{
    const system_clock time;
    id_source source{time, 255};
    std::vector<std::vector<std::int64_t>> taken(4);
    std::vector<std::thread> threads;
    for (auto& mine : taken)
        threads.emplace_back([&] {
            for (int i = 0; i < 5'000; ++i)
                mine.push_back(raw(source.next<entry_id>()));
        });
    for (auto& one : threads)
        one.join();
    std::set<std::int64_t> all;
    for (const auto& mine : taken)
        all.insert(mine.begin(), mine.end());
    CHECK(all.size() == 20'000);
}

TEST_CASE("ids are read from decimal text only")
{
    CHECK(parse_id("9223372036854775807") == INT64_MAX);
    for (const char* wrong : {"", "0", "-1", "+1", " 1", "1 ", "1.0", "9223372036854775808", "0x1"})
        CHECK_THROWS_AS(parse_id(wrong), problem);
}

TEST_CASE("text is UTF-8, cut between characters")
{
    CHECK(is_utf8("na\xC3\xAFve \xE4\xBD\xA0 \xF0\x9F\x8C\xBF"));
    for (const char* wrong :
         {"\xC3", "\x80", "\xC0\xAF", "\xE0\x80\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF"})
        CHECK_FALSE(is_utf8(wrong));
    CHECK(crm::truncate("\xE4\xBD\xA0\xE5\xA5\xBD!", 1) == "\xE4\xBD\xA0");
    CHECK(truncate_bytes("\xE4\xBD\xA0\xE5\xA5\xBD", 5) == "\xE4\xBD\xA0");
    CHECK(truncate_bytes("abc", 5) == "abc");
    CHECK(code_points("\xE4\xBD\xA0\xFF") == 2);
    CHECK(trim(" \ta b\n") == "a b");
    CHECK(trim(" ").empty());
    CHECK(ascii_lower("ÄB@X.ORG") == "Äb@x.org");
}

TEST_CASE("a wrong byte or a control character is found wherever it stands")
{
    const std::string plain(40, 'a');
    for (std::size_t at = 0; at < plain.size(); ++at) {
        CAPTURE(at);
        std::string wrong = plain;
        wrong[at] = '\xFF';
        CHECK_FALSE(is_utf8(wrong));
        CHECK(code_points(clean_text(wrong)) == plain.size());
        CHECK(clean_text(wrong).find('\xFF') == std::string::npos);
        for (const std::string control : {"\x01", "\r", "\x7F", "\xC2\x85"}) {
            std::string with = plain;
            with.insert(at, control);
            CHECK(is_utf8(with));
            CHECK(clean_text(with) == plain);
        }
        for (const std::string kept : {"\n", "\t", "\xC2\xA3", "\xC3\xAF", "\xE4\xBD\xA0"}) {
            std::string with = plain;
            with.insert(at, kept);
            CHECK(is_utf8(with));
            CHECK(clean_text(with) == with);
        }
    }
}

TEST_CASE("names and file names lose what deceives the eye")
{
    CHECK(clean_line("  a\r\n\tb\x01 ", 50) == "a b");
    CHECK(clean_line("invoice\xE2\x80\xAEgpj.exe", 50) == "invoicegpj.exe");
    CHECK(clean_line("a b c", 3) == "a b");
    CHECK(clean_line("\xFF", 5) == "\xEF\xBF\xBD");
    // Joined emoji stay whole.
    const std::string family = "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x91\xA7";
    CHECK(clean_line(family, 9) == family);
    CHECK(clean_text("a\r\nb\x07\tc") == "a\nb\tc");
    CHECK(clean_file_name("../../etc/passwd") == "passwd");
    CHECK(clean_file_name("C:\\temp\\a\"b.txt") == "a_b.txt");
    CHECK(clean_file_name("..hidden") == "hidden");
    CHECK(clean_file_name("...") == "file");
    CHECK(clean_file_name("") == "file");
    CHECK(code_points(clean_file_name(std::string(500, 'x'))) == 120);
}

TEST_CASE("money keeps its currency and its cents")
{
    CHECK(to_string(money{123'450, currency{"EUR"}}) == "1234.50 EUR");
    CHECK(to_string(money{-5, currency{"USD"}}) == "-0.05 USD");
    CHECK(to_string(money{-3, currency{"JPY"}}) == "-3 JPY");
    CHECK(to_string(money{1, currency{"KWD"}}) == "0.001 KWD");
    CHECK(to_string(money{INT64_MIN, currency{"JPY"}}) == "-9223372036854775808 JPY");
    CHECK(money_from_decimal("-12.5", currency{"EUR"}).minor == -1'250);
    CHECK(money_from_decimal("7", currency{"JPY"}).minor == 7);
    for (const char* wrong : {"", "-", "1.", ".5", "1.234", "1e3", "1,5", "99999999999999999999"})
        CHECK_THROWS_AS(money_from_decimal(wrong, currency{"EUR"}), problem);
    CHECK((money{1, currency{"EUR"}} + money{2, currency{"EUR"}}).minor == 3);
    CHECK_THROWS_AS((money{1, currency{"EUR"}} + money{2, currency{"USD"}}), problem);
    CHECK_THROWS_AS((money{INT64_MAX, currency{"EUR"}} + money{1, currency{"EUR"}}), problem);
    CHECK_THROWS_AS(currency{"eur"}, problem);
}

TEST_CASE("tokens are random and their text form is exact")
{
    CHECK(random_token().size() == 22);
    CHECK(random_token(256).size() == 43);
    CHECK(random_token() != random_token());
    const std::string bytes{"\x00\xFB\xFF\xFE", 4};
    CHECK(to_base64url(bytes) == "APv__g");
    CHECK(from_base64url("APv__g") == bytes);
    CHECK(from_base64url("APv__g==") == bytes);
    CHECK(from_base64url("").empty());
    CHECK_THROWS_AS(from_base64url("A*"), problem);
    CHECK_THROWS_AS(from_base64url("APv/"), problem);
}

TEST_CASE("fingerprints match the published vectors")
{
    // FIPS 180-2, appendix B.1; RFC 4231, test case 2.
    const std::string abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
    CHECK(to_hex(sha256("abc")) == abc);
    CHECK(
        to_hex(hmac_sha256("Jefe", "what do ya want for nothing?")) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    );
    sha256_stream pieces;
    pieces.add("a");
    pieces.add("bc");
    CHECK(to_hex(pieces.finish()) == abc);
    CHECK(same_secret("abc", "abc"));
    CHECK_FALSE(same_secret("abc", "abd"));
    CHECK_FALSE(same_secret("abc", "ab"));
}

TEST_CASE("every code has its word, and only passing troubles are worth a retry")
{
    CHECK(code_name(errc::stale_reply) == "stale_reply");
    CHECK(is_retryable(errc::busy));
    CHECK_FALSE(is_retryable(errc::conflict));
    problem late{errc::rate_limited, "wait"};
    late.retry_after(std::chrono::seconds{3});
    CHECK(late.retry_after() == std::chrono::seconds{3});
}
