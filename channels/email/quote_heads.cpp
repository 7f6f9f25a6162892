#include "channels/email/quote_marks.hpp"
#include "channels/email/quote_text.hpp"

#include <array>
#include <utility>
#include <vector>

namespace channels::email {

namespace {

constexpr std::array<std::string_view, 34> separators{
    "original message",
    "original email",
    "originalmessage",
    "mensaje original",
    "mensagem original",
    "message d'origine",
    "message original",
    "ursprüngliche nachricht",
    "originalnachricht",
    "original-nachricht",
    "messaggio originale",
    "oorspronkelijk bericht",
    "oprindelig besked",
    "oprindelig meddelelse",
    "ursprungligt meddelande",
    "originalmeddelande",
    "opprinnelig melding",
    "alkuperäinen viesti",
    "wiadomość oryginalna",
    "oryginalna wiadomość",
    "původní zpráva",
    "исходное сообщение",
    "orijinal mesaj",
    "eredeti üzenet",
    "original appointment",
    "原始邮件",
    "原始郵件",
    "原邮件",
    "元のメッセージ",
    "원본 메시지",
    "reply message",
    "reply separator",
    "回复邮件",
    "original mail"
};

constexpr std::array<std::string_view, 22> forwards{
    "forwarded message",
    "forwarded by",
    "begin forwarded message",
    "weitergeleitete nachricht",
    "anfang der weitergeleiteten",
    "message transféré",
    "début du message transféré",
    "mensaje reenviado",
    "mensagem encaminhada",
    "messaggio inoltrato",
    "inizio messaggio inoltrato",
    "doorgestuurd bericht",
    "vidarebefordrat meddelande",
    "videresendt melding",
    "videresendt besked",
    "wiadomość przekazana",
    "пересылаемое сообщение",
    "пересланное сообщение",
    "转发邮件",
    "轉寄郵件",
    "转发的邮件",
    "転送メッセージ"
};

// Names of headers as mail programs translate them, by what they stand for.
enum class label
{
    none,
    from,
    sent,
    to,
    cc,
    subject,
    reply_to
};

constexpr std::array<std::pair<std::string_view, label>, 86> labels{{
    {"from", label::from},
    {"von", label::from},
    {"de", label::from},
    {"da", label::from},
    {"van", label::from},
    {"från", label::from},
    {"fra", label::from},
    {"lähettäjä", label::from},
    {"od", label::from},
    {"от", label::from},
    {"от кого", label::from},
    {"gönderen", label::from},
    {"发件人", label::from},
    {"發件人", label::from},
    {"寄件者", label::from},
    {"寄件人", label::from},
    {"差出人", label::from},
    {"보낸 사람", label::from},
    {"feladó", label::from},
    {"expéditeur", label::from},
    {"remitente", label::from},
    {"mittente", label::from},
    {"date", label::sent},
    {"sent", label::sent},
    {"datum", label::sent},
    {"gesendet", label::sent},
    {"envoyé", label::sent},
    {"envoyé le", label::sent},
    {"enviado", label::sent},
    {"enviado el", label::sent},
    {"enviada em", label::sent},
    {"enviado em", label::sent},
    {"fecha", label::sent},
    {"data", label::sent},
    {"inviato", label::sent},
    {"verzonden", label::sent},
    {"skickat", label::sent},
    {"sendt", label::sent},
    {"dato", label::sent},
    {"lähetetty", label::sent},
    {"päivämäärä", label::sent},
    {"wysłano", label::sent},
    {"odesláno", label::sent},
    {"дата", label::sent},
    {"отправлено", label::sent},
    {"发送时间", label::sent},
    {"發送時間", label::sent},
    {"寄件日期", label::sent},
    {"日期", label::sent},
    {"送信日時", label::sent},
    {"日時", label::sent},
    {"날짜", label::sent},
    {"to", label::to},
    {"an", label::to},
    {"à", label::to},
    {"para", label::to},
    {"a", label::to},
    {"aan", label::to},
    {"till", label::to},
    {"til", label::to},
    {"vastaanottaja", label::to},
    {"do", label::to},
    {"komu", label::to},
    {"кому", label::to},
    {"收件人", label::to},
    {"收件者", label::to},
    {"宛先", label::to},
    {"받는 사람", label::to},
    {"cc", label::cc},
    {"抄送", label::cc},
    {"副本", label::cc},
    {"kopie", label::cc},
    {"subject", label::subject},
    {"betreff", label::subject},
    {"objet", label::subject},
    {"asunto", label::subject},
    {"assunto", label::subject},
    {"oggetto", label::subject},
    {"onderwerp", label::subject},
    {"主题", label::subject},
    {"主旨", label::subject},
    {"reply-to", label::reply_to},
    {"message du", label::sent},
    {"sujet", label::subject},
    {"copie à", label::cc},
    {"copie", label::cc},
}};
constexpr std::array<std::pair<std::string_view, label>, 12> more_labels{{
    {"主題", label::subject},
    {"件名", label::subject},
    {"제목", label::subject},
    {"тема", label::subject},
    {"ämne", label::subject},
    {"emne", label::subject},
    {"aihe", label::subject},
    {"temat", label::subject},
    {"předmět", label::subject},
    {"konu", label::subject},
    {"tárgy", label::subject},
    {"antworten an", label::reply_to},
}};

label label_of(std::string_view line)
{
    line = crm::trim(line);
    while (line.starts_with('*') || line.starts_with('_'))
        line.remove_prefix(1);
    auto colon = line.find(':');
    if (const auto wide = line.find("\xEF\xBC\x9A"); wide < colon)
        colon = wide;
    if (colon == std::string_view::npos || colon > 40)
        return label::none;
    auto name = crm::trim(line.substr(0, colon));
    while (name.ends_with('*') || name.ends_with('_'))
        name.remove_suffix(1);
    const std::string key = lower(crm::trim(name));
    for (const auto& [word, meaning] : labels) {
        if (key == word)
            return meaning;
    }
    for (const auto& [word, meaning] : more_labels) {
        if (key == word)
            return meaning;
    }
    return label::none;
}

bool is_empty(std::string_view line)
{
    return crm::trim(line).empty();
}

bool is_rule(std::string_view line)
{
    line = crm::trim(line);
    return line.size() >= 4 && (line.find_first_not_of('-') == std::string_view::npos ||
                                line.find_first_not_of('_') == std::string_view::npos ||
                                line.find_first_not_of('=') == std::string_view::npos);
}

// "-----Original Message-----" in any language we know; in others the dashes alone say it, when a
// header block follows.
bool is_separator(std::string_view line, bool headers_follow)
{
    line = crm::trim(line);
    if (line.size() > 120)
        return false;
    const bool dashed = line.starts_with("--") || line.starts_with("__") ||
                        line.starts_with("==") || line.starts_with("**");
    const std::string words = lower(line);
    if (words.starts_with("begin forwarded message") ||
        words.starts_with("anfang der weitergeleiteten") || words.starts_with("début du message"))
        return true;
    if (!dashed)
        return false;
    if (contains_any(words, separators) || contains_any(words, forwards))
        return true;
    return headers_follow && (is_rule(line) || line.ends_with("--"));
}

// A block of at least `least` different headers, a sender among them, from lines[at] on.
std::size_t
header_block_length(const std::vector<std::string_view>& lines, std::size_t at, int least)
{
    constexpr std::size_t most_lines = 16;
    unsigned seen = 0;
    int count = 0;
    std::size_t end = at;
    int since_label = 0;
    for (std::size_t next = at; next < lines.size() && next < at + most_lines; ++next) {
        const auto what = label_of(lines[next]);
        if (what != label::none) {
            const auto bit = 1U << static_cast<unsigned>(what);
            count += (seen & bit) == 0 ? 1 : 0;
            seen |= bit;
            end = next + 1;
            since_label = 0;
        } else if (is_empty(lines[next])) {
            // One empty line may stand between headers, more end the block.
            if (++since_label > 1)
                break;
        } else if (++since_label > 2 || end == at) {
            break; // a header may go on for a line or two
        }
    }
    const bool sender = (seen & 1U << static_cast<unsigned>(label::from)) != 0;
    if (!sender || count < least)
        return 0;
    // The last header, mostly the subject or the recipients, may go on.
    while (end < lines.size() && end < at + most_lines && !is_empty(lines[end]) &&
           lines[end - 1].size() > 60 &&
           (lines[end].starts_with(' ') || lines[end].starts_with('\t')))
        ++end;
    return end - at;
}

} // namespace

std::size_t head_length(const std::vector<std::string_view>& lines, std::size_t at)
{
    const auto first = crm::trim(lines[at]);
    if (first.empty())
        return 0;
    if (label_of(first) != label::none)
        return header_block_length(lines, at, 3);
    const bool dashed = first.starts_with("--") || first.starts_with("__") ||
                        first.starts_with("==") || first.starts_with("**") || !is_digit(first[0]);
    if (!dashed)
        return 0;
    std::size_t next = at + 1;
    while (next < lines.size() && next <= at + 2 && is_empty(lines[next]))
        ++next;
    const std::size_t block = next < lines.size() ? header_block_length(lines, next, 2) : 0;
    if (!is_separator(first, block > 0))
        return 0;
    return block > 0 ? next + block - at : 1;
}

std::string_view
sender_in_head(const std::vector<std::string_view>& lines, std::size_t at, std::size_t length)
{
    for (std::size_t next = at; next < at + length && next < lines.size(); ++next) {
        if (label_of(lines[next]) != label::from)
            continue;
        auto value = lines[next];
        const auto colon = value.find(':');
        const auto wide = value.find("\xEF\xBC\x9A");
        value.remove_prefix(wide < colon ? wide + 3 : colon + 1);
        while (value.starts_with('*') || value.starts_with(' '))
            value.remove_prefix(1);
        return crm::trim(value);
    }
    return {};
}

} // namespace channels::email
