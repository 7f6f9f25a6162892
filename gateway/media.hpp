// What bytes are, by the bytes themselves: type, size in pixels, and the same picture without what
// its camera wrote into it. Pure, bounded by the input; any thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gateway {

struct media
{
    std::string type;        // "image/png"
    bool is_picture = false; // may be shown inline
    int width = 0;           // pictures, 0 when the header does not say
    int height = 0;
};

/// Tells the type by the first bytes. `claimed` and `name` decide only between harmless types whose
/// bytes say nothing (text, CSV, Office files in a ZIP). Throws problem{unsupported} for what may
/// not be stored: programs, scripts, HTML, SVG, XML.
media look_at(std::string_view bytes, std::string_view claimed, std::string_view name);

/// The picture without EXIF, XMP, comments and other hidden parts; a JPEG keeps its orientation.
/// Other bytes come back unchanged. Throws problem{invalid} for a picture whose structure is
/// broken.
std::string without_hidden_data(std::string_view bytes, const media& what);

/// How a camera was held, 1 (upright) to 8, by a JPEG's EXIF segment; 1 when it does not say.
int exif_orientation(std::string_view exif);

/// Pictures over this are refused before anybody decodes them.
inline constexpr std::int64_t most_pixels = 50'000'000;

} // namespace gateway
