// The demo's simulated visitors: a process of their own that talks to the server over the public
// socket, as any browser would.
#pragma once

#include <cstdint>
#include <functional>

namespace gateway::demo {

/// Chats at about this many messages a minute until SIGTERM. Returns the exit status.
int chatter(unsigned short port, int per_minute);
/// 200 messages as fast as 20 visitors get them acknowledged.
int burst(unsigned short port);

/// What a show of killing the server found.
struct proof
{
    std::int64_t acknowledged = 0;
    std::int64_t lost = 0;
    std::int64_t doubled = 0;
    bool gap_free = true;
};
/// Writes without pause from 20 visitors, calls `strike` after two seconds (it kills and restarts
/// the server), goes on for a second, then reads everything back and counts. Blocks for some
/// seconds.
proof prove(unsigned short port, const std::function<void()>& strike);

} // namespace gateway::demo
