#include "channels/email/judge.hpp"
#include "tests/support/test_data.hpp"
#include "tests/unit/channels/email/mails.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <iostream>
#include <vector>

using namespace channels::email;
using mails::lines;
using mails::read_from_ann;

namespace {

judgement judged(std::string_view headers, std::string_view body = "hello")
{
    return judge(read_from_ann(headers, body));
}

} // namespace

TEST_CASE("a person's mail is answered automatically, each kind of automatic mail is not")
{
    CHECK(judged("").may_answer_automatically());
    CHECK(judged("Auto-Submitted: no\r\n").may_answer_automatically());
    CHECK(judged("Precedence: first-class\r\n").may_answer_automatically());
    CHECK(judged("X-Auto-Response-Suppress: OOF\r\n").may_answer_automatically());
    for (const auto* header :
         {"Auto-Submitted: auto-generated",
          "Auto-Submitted: auto-replied; owner=x",
          "Precedence: bulk",
          "X-Precedence: junk",
          "Precedence: auto_reply",
          "X-Autoreply: yes",
          "X-Autorespond: x",
          "X-Autoresponder: x",
          "X-Auto-Response-Suppress: DR, All",
          "List-Id: <l.example.com>",
          "List-Unsubscribe: <mailto:x@example.com>",
          "X-Loop: x",
          "X-Parley-Loop: x",
          "Delivered-To: autoresponder@example.com"}) {
        INFO(header);
        CHECK_FALSE(judged(std::string{header} + "\r\n").may_answer_automatically());
    }
}

TEST_CASE("vacation notes are told from mail that is merely generated")
{
    CHECK(judged("Auto-Submitted: auto-replied\r\n").is_automatic_reply);
    CHECK(judged("Auto-Submitted: auto-replied\r\nReturn-Path: <>\r\n").is_automatic_reply);
    CHECK_FALSE(judged("Auto-Submitted: auto-generated\r\n").is_automatic_reply);
    CHECK(judge(read("From: a@b.example\nSubject: 自动回复: 订单\n\nx")).is_automatic_reply);
    CHECK(judge(read("From: a@b.example\nSubject: Out of Office: Ann\n\nx")).is_automatic_reply);
    CHECK_FALSE(
        judge(read("From: a@b.example\nSubject: Re: out of office supplies\n\nx")).is_automatic
    );
}

TEST_CASE("our own mail coming back is a loop, whichever way it is recognised")
{
    const house ours{
        .authserv_ids = {},
        .addresses = {"help@example.org"},
        .message_id_domain = "mail.example.org"
    };
    CHECK(judge(read("From: Help <Help+c1.aa@example.org>\n\nx"), ours).is_own);
    CHECK(judge(read("From: x@example.com\nMessage-ID: <p.1@mail.example.org>\n\nx"), ours).is_own);
    CHECK_FALSE(
        judge(read("From: x@example.com\nMessage-ID: <p.1@sub.mail.example.org>\n\nx"), ours).is_own
    );
    CHECK_FALSE(judge(read("From: helper@example.org\n\nx"), ours).is_own);
}

TEST_CASE("headers of our own name have no effect but to mark a loop")
{
    const auto got = judged("X-Parley-Trusted: yes\r\nX-Parley-Conversation: 1\r\n");
    CHECK(got.proof == sender_proof::none);
    CHECK(got.may_answer_automatically());
}

TEST_CASE("a standard report says who, what and about which mail")
{
    const auto got = judge(read_from_ann(
        "Return-Path: <>\r\nContent-Type: multipart/report; report-type=delivery-status; "
        "boundary=b\r\n",
        lines(
            "--b",
            "",
            "It failed.",
            "--b",
            "Content-Type: message/delivery-status",
            "",
            "Reporting-MTA: dns; mx.example.net",
            "",
            "Final-Recipient: rfc822; Bob@example.net",
            "Action: failed",
            "Status: 5.0.0",
            "Remote-MTA: dns; in.example.net",
            "Diagnostic-Code: smtp; 550 5.1.1 No such user",
            "",
            "Final-Recipient: rfc822;eve@example.net",
            "Action: delayed",
            "Status: 4.4.1",
            "",
            "--b",
            "Content-Type: text/rfc822-headers",
            "",
            "Message-ID: <ours@example.org>",
            "Subject: =?utf-8?Q?caf=C3=A9?=",
            "--b--"
        )
    ));
    REQUIRE(got.bounce);
    CHECK(got.bounce->is_standard);
    REQUIRE(got.bounce->recipients.size() == 2);
    const auto& bob = got.bounce->recipients[0];
    CHECK(bob.address == "Bob@example.net");
    CHECK(bob.severity == bounce_severity::hard);
    CHECK(bob.status == "5.1.1");
    CHECK(bob.host == "in.example.net");
    CHECK(bob.diagnostic == "550 5.1.1 No such user");
    CHECK(got.bounce->recipients[1].severity == bounce_severity::delayed);
    CHECK(got.bounce->original_message_id == "ours@example.org");
    CHECK(got.bounce->original_subject == "café");
    CHECK_FALSE(got.may_answer_automatically());
}

TEST_CASE("a report in words alone is read too")
{
    const auto got = judge(read(lines(
        "From: MAILER-DAEMON@mx.example.net",
        "Subject: failure notice",
        "",
        "I'm afraid I wasn't able to deliver your message.",
        "",
        "<bob@example.net>:",
        "Remote host said: 552 5.2.2 mailbox full",
        "",
        "<eve@example.net>:",
        "550 no such user here",
        "",
        "--- Below this line is a copy of the message.",
        "",
        "Message-ID: <ours@example.org>",
        "To: <zoe@example.net>"
    )));
    REQUIRE(got.bounce);
    CHECK_FALSE(got.bounce->is_standard);
    REQUIRE(got.bounce->recipients.size() == 2);
    CHECK(got.bounce->recipients[0].severity == bounce_severity::soft);
    CHECK(got.bounce->recipients[1].severity == bounce_severity::hard);
    CHECK(got.bounce->original_message_id == "ours@example.org");
}

TEST_CASE("a person who writes about a failed delivery has not bounced")
{
    const auto got = judge(
        read("From: Ann <ann@example.com>\nSubject: My parcel was not delivered\n\nWhere is it?")
    );
    CHECK_FALSE(got.bounce);
    CHECK(got.may_answer_automatically());
}

TEST_CASE("a person who forwards a report has not bounced")
{
    const std::string report =
        "\nLook at this:\n> Your mail could not be delivered\n> 550 5.1.1 user unknown\n";
    const auto got =
        judge(read("From: Ann <ann@example.com>\nSubject: Fwd: Undeliverable: Hello\n" + report));
    CHECK_FALSE(got.bounce);
    CHECK(judge(read("From: x@example.com\nSubject: Undeliverable: Hello\n" + report)).bounce);
}

TEST_CASE("status codes are found and addresses of the network are not mistaken for them")
{
    CHECK(find_status("550 5.1.1 x") == "5.1.1");
    CHECK(find_status("(#5.7.26)") == "5.7.26");
    CHECK(find_status("host 5.1.1.1 and 15.1.1 said no").empty());
    CHECK(find_status("version 5.2").empty());
    CHECK(find_status("5.").empty());
    CHECK(severity_of("5.1.1", "mailbox full") == bounce_severity::soft);
    CHECK(severity_of("4.1.1", "user unknown") == bounce_severity::soft);
    CHECK(severity_of("5.7.1", "blocked by reputation") == bounce_severity::soft);
    CHECK(severity_of("", "550 unknown user") == bounce_severity::hard);
}

TEST_CASE("a complaint about spam is told from a bounce")
{
    const auto got = judge(read_from_ann(
        "Content-Type: multipart/report; report-type=feedback-report; boundary=b\r\n",
        lines(
            "--b",
            "",
            "x",
            "--b",
            "Content-Type: message/feedback-report",
            "",
            "Feedback-Type: abuse",
            "--b--"
        )
    ));
    CHECK(got.is_complaint);
    CHECK_FALSE(got.bounce);
}

TEST_CASE("only what our own server wrote on top proves a sender")
{
    const std::vector<std::string> ours{"mx.example.org"};
    const auto proof = [&](std::string_view headers) {
        return proof_of_sender(read_from_ann(headers, "x"), ours);
    };
    CHECK(proof("") == sender_proof::none);
    CHECK(
        proof("Authentication-Results: MX.example.org 1; dmarc=pass (p=none) "
              "header.from=example.com\r\n") == sender_proof::passed
    );
    CHECK(
        proof(
            "Authentication-Results: mx.example.org; dmarc=fail header.from=example.com; spf=pass "
            "smtp.mailfrom=x@example.com\r\n"
        ) == sender_proof::failed
    );
    CHECK(
        proof(
            "Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=bounce@example.com\r\n"
        ) == sender_proof::passed
    );
    CHECK(
        proof("Authentication-Results: mx.example.org; dkim=pass header.d=other.example\r\n") ==
        sender_proof::failed
    );
    CHECK(
        proof("Authentication-Results: mx.example.org; dmarc=pass header.from=other.example\r\n") ==
        sender_proof::failed
    );
    // Forged, below or above ours.
    CHECK(proof("Authentication-Results: mx.evil.example; dmarc=pass\r\n") == sender_proof::none);
    CHECK(
        proof("Authentication-Results: mx.example.org; dmarc=fail\r\n"
              "Authentication-Results: mx.example.org; dmarc=pass\r\n") == sender_proof::failed
    );
    CHECK(
        proof("Authentication-Results: mx.example.org; none (dmarc=pass)\r\n") == sender_proof::none
    );
    CHECK(
        proof_of_sender(
            read_from_ann("Authentication-Results: mx.example.org; dmarc=pass\r\n", "x"), {}
        ) == sender_proof::none
    );
    CHECK(
        proof_of_sender(
            read("Authentication-Results: mx.example.org; dmarc=pass\nFrom: a@x.example, "
                 "b@y.example\n\n"),
            ours
        ) == sender_proof::none
    );
}

TEST_CASE(
    "bounces of the test data are judged as the bounce library expects, but for what is explained"
)
{
    const auto data = tests::test_data("email/sisimai");
    if (!data)
        return;
    const auto expected =
        boost::json::parse(tests::file_bytes(*data / "expected.json")).as_object();
    int mails = 0, kinds = 0, recipients = 0, hard = 0, codes = 0, same_codes = 0;
    for (const auto& [name, value] : expected) {
        const auto file = *data / "maildir/bsd" / std::string{name};
        if (!std::filesystem::exists(file))
            continue;
        ++mails;
        const auto got = judge(read(tests::file_bytes(file)));
        const auto& wanted = value.as_array();
        const auto reason = wanted.at(0).at("reason").as_string();
        const bool kind = reason == "feedback"   ? got.is_complaint
                          : reason == "vacation" ? got.is_automatic_reply && !got.bounce
                                                 : got.bounce.has_value();
        kinds += kind ? 1 : 0;
        CHECK((!kind || !got.may_answer_automatically()));
        if (!got.bounce || reason == "feedback" || reason == "vacation")
            continue;
        for (std::size_t at = 0; at < wanted.size(); ++at) {
            ++recipients;
            const std::string status{wanted[at].at("status").as_string()};
            // Codes of the form 5.0.9xx are the library's own.
            const bool real = !status.empty() && !status.substr(1).starts_with(".0.9");
            codes += real ? 1 : 0;
            if (at >= got.bounce->recipients.size())
                continue;
            const auto& one = got.bounce->recipients[at];
            hard += (one.severity == bounce_severity::hard) == wanted[at].at("hardbounce").as_bool()
                        ? 1
                        : 0;
            same_codes += real && one.status == status ? 1 : 0;
        }
    }
    std::cout << "mail: bounces judged as expected: kind " << kinds << " of " << mails
              << ", hard or soft " << hard << " of " << recipients << ", status code " << same_codes
              << " of " << codes << '\n';
    // docs/channels/email.md explains each of the differences.
    CHECK(kinds * 100 >= mails * 97);
    CHECK(hard * 100 >= recipients * 85);
    CHECK(same_codes * 100 >= codes * 94);
}
