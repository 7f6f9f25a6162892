// The control socket: a 0600 unix socket in the data directory, over which the command line speaks
// to a running server. One JSON object in, one out, each on a line.
#pragma once

#include "gateway/control/commands.hpp"

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace gateway::control {

/// Listens while it lives. Io thread.
class control_socket
{
public:
    /// Throws problem{unavailable} when the socket cannot be made. `make` gives the workplace of
    /// now.
    static std::unique_ptr<control_socket> open(
        boost::asio::io_context& io,
        const std::filesystem::path& data,
        std::function<workplace()> make
    );
    virtual ~control_socket() = default;
};

/// Asks the server that owns the directory; nullopt when none runs. Blocks up to 30 s. Throws the
/// problem that the server answered. Call from a command, not from a server.
std::optional<std::string> ask(const std::filesystem::path& data, const std::string& request);

} // namespace gateway::control
