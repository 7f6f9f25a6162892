// Flowed text and made-up names: what a part's bytes become for a reader.
#include "channels/email/parts.hpp"
#include "crm/base/text.hpp"

#include <array>
#include <utility>

namespace channels::email {

namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 22> endings{{
    {"image/jpeg", ".jpg"},
    {"image/jpg", ".jpg"},
    {"image/png", ".png"},
    {"image/gif", ".gif"},
    {"image/webp", ".webp"},
    {"image/svg+xml", ".svg"},
    {"image/tiff", ".tiff"},
    {"image/bmp", ".bmp"},
    {"application/pdf", ".pdf"},
    {"application/zip", ".zip"},
    {"application/json", ".json"},
    {"application/xml", ".xml"},
    {"application/msword", ".doc"},
    {"application/vnd.ms-excel", ".xls"},
    {"application/pgp-keys", ".asc"},
    {"audio/mpeg", ".mp3"},
    {"video/mp4", ".mp4"},
    {"text/plain", ".txt"},
    {"text/html", ".html"},
    {"text/csv", ".csv"},
    {"text/vcard", ".vcf"},
    {"application/ms-tnef", ".dat"},
}};

std::size_t quote_depth(std::string_view line)
{
    std::size_t depth = 0;
    while (depth < line.size() && line[depth] == '>')
        ++depth;
    return depth;
}

} // namespace

std::string unflowed(std::string_view text, bool delete_space)
{
    std::string out;
    out.reserve(text.size());
    bool open = false; // the line before ends in a soft break
    std::size_t open_depth = 0;
    while (!text.empty()) {
        const auto end = text.find('\n');
        std::string_view line = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        const auto depth = quote_depth(line);
        line.remove_prefix(depth);
        if (line.starts_with(' '))
            line.remove_prefix(1); // stuffing
        const bool signature = line == "-- ";
        if (open && (depth != open_depth || signature)) {
            out += '\n';
            open = false;
        }
        if (!open && depth > 0)
            out += std::string(depth, '>') + (line.empty() ? "" : " ");
        open = line.ends_with(' ') && !signature;
        open_depth = depth;
        if (open && delete_space)
            line.remove_suffix(1);
        out += line;
        if (!open && end != std::string_view::npos)
            out += '\n';
    }
    return out;
}

std::string
made_up_name(std::string_view type, part_kind kind, std::string_view subject, std::size_t number)
{
    const std::string count = std::to_string(number);
    switch (kind) {
    case part_kind::message: {
        const auto name = crm::clean_file_name(crm::truncate(subject, 80));
        return (name == "file" ? "message-" + count : name) + ".eml";
    }
    case part_kind::invitation:
        return "invitation.ics";
    case part_kind::signature:
        return type == "application/pgp-signature" ? "signature.asc" : "smime.p7s";
    case part_kind::encrypted:
        return type == "application/pgp-encrypted" ? "encrypted.asc" : "smime.p7m";
    case part_kind::delivery_report:
        return "delivery-status.txt";
    case part_kind::headers:
        return "headers.txt";
    case part_kind::complaint:
        return "complaint.txt";
    case part_kind::picture:
    case part_kind::file:
        break;
    }
    std::string_view ending;
    for (const auto& [known, its] : endings) {
        if (type == known)
            ending = its;
    }
    return (kind == part_kind::picture ? "picture-" : "attachment-") + count + std::string{ending};
}

} // namespace channels::email
