// The server under test: its data directory, its settings with the limits raised, its life and its
// deaths, and the sockets that speak to it. Any one thread.
#pragma once

#include "tests/support/load_http.hpp"
#include "tests/support/load_process.hpp"
#include "tests/support/load_relay.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace load {

struct server_settings
{
    std::filesystem::path binary;         // build/.../parley
    std::string store_url;                // empty = SQLite in the data directory
    int agents = 2;                       // accounts that may see every conversation
    std::vector<std::string> environment; // added to the server's
    std::vector<std::string> extra;       // further lines of the settings file
};

class server
{
public:
    /// Makes an installation in a temporary directory: one inbox, `agents` accounts.
    explicit server(server_settings how);

    /// Starts it on a free port and waits until it answers; milliseconds from exec to ready.
    double start();
    void kill_now() { running_.kill_now(); }
    /// SIGTERM; returns its exit code.
    int stop() { return running_.stop(std::chrono::seconds{40}); }
    [[nodiscard]] bool is_running() { return running_.is_running(); }

    [[nodiscard]] pid_t pid() const { return running_.pid(); }
    [[nodiscard]] endpoint where() const { return where_; }
    [[nodiscard]] const std::string& inbox() const { return inbox_; }
    [[nodiscard]] std::filesystem::path data() const { return place_.path() / "data"; }
    [[nodiscard]] std::filesystem::path database_file() const { return data() / "parley.db"; }
    [[nodiscard]] std::filesystem::path log() const { return place_.path() / "server.log"; }
    /// Logs account `which` (0 ...) in; the server must be running.
    [[nodiscard]] session log_in_agent(int which) const;
    /// A new customer's socket, and an agent's, for the relay workload.
    [[nodiscard]] party visitor_party() const;
    /// `client` names the browser tab: a second socket of the same name replaces the first.
    [[nodiscard]] party agent_party(const session& who, const std::string& client = "bench") const;

private:
    struct account
    {
        std::string email;
        std::string password;
    };
    void write_settings() const;
    void make_accounts();
    void make_inbox();

    server_settings how_;
    temp_dir place_{"parley-load"};
    process running_;
    endpoint where_;
    std::string inbox_ = "web";
    std::vector<account> accounts_;
    bool has_inbox_ = false;
};

} // namespace load
