// The program that draws one picture: `parley redraw`, started by the painter for each picture.
#pragma once

namespace gateway::pictures {

/// Locks the process in, reads a picture from standard input until its end, writes it anew to
/// standard output, and ends the process with an `ending`.
[[noreturn]] void run_child();

} // namespace gateway::pictures
