#include "gateway/wire/actors.hpp"

namespace gateway::wire {

std::string_view actor_word(crm::actor_kind who)
{
    switch (who) {
    case crm::actor_kind::system:
        return "system";
    case crm::actor_kind::customer:
        return "customer";
    case crm::actor_kind::agent:
        return "agent";
    case crm::actor_kind::token:
        return "token";
    case crm::actor_kind::channel:
        return "channel";
    }
    return "unknown";
}

std::string_view via_word(crm::via by)
{
    switch (by) {
    case crm::via::internal:
        return "internal";
    case crm::via::widget:
        return "widget";
    case crm::via::socket:
        return "socket";
    case crm::via::console:
        return "console";
    case crm::via::api:
        return "api";
    case crm::via::mail:
        return "mail";
    case crm::via::webhook:
        return "webhook";
    case crm::via::import:
        return "import";
    case crm::via::command_line:
        return "command_line";
    }
    return "unknown";
}

} // namespace gateway::wire
