// A real server for tests: the program itself, on port 0, in a directory of its own, stopped when
// it goes out of scope. With small blocking clients for HTTP and WebSocket.
#pragma once

#include "tests/support/server_http.hpp"
#include "tests/support/server_socket.hpp"

#include <filesystem>
#include <map>
#include <string>
#include <sys/types.h>
#include <vector>

namespace tests {

struct server_options
{
    std::map<std::string, std::string> environment; // PARLEY_SECTION__KEY
    std::vector<std::string> words;                 // further words of "serve"
};

/// Somebody who can log in.
struct staff_login
{
    std::string email;
    std::string password;
    std::string role;
    std::string id;
};

class running_server
{
public:
    explicit running_server(server_options how = {});
    ~running_server();
    running_server(const running_server&) = delete;
    running_server& operator=(const running_server&) = delete;

    [[nodiscard]] unsigned short port() const { return port_; }
    [[nodiscard]] unsigned short metrics_port() const { return metrics_port_; }
    [[nodiscard]] std::string origin() const { return "http://localhost:" + std::to_string(port_); }
    [[nodiscard]] const std::filesystem::path& data() const { return data_; }
    [[nodiscard]] pid_t pid() const { return pid_; }

    /// Runs "parley WORDS --data DIR --json" and returns its output; requires status 0.
    std::string command(const std::vector<std::string>& words) const;
    /// Makes an agent with a password who can log in.
    staff_login add_agent(const std::string& role, const std::string& name = "Ana Flores");
    /// An API token with these scopes.
    std::string add_token(const std::vector<std::string>& scopes);
    /// An HTTP client that is logged in.
    http_client log_in(const staff_login& who) const;
    [[nodiscard]] http_client anonymous() const { return http_client{port_}; }

    /// Kills it without a word and starts it again on the same port and data.
    void kill_and_restart();
    /// The same with these variables, too, from now on.
    void kill_and_restart(const std::map<std::string, std::string>& environment);
    /// Kills it, puts a copy of the backup in its data's place and starts it on the same port.
    void restore(const std::filesystem::path& backup);
    void signal(int number) const;
    /// Waits until it ended by itself; its exit status, -1 when it did not within `patience_ms`.
    int wait(int patience_ms);

private:
    void start(unsigned short port);
    void stop();
    void kill();

    server_options how_;
    std::filesystem::path data_;
    pid_t pid_ = 0;
    unsigned short port_ = 0;
    unsigned short metrics_port_ = 0;
    int made_ = 0;
};

/// The program under test, beside the test program.
std::filesystem::path program();

/// An inbox named `slug` that embeds nowhere; its id.
std::string add_inbox(http_client& admin, const std::string& slug);

} // namespace tests
