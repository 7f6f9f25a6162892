// The only instantiation of WebSocket over plain TCP.
#include "gateway/net/streams.hpp"
#include "gateway/net/websocket_session.hpp"

namespace gateway::net {

void open_websocket(
    tcp_socket on,
    const beast_request& head,
    const socket_opener& open,
    std::shared_ptr<transport> of,
    std::unique_ptr<connection_slot> slot
)
{
    using session = websocket_session<tcp_socket>;
    std::make_shared<session>(std::move(on), std::move(of), std::move(slot))->start(head, open);
}

} // namespace gateway::net
