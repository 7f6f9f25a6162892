#include "channels/email/read.hpp"
#include "crm/base/text.hpp"
#include "tests/unit/channels/email/mails.hpp"

#include <catch2/catch.hpp>
#include <chrono>
#include <vector>

using namespace channels::email;
using mails::lines;
using mails::read_from_ann;

TEST_CASE("a plain mail is read with its people, ids, date and text")
{
    const auto got = read(lines(
        "Return-Path: <ann@example.com>",
        "Delivered-To: help+c1.mac@example.org",
        "From: =?utf-8?Q?Ann_M=C3=BCller?= <Ann@Example.COM>",
        "Reply-To: answers@example.com",
        "To: Help <help@example.org>, \"Doe, John\" <john@example.org>",
        "Cc: team: a@example.org, b@example.org;",
        "Subject: =?gb2312?B?ztK1xLaptaU=?= 17",
        "Date: Mon, 2 Mar 2026 10:00:00 +0100",
        "Message-ID: <two@example.com>",
        "In-Reply-To: <one@example.org>",
        "References: <zero@example.org>",
        " <one@example.org>",
        "",
        "Where is it?"
    ));
    CHECK(got.is_readable);
    CHECK(got.subject == "我的订单 17");
    REQUIRE(got.from.size() == 1);
    CHECK(got.from[0] == mailbox{"Ann Müller", "Ann@example.com"});
    CHECK(got.answer_address() == "answers@example.com");
    REQUIRE(got.to.size() == 2);
    CHECK(got.to[1] == mailbox{"Doe, John", "john@example.org"});
    CHECK(got.cc.size() == 2);
    CHECK(got.delivered_to == std::vector<std::string>{"help+c1.mac@example.org"});
    CHECK(got.return_path == "ann@example.com");
    CHECK(got.message_id == "two@example.com");
    CHECK(got.in_reply_to == std::vector<std::string>{"one@example.org"});
    CHECK(got.references == std::vector<std::string>{"zero@example.org", "one@example.org"});
    REQUIRE(got.date);
    CHECK(crm::to_rfc3339(*got.date) == "2026-03-02T09:00:00.000000Z");
    CHECK(got.date_offset_min == 60);
    CHECK(crm::trim(got.text) == "Where is it?");
    CHECK(got.html.empty());
}

TEST_CASE("a date in the future is clamped to the arrival and stays known")
{
    const auto got = read_from_ann("", "x");
    const auto before = *got.date - std::chrono::hours{1};
    CHECK(clamped_date(got, before) == before);
    CHECK(clamped_date(got, *got.date + std::chrono::hours{1}) == *got.date);
    letter none;
    CHECK(clamped_date(none, before) == before);
}

TEST_CASE("a mail without an id has an identity that depends on what it says")
{
    const auto one = read("From: a@b.example\n\nhello");
    const auto same = read("From: a@b.example\n\nhello");
    const auto other = read("From: a@b.example\n\nhello!");
    CHECK(identity_of(one) == identity_of(same));
    CHECK(identity_of(one) != identity_of(other));
    CHECK(identity_of(read("Message-ID: <x@y>\n\n")) == "x@y");
}

TEST_CASE("any line ends and an envelope line are read alike")
{
    for (const std::string end : {"\n", "\r\n", "\r"}) {
        std::string raw = "From ann@example.com Mon Mar  2 10:00:00 2026" + end +
                          "From: ann@example.com" + end + "Subject: ends" + end + end + "one" +
                          end + "two" + end;
        const auto got = read(raw);
        CHECK(got.subject == "ends");
        CHECK(got.text == "one\ntwo\n");
    }
}

TEST_CASE("of two forms of one text the plain one is the text and the HTML is kept")
{
    const auto got = read_from_ann(
        "Content-Type: multipart/alternative; boundary=b\r\n",
        lines(
            "--b",
            "Content-Type: text/plain; charset=utf-8",
            "",
            "plain",
            "--b",
            "Content-Type: text/html; charset=utf-8",
            "",
            "<p>rich</p>",
            "--b--"
        )
    );
    CHECK(got.text == "plain");
    CHECK(crm::trim(got.html) == "<p>rich</p>");
    CHECK(got.attachments.empty());
}

TEST_CASE("a blank plain form gives way to the text of the HTML")
{
    const auto got = read_from_ann(
        "Content-Type: multipart/alternative; boundary=b\r\n",
        lines(
            "--b",
            "Content-Type: text/plain",
            "",
            "  ",
            "--b",
            "Content-Type: text/html",
            "",
            "<title>t</title><style>p{}</style><p>rich &amp; <b>bold</b></p><p>caf&eacute;</p>",
            "--b--"
        )
    );
    CHECK(got.text == "rich & bold\n\ncafé");
}

TEST_CASE("text around an attachment is one text, and an inline picture keeps its id")
{
    const auto got = read_from_ann(
        "Content-Type: multipart/mixed; boundary=b\r\n",
        lines(
            "--b",
            "Content-Type: text/plain",
            "",
            "before",
            "--b",
            "Content-Type: image/png; name=\"=?utf-8?B?5Zu+LnBuZw==?=\"",
            "Content-ID: <pic@x>",
            "Content-Disposition: inline",
            "Content-Transfer-Encoding: base64",
            "",
            "iVBORw0KGgo=",
            "--b",
            "Content-Type: text/plain",
            "",
            "after",
            "--b--"
        )
    );
    CHECK(got.text == "before\nafter");
    REQUIRE(got.attachments.size() == 1);
    CHECK(got.attachments[0].name == "图.png");
    CHECK(got.attachments[0].content_id == "pic@x");
    CHECK(got.attachments[0].is_inline);
    CHECK(got.attachments[0].kind == part_kind::picture);
    CHECK(got.attachments[0].content == "\x89PNG\r\n\x1a\n");
}

TEST_CASE("a forwarded mail, an invitation and sealed parts become attachments with names")
{
    const auto got = read_from_ann(
        "Content-Type: multipart/mixed; boundary=b\r\n",
        lines(
            "--b",
            "Content-Type: text/plain",
            "",
            "see below",
            "--b",
            "Content-Type: message/rfc822",
            "",
            "Subject: Old / story",
            "From: x@example.net",
            "",
            "inner",
            "--b",
            "Content-Type: text/calendar; method=REQUEST",
            "",
            "BEGIN:VCALENDAR",
            "--b",
            "Content-Type: application/pkcs7-mime; smime-type=enveloped-data",
            "",
            "x",
            "--b",
            "Content-Type: application/pgp-signature",
            "",
            "y",
            "--b",
            "Content-Type: application/octet-stream",
            "Content-Disposition: attachment; filename=\"\"",
            "",
            "z",
            "--b--"
        )
    );
    CHECK(got.text == "see below");
    REQUIRE(got.attachments.size() == 5);
    CHECK(got.attachments[0].kind == part_kind::message);
    CHECK(got.attachments[0].name == "story.eml");
    CHECK(got.attachments[0].content.find("inner") != std::string::npos);
    CHECK(got.attachments[1].name == "invitation.ics");
    CHECK(got.attachments[2].kind == part_kind::encrypted);
    CHECK(got.attachments[2].name == "smime.p7m");
    CHECK(got.attachments[3].kind == part_kind::signature);
    CHECK(got.attachments[4].name == "attachment-5");
    CHECK_FALSE(got.attachments[4].was_named);
}

TEST_CASE("a mail that is nothing but a forwarded one shows its text")
{
    const auto got = read_from_ann(
        "Content-Type: message/rfc822\r\n",
        "Subject: inner\r\nFrom: x@example.net\r\n\r\nthe words\r\n"
    );
    CHECK(crm::trim(got.text) == "the words");
    CHECK(got.attachments.size() == 1);
}

TEST_CASE("flowed text has its paragraphs joined and its quotes kept apart")
{
    const auto got = read_from_ann(
        "Content-Type: text/plain; format=flowed\r\n",
        "a long \r\nline\r\n> quoted \r\n> on\r\n  stuffed\r\n-- \r\nAnn\r\n"
    );
    CHECK(got.text == "a long line\n> quoted on\n stuffed\n-- \nAnn\n");
}

TEST_CASE("a lost boundary is found again in the body")
{
    const auto got = read_from_ann(
        "Content-Type: multipart/mixed; charset=\"utf-8\"\r\n",
        lines(
            "--q1",
            "Content-Type: text/plain; charset=utf-8",
            "",
            "found",
            "--q1",
            "Content-Type: text/csv; name=a.csv",
            "",
            "1,2",
            "--q1--"
        )
    );
    CHECK(got.text == "found");
    REQUIRE(got.attachments.size() == 1);
    CHECK(got.attachments[0].name == "a.csv");
}

TEST_CASE("a multipart that never closes and one without parts still show their words")
{
    const auto open = read_from_ann(
        "Content-Type: multipart/mixed; boundary=b\r\n",
        "--b\r\nContent-Type: text/plain\r\n\r\nhalf a mail"
    );
    CHECK(open.text == "half a mail");
    const auto bare =
        read_from_ann("Content-Type: multipart/mixed; boundary=b\r\n", "no part at all\r\n");
    CHECK(crm::trim(bare.text) == "no part at all");
}

TEST_CASE("bytes that are no mail are shown as text, and nothing at all is unreadable")
{
    CHECK(
        read("just words: no headers\nsecond line").text == "just words: no headers\nsecond line"
    );
    CHECK_FALSE(read("").is_readable);
    CHECK_FALSE(read("\r\n\r\n").is_readable);
    read_limits small;
    small.bytes = 10;
    const auto big = read("Subject: larger than that\n\n", small);
    CHECK_FALSE(big.is_readable);
    CHECK(big.problem.find("more than the limit of 10") != std::string::npos);
}

TEST_CASE("beyond a limit of parts or depth the rest is left out and noted")
{
    std::string many;
    for (int n = 0; n < 300; ++n)
        many += "--b\r\nContent-Type: text/csv; name=a.csv\r\n\r\n1\r\n";
    const auto wide =
        read_from_ann("Content-Type: multipart/mixed; boundary=b\r\n", many + "--b--\r\n");
    CHECK(wide.attachments.size() == 200);
    CHECK(wide.notes.size() == 1);

    std::string deep;
    for (int n = 0; n < 60; ++n)
        deep += "--b" + std::to_string(n) + "\r\nContent-Type: multipart/mixed; boundary=b" +
                std::to_string(n + 1) + "\r\n\r\n";
    const auto nested = read_from_ann(
        "Content-Type: multipart/mixed; boundary=b0\r\n", deep + "--b60\r\n\r\nbottom\r\n"
    );
    CHECK(nested.is_readable);
    CHECK_FALSE(nested.notes.empty());
}

TEST_CASE("names of people and files cannot break a line, turn round or leave their folder")
{
    const auto got = read_from_ann(
        "Cc: =?utf-8?Q?a=0D=0ABcc:=20x@example.com?= <c@example.com>\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n",
        lines(
            "--b",
            "Content-Disposition: attachment; filename=\"../../etc/pass\xE2\x80\xAEgpj.exe\"",
            "",
            "x",
            "--b--"
        )
    );
    REQUIRE(got.cc.size() == 1);
    CHECK(got.cc[0].name.find('\n') == std::string::npos);
    REQUIRE(got.attachments.size() == 1);
    CHECK(got.attachments[0].name == "passgpj.exe");
}

TEST_CASE("NUL bytes vanish from headers and text")
{
    const std::string raw{"Subject: a\0b\nFrom: x@example.com\n\none\0two\n", 42};
    const auto got = read(raw);
    CHECK(got.subject == "ab");
    CHECK(got.text == "onetwo\n");
}

TEST_CASE("bombs cost memory and time in proportion to nothing but their size")
{
    const auto repeated = [](std::string_view what, std::size_t bytes) {
        std::string all;
        while (all.size() < bytes)
            all += what;
        return all;
    };
    constexpr std::size_t large = 4'000'000;
    const auto parts = read_from_ann(
        "Content-Type: multipart/mixed; boundary=b\r\n", repeated("--b\n\nx\n", large)
    );
    CHECK(parts.notes.size() == 2);
    CHECK(parts.text.size() < 1000);
    const auto headers = read(repeated("X-Y: z\n", large) + "\nhello");
    CHECK(headers.headers.size() == 1000);
    CHECK(headers.notes.size() >= 1);
    const auto inside = read_from_ann(
        "Content-Type: multipart/mixed; boundary=b\r\n",
        "--b\nContent-Type: message/rfc822\n\n" + repeated("X-Y: z\n", large) +
            "\nhello\n--b\n\nseen\n--b--\n"
    );
    CHECK(crm::trim(inside.text) == "seen");
    CHECK(inside.attachments.at(0).content.size() < 100'000);
    const auto chain = read(repeated("Content-Type: message/rfc822\n\n", large) + "hello");
    CHECK(chain.is_readable);
    std::string nest = "Content-Type: multipart/mixed; boundary=b0\n\n";
    for (int n = 0; nest.size() < large; ++n)
        nest += "--b" + std::to_string(n) + "\nContent-Type: multipart/mixed; boundary=b" +
                std::to_string(n + 1) + "\n\n";
    CHECK_FALSE(read(nest).notes.empty());
    CHECK(read("From: " + repeated("\"(<", 200'000) + "\n\nx").text == "x");
}
