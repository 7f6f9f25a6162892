// Places where torture tests make a process die, fail or wait. Compiled in with PARLEY_FAILPOINTS
// (a CMake option) and in debug builds; otherwise a call costs nothing. Any thread.
//     PARLEY_FAILPOINT=store.before_commit:kill:3   SIGKILL at the third pass
//     PARLEY_FAILPOINT=store.before_commit:error:1  throws db::failure{lost} at the first pass
//     PARLEY_FAILPOINT=hub.news:error:0             the same at every pass
//     PARLEY_FAILPOINT=store.before_commit:delay:50 waits 50 ms at every pass
#pragma once

#include <string_view>

#if !defined(NDEBUG) || defined(PARLEY_FAILPOINTS)
#define PARLEY_HAS_FAILPOINTS 1
#else
#define PARLEY_HAS_FAILPOINTS 0
#endif

namespace crm {

#if PARLEY_HAS_FAILPOINTS
/// Does what PARLEY_FAILPOINT (or set_failpoint) says about this place; nothing when it is not
/// named.
void failpoint(std::string_view place);
/// Replaces what the environment said; empty ends it. For tests in the same process.
void set_failpoint(std::string_view spec);
#else
inline void failpoint(std::string_view) {}
#endif

} // namespace crm
