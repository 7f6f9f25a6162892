#include "tests/support/server_socket.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/websocket/stream.hpp>
#include <chrono>
#include <deque>
#include <stdexcept>

namespace tests {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace websocket = beast::websocket;

/// Reads in the background of its own io_context, which only runs while a test waits.
struct ws_client::state
{
    asio::io_context io{1};
    websocket::stream<beast::tcp_stream> ws{io};
    beast::flat_buffer buffer;
    std::deque<boost::json::object> frames;
    bool closed = false;
    int code = 0;
    std::string reason;
    int refused = 0;

    void read()
    {
        ws.async_read(buffer, [this](beast::error_code failed, std::size_t) {
            if (failed) {
                closed = true;
                code = failed == websocket::error::closed ? ws.reason().code : 1006;
                reason.assign(ws.reason().reason.data(), ws.reason().reason.size());
                return;
            }
            auto read_value = boost::json::parse(beast::buffers_to_string(buffer.data()));
            buffer.consume(buffer.size());
            if (auto* many = read_value.if_array())
                for (auto& each : *many)
                    frames.push_back(std::move(each.as_object()));
            else
                frames.push_back(std::move(read_value.as_object()));
            read();
        });
    }

    template <class Done>
    void run_until(Done done, int patience_ms)
    {
        const auto until =
            std::chrono::steady_clock::now() + std::chrono::milliseconds{patience_ms};
        io.restart();
        io.poll(); // also with no patience at all: what is here already is read
        while (!done() && std::chrono::steady_clock::now() < until) {
            io.restart();
            io.run_one_for(std::chrono::milliseconds{20});
        }
    }
};

ws_client::ws_client(unsigned short port, const std::string& path, const headers& more)
    : state_{std::make_unique<state>()}
{
    auto& lowest = beast::get_lowest_layer(state_->ws);
    lowest.connect(asio::ip::tcp::endpoint{asio::ip::address_v4::loopback(), port});
    lowest.socket().set_option(asio::ip::tcp::no_delay{true});
    state_->ws.set_option(websocket::stream_base::decorator([more](websocket::request_type& asked) {
        for (const auto& [name, value] : more)
            asked.set(name, value);
    }));
    websocket::response_type answer;
    beast::error_code failed;
    state_->ws.handshake(answer, "localhost:" + std::to_string(port), path, failed);
    if (failed) {
        state_->refused = static_cast<int>(answer.result_int());
        state_->closed = true;
        return;
    }
    state_->read();
}

ws_client::~ws_client()
{
    if (!state_)
        return;
    beast::error_code ignored;
    beast::get_lowest_layer(state_->ws).socket().close(ignored);
    state_->io.restart();
    state_->io.poll();
}

ws_client::ws_client(ws_client&&) noexcept = default;
ws_client& ws_client::operator=(ws_client&&) noexcept = default;

int ws_client::refused_with() const
{
    return state_->refused;
}

void ws_client::send_text(const std::string& text)
{
    beast::error_code failed;
    state_->ws.text(true);
    state_->ws.write(asio::buffer(text), failed);
}

void ws_client::send(const boost::json::value& frame)
{
    send_text(boost::json::serialize(frame));
}

void ws_client::send_binary(const std::string& bytes)
{
    beast::error_code failed;
    state_->ws.binary(true);
    state_->ws.write(asio::buffer(bytes), failed);
}

void ws_client::send_raw(const std::string& bytes)
{
    beast::error_code failed;
    asio::write(beast::get_lowest_layer(state_->ws).socket(), asio::buffer(bytes), failed);
}

std::optional<boost::json::object> ws_client::next(int patience_ms)
{
    state_->run_until([this] { return !state_->frames.empty() || state_->closed; }, patience_ms);
    if (state_->frames.empty())
        return std::nullopt;
    auto first = std::move(state_->frames.front());
    state_->frames.pop_front();
    return first;
}

boost::json::object
ws_client::until(const std::function<bool(const boost::json::object&)>& fits, int patience_ms)
{
    auto& frames = state_->frames;
    const auto found = [&] { return std::find_if(frames.begin(), frames.end(), fits); };
    state_->run_until([&] { return found() != frames.end() || state_->closed; }, patience_ms);
    if (const auto at = found(); at != frames.end()) {
        auto frame = std::move(*at);
        frames.erase(at);
        return frame;
    }
    std::string seen;
    for (const auto& each : frames)
        seen += boost::json::serialize(each).substr(0, 300) + "\n";
    throw std::runtime_error{
        "the frame that was waited for did not come; closed with " + std::to_string(state_->code) +
        " " + state_->reason + "; seen:\n" + seen
    };
}

namespace {

bool has(const boost::json::object& frame, const char* member, const std::string& value)
{
    const auto* found = frame.if_contains(member);
    return found && found->is_string() && found->get_string() == value;
}

} // namespace

boost::json::object ws_client::until_op(const std::string& op, int patience_ms)
{
    return until([&](const auto& frame) { return has(frame, "op", op); }, patience_ms);
}

boost::json::object ws_client::until_what(const std::string& what, int patience_ms)
{
    return until([&](const auto& frame) { return has(frame, "what", what); }, patience_ms);
}

boost::json::object ws_client::answer(const std::string& cid, int patience_ms)
{
    return until(
        [&](const auto& frame) {
            return has(frame, "cid", cid) && (has(frame, "op", "ok") || has(frame, "op", "err") ||
                                              has(frame, "op", "history"));
        },
        patience_ms
    );
}

int ws_client::close_code(int patience_ms)
{
    state_->run_until([this] { return state_->closed; }, patience_ms);
    return state_->code;
}

std::string ws_client::close_reason() const
{
    return state_->reason;
}

void ws_client::close(int code)
{
    state_->ws.async_close(
        websocket::close_reason{static_cast<websocket::close_code>(code)}, [](beast::error_code) {}
    );
    state_->run_until([this] { return state_->closed; }, 2'000);
}

} // namespace tests
