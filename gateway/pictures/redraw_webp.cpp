// WebP by libwebp, still or animated.
#include "gateway/pictures/redraw.hpp"

#include <cstdlib>
#include <memory>
#include <webp/decode.h>
#include <webp/demux.h>
#include <webp/encode.h>
#include <webp/mux.h>

namespace gateway::pictures {

namespace {

using decoder = std::unique_ptr<WebPAnimDecoder, decltype(&WebPAnimDecoderDelete)>;
using encoder = std::unique_ptr<WebPAnimEncoder, decltype(&WebPAnimEncoderDelete)>;

struct freed
{
    WebPPicture held{};
    freed() { WebPPictureInit(&held); }
    freed(const freed&) = delete;
    freed& operator=(const freed&) = delete;
    ~freed() { WebPPictureFree(&held); }
};

WebPConfig settings_for(std::string_view bytes)
{
    WebPBitstreamFeatures of{};
    WebPConfig made{};
    const auto* data = reinterpret_cast<const std::uint8_t*>(bytes.data());
    if (WebPConfigInit(&made) == 0 || WebPGetFeatures(data, bytes.size(), &of) != VP8_STATUS_OK)
        leave(ending::damaged);
    constexpr int format_lossless = 2;
    made.lossless = of.format == format_lossless ? 1 : 0;
    // Lossless, quality is effort: a large picture should not take half a minute.
    made.quality = made.lossless != 0 ? 20 : 90;
    made.method = 1;
    return made;
}

void import(freed& to, const std::uint8_t* pixels, const WebPAnimInfo& of)
{
    to.held.use_argb = 1;
    to.held.width = static_cast<int>(of.canvas_width);
    to.held.height = static_cast<int>(of.canvas_height);
    if (WebPPictureImportRGBA(&to.held, pixels, to.held.width * 4) == 0)
        leave(ending::too_large);
}

std::string still(decoder& from, const WebPAnimInfo& of, const WebPConfig& how)
{
    std::uint8_t* pixels = nullptr;
    int shown_until = 0;
    if (WebPAnimDecoderGetNext(from.get(), &pixels, &shown_until) == 0)
        leave(ending::damaged);
    freed picture;
    import(picture, pixels, of);
    WebPMemoryWriter written;
    WebPMemoryWriterInit(&written);
    picture.held.writer = WebPMemoryWrite;
    picture.held.custom_ptr = &written;
    if (WebPEncode(&how, &picture.held) == 0)
        leave(ending::too_large);
    std::string made{reinterpret_cast<const char*>(written.mem), written.size};
    WebPMemoryWriterClear(&written);
    return made;
}

std::string animated(decoder& from, const WebPAnimInfo& of, const WebPConfig& how)
{
    WebPAnimEncoderOptions options;
    if (WebPAnimEncoderOptionsInit(&options) == 0)
        leave(ending::damaged);
    options.anim_params.loop_count = static_cast<int>(of.loop_count);
    options.anim_params.bgcolor = of.bgcolor;
    const encoder to{
        WebPAnimEncoderNew(
            static_cast<int>(of.canvas_width), static_cast<int>(of.canvas_height), &options
        ),
        WebPAnimEncoderDelete
    };
    if (!to)
        leave(ending::too_large);
    int begins = 0;
    while (WebPAnimDecoderHasMoreFrames(from.get()) != 0) {
        std::uint8_t* pixels = nullptr;
        int ends = 0;
        if (WebPAnimDecoderGetNext(from.get(), &pixels, &ends) == 0)
            leave(ending::damaged);
        freed picture;
        import(picture, pixels, of);
        if (WebPAnimEncoderAdd(to.get(), &picture.held, begins, &how) == 0)
            leave(ending::too_large);
        begins = ends;
    }
    WebPData written;
    WebPDataInit(&written);
    if (WebPAnimEncoderAdd(to.get(), nullptr, begins, nullptr) == 0 ||
        WebPAnimEncoderAssemble(to.get(), &written) == 0)
        leave(ending::too_large);
    std::string made{reinterpret_cast<const char*>(written.bytes), written.size};
    WebPDataClear(&written);
    return made;
}

} // namespace

std::string redraw_webp(std::string_view bytes)
{
    const WebPConfig how = settings_for(bytes);
    const WebPData data{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
    WebPAnimDecoderOptions options;
    if (WebPAnimDecoderOptionsInit(&options) == 0)
        leave(ending::damaged);
    options.color_mode = MODE_RGBA;
    decoder from{WebPAnimDecoderNew(&data, &options), WebPAnimDecoderDelete};
    WebPAnimInfo of{};
    if (!from || WebPAnimDecoderGetInfo(from.get(), &of) == 0)
        leave(ending::damaged);
    return of.frame_count > 1 ? animated(from, of, how) : still(from, of, how);
}

} // namespace gateway::pictures
