// A small blocking WebSocket client for tests. Arrays of frames come out one object at a time.
#pragma once

#include "tests/support/slowness.hpp"

#include <boost/json.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace tests {

class ws_client
{
public:
    using headers = std::vector<std::pair<std::string, std::string>>;

    /// Connects; `refused_with` is the status when the upgrade was refused.
    ws_client(unsigned short port, const std::string& path, const headers& more);
    ~ws_client();
    ws_client(ws_client&&) noexcept;
    ws_client& operator=(ws_client&&) noexcept;

    [[nodiscard]] int refused_with() const;
    void send(const boost::json::value& frame);
    void send_text(const std::string& text);
    void send_binary(const std::string& bytes);
    /// Bytes as they are, below the WebSocket layer.
    void send_raw(const std::string& bytes);

    /// The next object; nullopt when the socket was closed or nothing came within `patience_ms`.
    std::optional<boost::json::object> next(int patience_ms = usual_patience_ms);
    /// The next object for which `fits` holds; all others stay where they are. Fails the test when
    /// none comes.
    boost::json::object until(
        const std::function<bool(const boost::json::object&)>& fits,
        int patience_ms = usual_patience_ms
    );
    /// The next with this op, or event/live with this `what`.
    boost::json::object until_op(const std::string& op, int patience_ms = usual_patience_ms);
    boost::json::object until_what(const std::string& what, int patience_ms = usual_patience_ms);
    /// The answer (ok, err or history) to this cid.
    boost::json::object answer(const std::string& cid, int patience_ms = usual_patience_ms);
    /// Reads until the server closes; the code, 0 when it did not, 1006 when it just went away.
    int close_code(int patience_ms = usual_patience_ms);
    [[nodiscard]] std::string close_reason() const;
    /// Closes properly.
    void close(int code = 1000);

private:
    struct state;
    std::unique_ptr<state> state_;
};

} // namespace tests
