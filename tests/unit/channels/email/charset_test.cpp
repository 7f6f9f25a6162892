#include "channels/email/charset.hpp"
#include "channels/email/html_text.hpp"
#include "channels/email/parameters.hpp"
#include "channels/email/tnef.hpp"
#include "crm/base/text.hpp"
#include "tests/unit/channels/email/mails.hpp"

#include <catch2/catch.hpp>
#include <cstdint>
#include <vector>

using namespace channels::email;

TEST_CASE("character sets are read as what their senders mean")
{
    CHECK(to_utf8("\xC4\xE3\xBA\xC3", "gb2312").text == "你好");
    CHECK(to_utf8("\xE9\x46", "gb2312").text == "镕"); // only in the larger set
    CHECK(to_utf8("it\x92s", "iso-8859-1").text == "it’s");
    CHECK(to_utf8("\xB0\xA1", "ks_c_5601-1987").text == "가");
    CHECK(to_utf8("\x1B$B\x2D\x21\x1B(B", "iso-2022-jp").text == "①"); // a vendor row
    CHECK(to_utf8("\x1B$B%F%9%H\x1B(B", "").text == "テスト");         // unlabelled
    CHECK(to_utf8("\x83\x65\x83\x58\x83\x67", "shift_jis").text == "テスト");
    CHECK(to_utf8("caf\xC3\xA9", "us-ascii").text == "café");
    CHECK(to_utf8("caf\xC3\xA9", "unknown-8bit").text == "café");
    CHECK(to_utf8("caf\xE9 au lait", "utf-8").text == "café au lait");
    CHECK(to_utf8(std::string_view{"\xFF\xFE\x61\0\x62\0", 6}, "").text == "ab");
    CHECK(to_utf8("plain", "no-such-set").text == "plain");
    CHECK(to_utf8("\xCF\xF0\xE8\xE2\xE5\xF2", "windows-1251").text == "Привет");
}

TEST_CASE("bytes that no set explains are replaced, not dropped, and the text is never lost")
{
    const auto got = to_utf8("good \xFF\xFE\xFD text", "utf-8");
    CHECK(crm::is_utf8(got.text));
    CHECK(got.text.find("good") == 0);
    CHECK(got.text.find("text") != std::string::npos);
    const auto odd = to_utf8("abc", "ebcdic-cp-us"); // not a set that mail is read with
    CHECK(odd.text == "abc");
}

TEST_CASE("encoded words: split characters, neighbours, breaches of the grammar")
{
    CHECK(decode_words("=?utf-8?B?5L2g5a?= =?utf-8?B?W9?=") == "你好");
    CHECK(decode_words("a =?utf-8?Q?b?= =?utf-8?Q?c?= d") == "a bc d");
    CHECK(decode_words("=?utf-8?Q?b?=\r\n =?iso-8859-1?Q?=E9?=") == "bé");
    CHECK(decode_words("=?utf-8?Q?Why not?=") == "Why not");
    CHECK(decode_words("=?utf-8?Q?Why=3F?=") == "Why?");
    CHECK(decode_words("=?utf-8?q?caf=C3=A9?=(x)") == "café(x)");
    CHECK(decode_words("=?utf-8*en?Q?lang?=") == "lang");
    CHECK(decode_words("=?broken") == "=?broken");
    CHECK(decode_words("folded\r\n\tonce") == "folded once");
    CHECK(decode_words("raw \xD6\xD0\xCE\xC4", "gb2312") == "raw 中文");
    const std::string openings = [] {
        std::string all;
        for (int n = 0; n < 60'000; ++n)
            all += "=?u?Q?x";
        return all;
    }();
    CHECK(decode_words(openings).size() == openings.size());
}

TEST_CASE("a header of many unlabelled scraps is not guessed at each")
{
    std::string scraps;
    for (int n = 0; n < 5000; ++n)
        scraps += "=?utf-8?Q?a?= \xE9\xE8 ";
    CHECK(crm::is_utf8(decode_words(scraps)));
}

TEST_CASE("parameters: split, percent-encoded, unquoted, doubled")
{
    const auto split = read_parameters(
        "attachment; filename*0*=utf-8''%E4%BD; filename*1*=%A0%E5%A5%BD; filename*2=.pdf"
    );
    CHECK(split.value == "attachment");
    CHECK(split["filename"] == "你好.pdf");
    CHECK(read_parameters("attachment; filename=my file.pdf; size=3")["filename"] == "my file.pdf");
    CHECK(read_parameters("attachment; filename=\"a;b.pdf\"")["filename"] == "a;b.pdf");
    CHECK(read_parameters("attachment; filename=\"never closed; size=3")["size"] == "3");
    CHECK(
        read_parameters("x; filename=\"old.txt\"; filename*=utf-8''n%C3%A9w.txt")["filename"] ==
        "néw.txt"
    );
    CHECK(read_parameters("x; filename=\"=?gb18030?B?1tDOxA==?=.doc\"")["filename"] == "中文.doc");
    CHECK(read_parameters("Text/HTML (comment); Charset=UTF-8").value == "text/html");
    CHECK(read_parameters("Text/HTML (comment); Charset=UTF-8")["charset"] == "UTF-8");
    CHECK(read_parameters("x; name=\"C:\\dir\\a.txt\"")["name"] == "C:\\dir\\a.txt");
    CHECK(read_parameters(";;;=;*=;").parameters.empty());
}

TEST_CASE("addresses as people's programs write them")
{
    const auto one = [](std::string_view text) {
        const auto all = read_addresses(text);
        REQUIRE(all.size() == 1);
        return all[0];
    };
    CHECK(one("ann@Example.com (Ann)") == mailbox{"Ann", "ann@example.com"});
    CHECK(one("Ann ann@example.com") == mailbox{"Ann", "ann@example.com"});
    CHECK(one("Doe, John <j@example.com>") == mailbox{"Doe, John", "j@example.com"});
    CHECK(one("\"=?utf-8?B?5byg5LiJ?=\" <z@example.cn>") == mailbox{"张三", "z@example.cn"});
    CHECK(one("=?utf-8?Q?Doe=2C_J?= <j@example.com>") == mailbox{"Doe, J", "j@example.com"});
    CHECK(one("<mailto:ann@example.com>").address == "ann@example.com");
    CHECK(one("<@relay.example,@b.example:ann@example.com>").address == "ann@example.com");
    CHECK(one("\"never closed <ann@example.com>").address == "ann@example.com");
    CHECK(one("<<ann@example.com>>").address == "ann@example.com");
    CHECK(one("'Ann' <ann@example.com>").name == "Ann");
    CHECK(one("\"odd local\"@example.com").address == "\"odd local\"@example.com");
    CHECK(one("MAILER-DAEMON") == mailbox{"MAILER-DAEMON", ""});
    std::string comments = "(";
    for (int n = 0; n < 50'000; ++n)
        comments += "()";
    CHECK(read_addresses(comments + std::string(100'000, 'a') + "@b.example").empty());
    CHECK(read_addresses("undisclosed-recipients:;").empty());
    CHECK(read_addresses("a@x.example; b@x.example, c@x.example").size() == 3);
    CHECK(read_addresses("a@x.example, b@x.example, c@x.example", {}, 2).size() == 2);
}

TEST_CASE("what can be written to and what cannot")
{
    for (const auto* good :
         {"a@b.example", "a.b+c=d@b.example", "用户@例え.example", "\"a b\"@x.example"})
        CHECK(is_address(good));
    for (const auto* bad :
         {"",
          "a",
          "@b",
          "a@",
          "a b@c",
          "a@b c",
          "a@b\r\nX: y",
          "<a@b>",
          "a@b,c@d",
          ".a@b",
          "a@-b",
          "a@b..c",
          "a@b."})
        CHECK_FALSE(is_address(bad));
    CHECK_FALSE(is_address(std::string(65, 'a') + "@b.example"));
}

TEST_CASE("message ids with and without brackets")
{
    CHECK(read_message_ids("<a@b> <c@d>\r\n <a@b>") == std::vector<std::string>{"a@b", "c@d"});
    CHECK(read_message_ids("Your message of Monday <x@y>") == std::vector<std::string>{"x@y"});
    CHECK(read_message_ids("a@b") == std::vector<std::string>{"a@b"});
    CHECK(read_message_ids("<open@end") == std::vector<std::string>{"open@end"});
    CHECK(read_message_ids("a@b> <c@d>>") == std::vector<std::string>{"a@b", "c@d"});
    CHECK(read_message_ids("").empty());
}

TEST_CASE("HTML of any quality becomes text")
{
    CHECK(html_to_text("<div>a</div><div>b<br>c</div>") == "a\nb\nc");
    CHECK(html_to_text("a <!-- <b>no</b> --> b") == "a b");
    CHECK(html_to_text("a <!-- never closed b") == "a never closed b");
    CHECK(
        html_to_text("<p>1 < 2 &lt; 3 &#20013; &#x6587; &#150; &bogus; &amp</p>") ==
        "1 < 2 < 3 中 文 – &bogus; &"
    );
    CHECK(html_to_text("<script>x</script>y<style>never closed") == "ynever closed");
    CHECK(html_to_text("<ul><li>one<li>two</ul>") == "- one\n- two");
    CHECK(
        html_to_text("mine<blockquote>yours<blockquote>old</blockquote></blockquote>mine")
            .find("> > old") != std::string::npos
    );
    CHECK(html_to_text("<pre>a\n  b</pre>") == "a\n  b");
    CHECK(html_to_text("<title>everything is in here") == "everything is in here");
    CHECK(escape_html("<a href=\"x\">'&") == "&lt;a href=&quot;x&quot;&gt;&#39;&amp;");
    std::string hostile;
    for (int n = 0; n < 200'000; ++n)
        hostile += "<a \"<!--<p <style>&#";
    CHECK(crm::is_utf8(html_to_text(hostile)));
}

namespace {

std::string little(std::uint32_t value, int size)
{
    std::string bytes;
    for (int at = 0; at < size; ++at)
        bytes += static_cast<char>(value >> (8U * static_cast<unsigned>(at)) & 0xFFU);
    return bytes;
}

std::string attribute(int level, std::uint32_t id, const std::string& value)
{
    return little(static_cast<std::uint32_t>(level), 1) + little(id, 4) +
           little(static_cast<std::uint32_t>(value.size()), 4) + value + little(0, 2);
}

} // namespace

TEST_CASE("winmail.dat is unpacked, and a damaged one stays an attachment")
{
    const std::string long_name = little(1, 4) + little(0x3707001E, 4) + little(1, 4) +
                                  little(9, 4) + "long.txt" + std::string(1, '\0') +
                                  std::string(3, '\0');
    const std::string stream =
        little(0x223E9F78, 4) + little(1, 2) + attribute(2, 0x00069002, std::string(14, 'x')) +
        attribute(2, 0x00018010, std::string{"short.txt\0", 10}) +
        attribute(2, 0x0006800F, "the bytes") + attribute(2, 0x00069005, long_name);
    const auto content = read_tnef(stream);
    REQUIRE(content);
    REQUIRE(content->files.size() == 1);
    CHECK(content->files[0].name == "long.txt");
    CHECK(content->files[0].bytes == "the bytes");
    CHECK_FALSE(read_tnef("not tnef at all"));
    CHECK_FALSE(read_tnef(stream.substr(0, 10)));
    for (std::size_t cut = 0; cut < stream.size(); ++cut)
        read_tnef(std::string_view{stream}.substr(0, cut));

    const auto mail = mails::read_from_ann(
        "Content-Type: multipart/mixed; boundary=b\r\n",
        "--b\r\n\r\nhello\r\n--b\r\nContent-Type: application/ms-tnef; name=winmail.dat\r\n"
        "Content-Transfer-Encoding: binary\r\n\r\n" +
            stream + "\r\n--b--\r\n"
    );
    REQUIRE(mail.attachments.size() == 1);
    CHECK(mail.attachments[0].name == "long.txt");
    const auto damaged =
        mails::read_from_ann("Content-Type: application/ms-tnef; name=winmail.dat\r\n", "oops");
    REQUIRE(damaged.attachments.size() == 1);
    CHECK(damaged.attachments[0].name == "winmail.dat");
}
