// The cell in which strangers' pictures are decoded. Linux only. Main thread of the child.
#pragma once

namespace gateway::pictures {

/// Gives up, for good, everything that decoding does not need: memory over 1.25 GiB, more than 15 s
/// of CPU, files, processes, and every system call but reading, writing and memory (on x86-64 and
/// ARM64). False: the system refused, and nothing may be decoded.
bool lock_in();

} // namespace gateway::pictures
