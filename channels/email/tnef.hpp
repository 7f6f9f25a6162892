// winmail.dat: what Outlook packs its attachments into for readers that are not Outlook
// (application/ms-tnef, [MS-OXTNEF]). Pure; any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace channels::email {

/// What a TNEF stream holds.
struct tnef_content
{
    struct file
    {
        std::string name; // as stored, not cleaned; may be empty
        std::string type; // the MIME type it names, may be empty
        std::string bytes;
    };

    std::vector<file> files;
    std::string text; // UTF-8, when the stream carries a plain body
    std::string html; // UTF-8, when it carries an HTML body
};

/// Unpacks a TNEF stream; at most `most` files. Nothing when the bytes are not TNEF or are cut off
/// in their first object; a stream damaged later yields what stood before the damage. A rich-text
/// body is not unpacked. Never throws on bytes; costs one pass and copies each file once.
std::optional<tnef_content> read_tnef(std::string_view bytes, std::size_t most = 100);

} // namespace channels::email
