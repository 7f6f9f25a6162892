#include "channels/email/quote_marks.hpp"
#include "channels/email/quote_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <unicode/locid.h>
#include <unicode/unistr.h>

namespace channels::email {

namespace {

// "wrote", where it ends the line.
constexpr std::array<std::string_view, 47> ending_verbs{
    "wrote",       "writes",     "a écrit",    "a ecrit",     "escribió",  "escribio",
    "ha scritto",  "scrisse",    "ha escrit",  "va escriure", "escreveu",  "schrieb",
    "geschrieben", "schreef",    "geschreven", "skrev",       "kirjoitti", "napisał(a)",
    "napisał",     "napisała",   "napisał/a",  "napsal(a)",   "napsal",    "napsala",
    "napísal",     "napísal(a)", "написал(а)", "написал",     "написала",  "пишет",
    "пише",        "написав",    "написа",     "a scris",     "írta",      "yazdı",
    "έγραψε",      "כתב",        "كتب",        "写道",        "寫道",      "写",
    "rašė",        "đã viết",    "menulis",    "piše",        "pisze",
};

// "wrote", where the name follows it.
constexpr std::array<std::string_view, 8> inner_verbs{
    " schrieb ",
    " schreef ",
    " skrev ",
    " skrifaði ",
    " kirjoitti ",
    " napisał ",
    " napsal ",
    " geschrieben "
};

// What such a line begins with. Lower-case; each with the blank that ends the word.
constexpr std::array<std::string_view, 38> openers{
    "on ",    "at ",    "le ",     "am ",    "el ",    "em ",   "il ",      "op ",
    "den ",   "dnia ",  "w dniu ", "på ",    "dne ",   "dňa ",  "in data ", "il giorno ",
    "a ",     "на ",    "în ",     "la ",    "vào ",   "pada ", "στις ",    "em qua",
    "em seg", "em ter", "em qui",  "em sex", "-- on ", "в ",    "z dne ",   "dana ",
    "ons ",   "tor ",   "fre ",    "lør ",   "søn ",   "man "
};
constexpr std::array<std::string_view, 4> east_asian_openers{"在", "于", "於", "20"};

bool has_date(std::string_view text)
{
    // A year, or a time, or a day with a month beside it: two groups of digits in any case.
    int groups = 0;
    bool in_digits = false;
    for (const char c : text) {
        if (is_digit(c) && !in_digits)
            ++groups;
        in_digits = is_digit(c);
    }
    return groups >= 2;
}

bool has_year(std::string_view text)
{
    for (std::size_t at = 0; at + 4 <= text.size(); ++at) {
        if ((text.substr(at, 2) == "19" || text.substr(at, 2) == "20") && is_digit(text[at + 2]) &&
            is_digit(text[at + 3]) && (at == 0 || !is_digit(text[at - 1])) &&
            (at + 4 == text.size() || !is_digit(text[at + 4])))
            return true;
    }
    return false;
}

bool has_address(std::string_view text)
{
    const auto at = text.find('@');
    return at != std::string_view::npos && at > 0 && at + 3 < text.size() && text[at - 1] != ' ' &&
           text[at + 1] != ' ' && text.find('.', at) != std::string_view::npos;
}

// Without the dashes that some programs put around, without a final colon; says whether one stood
// there.
struct bare_line
{
    std::string text;
    bool has_colon = false;
};

bare_line bare(std::string_view given)
{
    constexpr std::size_t longest = 1000; // attributions are shorter, hostile lines are not
    bare_line out;
    if (given.size() > longest)
        return out;
    const std::string plain = with_plain_blanks(given);
    std::string_view line = crm::trim(plain);
    while (line.starts_with('-') || line.starts_with('*') || line.starts_with('_'))
        line.remove_prefix(1);
    bool dashes = false;
    while (line.ends_with('-') || line.ends_with('*') || line.ends_with('_')) {
        line.remove_suffix(1);
        dashes = true;
    }
    line = crm::trim(line);
    out.has_colon = dashes;
    for (const std::string_view colon : {":", "\xEF\xBC\x9A"}) {
        if (line.ends_with(colon)) {
            line.remove_suffix(colon.size());
            out.has_colon = true;
        }
    }
    out.text = lower(crm::trim(line));
    return out;
}

// "tir. 18. apr.", "ср, 30 апр.": a short word with a point or a comma, then a number.
bool starts_with_short_day(const std::string& text)
{
    const auto end = text.find(' ');
    return end != std::string::npos && end > 1 && end < 12 &&
           (text[end - 1] == '.' || text[end - 1] == ',') && end + 1 < text.size() &&
           is_digit(text[end + 1]);
}

bool begins_like_attribution(const std::string& text)
{
    return starts_with_any(text, openers) || starts_with_any(text, east_asian_openers) ||
           (!text.empty() && is_digit(text[0])) || starts_with_short_day(text);
}

bool starts_with_weekday(const std::string& text)
{
    constexpr std::array<std::string_view, 22> days{
        "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "mon,",
        "tue,",   "wed,",    "thu,",      "fri,",     "sat,",   "sun,",     "пн,",    "вт,",
        "ср,",    "чт,",     "пт,",       "сб,",      "вс,",    "lun"
    };
    return starts_with_any(text, days);
}

// Whether these joined lines are a complete attribution.
bool is_attribution(const std::string& joined)
{
    const auto line = bare(joined);
    const auto& text = line.text;
    if (text.size() < 6)
        return false;
    const bool opened = begins_like_attribution(text) || starts_with_weekday(text);
    const bool address = has_address(text);
    const bool dated = has_date(text);
    const bool verb = ends_with_any(text, ending_verbs);
    if (verb && (line.has_colon || (opened && dated && has_year(text) && address)))
        return (opened && (dated || address)) ||
               (address && (joined.find('<') != std::string::npos || dated)) ||
               (dated && has_year(text));
    if (!line.has_colon) {
        // "2016-03-03 17:21 GMT+01:00 Some One", "2013/7/20 Some One <one@example.com>"
        return is_digit(text[0]) && has_year(text.substr(0, 4)) && text.size() > 8 &&
               ((text.find(" gmt+") != std::string::npos && text.find(" gmt+") < 20) ||
                (text.ends_with('>') && address && (text[4] == '/' || text[4] == '-') &&
                 is_digit(text[5])));
    }
    if (contains_any(' ' + text + ' ', inner_verbs) && opened && dated)
        return true;
    // No verb at all: "30.09.2017, 18:30, \"Ann\" <ann@example.com>:"
    return address && dated && (opened || starts_with_weekday(text)) &&
           (text.ends_with('>') || has_address(text.substr(text.rfind(' ') + 1)));
}

} // namespace

std::string with_plain_blanks(std::string_view line)
{
    std::string text{line};
    for (const std::string_view blank : {"\xC2\xA0", "\xE2\x80\xAF", "\xE3\x80\x80"}) {
        for (auto at = text.find(blank); at != std::string::npos; at = text.find(blank, at))
            text.replace(at, blank.size(), " ");
    }
    return text;
}

std::string lower(std::string_view text)
{
    if (std::ranges::none_of(text, [](char c) { return (c & 0x80) != 0; }))
        return crm::ascii_lower(text);
    std::string out;
    icu::UnicodeString::fromUTF8({text.data(), static_cast<std::int32_t>(text.size())})
        .toLower(icu::Locale::getRoot())
        .toUTF8String(out);
    return out;
}

bool is_quoted_line(std::string_view line)
{
    const auto begin = line.find_first_not_of(' ');
    if (begin == std::string_view::npos || begin > 3)
        return false;
    line.remove_prefix(begin);
    if (line.starts_with("&gt;"))
        return true;
    return line[0] == '>' || (line[0] == '|' && (line.size() == 1 || line[1] == ' ') && begin == 0);
}

std::size_t attribution_length(const std::vector<std::string_view>& lines, std::size_t at)
{
    constexpr std::size_t most_lines = 5;
    constexpr std::size_t longest = 500;
    const auto first = bare(lines[at]).text;
    if (first.empty() || first.size() > longest || is_quoted_line(lines[at]))
        return 0;
    const bool may_go_on =
        begins_like_attribution(first) || starts_with_weekday(first) || has_address(first);
    // "Ann Example\n<ann@example.com> wrote:" begins with nothing but the name.
    const bool name_only = !may_go_on && first.size() < 60 && at + 1 < lines.size() &&
                           crm::trim(lines[at + 1]).starts_with('<');
    std::string joined;
    for (std::size_t next = at; next < lines.size() && next < at + most_lines; ++next) {
        const auto line = crm::trim(lines[next]);
        if (line.empty() || (next > at && is_quoted_line(lines[next]) && !line.starts_with(">:")))
            return 0;
        if (next > at)
            joined += ' ';
        joined += line;
        if (joined.size() > longest)
            return 0;
        if (is_attribution(joined))
            return next + 1 - at;
        if (!may_go_on && !name_only)
            return 0;
        // What is complete as a sentence does not go on as an attribution.
        if (line.ends_with('.') && !is_digit(line[line.size() > 1 ? line.size() - 2 : 0]) &&
            line.size() > 40)
            return 0;
    }
    return 0;
}

bool is_signature_mark(std::string_view line)
{
    const auto whole = line;
    line = crm::trim(line);
    if (line == "--" || line == "\xE2\x80\x94" || line == "\xE2\x80\x93\xE2\x80\x93")
        return !whole.starts_with("    ");
    return line.size() >= 2 && line.size() < 5 &&
           line.find_first_not_of('_') == std::string_view::npos;
}

bool is_device_line(std::string_view line)
{
    constexpr std::size_t longest = 120;
    line = crm::trim(line);
    if (line.empty() || line.size() > longest)
        return false;
    constexpr std::array<std::string_view, 42> starts{
        "sent from my ",
        "sent from mail for",
        "sent from outlook",
        "sent from yahoo",
        "sent from proton",
        "sent from samsung",
        "sent from a ",
        "sent via ",
        "sent with ",
        "sent using ",
        "get outlook for",
        "von meinem ",
        "gesendet von ",
        "gesendet mit ",
        "diese nachricht wurde von meinem",
        "envoyé de mon",
        "envoyé depuis",
        "envoyé à partir",
        "télécharger outlook",
        "obtenir outlook",
        "enviado desde ",
        "enviado de ",
        "enviado do ",
        "enviado a partir",
        "inviato da",
        "verstuurd vanaf",
        "verzonden vanaf",
        "verzonden met",
        "skickat från",
        "sendt fra",
        "lähetetty ",
        "wysłane z",
        "wysłano z",
        "отправлено с",
        "отправлено из",
        "发自我的",
        "發自我的",
        "从我的",
        "從我的",
        "来自我的",
        "sent by ",
        "odesláno z"
    };
    constexpr std::array<std::string_view, 4> ends{
        "から送信", "에서 보냄", "gesendet", "gönderildi"
    };
    const std::string words = lower(line.starts_with('*') ? line.substr(1) : line);
    // "Sent from TypeApp<http://...>": a program or device that nobody has heard of, in few words.
    const auto name = std::string_view{words}.substr(0, words.find('<'));
    const bool short_name =
        name.starts_with("sent from ") && std::ranges::count(crm::trim(name), ' ') <= 4;
    if (!short_name && !starts_with_any(words, starts) &&
        !(ends_with_any(words, ends) && words.size() < 60))
        return false;
    // A sentence that goes on is the person's own: "Sent from my desk is the invoice."
    constexpr std::array<std::string_view, 8> sentence{
        " is ", " was ", " the invoice", " please", " i ", " will ", " are ", " has "
    };
    return !contains_any(words, sentence);
}

} // namespace channels::email
