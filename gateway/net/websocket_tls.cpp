// The only instantiation of WebSocket over TLS.
#include "gateway/net/streams.hpp"
#include "gateway/net/websocket_session.hpp"

#include <boost/beast/websocket/ssl.hpp>

namespace gateway::net {

void open_websocket(
    tls_stream on,
    const beast_request& head,
    const socket_opener& open,
    std::shared_ptr<transport> of,
    std::unique_ptr<connection_slot> slot
)
{
    using session = websocket_session<tls_stream>;
    boost::beast::get_lowest_layer(on).expires_never();
    std::make_shared<session>(std::move(on), std::move(of), std::move(slot))->start(head, open);
}

} // namespace gateway::net
