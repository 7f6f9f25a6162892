#include "gateway/media.hpp"

#include "crm/base/problem.hpp"
#include "crm/base/text.hpp"

#include <algorithm>
#include <array>
#include <optional>

namespace gateway {

namespace {

std::uint32_t at(std::string_view bytes, std::size_t where)
{
    return where < bytes.size() ? static_cast<unsigned char>(bytes[where]) : 0U;
}

std::uint32_t big16(std::string_view bytes, std::size_t where)
{
    return at(bytes, where) << 8U | at(bytes, where + 1);
}

std::uint32_t big32(std::string_view bytes, std::size_t where)
{
    return big16(bytes, where) << 16U | big16(bytes, where + 2);
}

std::uint32_t little16(std::string_view bytes, std::size_t where)
{
    return at(bytes, where) | at(bytes, where + 1) << 8U;
}

std::uint32_t little24(std::string_view bytes, std::size_t where)
{
    return little16(bytes, where) | at(bytes, where + 2) << 16U;
}

std::uint32_t little32(std::string_view bytes, std::size_t where)
{
    return little16(bytes, where) | little16(bytes, where + 2) << 16U;
}

bool begins(std::string_view bytes, std::string_view with)
{
    return bytes.starts_with(with);
}

[[noreturn]] void broken()
{
    throw crm::problem{crm::errc::invalid, "This picture is damaged; save it again and retry."};
}

/// Where a JPEG's segments are: after the marker at `from`, the segment's length with its own two
/// bytes.
struct segment
{
    std::uint32_t marker = 0;
    std::size_t begin = 0; // of the marker
    std::size_t end = 0;
};

/// The segment at `from`; nullopt at the start of the picture's data or its end.
std::optional<segment> jpeg_segment(std::string_view bytes, std::size_t from)
{
    if (at(bytes, from) != 0xFF)
        broken();
    segment made{at(bytes, from + 1), from, from + 2};
    if (made.marker == 0xDA || made.marker == 0xD9)
        return std::nullopt;
    const auto length = big16(bytes, from + 2);
    if (length < 2 || from + 2 + length > bytes.size())
        broken();
    made.end = from + 2 + length;
    return made;
}

bool holds_size(std::uint32_t marker)
{
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
}

void jpeg_size(std::string_view bytes, media& into)
{
    for (std::size_t from = 2; from + 4 <= bytes.size();) {
        const auto one = jpeg_segment(bytes, from);
        if (!one)
            return;
        if (holds_size(one->marker)) {
            into.height = static_cast<int>(big16(bytes, from + 5));
            into.width = static_cast<int>(big16(bytes, from + 7));
            return;
        }
        from = one->end;
    }
}

void webp_size(std::string_view bytes, media& into)
{
    const auto kind = bytes.substr(std::min<std::size_t>(12, bytes.size()), 4);
    if (kind == "VP8X") {
        into.width = static_cast<int>(little24(bytes, 24)) + 1;
        into.height = static_cast<int>(little24(bytes, 27)) + 1;
    } else if (kind == "VP8 ") {
        into.width = static_cast<int>(little16(bytes, 26) & 0x3FFFU);
        into.height = static_cast<int>(little16(bytes, 28) & 0x3FFFU);
    } else if (kind == "VP8L") {
        const auto bits = little32(bytes, 21);
        into.width = static_cast<int>(bits & 0x3FFFU) + 1;
        into.height = static_cast<int>(bits >> 14U & 0x3FFFU) + 1;
    }
}

std::optional<media> picture(std::string_view bytes)
{
    media made;
    made.is_picture = true;
    if (begins(bytes, "\x89PNG\r\n\x1A\n")) {
        made.type = "image/png";
        made.width = static_cast<int>(big32(bytes, 16) & 0x7FFFFFFFU);
        made.height = static_cast<int>(big32(bytes, 20) & 0x7FFFFFFFU);
    } else if (begins(bytes, "\xFF\xD8\xFF")) {
        made.type = "image/jpeg";
        jpeg_size(bytes, made);
    } else if (begins(bytes, "GIF87a") || begins(bytes, "GIF89a")) {
        made.type = "image/gif";
        made.width = static_cast<int>(little16(bytes, 6));
        made.height = static_cast<int>(little16(bytes, 8));
    } else if (begins(bytes, "RIFF") &&
               bytes.substr(std::min<std::size_t>(8, bytes.size()), 4) == "WEBP") {
        made.type = "image/webp";
        webp_size(bytes, made);
    } else {
        return std::nullopt;
    }
    return made;
}

/// Types whose first bytes say what they are.
std::string_view other_type(std::string_view bytes)
{
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> known{{
        {"%PDF-", "application/pdf"},
        {"OggS", "audio/ogg"},
        {"ID3", "audio/mpeg"},
        {"fLaC", "audio/flac"},
        {"\x1A\x45\xDF\xA3", "video/webm"},
        {"\x1F\x8B", "application/gzip"},
        {"7z\xBC\xAF\x27\x1C", "application/x-7z-compressed"},
        {"Rar!\x1A\x07", "application/vnd.rar"},
        {"{\\rtf", "application/rtf"},
    }};
    for (const auto& [magic, type] : known)
        if (begins(bytes, magic))
            return type;
    if (bytes.size() > 12 && bytes.substr(4, 4) == "ftyp")
        return bytes.substr(8, 3) == "M4A" ? "audio/mp4" : "video/mp4";
    if (begins(bytes, "RIFF") && bytes.substr(std::min<std::size_t>(8, bytes.size()), 4) == "WAVE")
        return "audio/wav";
    return {};
}

std::string_view zip_type(std::string_view claimed)
{
    static constexpr std::string_view office[]{
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
    };
    for (const auto each : office)
        if (claimed == each)
            return each;
    return "application/zip";
}

bool is_program(std::string_view bytes, std::string_view name)
{
    static constexpr std::string_view endings[]{".exe",   ".dll", ".scr", ".bat",  ".cmd", ".com",
                                                ".msi",   ".ps1", ".vbs", ".js",   ".jar", ".sh",
                                                ".lnk",   ".hta", ".apk", ".html", ".htm", ".svg",
                                                ".xhtml", ".xml", ".mjs", ".swf"};
    const auto lower = crm::ascii_lower(name);
    for (const auto each : endings)
        if (lower.ends_with(each))
            return true;
    return begins(bytes, "MZ") ||
           begins(
               bytes,
               "\x7F"
               "ELF"
           ) ||
           begins(bytes, "#!") || begins(bytes, "\xCA\xFE\xBA\xBE") ||
           begins(bytes, "\xCF\xFA\xED\xFE");
}

bool looks_like_markup(std::string_view bytes)
{
    const auto head = crm::ascii_lower(crm::trim(bytes.substr(0, 512)));
    return head.starts_with("<") || head.find("<script") != std::string::npos ||
           head.find("<html") != std::string::npos;
}

} // namespace

media look_at(std::string_view bytes, std::string_view claimed, std::string_view name)
{
    const auto refuse = [](const char* why) { throw crm::problem{crm::errc::unsupported, why}; };
    if (bytes.empty())
        throw crm::problem{crm::errc::invalid, "The file is empty."};
    if (is_program(bytes, name))
        refuse("Programs, scripts and web pages cannot be sent; put them into an archive.");
    if (auto found = picture(bytes)) {
        if (static_cast<std::int64_t>(found->width) * found->height > most_pixels)
            throw crm::problem{
                crm::errc::too_large,
                "This picture has more than 50 million pixels; make it smaller."
            };
        return *found;
    }
    media made;
    if (const auto type = other_type(bytes); !type.empty()) {
        made.type = type;
        return made;
    }
    if (begins(bytes, "PK\x03\x04")) {
        made.type = zip_type(claimed);
        return made;
    }
    if (looks_like_markup(bytes))
        refuse("Programs, scripts and web pages cannot be sent; put them into an archive.");
    if (!crm::is_utf8(bytes) || bytes.find('\0') != std::string_view::npos)
        refuse(
            "Files of this type cannot be sent; pictures, PDF, text, sound, video and archives can."
        );
    made.type = claimed == "text/csv" ? "text/csv" : "text/plain";
    return made;
}

int exif_orientation(std::string_view exif)
{
    if (!begins(exif, std::string_view{"Exif\0\0", 6}))
        return 1;
    const auto tiff = exif.substr(6);
    const bool little = begins(tiff, "II");
    const auto short_at = [&](std::size_t where) {
        return little ? little16(tiff, where) : big16(tiff, where);
    };
    const auto long_at = [&](std::size_t where) {
        return little ? little32(tiff, where) : big32(tiff, where);
    };
    const std::size_t directory = long_at(4);
    if (directory + 2 > tiff.size())
        return 1;
    const auto entries = std::min<std::uint32_t>(short_at(directory), 64);
    for (std::size_t i = 0; i < entries; ++i) {
        const auto entry = directory + 2 + i * 12;
        if (short_at(entry) == 0x0112) {
            const auto value = short_at(entry + 8);
            return value >= 1 && value <= 8 ? static_cast<int>(value) : 1;
        }
    }
    return 1;
}

namespace {

/// An EXIF segment that says the orientation and nothing else.
std::string orientation_segment(int orientation)
{
    std::string made{
        "\xFF\xE1\x00\x22"
        "Exif\0\0MM\0\x2A\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0",
        29
    };
    made += static_cast<char>(orientation);
    made += std::string(6, '\0'); // fills the value up; no further directory
    return made;
}

std::string clean_jpeg(std::string_view bytes)
{
    std::string made{"\xFF\xD8"};
    std::size_t from = 2;
    while (from + 4 <= bytes.size()) {
        const auto one = jpeg_segment(bytes, from);
        if (!one)
            break;
        const bool application = one->marker >= 0xE1 && one->marker <= 0xEF;
        // APP2 holds the colour profile, APP14 how the colours are coded: both are needed to show
        // it right.
        const bool keep =
            (!application || one->marker == 0xE2 || one->marker == 0xEE) && one->marker != 0xFE;
        if (one->marker == 0xE1)
            if (const auto turned = exif_orientation(bytes.substr(from + 4, one->end - from - 4));
                turned != 1)
                made += orientation_segment(turned);
        if (keep)
            made += bytes.substr(one->begin, one->end - one->begin);
        from = one->end;
    }
    // What follows the end of the picture is none of it.
    const auto end = bytes.rfind("\xFF\xD9");
    if (from >= bytes.size() || end == std::string_view::npos || end < from)
        broken();
    made += bytes.substr(from, end + 2 - from);
    return made;
}

std::string clean_png(std::string_view bytes)
{
    static constexpr std::string_view kept[]{
        "IHDR",
        "PLTE",
        "IDAT",
        "IEND",
        "tRNS",
        "gAMA",
        "cHRM",
        "sRGB",
        "iCCP",
        "sBIT",
        "bKGD",
        "pHYs",
        "acTL",
        "fcTL",
        "fdAT"
    };
    std::string made{bytes.substr(0, 8)};
    for (std::size_t from = 8; from + 12 <= bytes.size();) {
        const std::size_t size = static_cast<std::size_t>(big32(bytes, from)) + 12;
        if (size > bytes.size() - from)
            broken();
        const auto kind = bytes.substr(from + 4, 4);
        if (std::find(std::begin(kept), std::end(kept), kind) != std::end(kept))
            made += bytes.substr(from, size);
        from += size;
        if (kind == "IEND")
            return made;
    }
    broken();
}

std::string clean_webp(std::string_view bytes)
{
    std::string made{bytes.substr(0, 12)};
    for (std::size_t from = 12; from + 8 <= bytes.size();) {
        const std::size_t size =
            8 + (static_cast<std::size_t>(little32(bytes, from + 4)) + 1) / 2 * 2;
        if (size > bytes.size() - from)
            broken();
        const auto kind = bytes.substr(from, 4);
        std::string chunk{bytes.substr(from, size)};
        if (kind == "VP8X" && chunk.size() > 8)
            chunk[8] =
                static_cast<char>(static_cast<unsigned char>(chunk[8]) & ~0x0CU); // no EXIF, no XMP
        if (kind != "EXIF" && kind != "XMP ")
            made += chunk;
        from += size;
    }
    const auto length = made.size() - 8;
    for (std::size_t i = 0; i < 4; ++i)
        made[4 + i] = static_cast<char>(length >> (8 * i) & 0xFFU);
    return made;
}

} // namespace

std::string without_hidden_data(std::string_view bytes, const media& what)
{
    if (what.type == "image/jpeg")
        return clean_jpeg(bytes);
    if (what.type == "image/png")
        return clean_png(bytes);
    if (what.type == "image/webp")
        return clean_webp(bytes);
    return std::string{bytes};
}

} // namespace gateway
