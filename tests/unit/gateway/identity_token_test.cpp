#include "gateway/identity_token.hpp"

#include "crm/base/hash.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/random.hpp"

#include <catch2/catch.hpp>

using namespace gateway;

namespace {

const crm::identity_secret secret{"k1", "0123456789abcdef0123456789abcdef", {}};
const crm::identity_secret newer{"k2", "fedcba9876543210fedcba9876543210", {}};
const crm::instant now{1'763'458'260'000'000};
const std::int64_t now_s = now.us / 1'000'000;

std::string made_of(
    const std::string& head, const std::string& claims, const crm::identity_secret& with = secret
)
{
    auto text = crm::to_base64url(head) + "." + crm::to_base64url(claims);
    return text + "." + crm::to_base64url(crm::hmac_sha256(with.secret, text));
}

std::string
claims(const std::string& more = "", std::int64_t issued = now_s, std::int64_t ends = now_s + 600)
{
    return R"({"iss":"web","aud":"parley-widget","sub":"u1","iat":)" + std::to_string(issued) +
           R"(,"exp":)" + std::to_string(ends) + more + "}";
}

const std::string good_head = R"({"alg":"HS256","typ":"JWT","kid":"k1"})";

bool is_good(const std::string& token)
{
    try {
        check_identity(token, "web", {secret, newer}, now);
        return true;
    } catch (const crm::problem& why) {
        CHECK(why.code() == crm::errc::unauthenticated);
        return false;
    }
}

} // namespace

TEST_CASE("what a site signs is what we read")
{
    const identity_claims who{"u1", "林晓雨", "lin@example.com", "+4930123"};
    const auto read =
        check_identity(sign_identity(who, "web", secret, now), "web", {secret, newer}, now);
    CHECK(read.subject == "u1");
    CHECK(read.name == "林晓雨");
    CHECK(read.email == "lin@example.com");
    CHECK(read.phone == "+4930123");
}

TEST_CASE("both active secrets are good, and only those")
{
    CHECK(is_good(made_of(good_head, claims())));
    CHECK(is_good(made_of(R"({"alg":"HS256","kid":"k2"})", claims(), newer)));
    CHECK_FALSE(is_good(made_of(R"({"alg":"HS256","kid":"k2"})", claims(), secret)));
    CHECK_FALSE(is_good(made_of(R"({"alg":"HS256","kid":"../../k1"})", claims())));
    CHECK_FALSE(is_good(made_of(R"({"alg":"HS256"})", claims()))); // two secrets: which one?
}

TEST_CASE("the algorithm is ours to say")
{
    for (const char* head :
         {R"({"alg":"none","kid":"k1"})",
          R"({"alg":"RS256","kid":"k1"})",
          R"({"alg":"HS512","kid":"k1"})",
          R"({"alg":"hs256","kid":"k1"})",
          R"({"kid":"k1"})",
          R"({"alg":["HS256"],"kid":"k1"})",
          R"({"alg":"HS256","kid":"k1","crit":["exp"]})"})
        CHECK_FALSE(is_good(made_of(head, claims())));
    const auto unsigned_text =
        crm::to_base64url(R"({"alg":"none"})") + "." + crm::to_base64url(claims()) + ".";
    CHECK_FALSE(is_good(unsigned_text));
}

TEST_CASE("a signature fits wholly or not at all")
{
    auto token = made_of(good_head, claims());
    CHECK_FALSE(is_good(token.substr(0, token.size() - 1)));
    CHECK_FALSE(is_good(token.substr(0, token.rfind('.') + 1)));
    auto flipped = token;
    flipped[flipped.find('.') + 5] ^= 1;
    CHECK_FALSE(is_good(flipped));
    CHECK_FALSE(is_good(token + "."));
    CHECK_FALSE(is_good(token + "=="));
}

TEST_CASE("times, audience and issuer are held to")
{
    CHECK_FALSE(is_good(made_of(good_head, claims("", now_s - 700, now_s))));  // just over
    CHECK_FALSE(is_good(made_of(good_head, claims("", now_s, now_s + 3601)))); // too long a life
    CHECK_FALSE(is_good(made_of(good_head, claims("", now_s + 61, now_s + 600)))
    );                                                                       // from the future
    CHECK(is_good(made_of(good_head, claims("", now_s + 59, now_s + 600)))); // clocks differ
    CHECK_FALSE(is_good(made_of(good_head, claims(R"(,"nbf":)" + std::to_string(now_s + 61)))));
    CHECK_FALSE(is_good(made_of(good_head, R"({"iss":"web","aud":"parley-widget","sub":"u1"})")));
    CHECK_FALSE(is_good(made_of(
        good_head,
        R"({"iss":"other","aud":"parley-widget","sub":"u1","iat":)" + std::to_string(now_s) +
            R"(,"exp":)" + std::to_string(now_s + 60) + "}"
    )));
    CHECK_FALSE(is_good(made_of(
        good_head,
        R"({"iss":"web","aud":"x","sub":"u1","iat":)" + std::to_string(now_s) + R"(,"exp":)" +
            std::to_string(now_s + 60) + "}"
    )));
}

TEST_CASE("the subject is one the database can hold")
{
    const auto with_subject = [&](const std::string& sub) {
        return made_of(
            good_head,
            R"({"iss":"web","aud":"parley-widget","sub":")" + sub + R"(","iat":)" +
                std::to_string(now_s) + R"(,"exp":)" + std::to_string(now_s + 60) + "}"
        );
    };
    CHECK(is_good(with_subject(std::string(190, 'a'))));
    CHECK_FALSE(is_good(with_subject(std::string(191, 'a'))));
    CHECK_FALSE(is_good(with_subject("")));
}

TEST_CASE("malformed tokens are refused, however large")
{
    for (const std::string& bad :
         {std::string{},
          std::string{"."},
          std::string{".."},
          std::string{"a.b.c"},
          std::string(9000, 'a'),
          "!." + crm::to_base64url(claims()) + ".x"})
        CHECK_FALSE(is_good(bad));
    CHECK_FALSE(is_good(made_of("[]", claims())));
    CHECK_FALSE(is_good(made_of(good_head, "[1]")));
}
