// A private MariaDB server on the loopback: its own directory (in memory where there is /dev/shm,
// for its schema changes sync a dozen files each), its own port, ended with the object. The first
// one of a machine makes a template directory (about a second), later ones copy it.
#pragma once

#include "tests/support/load_process.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace crm::test {

class mariadb
{
public:
    /// Starts it and waits until it answers. Throws std::runtime_error with the server's own words.
    explicit mariadb(std::vector<std::string> options = {});
    ~mariadb();
    mariadb(const mariadb&) = delete;
    mariadb& operator=(const mariadb&) = delete;

    /// True when the server's programs are installed.
    static bool is_installed();
    /// One server for a whole test program.
    static mariadb& shared();

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] pid_t pid() const;
    /// Makes an empty database and returns its store url; `port` 0 means the server's own.
    std::string fresh_database(std::uint16_t port = 0);
    /// SIGKILL; start() brings it back on the same port with what was durable.
    void kill();
    void start();

private:
    void launch();
    void wait_until_ready();

    std::filesystem::path directory_;
    std::vector<std::string> options_;
    std::uint16_t port_ = 0;
    load::process process_;
    int databases_ = 0;
};

} // namespace crm::test
