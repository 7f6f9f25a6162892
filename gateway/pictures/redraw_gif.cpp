// GIF by giflib: frames, times and looping, without comments and foreign blocks.
#include "gateway/pictures/redraw.hpp"

#include <algorithm>
#include <cstring>
#include <gif_lib.h>

namespace gateway::pictures {

namespace {

struct source
{
    std::string_view left;
};

int read_some(GifFileType* file, GifByteType* into, int wanted)
{
    auto& from = *static_cast<source*>(file->UserData);
    const auto size = std::min(static_cast<std::size_t>(std::max(wanted, 0)), from.left.size());
    std::memcpy(into, from.left.data(), size);
    from.left.remove_prefix(size);
    return static_cast<int>(size);
}

int write_some(GifFileType* file, const GifByteType* bytes, int size)
{
    auto& to = *static_cast<std::string*>(file->UserData);
    if (to.size() + static_cast<std::size_t>(size) > most_bytes)
        leave(ending::too_large);
    to.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
    return size;
}

/// Times and transparency belong to a frame; of applications' blocks only the one that says how
/// often the picture repeats.
void drop_foreign_blocks(SavedImage& of)
{
    constexpr std::string_view looping = "NETSCAPE2.0";
    int kept = 0;
    bool keeps_continuation = false;
    for (int i = 0; i < of.ExtensionBlockCount; ++i) {
        const ExtensionBlock one = of.ExtensionBlocks[i];
        const std::string_view bytes{
            reinterpret_cast<const char*>(one.Bytes), static_cast<std::size_t>(one.ByteCount)
        };
        const bool continues = one.Function == CONTINUE_EXT_FUNC_CODE;
        const bool loops = one.Function == APPLICATION_EXT_FUNC_CODE && bytes == looping;
        const bool keeps = one.Function == GRAPHICS_EXT_FUNC_CODE || loops ||
                           (continues && keeps_continuation && bytes.size() <= 4);
        keeps_continuation = loops || (continues && keeps_continuation);
        if (keeps)
            of.ExtensionBlocks[kept++] = one;
    }
    of.ExtensionBlockCount = kept;
}

} // namespace

std::string redraw_gif(std::string_view bytes)
{
    int failed = 0;
    source from{bytes};
    // What giflib allocates is given back when the process ends, which is right after.
    GifFileType* const in = DGifOpen(&from, read_some, &failed);
    if (in == nullptr || DGifSlurp(in) != GIF_OK || in->ImageCount < 1)
        leave(ending::damaged);
    for (int i = 0; i < in->ImageCount; ++i)
        drop_foreign_blocks(in->SavedImages[i]);
    std::string made;
    GifFileType* const out = EGifOpen(&made, write_some, &failed);
    if (out == nullptr)
        leave(ending::too_large);
    out->SWidth = in->SWidth;
    out->SHeight = in->SHeight;
    out->SColorResolution = in->SColorResolution;
    out->SBackGroundColor = in->SBackGroundColor;
    out->SColorMap = in->SColorMap;
    in->SColorMap = nullptr; // closing the writer frees it
    out->SavedImages = in->SavedImages;
    out->ImageCount = in->ImageCount;
    if (EGifSpew(out) != GIF_OK)
        leave(ending::damaged);
    return made;
}

} // namespace gateway::pictures
