// The frame layer itself: a WebSocket over a stream in memory reads what the fuzzer sends, with the
// same limits as a real one.
#include <boost/asio/io_context.hpp>
#include <boost/beast/_experimental/test/stream.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <cstdint>
#include <cstdlib>

namespace beast = boost::beast;
namespace websocket = beast::websocket;

namespace {

constexpr std::size_t frame_limit = 64 * 1024;
constexpr std::string_view upgrade =
    "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n";

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    boost::asio::io_context io;
    beast::test::stream client{io};
    websocket::stream<beast::test::stream, false> server{io};
    server.next_layer().connect(client);
    server.read_message_max(frame_limit);
    client.write_some(boost::asio::buffer(upgrade.data(), upgrade.size()));
    beast::error_code failed;
    server.accept(failed);
    if (failed)
        std::abort(); // the handshake is ours and right
    client.write_some(boost::asio::buffer(data, size), failed);
    client.close();
    beast::flat_buffer buffer;
    for (int frames = 0; frames < 1'000; ++frames) {
        server.read(buffer, failed);
        if (failed)
            return 0;
        if (buffer.size() > frame_limit)
            std::abort();
        buffer.consume(buffer.size());
    }
    return 0;
}
