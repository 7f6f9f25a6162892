// What the sockets want to know from routing, and tell it: queues, places, loads, who is there.
// Made from the dispatcher by gateway/process.cpp; tests have their own. Io thread.
#pragma once

#include "crm/conversation.hpp"
#include "crm/staff.hpp"
#include "gateway/wire/wire.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace gateway::live {

/// Where a waiting customer stands.
struct queue_place
{
    std::int64_t place = 0;   // 1 = next
    std::int64_t wait_ms = 0; // expected; 0 = not known
};

/// One inbox's waiting line.
struct inbox_queue
{
    crm::inbox_id inbox{};
    std::int64_t waiting = 0;
    std::int64_t longest_ms = 0;
};

class outlook
{
public:
    virtual ~outlook() = default;
    /// nullopt when nobody is waiting in this conversation.
    [[nodiscard]] virtual std::optional<queue_place> place_of(crm::conversation_id which) const = 0;
    [[nodiscard]] virtual std::vector<inbox_queue> queues() const = 0;
    [[nodiscard]] virtual wire::load load_of(crm::agent_id who) const = 0;
    /// True when somebody can take a new customer of this inbox now.
    [[nodiscard]] virtual bool anyone_for(crm::inbox_id which) const = 0;
    /// The first socket of an agent opened, or the last one closed.
    virtual void connected(crm::agent_id who, bool is_here) = 0;
};

} // namespace gateway::live
