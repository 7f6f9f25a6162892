#include "channels/email/quote.hpp"
#include "channels/email/read.hpp"
#include "tests/support/test_data.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <iostream>
#include <sstream>

using namespace channels::email;

namespace {

std::string said(std::string_view text)
{
    return hide_quote(text).said();
}

std::string whole(const shown_text& of)
{
    std::string text;
    for (const auto& one : of.pieces)
        text += one.text;
    return text;
}

std::string squeezed(std::string_view text)
{
    std::string out;
    for (const char c : text) {
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t')
            out += c;
    }
    return out;
}

std::string trimmed(std::string_view text)
{
    const auto begin = text.find_first_not_of("\r\n");
    const auto end = text.find_last_not_of(" \r\n");
    return begin == std::string_view::npos ? std::string{}
                                           : std::string{text.substr(begin, end + 1 - begin)};
}

std::string as_mail_text(const std::filesystem::path& file)
{
    return read("Content-Type: text/plain\n\n" + tests::file_bytes(file)).text;
}

} // namespace

TEST_CASE("the answered mail is hidden in many languages")
{
    for (const auto* line :
         {"On Mon, Mar 2, 2026 at 10:00 AM Ann <ann@example.com> wrote:",
          "Am 02.03.2026 um 10:00 schrieb Ann Beispiel:",
          "Am Mo., 2. März 2026 um 10:00 Uhr schrieb Ann <ann@example.com>:",
          "Le 2 mars 2026 à 10:00, Ann a écrit\xC2\xA0:",
          "El lun, 2 mar 2026 a las 10:00, Ann (<ann@example.com>) escribió:",
          "Il giorno lun 2 mar 2026 alle ore 10:00 Ann <ann@example.com> ha scritto:",
          "Em seg., 2 de mar. de 2026 às 10:00, Ann <ann@example.com> escreveu:",
          "Op ma 2 mrt 2026 om 10:00 schreef Ann <ann@example.com>:",
          "Den mån 2 mars 2026 kl 10:00 skrev Ann <ann@example.com>:",
          "man. 2. mar. 2026 kl. 10:00 skrev Ann <ann@example.com>:",
          "W dniu 02.03.2026 o 10:00, Ann pisze:",
          "Dnia 2 marca 2026 10:00 Ann <ann@example.com> napisał(a):",
          "пн, 2 мар. 2026 г. в 10:00, Ann <ann@example.com>:",
          "2 марта 2026 г. 10:00 пользователь Ann <ann@example.com> написал:",
          "在 2026年3月2日，上午10:00，Ann <ann@example.com> 写道：",
          "Ann <ann@example.com> 于2026年3月2日周一 10:00写道：",
          "At 2026-03-02 10:00:00, \"Ann\" <ann@example.com> wrote:",
          "2026年3月2日(月) 10:00 Ann <ann@example.com>:",
          "On Monday, March 2, 2026,\nAnn Example\n<ann@example.com> wrote:",
          "---- On Mon, 02 Mar 2026 10:00:00 +0100 Ann<ann@example.com> wrote ----"}) {
        INFO(line);
        CHECK(said(std::string{"Yes.\n\n"} + line + "\n\n> the question\n> goes on\n") == "Yes.");
        CHECK(said(std::string{"Yes.\n\n"} + line + "\n\nthe question, not marked\n") == "Yes.");
        CHECK(said(std::string{line} + "\n> the question\n\nYes.\n") == "Yes.");
    }
}

TEST_CASE("heads of earlier mails hide what follows them")
{
    for (const auto* head :
         {"-----Original Message-----\nFrom: Ann\nSent: Monday\nTo: Bob\nSubject: x",
          "________________________________\nFrom: Ann <ann@example.com>\nSent: Monday, 2 March "
          "2026 10:00\nTo: Bob\nSubject: x",
          "*From:* Ann\n*Sent:* Monday\n*To:* Bob\n*Subject:* x",
          "Von: Ann\nGesendet: Montag\nAn: Bob\nBetreff: x",
          "De : Ann\nEnvoyé : lundi\nÀ : Bob\nObjet : x",
          "------------------ 原始邮件 ------------------\n发件人: "
          "\"Ann\"<ann@example.com>;\n发送时间: 2026年3月2日\n收件人: \"Bob\";\n主题: x",
          "发件人：Ann\n发送时间：2026年3月2日\n收件人：Bob\n主题：x",
          "От: Ann\nОтправлено: понедельник\nКому: Bob\nТема: x",
          "-------- Ursprüngliche Nachricht --------",
          "-- 原始邮件 --",
          "----- 转发邮件信息 -----\n发件人: x\n主题: y",
          "Begin forwarded message:"}) {
        INFO(head);
        CHECK(said(std::string{"Yes.\n\n"} + head + "\n\nold words\n") == "Yes.");
    }
}

TEST_CASE("a forwarded mail without a word of its own shows what is forwarded")
{
    const auto got =
        hide_quote("---------- Forwarded message ----------\nFrom: Ann <a@example.com>\nDate: Mon\n"
                   "Subject: x\nTo: b@example.com\n\nthe words\n");
    CHECK(got.said() == "the words");
    CHECK(got.hidden().starts_with("---------- Forwarded"));
}

TEST_CASE("who wrote a forwarded mail is read from its head")
{
    const mailbox ann{"Ann", "ann@example.com"};
    CHECK(
        forwarded_from(
            "See below.\n\n---------- Forwarded message ---------\nFrom: Ann <ann@example.com>\n"
            "Date: Mon\nSubject: x\nTo: help@example.org\n\nhello"
        ) == ann
    );
    CHECK(
        forwarded_from("-----Ursprüngliche Nachricht-----\nVon: Ann "
                       "[mailto:ann@example.com]\nGesendet: Montag\n"
                       "An: help@example.org\nBetreff: x\n\nhallo") == ann
    );
    CHECK(
        forwarded_from(
            "发件人：Ann <ann@example.com>\n发送时间：2026年3月2日\n收件人：Bob\n主题：x\n\n你好"
        ) == ann
    );
    CHECK(forwarded_from("*From:* Ann <ann@example.com>\n*Sent:* Monday\n*To:* Bob\n\nx") == ann);
    CHECK_FALSE(forwarded_from("From: the heart\nof it"));
    CHECK_FALSE(forwarded_from("From: Ann\nSent: Monday\nTo: Bob\nSubject: x\n\nno address"));
    CHECK_FALSE(forwarded_from(""));
}

TEST_CASE("answers between the lines stay visible with what they answer")
{
    const std::string text =
        "On 2 Mar 2026 Ann <ann@example.com> wrote:\n> one?\n\nyes\n\n> two?\n\nno\n\n> bye\n";
    CHECK(said(text) == "> one?\n\nyes\n\n> two?\n\nno");
    CHECK(hide_quote(text).hidden().ends_with("> bye"));
}

TEST_CASE("what only looks like a quote stays")
{
    for (const auto* text :
         {"On Monday I wrote:\nnothing at all",
          "From: the heart\nof it",
          "I wrote to you on 2 March 2026.\nNo answer yet.",
          "Here is a list:\n- one\n- two",
          "Prices:\n----\n10 and 20\n----\nThat is all.",
          "Sent from my desk is the invoice.",
          "The rule is x > y\nand y < z",
          "To: be\nor not to be"}) {
        INFO(text);
        CHECK(said(text) == text);
    }
}

TEST_CASE("a text that is nothing but a quote is shown, and an empty one stays empty")
{
    CHECK(said("> only\n> quoted") == "> only\n> quoted");
    CHECK(said("").empty());
    CHECK(said("\n\n").empty());
}

TEST_CASE("signatures are set apart, not lost")
{
    const auto marked = hide_quote("Yes.\n\n-- \nAnn Example\nSome Company\n");
    CHECK(marked.said() == "Yes.");
    CHECK(marked.signature() == "-- \nAnn Example\nSome Company");
    CHECK(said("one\n--\ntwo\n--\nthree") == "one\n--\ntwo");
    CHECK(said("Yes.\n\nSent from my iPhone\n-- \nAnn") == "Yes.");
    CHECK(said("Yes.\n\nSent from my iPhone\n") == "Yes.");
    CHECK(said("好的\n\n发自我的 iPhone\n") == "好的");
    CHECK(
        said("Ja.\n\nVon meinem iPhone gesendet\n\nAm 02.03.2026 um 10:00 schrieb Ann "
             "<a@example.com>:\n\n> Frage?\n") == "Ja."
    );
    CHECK(said("Yes.\n-- \nAnn\n\nOn 2 Mar 2026 Bob <b@example.com> wrote:\n> q\n") == "Yes.");
}

TEST_CASE("the pieces put together are the text")
{
    for (const auto* text :
         {"",
          "a",
          "a\n",
          "\n\na\r\n> b\r\n",
          "x\n-- \ny\nOn 1 Jan 2026 a@b.example wrote:\n> z\n\nend",
          "-----Original Message-----\nFrom: a\nTo: b\nSubject: c\n\nd"})
        CHECK(whole(hide_quote(text)) == text);
}

TEST_CASE("the marks of mail programs are followed in HTML, and the place is named")
{
    const std::string gmail =
        "<div dir=\"ltr\">Oui.</div><br><div class=\"gmail_quote\"><div class=\"gmail_attr\">"
        "anything in any language<br></div><blockquote "
        "class=\"gmail_quote\">question</blockquote></div>";
    auto got = hide_quote_in_html(gmail);
    CHECK(got.text.said() == "Oui.");
    REQUIRE(got.quote_begins);
    CHECK(gmail.substr(*got.quote_begins).find("Oui") == std::string::npos);
    CHECK(gmail.substr(*got.quote_begins).find("question") != std::string::npos);

    CHECK(
        hide_quote_in_html("<p>Yes</p><div id=\"appendonsend\"></div><hr><div "
                           "id=\"divRplyFwdMsg\"><b>Od:</b> Ann</div><p>old</p>")
            .text.said() == "Yes"
    );
    CHECK(
        hide_quote_in_html("<p>Yes</p><div style=\"border:none;border-top:solid #E1E1E1 "
                           "1.0pt\"><p>x</p></div><p>old</p>")
            .text.said() == "Yes"
    );
    got = hide_quote_in_html(
        "<blockquote "
        "type=\"cite\">one?</blockquote><p>yes</p><blockquote>two?</blockquote><p>no</p>"
    );
    CHECK(got.text.said().find("yes") != std::string::npos);
    CHECK(got.text.said().find("two?") != std::string::npos);
    CHECK_FALSE(got.quote_begins);
}

TEST_CASE("a hostile text costs no more than its length")
{
    std::string text;
    for (int n = 0; n < 30'000; ++n)
        text += "On 1 Jan 2026 From: a@b.example <x\n";
    CHECK(whole(hide_quote(text)) == text);
    CHECK(whole(hide_quote(std::string(200'000, '>'))).size() == 200'000);
    CHECK(whole(hide_quote(std::string(200'000, '\n'))).size() == 200'000);
    std::string blanks;
    for (int n = 0; n < 1'000'000; ++n)
        blanks += "\xC2\xA0";
    CHECK(whole(hide_quote(blanks)) == blanks);
}

TEST_CASE(
    "replies of the test data are cut as their own libraries expect, but for what is explained"
)
{
    const auto data = tests::test_data("email");
    if (!data)
        return;
    int trimmer = 0, trimmer_same = 0, elided_same = 0;
    const auto discourse = *data / "discourse_email_reply_trimmer/test";
    for (const auto& file : tests::files_below(discourse / "emails")) {
        const auto got = hide_quote(as_mail_text(file));
        ++trimmer;
        trimmer_same +=
            got.said() == trimmed(tests::file_bytes(discourse / "trimmed" / file.filename())) ? 1
                                                                                              : 0;
        std::string hidden = squeezed(got.hidden());
        // That library writes other quote marks as ">".
        std::ranges::replace(hidden, '|', '>');
        elided_same +=
            hidden == squeezed(tests::file_bytes(discourse / "elided" / file.filename())) ? 1 : 0;
    }
    int crisp = 0, crisp_same = 0;
    const auto folder = *data / "crisp_email_reply_parser";
    const auto expected =
        boost::json::parse(tests::file_bytes(folder / "expected_first_fragment.json")).as_object();
    for (const auto& [name, value] : expected) {
        const auto file = folder / "test/fixtures" / std::string{name};
        const auto* wanted = value.as_object().if_contains("first_fragment");
        if (wanted == nullptr)
            wanted = value.as_object().if_contains("first_fragment_trimmed");
        if (wanted == nullptr || !wanted->is_string() || !std::filesystem::exists(file))
            continue;
        ++crisp;
        crisp_same += squeezed(said(as_mail_text(file))) == squeezed(wanted->as_string()) ? 1 : 0;
    }
    int texts = 0, ours_as_one = 0, ours_as_other = 0, one_as_other = 0;
    std::istringstream opinions{tests::file_bytes(*data / "_oracle/reply_parsers.jsonl")};
    for (std::string line; std::getline(opinions, line);) {
        const auto both = boost::json::parse(line).as_object();
        const auto file = *data / std::string{both.at("file").as_string()};
        if (!std::filesystem::exists(file) || !both.at("planer").is_string() ||
            file.string().find("/talon/") != std::string::npos)
            continue;
        ++texts;
        const auto ours = squeezed(said(as_mail_text(file)));
        const auto one = squeezed(both.at("crisp_visible").as_string());
        const auto other = squeezed(both.at("planer").as_string());
        ours_as_one += ours == one ? 1 : 0;
        ours_as_other += ours == other ? 1 : 0;
        one_as_other += one == other ? 1 : 0;
    }
    std::cout << "mail: replies cut as expected: trimmer " << trimmer_same << " of " << trimmer
              << " (hidden part " << elided_same << "), parser " << crisp_same << " of " << crisp
              << "; of " << texts << " texts the same as email-reply-parser " << ours_as_one
              << ", as planer " << ours_as_other << ", these two the same " << one_as_other << '\n';
    // docs/channels/email.md explains each of the differences.
    CHECK(trimmer_same * 100 >= trimmer * 93);
    CHECK(elided_same * 100 >= trimmer * 93);
    CHECK(crisp_same * 100 >= crisp * 90);
    CHECK(ours_as_one > one_as_other);

    const auto talon = *data / "talon/tests/fixtures";
    for (const auto& file : tests::files_below(talon / "standard_replies")) {
        const auto mail =
            file.extension() == ".eml" ? read(tests::file_bytes(file)).text : as_mail_text(file);
        CHECK(said(mail) == "Hello");
    }
    for (const auto& file : tests::files_below(talon / "html_replies"))
        CHECK(
            squeezed(hide_quote_in_html(tests::file_bytes(file)).text.said()) ==
            "Hi.Iamfine.Thanks,Alex"
        );
}
