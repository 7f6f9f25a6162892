// JPEG by libjpeg-turbo.
#include "gateway/media.hpp"
#include "gateway/pictures/redraw.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <jpeglib.h>
#include <vector>

namespace gateway::pictures {

namespace {

constexpr int quality = 90;
constexpr int exif_marker = JPEG_APP0 + 1;
constexpr int profile_marker = JPEG_APP0 + 2;
constexpr unsigned whole_marker = 0xFFFF;

struct raster
{
    JDIMENSION width = 0;
    JDIMENSION height = 0;
    std::size_t depth = 0; // bytes of a pixel
    std::vector<JSAMPLE> pixels{};

    [[nodiscard]] JSAMPLE* at(JDIMENSION column, JDIMENSION row)
    {
        return pixels.data() + (std::size_t{row} * width + column) * depth;
    }
};

/// libjpeg's error handlers may not return; this process has nothing to save.
jpeg_error_mgr* prepare(jpeg_error_mgr& errors)
{
    jpeg_std_error(&errors);
    errors.error_exit = [](j_common_ptr) { leave(ending::damaged); };
    errors.emit_message = [](j_common_ptr, int) {};
    errors.output_message = [](j_common_ptr) {};
    return &errors;
}

int orientation(const jpeg_decompress_struct& in)
{
    for (auto* each = in.marker_list; each != nullptr; each = each->next)
        if (each->marker == exif_marker)
            return exif_orientation({reinterpret_cast<const char*>(each->data), each->data_length});
    return 1;
}

raster read_pixels(jpeg_decompress_struct& in)
{
    jpeg_start_decompress(&in);
    raster made{in.output_width, in.output_height, static_cast<std::size_t>(in.output_components)};
    made.pixels.resize(std::size_t{made.width} * made.height * made.depth);
    while (in.output_scanline < in.output_height) {
        JSAMPROW row = made.at(0, in.output_scanline);
        jpeg_read_scanlines(&in, &row, 1);
    }
    return made;
}

/// The picture as its camera was held; `how` is EXIF's number from 1 to 8.
raster upright(raster from, int how)
{
    if (how <= 1 || how > 8)
        return from;
    const bool lies = how >= 5;
    raster made{lies ? from.height : from.width, lies ? from.width : from.height, from.depth};
    made.pixels.resize(from.pixels.size());
    const JDIMENSION right = from.width - 1;
    const JDIMENSION bottom = from.height - 1;
    const bool mirrors_columns = how == 2 || how == 3 || how == 7 || how == 8;
    const bool mirrors_rows = how == 3 || how == 4 || how == 6 || how == 7;
    for (JDIMENSION y = 0; y < made.height; ++y) {
        for (JDIMENSION x = 0; x < made.width; ++x) {
            const JDIMENSION column = lies ? y : x;
            const JDIMENSION row = lies ? x : y;
            const auto* source = from.at(
                mirrors_columns ? right - column : column, mirrors_rows ? bottom - row : row
            );
            std::copy_n(source, made.depth, made.at(x, y));
        }
    }
    return made;
}

struct profile
{
    JOCTET* bytes = nullptr;
    unsigned size = 0;
};

std::string write(raster& picture, J_COLOR_SPACE colours, const profile& icc)
{
    jpeg_compress_struct out{};
    jpeg_error_mgr errors{};
    out.err = prepare(errors);
    jpeg_create_compress(&out);
    unsigned char* bytes = nullptr;
    unsigned long size = 0;
    jpeg_mem_dest(&out, &bytes, &size);
    out.image_width = picture.width;
    out.image_height = picture.height;
    out.input_components = static_cast<int>(picture.depth);
    out.in_color_space = colours;
    jpeg_set_defaults(&out);
    jpeg_set_quality(&out, quality, TRUE);
    jpeg_start_compress(&out, TRUE);
    if (icc.bytes != nullptr)
        jpeg_write_icc_profile(&out, icc.bytes, icc.size);
    while (out.next_scanline < out.image_height) {
        JSAMPROW row = picture.at(0, out.next_scanline);
        jpeg_write_scanlines(&out, &row, 1);
    }
    jpeg_finish_compress(&out);
    std::string made{reinterpret_cast<const char*>(bytes), size};
    jpeg_destroy_compress(&out);
    std::free(bytes);
    return made;
}

} // namespace

std::string redraw_jpeg(std::string_view bytes)
{
    jpeg_decompress_struct in{};
    jpeg_error_mgr errors{};
    in.err = prepare(errors);
    jpeg_create_decompress(&in);
    jpeg_mem_src(&in, reinterpret_cast<const unsigned char*>(bytes.data()), bytes.size());
    jpeg_save_markers(&in, exif_marker, whole_marker);
    jpeg_save_markers(&in, profile_marker, whole_marker);
    jpeg_read_header(&in, TRUE);
    const int turned = orientation(in);
    auto picture = upright(read_pixels(in), turned);
    const J_COLOR_SPACE colours = in.out_color_space;
    profile icc;
    jpeg_read_icc_profile(&in, &icc.bytes, &icc.size);
    auto made = write(picture, colours, icc);
    std::free(icc.bytes);
    jpeg_destroy_decompress(&in);
    return made;
}

} // namespace gateway::pictures
