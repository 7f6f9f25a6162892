#include "channels/email/build.hpp"
#include "channels/email/judge.hpp"
#include "channels/email/quote.hpp"
#include "channels/email/read.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"

#include <catch2/catch.hpp>
#include <vector>

using namespace channels::email;

namespace {

outgoing an_answer()
{
    outgoing mail;
    mail.from = {"Help Desk 帮助", "help@example.org"};
    mail.reply_to = mailbox{"", "help+cb.aaaaaaaaaaaaaaaa@example.org"};
    mail.to = {{"Müller, Ann", "ann@example.com"}};
    mail.subject = "Re: Ihre Bestellung – 订单";
    mail.text = "Guten Tag\n\nFrom here it goes. 你好";
    mail.message_id = "p.b.c.aaaaaaaaaaaaaaaa@example.org";
    mail.in_reply_to = "one@example.com";
    mail.references = {"zero@example.com", "one@example.com"};
    mail.date = crm::instant{1'772'445'600'000'000};
    return mail;
}

std::string field_refused(const outgoing& mail, const build_limits& limits = {})
{
    try {
        build(mail, limits);
    } catch (const crm::problem& problem) {
        return problem.field();
    }
    return "accepted";
}

} // namespace

TEST_CASE("what is built reads back as it was meant")
{
    const auto mail = an_answer();
    const auto built = build(mail);
    const auto back = read(built.bytes);
    CHECK(back.from == std::vector<mailbox>{mail.from});
    CHECK(back.to == mail.to);
    REQUIRE(back.reply_to.size() == 1);
    CHECK(back.reply_to[0].address == mail.reply_to->address);
    CHECK(back.subject == mail.subject);
    CHECK(back.text == mail.text + "\n");
    CHECK(back.message_id == mail.message_id);
    CHECK(back.in_reply_to == std::vector<std::string>{"one@example.com"});
    CHECK(back.references == std::vector<std::string>{"zero@example.com", "one@example.com"});
    CHECK(back.date == mail.date);
    CHECK(back.html.empty());
    CHECK(built.envelope_from == "help@example.org");
    CHECK(built.recipients == std::vector<std::string>{"ann@example.com"});
    CHECK_FALSE(built.needs_smtputf8);
    CHECK_FALSE(built.needs_8bitmime);
    CHECK(judge(back).may_answer_automatically());
}

TEST_CASE("every line is short enough and ends with CR LF")
{
    auto mail = an_answer();
    mail.text = std::string(5000, 'x') + "\nFrom the start\n" + std::string(300, 'y');
    mail.subject = std::string(400, 's') + " ü " + std::string(400, 't');
    for (int n = 0; n < 40; ++n)
        mail.references.push_back(std::string(60, 'r') + std::to_string(n) + "@example.com");
    const auto bytes = build(mail).bytes;
    std::size_t from = 0;
    while (from < bytes.size()) {
        const auto end = bytes.find('\n', from);
        REQUIRE(end != std::string::npos);
        REQUIRE(end > from);
        REQUIRE(bytes[end - 1] == '\r');
        CHECK(end - from <= 999);
        CHECK(bytes.substr(from, 5) != (from > bytes.find("\r\n\r\n") ? "From " : "never"));
        from = end + 1;
    }
    CHECK(read(bytes).text == mail.text + "\n");
    CHECK(read(bytes).subject == mail.subject);
}

TEST_CASE("HTML, its pictures and files stand where mail programs look for them")
{
    auto mail = an_answer();
    mail.html = "<html><body><p>Hello <img src=\"cid:pic.1@example.org\"></p></body></html>";
    mail.signature = "Help Desk\nExample & Co";
    mail.last_line = "[ref:help+cb.aaaaaaaaaaaaaaaa@example.org]";
    mail.files = {
        {"logo.png", "image/png", "pic.1@example.org", "\x89PNG\r\n\x1a\n"},
        {"Rechnung für 张三.pdf", "application/pdf", "", std::string("\0\1\2\xFF", 4)},
        {"old.eml", "message/rfc822", "", "Subject: x\n\nFrom y\n"}
    };
    const auto back = read(build(mail).bytes);
    CHECK(back.content_type == "multipart/mixed");
    CHECK(back.html.find("Example &amp; Co") < back.html.find("</body>"));
    CHECK(back.html.find("[ref:") < back.html.find("</body>"));
    CHECK(back.text.ends_with(
        "-- \nHelp Desk\nExample & Co\n\n[ref:help+cb.aaaaaaaaaaaaaaaa@example.org]\n"
    ));
    REQUIRE(back.attachments.size() == 3);
    CHECK(back.attachments[0].content_id == "pic.1@example.org");
    CHECK(back.attachments[0].is_inline);
    CHECK(back.attachments[1].name == "Rechnung für 张三.pdf");
    CHECK(back.attachments[1].content == mail.files[1].content);
    CHECK(back.attachments[2].name == "old.eml");
    CHECK(back.attachments[2].content == mail.files[2].content);
    CHECK(hide_quote(back.text).said() == mail.text);
}

TEST_CASE("nothing that is put into a header can end it")
{
    const std::string evil = "x\r\nBcc: everyone@example.com";
    const auto refused = [&](auto&& change) {
        auto mail = an_answer();
        change(mail);
        return field_refused(mail);
    };
    CHECK(refused([&](outgoing& mail) { mail.subject = evil; }) == "subject");
    CHECK(refused([&](outgoing& mail) { mail.from.name = evil; }) == "from.name");
    CHECK(refused([&](outgoing& mail) {
              mail.to[0].address = "a@b.example\n";
          }) == "to[0].address");
    CHECK(refused([&](outgoing& mail) {
              mail.to[0].address = "a@b.example> SIZE=1";
          }) == "to[0].address");
    CHECK(refused([&](outgoing& mail) { mail.cc = {{"", "a b@example.com"}}; }) == "cc[0].address");
    CHECK(refused([&](outgoing& mail) {
              mail.reply_to = mailbox{"", "nobody"};
          }) == "reply_to.address");
    CHECK(refused([&](outgoing& mail) { mail.message_id = "a>\r\nX: y"; }) == "message_id");
    CHECK(refused([&](outgoing& mail) { mail.in_reply_to = "a b"; }) == "in_reply_to");
    CHECK(refused([&](outgoing& mail) { mail.files = {{"a\nb", "", "", ""}}; }) == "files[0].name");
    CHECK(refused([&](outgoing& mail) {
              mail.files = {{"a", "text/plain; x", "", ""}};
          }) == "files[0].type");
    CHECK(refused([&](outgoing& mail) {
              mail.files = {{"a", "", "x>", ""}};
          }) == "files[0].content_id");
    CHECK(refused([&](outgoing& mail) { mail.last_line = evil; }) == "last_line");
    CHECK(refused([&](outgoing& mail) { mail.subject = "\xFF"; }) == "subject");
    CHECK(refused([&](outgoing& mail) { mail.to.clear(); }) == "to");
    CHECK(refused([&](outgoing& mail) { mail.date = {}; }) == "date");
    // What comes from the answered mail is left out rather than refused: the sender must not be
    // able to make his mail unanswerable.
    auto mail = an_answer();
    mail.references = {"good@example.com", "bad\r\nBcc: x@example.com"};
    const auto back = read(build(mail).bytes);
    CHECK(back.references == std::vector<std::string>{"good@example.com", "one@example.com"});
    CHECK(back["Bcc"].empty());
}

TEST_CASE(
    "an automatic answer is marked, goes out with the null path, and is answered by no program"
)
{
    auto mail = an_answer();
    mail.origin = mail_origin::program;
    const auto built = build(mail);
    CHECK(built.envelope_from.empty());
    const auto verdict = judge(read(built.bytes));
    CHECK(verdict.is_automatic_reply);
    CHECK(verdict.is_own);
    CHECK_FALSE(verdict.may_answer_automatically());
}

TEST_CASE("hidden copies are in the envelope alone, each recipient once")
{
    auto mail = an_answer();
    mail.cc = {{"", "ANN@example.com"}, {"", "bob@example.com"}};
    mail.bcc = {{"", "secret@example.com"}};
    const auto built = build(mail);
    CHECK(
        built.recipients ==
        std::vector<std::string>{"ann@example.com", "bob@example.com", "secret@example.com"}
    );
    CHECK(built.bytes.find("secret@") == std::string::npos);
    mail.to.clear();
    mail.cc.clear();
    CHECK(read(build(mail).bytes)["To"] == "undisclosed-recipients: ;");
}

TEST_CASE("addresses outside of ASCII: domains become ASCII, local parts need SMTPUTF8")
{
    auto mail = an_answer();
    mail.to = {{"", "ann@bücher.example"}};
    auto built = build(mail);
    CHECK(built.recipients == std::vector<std::string>{"ann@xn--bcher-kva.example"});
    CHECK_FALSE(built.needs_smtputf8);
    mail.to = {{"", "用户@example.com"}};
    built = build(mail);
    CHECK(built.needs_smtputf8);
    CHECK(read(built.bytes).to.at(0).address == "用户@example.com");
}

TEST_CASE("a mail too large, or to too many, is refused with what to do")
{
    auto mail = an_answer();
    mail.files = {{"a.bin", "", "", std::string(2000, 'x')}};
    CHECK(field_refused(mail, {.bytes = 2000, .recipients = 10, .references = 20}) == "files");
    mail = an_answer();
    for (int n = 0; n < 10; ++n)
        mail.cc.push_back({"", "a" + std::to_string(n) + "@example.com"});
    CHECK(field_refused(mail, {.bytes = 100'000, .recipients = 10, .references = 20}) == "to");
}

TEST_CASE("of many references the first and the newest are kept")
{
    auto mail = an_answer();
    mail.references.clear();
    for (int n = 0; n < 100; ++n)
        mail.references.push_back("m" + std::to_string(n) + "@example.com");
    const auto back = read(build(mail).bytes);
    REQUIRE(back.references.size() == 20);
    CHECK(back.references.front() == "m0@example.com");
    CHECK(back.references[1] == "m82@example.com");
    CHECK(back.references.back() == "one@example.com");
}

TEST_CASE("a subject is answered with one Re, in whatever language it was answered before")
{
    CHECK(reply_subject("Order 17") == "Re: Order 17");
    CHECK(reply_subject("AW: RE: Order 17") == "Re: Order 17");
    CHECK(reply_subject("回复：订单") == "Re: 订单");
    CHECK(reply_subject("Re:") == "Re:");
    CHECK(reply_subject("Return it") == "Re: Return it");
}
