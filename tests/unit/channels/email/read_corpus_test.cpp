// Every mail of the test data is read, and compared with what another reader says of it.
#include "channels/email/html_text.hpp"
#include "channels/email/read.hpp"
#include "crm/base/hash.hpp"
#include "crm/base/text.hpp"
#include "tests/support/test_data.hpp"

#include <boost/json.hpp>
#include <catch2/catch.hpp>
#include <iostream>
#include <set>
#include <sstream>
#include <vector>

using namespace channels::email;

namespace {

struct agreement
{
    int same = 0;
    int of = 0;

    void note(bool agrees)
    {
        of += 1;
        same += agrees ? 1 : 0;
    }
    /// True from this many per cent on.
    [[nodiscard]] bool is_at_least(int percent) const { return same * 100 >= of * percent; }
};

std::ostream& operator<<(std::ostream& out, const agreement& one)
{
    return out << one.same << " of " << one.of;
}

std::string text_of(const boost::json::object& from, std::string_view name)
{
    const auto* value = from.if_contains(name);
    return value != nullptr && value->is_string() ? std::string{value->get_string()}
                                                  : std::string{};
}

std::vector<std::string> addresses_of(const boost::json::object& from, std::string_view name)
{
    std::vector<std::string> all;
    for (const auto& one : from.at(name).as_array()) {
        // The other reader keeps words that are no addresses, "MAILER-DAEMON" and "@word".
        const auto address = text_of(one.as_object(), "address");
        if (const auto at = address.find('@'); at != std::string::npos && at > 0)
            all.push_back(crm::ascii_lower(address));
    }
    return all;
}

std::vector<std::string> addresses_of(const std::vector<mailbox>& list)
{
    std::vector<std::string> all;
    for (const auto& one : list) {
        if (!one.address.empty())
            all.push_back(crm::ascii_lower(one.address));
    }
    return all;
}

std::string words_of(std::string_view text)
{
    std::istringstream in{std::string{text}};
    std::string all;
    for (std::string word; in >> word;)
        all += word + ' ';
    return all;
}

std::string without_brackets(std::string id)
{
    std::erase_if(id, [](char c) { return c == '<' || c == '>' || c == ' '; });
    return id;
}

// Files proper: the other reader does not list reports, and writes attached mails anew.
std::multiset<std::string> files_of(const boost::json::array& attachments)
{
    std::multiset<std::string> all;
    for (const auto& one : attachments) {
        const auto& file = one.as_object();
        const auto type = text_of(file, "type");
        if (!type.starts_with("message/") && !type.starts_with("text/") &&
            file.at("size").as_int64() > 0)
            all.insert(text_of(file, "sha256"));
    }
    return all;
}

std::multiset<std::string> files_of(const letter& mail)
{
    std::multiset<std::string> all;
    for (const auto& one : mail.attachments) {
        if (!one.type.starts_with("message/") && !one.type.starts_with("text/") &&
            !one.content.empty())
            all.insert(crm::to_hex(crm::sha256(one.content)));
    }
    return all;
}

} // namespace

TEST_CASE("every mail of the test data is read, whatever it is")
{
    const auto data = tests::test_data("email");
    if (!data)
        return;
    int read_count = 0;
    for (const auto& file : tests::files_below(*data)) {
        const auto raw = tests::file_bytes(file);
        const auto mail = read(raw);
        ++read_count;
        INFO(file.string());
        CHECK(mail.is_readable == (raw.find_first_not_of("\r\n") != std::string::npos));
        CHECK(crm::is_utf8(mail.text));
        CHECK(crm::is_utf8(mail.html));
        CHECK(crm::is_utf8(mail.subject));
        for (const auto& one : mail.attachments)
            CHECK(!one.name.empty());
        // A mail that says anything never comes out blank.
        if (crm::trim(mail.text).empty()) {
            CHECK(html_to_text(mail.html).empty());
            for (const auto& one : mail.attachments)
                CHECK((!one.type.starts_with("text/") || crm::trim(one.content).empty()));
        }
    }
    CHECK(read_count > 0);
    std::cout << "mail: " << read_count << " files read\n";
}

TEST_CASE("what another mail reader says of the test data is what we say, but for what is explained"
)
{
    const auto data = tests::test_data("email/_oracle");
    if (!data)
        return;
    agreement subject, from, to, cc, id, text, files;
    std::istringstream opinions{tests::file_bytes(*data / "mailparser.jsonl")};
    for (std::string line; std::getline(opinions, line);) {
        const auto theirs = boost::json::parse(line).as_object();
        const auto name = text_of(theirs, "file");
        const auto file = data->parent_path() / name;
        // It does not read mails whose lines end with CR alone.
        if (!std::filesystem::exists(file) || name.find("maildir/mac/") != std::string::npos)
            continue;
        const auto ours = read(tests::file_bytes(file));
        subject.note(words_of(ours.subject) == words_of(text_of(theirs, "subject")));
        from.note(addresses_of(ours.from) == addresses_of(theirs, "from"));
        to.note(addresses_of(ours.to) == addresses_of(theirs, "to"));
        cc.note(addresses_of(ours.cc) == addresses_of(theirs, "cc"));
        id.note(ours.message_id == without_brackets(text_of(theirs, "messageId")));
        files.note(files_of(ours) == files_of(theirs.at("attachments").as_array()));
        // It appends reports to the text, so that ours is where theirs begins.
        const auto said = words_of(ours.text).substr(0, 200);
        text.note(words_of(text_of(theirs, "text")).starts_with(said));
    }
    std::cout << "mail: same as the other reader: subject " << subject << ", from " << from
              << ", to " << to << ", cc " << cc << ", id " << id << ", files " << files << ", text "
              << text << '\n';
    // docs/channels/email.md explains each of the differences.
    CHECK(subject.is_at_least(98));
    CHECK(from.is_at_least(98));
    CHECK(to.is_at_least(98));
    CHECK(cc.is_at_least(98));
    CHECK(id.is_at_least(98));
    CHECK(files.is_at_least(97));
    CHECK(text.is_at_least(90));
}

TEST_CASE("the help desk's mails of the test data are read as its own tests expect")
{
    const auto data = tests::test_data("email/chatwoot");
    if (!data)
        return;
    const auto mail = [&](std::string_view name) { return read(tests::file_bytes(*data / name)); };
    const auto welcome = mail("welcome.eml");
    CHECK(welcome.subject == "Discussion: Let's debate these attachments");
    CHECK(crm::trim(welcome.text) == "Let's talk about these images:");
    CHECK(welcome.attachments.size() == 2);
    REQUIRE(welcome.date);
    CHECK(crm::to_rfc3339(*welcome.date) == "2020-04-20T08:20:20.000000Z");
    CHECK(
        welcome.in_reply_to ==
        std::vector<std::string>{"4e6e35f5a38b4_479f13bb90078178@small-app-01.mail"}
    );
    const auto several = mail("multiple_in_reply_to.eml");
    REQUIRE_FALSE(several.in_reply_to.empty());
    CHECK(several.in_reply_to.front() == "4e6e35f5a38b4_479f13bb90078171@small-app-01.mail");
    const auto html = mail("welcome_html.eml");
    CHECK(html.subject == "Fwd: How good are you in English? How did you improve your English?");
    CHECK(html.text.starts_with(
        "I'm learning English as a first language for the past 13 years, but to "
    ));
    const auto arabic = mail("non_utf_encoded_mail.eml");
    CHECK(arabic.subject == "أهلين عميلنا الكريم");
    CHECK(arabic.text.starts_with("أنظروا، أنا أحتاجها فقط لتقوم بالتدقيق في مقالتي الشخصية"));
    CHECK(mail("mail_with_no_subject.eml").subject.empty());
}
