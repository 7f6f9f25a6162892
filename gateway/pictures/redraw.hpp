// Draws a picture anew from its pixels, so that nothing of the file somebody sent remains but what
// can be seen. The decoders are large and read bytes of strangers: this runs only in a child
// process that is locked in (gateway/pictures/sandbox.hpp), and ends that process where a picture
// is damaged.
#pragma once

#include <string>
#include <string_view>

namespace gateway::pictures {

/// How the child ended, as its exit status.
enum class ending : int
{
    drawn = 0,
    damaged = 3,   // not a picture, or one whose structure is broken
    too_large = 4, // more memory or output than is allowed
    unlocked = 5   // the process could not be locked in, so nothing was decoded
};

/// Most bytes of a picture, coming and going.
inline constexpr std::size_t most_bytes = 64 * 1024 * 1024;

/// Ends the process at once, without running destructors.
[[noreturn]] void leave(ending how);

/// The picture as a file of the same type (JPEG, PNG, GIF or WebP, by its first bytes). A JPEG is
/// turned upright and keeps its colour profile; GIF and WebP stay animated, an animated PNG keeps
/// its first picture. Ends the process with `ending::damaged` where it cannot be read. Throws
/// std::bad_alloc.
std::string redraw(std::string_view bytes);

std::string redraw_jpeg(std::string_view bytes);
std::string redraw_png(std::string_view bytes);
std::string redraw_gif(std::string_view bytes);
std::string redraw_webp(std::string_view bytes);

} // namespace gateway::pictures
