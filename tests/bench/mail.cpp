// How many mails are read, judged and cut in a second, beside GMime alone parsing the same mails
// and decoding their text. The mails are made here, of the kinds that a help desk gets: plain
// answers, HTML with a long quote, Chinese in its own character sets, files, reports.
#include "tests/support/load_options.hpp"
#include "tests/support/load_report.hpp"

#include "channels/email/build.hpp"
#include "channels/email/gmime.hpp"
#include "channels/email/judge.hpp"
#include "channels/email/quote.hpp"
#include "channels/email/read.hpp"

#include <ctime>
#include <random>
#include <string>
#include <vector>

namespace {

using namespace channels;

double cpu_seconds()
{
    timespec used{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

class mail_maker
{
public:
    std::string next(int number)
    {
        switch (number % 5) {
        case 0:
            return built(number, words(60), "", 0);
        case 1:
            return built(number, words(40) + quote(), "<p>" + words(40) + "</p>" + html_quote(), 0);
        case 2:
            return built(number, words(80), "", 40'000);
        case 3:
            return chinese(number);
        default:
            return report(number);
        }
    }

private:
    std::string words(int count)
    {
        std::string text;
        for (int at = 0; at < count; ++at) {
            const int length = 2 + static_cast<int>(dice_() % 9);
            for (int letter = 0; letter < length; ++letter)
                text += static_cast<char>('a' + dice_() % 26);
            text += at % 12 == 11 ? '\n' : ' ';
        }
        return text;
    }

    std::string quote()
    {
        std::string text =
            "\n\nOn Mon, Mar 2, 2026 at 10:00 AM Help Desk <help@example.org> wrote:\n\n";
        for (int line = 0; line < 40; ++line)
            text += "> " + words(10) + '\n';
        return text;
    }

    std::string html_quote()
    {
        std::string html = "<div class=\"gmail_quote\"><div class=\"gmail_attr\">On Mon, Help Desk "
                           "wrote:<br></div>"
                           "<blockquote class=\"gmail_quote\">";
        for (int line = 0; line < 40; ++line)
            html += "<div style=\"margin:0\"><span>" + words(10) + "</span>&nbsp;<br></div>";
        return html + "</blockquote></div>";
    }

    std::string built(int number, std::string text, std::string html, std::size_t file)
    {
        email::outgoing mail;
        mail.from = {"Ann Müller", "ann" + std::to_string(number) + "@example.com"};
        mail.to = {{"Help Desk", "help@example.org"}};
        mail.subject = "Re: Order " + std::to_string(number) + " – where is it?";
        mail.text = std::move(text);
        mail.html = std::move(html);
        mail.message_id = "m" + std::to_string(number) + "@example.com";
        mail.in_reply_to = "p" + std::to_string(number) + "@example.org";
        mail.date = crm::instant{1'772'445'600'000'000};
        if (file > 0) {
            std::string bytes(file, '\0');
            for (char& c : bytes)
                c = static_cast<char>(dice_());
            mail.files = {{"picture.jpg", "image/jpeg", "", std::move(bytes)}};
        }
        return email::build(mail).bytes;
    }

    std::string chinese(int number)
    {
        std::string text;
        for (int at = 0; at < 300; ++at) {
            text += static_cast<char>(0xB0 + dice_() % 40);
            text += static_cast<char>(0xA1 + dice_() % 90);
            if (at % 30 == 29)
                text += "\r\n";
        }
        return "From: =?gb2312?B?1cXI/Q==?= <zhang@example.cn>\r\nTo: help@example.org\r\nSubject: "
               "=?gb2312?B?ztK1xLaptaU=?= " +
               std::to_string(number) +
               "\r\nDate: Mon, 2 Mar 2026 10:00:00 +0800\r\nMessage-ID: <z" +
               std::to_string(number) +
               "@example.cn>\r\nContent-Type: text/plain; charset=gb2312\r\n" +
               "Content-Transfer-Encoding: 8bit\r\n\r\n" + text;
    }

    static std::string report(int number)
    {
        return "From: MAILER-DAEMON@mx.example.net\r\nTo: help@example.org\r\nReturn-Path: "
               "<>\r\nSubject: Undelivered Mail\r\n"
               "Date: Mon, 2 Mar 2026 10:00:00 +0100\r\nContent-Type: multipart/report; "
               "report-type=delivery-status; boundary=b\r\n\r\n"
               "--b\r\n\r\nYour message could not be delivered.\r\n--b\r\nContent-Type: "
               "message/delivery-status\r\n\r\n"
               "Reporting-MTA: dns; mx.example.net\r\n\r\nFinal-Recipient: rfc822; "
               "ann@example.com\r\nAction: failed\r\n"
               "Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 user "
               "unknown\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
               "Message-ID: <p" +
               std::to_string(number) + "@example.org>\r\nSubject: x\r\n--b--\r\n";
    }

    std::mt19937 dice_{7};
};

/// What we do with a mail that comes in, up to the store's door. Returns bytes seen, for the reader
/// to be sure that the work was done.
std::size_t ours(const std::string& raw)
{
    const auto mail = email::read(raw);
    const auto verdict = email::judge(mail);
    const auto shown = mail.html.empty() ? email::hide_quote(mail.text)
                                         : email::hide_quote_in_html(mail.html).text;
    return shown.said().size() + verdict.reasons.size() + mail.attachments.size();
}

std::size_t decoded_size(GMimeObject* part)
{
    std::size_t size = 0;
    if (GMIME_IS_MULTIPART(part)) {
        const int count = g_mime_multipart_get_count(GMIME_MULTIPART(part));
        for (int at = 0; at < count; ++at)
            size += decoded_size(g_mime_multipart_get_part(GMIME_MULTIPART(part), at));
    } else if (GMIME_IS_TEXT_PART(part)) {
        const email::held_text text{g_mime_text_part_get_text(GMIME_TEXT_PART(part))};
        size += email::view(text.get()).size();
    } else if (GMIME_IS_PART(part)) {
        size += email::content_of(GMIME_PART(part)).size();
    }
    return size;
}

/// GMime alone: structure, decoded parts, subject and sender.
std::size_t theirs(const std::string& raw)
{
    const auto stream = email::stream_of(raw);
    const email::held<GMimeParser> parser{g_mime_parser_new_with_stream(stream.get())};
    const email::held<GMimeMessage> message{g_mime_parser_construct_message(parser.get(), nullptr)};
    const email::held_text from{
        internet_address_list_to_string(g_mime_message_get_from(message.get()), nullptr, FALSE)
    };
    return decoded_size(g_mime_message_get_mime_part(message.get())) +
           email::view(from.get()).size() +
           email::view(g_mime_message_get_subject(message.get())).size();
}

/// CPU seconds for a thousand mails.
template <class Read>
double cpu_per_thousand(const std::vector<std::string>& mails, Read read)
{
    std::size_t seen = 0;
    const double began = cpu_seconds();
    for (const auto& one : mails)
        seen += read(one);
    const double took = cpu_seconds() - began;
    return seen == 0 ? 0 : took / static_cast<double>(mails.size()) * 1000;
}

} // namespace

int main(int count, char** words)
{
    int mails = 20'000;
    std::filesystem::path results = "build/bench/results.json";
    load::options options{"Measures reading mail, beside GMime alone."};
    options.add("--mails", mails, "how many mails are read");
    options.add("--results", results, "where the figures go");
    int code = 0;
    if (!options.parse(count, words, code))
        return code;
    std::filesystem::create_directories(results.parent_path());
    load::report report{results};

    email::ensure_gmime();
    mail_maker maker;
    std::vector<std::string> all;
    for (int number = 0; number < mails; ++number)
        all.push_back(maker.next(number));
    const double gmime = cpu_per_thousand(all, theirs);
    const double parley = cpu_per_thousand(all, ours);
    report.add(load::plain(
        "mail: mails a second read, judged and cut (one thread)", 1000 / parley, "mails/s"
    ));
    report.add(load::compared(
        "mail: CPU of 1,000 mails read, judged and cut", parley, "CPU s", "GMime alone", gmime, 3
    ));
    return 0;
}
