#include "channels/email/charset.hpp"
#include "crm/base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <unicode/ucnv.h>
#include <unicode/ucsdet.h>
#include <unicode/ustring.h>
#include <utility>

namespace channels::email {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";

// What senders write, and the larger set that they mean.
constexpr std::array<std::pair<std::string_view, std::string_view>, 34> larger_sisters{{
    {"ascii", ""},
    {"us-ascii", ""},
    {"ansi_x3.4-1968", ""},
    {"ansi_x3.4-1986", ""},
    {"646", ""},
    {"default", ""},
    {"none", ""},
    {"unknown-8bit", ""},
    {"x-unknown", ""},
    {"unknown", ""},
    {"8bit", ""},
    {"binary", ""},
    {"utf8", "utf-8"},
    {"unicode-1-1-utf-8", "utf-8"},
    {"gb2312", "gb18030"},
    {"gb_2312-80", "gb18030"},
    {"gb2312-80", "gb18030"},
    {"gbk", "gb18030"},
    {"x-gbk", "gb18030"},
    {"cp936", "gb18030"},
    {"iso-8859-1", "windows-1252"},
    {"iso8859-1", "windows-1252"},
    {"iso_8859-1", "windows-1252"},
    {"latin1", "windows-1252"},
    {"latin-1", "windows-1252"},
    {"iso-8859-9", "windows-1254"},
    {"iso-8859-11", "windows-874"},
    {"tis-620", "windows-874"},
    {"ks_c_5601-1987", "windows-949"},
    {"ks_c_5601", "windows-949"},
    {"euc-kr", "windows-949"},
    {"shift_jis", "windows-932"},
    {"shift-jis", "windows-932"},
    {"iso-8859-8-i", "iso-8859-8"},
}};

// ICU also opens sets that no mail has a reason to use (EBCDIC, SCSU, IMAP folder names); these
// beginnings are the ones we follow.
constexpr std::array<std::string_view, 29> allowed{
    "utf",   "iso-8859", "iso8859", "iso_8859", "windows-", "cp125", "cp8",    "cp9",
    "koi8",  "gb",       "big5",    "euc",      "shift",    "sjis",  "x-sjis", "ms932",
    "iso-2", "csiso2",   "hz",      "mac",      "x-mac",    "ibm8",  "ibm437", "cp437",
    "x-euc", "latin",    "l1",      "iso-ir-",  "johab"
};

std::string plain_label(std::string_view label)
{
    std::string name = crm::ascii_lower(crm::trim(label));
    std::erase_if(name, [](char c) { return c == '"' || c == '\'' || c == ' ' || c == ';'; });
    // RFC 2231: a language may follow.
    name = name.substr(0, name.find('*'));
    if (name.starts_with("x-windows-"))
        name.erase(0, 2);
    if (name.size() > 40)
        name.clear();
    for (const auto& [wrong, meant] : larger_sisters) {
        if (name == wrong)
            return std::string{meant};
    }
    return name;
}

bool is_allowed(std::string_view name)
{
    return std::ranges::any_of(allowed, [&](std::string_view start) {
        return name.starts_with(start);
    });
}

struct close_converter
{
    void operator()(UConverter* converter) const { ucnv_close(converter); }
};
struct close_detector
{
    void operator()(UCharsetDetector* detector) const { ucsdet_close(detector); }
};

std::size_t count_replaced(std::string_view text)
{
    std::size_t count = 0;
    for (auto at = text.find(replacement); at != std::string_view::npos;
         at = text.find(replacement, at + replacement.size()))
        ++count;
    return count;
}

std::string repaired_utf8(std::string_view bytes)
{
    std::string text;
    text.reserve(bytes.size());
    while (!bytes.empty()) {
        // The longest well-formed run, found by halves where a character is broken.
        const auto bad = std::ranges::find_if(bytes, [](char c) { return (c & 0x80) != 0; });
        const auto plain = static_cast<std::size_t>(bad - bytes.begin());
        text += bytes.substr(0, plain);
        bytes.remove_prefix(plain);
        if (bytes.empty())
            break;
        std::size_t length = 2;
        while (length <= 4 && length <= bytes.size() && !crm::is_utf8(bytes.substr(0, length)))
            ++length;
        if (length <= 4 && length <= bytes.size()) {
            text += bytes.substr(0, length);
            bytes.remove_prefix(length);
        } else {
            text += replacement;
            bytes.remove_prefix(1);
        }
    }
    return text;
}

std::optional<decoded> by_icu(std::string_view bytes, const std::string& name)
{
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UConverter, close_converter> converter{ucnv_open(name.c_str(), &status)};
    if (U_FAILURE(status) || !converter)
        return std::nullopt;
    std::u16string wide(bytes.size() * 2 + 16, u'\0');
    const auto length = ucnv_toUChars(
        converter.get(),
        wide.data(),
        static_cast<std::int32_t>(wide.size()),
        bytes.data(),
        static_cast<std::int32_t>(bytes.size()),
        &status
    );
    if (U_FAILURE(status))
        return std::nullopt;
    std::string text(static_cast<std::size_t>(length) * 3 + 4, '\0');
    std::int32_t size = 0;
    u_strToUTF8WithSub(
        text.data(),
        static_cast<std::int32_t>(text.size()),
        &size,
        wide.data(),
        length,
        0xFFFD,
        nullptr,
        &status
    );
    if (U_FAILURE(status))
        return std::nullopt;
    text.resize(static_cast<std::size_t>(size));
    const auto replaced = count_replaced(text);
    return decoded{std::move(text), name, replaced};
}

// ISO-2022-JP is read by way of Windows' Shift_JIS, which knows the vendor rows that mail programs
// put into it (circled digits, unit signs) and that the standard set lacks.
decoded by_iso_2022_jp(std::string_view bytes)
{
    std::string shifted;
    shifted.reserve(bytes.size());
    enum class set
    {
        ascii,
        kanji,
        kana
    } now = set::ascii;
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        const auto c = static_cast<unsigned char>(bytes[at]);
        if (c == 0x1B && at + 2 < bytes.size()) {
            const auto escape = bytes.substr(at + 1, 2);
            if (escape == "$B" || escape == "$@") {
                now = set::kanji;
                at += 2;
                continue;
            }
            if (escape == "(I" || escape == "(B" || escape == "(J") {
                now = escape == "(I" ? set::kana : set::ascii;
                at += 2;
                continue;
            }
        }
        if (c == '\n')
            now = set::ascii; // every line starts anew, whatever the sender forgot
        if (now == set::kanji && c >= 0x21 && c <= 0x7E && at + 1 < bytes.size()) {
            const auto low = static_cast<unsigned char>(bytes[at + 1]);
            if (low >= 0x21 && low <= 0x7E) {
                ++at;
                const int row = (c - 0x21) / 2;
                const int lead = row < 31 ? 0x81 + row : 0xC1 + row;
                int trail = (c & 1U) != 0 ? low + 0x1F : low + 0x7E;
                if ((c & 1U) != 0 && trail >= 0x7F)
                    ++trail;
                shifted += static_cast<char>(lead);
                shifted += static_cast<char>(trail);
                continue;
            }
        }
        shifted += now == set::kana && c >= 0x21 && c <= 0x5F ? static_cast<char>(c + 0x80)
                                                              : static_cast<char>(c);
    }
    auto read = by_icu(shifted, "windows-932");
    if (!read)
        return {repaired_utf8(bytes), "utf-8", 0};
    read->charset = "iso-2022-jp";
    return *read;
}

std::optional<decoded> read_as(std::string_view bytes, const std::string& name)
{
    if (name.empty() || !is_allowed(name))
        return std::nullopt;
    if (name == "utf-8") {
        if (crm::is_utf8(bytes))
            return decoded{std::string{bytes}, name, 0};
        auto text = repaired_utf8(bytes);
        const auto replaced = count_replaced(text);
        return decoded{std::move(text), name, replaced};
    }
    if (name.starts_with("iso-2022-jp") || name.starts_with("csiso2022jp")) {
        // It has seven bits: anything else was labelled wrongly, mostly EUC-JP.
        if (!is_ascii(bytes))
            return std::nullopt;
        return by_iso_2022_jp(bytes);
    }
    return by_icu(bytes, name);
}

// ICU's guess; only for bytes where nothing better is known, and from a bounded sample.
std::string detected(std::string_view bytes, const std::string& hint)
{
    UErrorCode status = U_ZERO_ERROR;
    const std::unique_ptr<UCharsetDetector, close_detector> detector{ucsdet_open(&status)};
    if (U_FAILURE(status))
        return {};
    const auto sample = bytes.substr(0, 8192);
    ucsdet_setText(
        detector.get(), sample.data(), static_cast<std::int32_t>(sample.size()), &status
    );
    if (!hint.empty()) {
        ucsdet_setDeclaredEncoding(
            detector.get(), hint.data(), static_cast<std::int32_t>(hint.size()), &status
        );
    }
    const UCharsetMatch* match = ucsdet_detect(detector.get(), &status);
    if (U_FAILURE(status) || match == nullptr)
        return {};
    // Short texts are guessed as Turkish or Hebrew on little evidence: below this, Western wins.
    if (ucsdet_getConfidence(match, &status) < 25)
        return {};
    const char* name = ucsdet_getName(match, &status);
    return U_FAILURE(status) || name == nullptr ? std::string{} : plain_label(name);
}

std::string by_mark(std::string_view bytes)
{
    if (bytes.starts_with("\xEF\xBB\xBF"))
        return "utf-8";
    if (bytes.starts_with("\xFF\xFE"))
        return "utf-16le";
    if (bytes.starts_with("\xFE\xFF"))
        return "utf-16be";
    return {};
}

bool has_japanese_escape(std::string_view bytes)
{
    return bytes.find("\x1B$B") != std::string_view::npos ||
           bytes.find("\x1B$@") != std::string_view::npos;
}

decoded without_mark(decoded read)
{
    if (read.text.starts_with("\xEF\xBB\xBF"))
        read.text.erase(0, 3);
    return read;
}

} // namespace

bool is_ascii(std::string_view bytes)
{
    return std::ranges::none_of(bytes, [](char c) { return (c & 0x80) != 0; });
}

decoded to_utf8(std::string_view bytes, std::string_view label, std::string_view hint)
{
    const std::string claimed = plain_label(label);
    const bool wide = claimed.starts_with("utf-16") || claimed.starts_with("utf-32");
    const bool seven_bit = claimed.starts_with("iso-2022") || claimed.starts_with("csiso2022") ||
                           claimed.starts_with("hz") || claimed == "utf-7";
    if (!wide && !seven_bit && is_ascii(bytes) && !has_japanese_escape(bytes))
        return {std::string{bytes}, "us-ascii", 0};
    if (const auto marked = by_mark(bytes); !marked.empty() && !wide) {
        if (auto read = read_as(bytes, marked); read && read->replaced == 0)
            return without_mark(std::move(*read));
    }
    std::optional<decoded> best = read_as(bytes, claimed);
    if (best && best->replaced == 0)
        return without_mark(std::move(*best));
    const auto offer = [&](const std::string& name) {
        auto read = read_as(bytes, name);
        if (read && (!best || read->replaced < best->replaced))
            best = std::move(read);
    };
    if (crm::is_utf8(bytes) && !has_japanese_escape(bytes))
        offer("utf-8");
    else if (has_japanese_escape(bytes))
        offer("iso-2022-jp");
    // A few broken bytes in an otherwise good text are broken bytes, not another language.
    const auto few = [&] {
        return best && best->replaced * 50 <= bytes.size() && best->replaced < 20;
    };
    if (!few()) {
        offer(plain_label(hint));
        if (!best || best->replaced > 0)
            offer(detected(bytes, claimed));
        if (!best || best->replaced > 0)
            offer("windows-1252");
    }
    if (!best)
        return {repaired_utf8(bytes), "utf-8", 0};
    return without_mark(std::move(*best));
}

} // namespace channels::email
