#include "channels/email/read.hpp"
#include "channels/email/thread.hpp"
#include "crm/base/problem.hpp"

#include <catch2/catch.hpp>
#include <map>
#include <optional>
#include <set>
#include <utility>

using namespace channels::email;

namespace {

constexpr crm::conversation_id first{0x123456789abcdef};
constexpr crm::conversation_id second{42};
const mailbox_identity help{
    "help@example.org", "example.org", {{"0123456789abcdef0123456789abcdef"}}
};

// What a store would answer, written down.
class notes final : public what_we_know
{
public:
    std::map<std::string, crm::conversation_id, std::less<>> messages;
    std::map<std::string, crm::conversation_id, std::less<>> numbers;
    std::set<crm::conversation_id> ours{first, second};
    std::set<std::pair<crm::conversation_id, std::string>> people{
        {first, "ann@example.com"}, {second, "bob@example.com"}
    };

    std::optional<crm::conversation_id> with_message(std::string_view id) const override
    {
        return find(messages, id);
    }
    std::optional<crm::conversation_id> with_number(std::string_view number) const override
    {
        return find(numbers, number);
    }
    bool is_ours(crm::conversation_id conversation) const override
    {
        return ours.contains(conversation);
    }
    bool takes_part(crm::conversation_id conversation, std::string_view address) const override
    {
        return people.contains({conversation, std::string{address}});
    }

private:
    static std::optional<crm::conversation_id>
    find(const std::map<std::string, crm::conversation_id, std::less<>>& in, std::string_view key)
    {
        const auto found = in.find(key);
        return found == in.end() ? std::nullopt : std::optional{found->second};
    }
};

thread_place place(
    const std::string& headers,
    const notes& known,
    const std::string& body = "hello",
    const mailbox_identity& ours = help
)
{
    const auto mail = read("From: Ann <ann@example.com>\n" + headers + "\n\n" + body);
    return place_of(mail, judge(mail), ours, known);
}

} // namespace

TEST_CASE("a reply address is read back, in any case of letters, and only as it was signed")
{
    const auto address = reply_address("Help@Example.org", first, help.keys);
    CHECK(address.starts_with("help+c"));
    CHECK(address.size() <= 64 + 12);
    CHECK(read_reply_address(address, "help@example.org", help.keys) == first);
    std::string shouted = address;
    for (char& c : shouted)
        c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    CHECK(read_reply_address(shouted, "help@example.org", help.keys) == first);
    for (std::size_t at = address.find('+') + 2; at < address.find('@'); ++at) {
        auto wrong = address;
        wrong[at] = wrong[at] == 'b' ? 'c' : 'b';
        CHECK_FALSE(read_reply_address(wrong, "help@example.org", help.keys));
    }
    CHECK_FALSE(read_reply_address(address, "sales@example.org", help.keys));
    CHECK_FALSE(read_reply_address(address, "help@example.com", help.keys));
    CHECK_FALSE(
        read_reply_address(address, "help@example.org", {{"another secret of 32 bytes......."}})
    );
    for (const auto* odd :
         {"",
          "help@example.org",
          "help+c@example.org",
          "help+c.@example.org",
          "help+cb.x@example.org",
          "@",
          "help+c"})
        CHECK_FALSE(read_reply_address(odd, "help@example.org", help.keys));
}

TEST_CASE("secrets rotate: the first signs, the older ones still verify, short ones never")
{
    const auto old = reply_address("help@example.org", second, help.keys);
    const signing_keys rotated{{"a new secret of enough bytes", help.keys.secrets[0]}};
    CHECK(read_reply_address(old, "help@example.org", rotated) == second);
    CHECK(reply_address("help@example.org", second, rotated) != old);
    CHECK_THROWS_AS(reply_address("help@example.org", second, {}), crm::problem);
    CHECK_THROWS_AS(reply_address("help@example.org", second, {{"short"}}), crm::problem);
    CHECK_THROWS_AS(reply_address("no address", second, help.keys), crm::problem);
    CHECK_THROWS_AS(
        reply_address("a-very-long-name-for-a-mailbox-indeed@example.org", second, help.keys),
        crm::problem
    );
    CHECK_THROWS_AS(reply_address("a+b@example.org", second, help.keys), crm::problem);
}

TEST_CASE("our message ids are read back, and the signature of an address is none for an id")
{
    const own_message sent{first, crm::entry_id{77}};
    const auto id = make_message_id(sent, "example.org", help.keys);
    CHECK(make_message_id(sent, "example.org", help.keys) == id);
    CHECK(read_message_id(id, "example.org", help.keys) == sent);
    CHECK_FALSE(read_message_id(id, "example.com", help.keys));
    CHECK_FALSE(read_message_id("p.b.c.aaaaaaaaaaaaaaaa@example.org", "example.org", help.keys));
    for (const auto* odd : {"", "p.", "p.b@example.org", "p.b.c@example.org", "p...@example.org"})
        CHECK_FALSE(read_message_id(odd, "example.org", help.keys));
    CHECK_THROWS_AS(make_message_id(sent, "no domain", help.keys), crm::problem);
}

TEST_CASE("an answer to the signed address is found wherever servers leave the address")
{
    const notes known;
    const auto address = reply_address(help.address, first, help.keys);
    for (const auto* header : {"Delivered-To", "X-Original-To", "To", "Cc", "Envelope-To"}) {
        INFO(header);
        const auto got = place(std::string{header} + ": <" + address + ">", known);
        CHECK(got.sign == thread_sign::reply_address);
        CHECK(got.conversation == first);
        CHECK(got.sender_takes_part);
    }
}

TEST_CASE("the safest sign decides when several name different conversations")
{
    notes known;
    known.messages["theirs@example.com"] = second;
    known.numbers["17"] = second;
    const auto id = make_message_id({first, crm::entry_id{1}}, help.message_id_domain, help.keys);
    CHECK(
        place(
            "Subject: [#17] x\nReferences: <theirs@example.com>\nIn-Reply-To: <" + id + ">", known
        )
            .sign == thread_sign::own_message
    );
    // Our id counts from anywhere in References before a mere known one in In-Reply-To.
    CHECK(
        place("In-Reply-To: <theirs@example.com>\nReferences: <" + id + ">", known).conversation ==
        first
    );
    CHECK(
        place(
            "To: " + reply_address(help.address, first, help.keys) +
                "\nIn-Reply-To: <theirs@example.com>",
            known
        )
            .conversation == first
    );
}

TEST_CASE("who does not take part gets a conversation of his own with a link, never into this one")
{
    notes known;
    known.numbers["17"] = second;
    const auto by_subject = place("Subject: Re: [#17] order", known);
    CHECK(by_subject.sign == thread_sign::subject_number);
    CHECK_FALSE(by_subject.conversation);
    CHECK(by_subject.related == second);
    const auto by_address = place("To: " + reply_address(help.address, second, help.keys), known);
    CHECK_FALSE(by_address.conversation);
    CHECK(by_address.related == second);
}

TEST_CASE("a known participant is found by id, by number and by the mark in the text")
{
    notes known;
    known.messages["theirs@example.com"] = first;
    known.numbers["17"] = first;
    CHECK(place("In-Reply-To: <theirs@example.com>", known).sign == thread_sign::known_message);
    CHECK(place("Subject: Re: [Ticket#17] order", known).conversation == first);
    const auto mark = body_mark(reply_address(help.address, first, help.keys));
    CHECK(
        place("Subject: x", known, "Thanks\n\n> hello\n> " + mark + "\n").sign ==
        thread_sign::body_mark
    );
    auto broken = mark;
    broken.insert(20, "\n> ");
    CHECK(place("Subject: x", known, "Thanks\n\n> " + broken).conversation == first);
    CHECK(place("Subject: [draft] 17 things [x", known).sign == thread_sign::none);
}

TEST_CASE("a forged sender takes part nowhere")
{
    const notes known;
    const auto address = reply_address(help.address, first, help.keys);
    const auto mail = read(
        "Authentication-Results: mx.example.org; dmarc=fail\nFrom: ann@example.com\nTo: " +
        address + "\n\nx"
    );
    const auto got = place_of(
        mail,
        judge(mail, {.authserv_ids = {"mx.example.org"}, .addresses = {}, .message_id_domain = {}}),
        help,
        known
    );
    CHECK_FALSE(got.conversation);
    CHECK(got.related == first);
}

TEST_CASE("another mailbox's conversation is not this one's")
{
    notes known;
    known.ours = {second};
    CHECK(
        place("To: " + reply_address(help.address, first, help.keys), known).sign ==
        thread_sign::none
    );
}

TEST_CASE("a bounce belongs to the mail that it reports on, and a foreign one to nothing")
{
    const notes known;
    const auto id = make_message_id({second, crm::entry_id{9}}, help.message_id_domain, help.keys);
    const std::string report =
        "From: MAILER-DAEMON@mx.example.net\nSubject: failure notice\n\nI wasn't able to "
        "deliver\n\n"
        "<bob@example.com>:\n550 no such user\n\n--- Below this line is a copy\n\nMessage-ID: <";
    const auto place_report = [&](const std::string& original) {
        const auto mail = read(report + original + ">\n");
        return place_of(mail, judge(mail), help, known);
    };
    CHECK(place_report(id).conversation == second);
    CHECK_FALSE(place_report("other@example.net").conversation);
}
