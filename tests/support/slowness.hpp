// How much patience tests need where the server runs under a sanitizer. Only bounds on time and
// memory are multiplied; what is checked stays the same.
#pragma once

#include <cstdint>

namespace tests {

#ifdef PARLEY_SANITIZED
/// A sanitizer makes code three to ten times slower, and the machine is shared with a compiler.
inline constexpr int slowness = 4;
/// What a sanitizer itself adds to a process: freed memory that it holds back to recognise late
/// uses (256 MiB by default), and the shadow of what is in use.
inline constexpr std::int64_t overhead_kib = std::int64_t{512} * 1024;
#else
inline constexpr int slowness = 1;
inline constexpr std::int64_t overhead_kib = 0;
#endif

/// How long a test waits for what should come at once.
inline constexpr int usual_patience_ms = 5'000 * slowness;

} // namespace tests
