#include "channels/socket/socket.hpp"

namespace channels::socket {

routing::incoming from_app(routing::incoming message, const app_user& who)
{
    message.channel = "socket";
    message.visitor_key.clear();
    message.identity_kind = "platform";
    message.identity_address = who.id;
    message.verified = true;
    if (!who.name.empty())
        message.name = who.name;
    return message;
}

} // namespace channels::socket
