#include "tests/support/mariadb.hpp"

#include "crm/base/problem.hpp"
#include "crm/store/mysql.hpp"

#include <arpa/inet.h>
#include <cstdlib>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/file.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

namespace crm::test {

namespace {

using namespace std::chrono_literals;

std::string found_program(const std::string& name)
{
    for (const char* folder : {"/usr/sbin/", "/usr/bin/", "/usr/local/bin/"})
        if (access((folder + name).c_str(), X_OK) == 0)
            return folder + name;
    return {};
}

std::filesystem::path fresh_directory()
{
    const std::filesystem::path memory{"/dev/shm"};
    const bool in_memory = access(memory.c_str(), W_OK) == 0;
    std::string name =
        ((in_memory ? memory : std::filesystem::temp_directory_path()) / "parley-mariadb-XXXXXX")
            .string();
    if (mkdtemp(name.data()) == nullptr)
        throw std::runtime_error{"no directory for MariaDB can be made at " + name};
    return name;
}

/// A port that was free a moment ago.
std::uint16_t free_port()
{
    const int probe = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    const bool bound = bind(probe, reinterpret_cast<sockaddr*>(&address), size) == 0 &&
                       getsockname(probe, reinterpret_cast<sockaddr*>(&address), &size) == 0;
    close(probe);
    if (!bound)
        throw std::runtime_error{"no free port on the loopback"};
    return ntohs(address.sin_port);
}

/// An installed, empty data directory, made once for this user.
std::filesystem::path template_directory()
{
    const auto parent = std::filesystem::temp_directory_path();
    const auto made = parent / ("parley-mariadb-" + std::to_string(getuid()));
    const int lock = open((made.string() + ".lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (lock < 0 || flock(lock, LOCK_EX) != 0)
        throw std::runtime_error{"the template's lock can't be taken"};
    if (!std::filesystem::exists(made)) {
        const auto fresh = made.string() + ".fresh";
        std::filesystem::remove_all(fresh);
        load::launch install;
        install.argv = {
            found_program("mariadb-install-db"),
            "--no-defaults",
            "--datadir=" + fresh,
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
            "--user=" + std::string{getuid() == 0 ? "root" : ""}
        };
        if (getuid() != 0)
            install.argv.pop_back();
        load::run_and_read(install, 60s);
        std::filesystem::rename(fresh, made);
    }
    close(lock);
    return made;
}

} // namespace

bool mariadb::is_installed()
{
    return !found_program("mariadbd").empty() && !found_program("mariadb-install-db").empty();
}

mariadb& mariadb::shared()
{
    // Nothing here outlives a power cut, so nothing waits for the disk.
    static mariadb one{{"--innodb-flush-method=nosync", "--innodb-doublewrite=0"}};
    return one;
}

mariadb::mariadb(std::vector<std::string> options)
    : directory_{fresh_directory()}, options_{std::move(options)}, port_{free_port()}
{
    std::filesystem::copy(
        template_directory(), directory_ / "data", std::filesystem::copy_options::recursive
    );
    start();
}

mariadb::~mariadb()
{
    if (process_.is_running())
        process_.stop(10s);
    std::error_code failed;
    std::filesystem::remove_all(directory_, failed);
}

pid_t mariadb::pid() const
{
    return process_.pid();
}

void mariadb::kill()
{
    process_.kill_now();
}

void mariadb::start()
{
    launch();
    wait_until_ready();
}

void mariadb::launch()
{
    load::launch server;
    const std::string folder = directory_.string();
    server.argv = {
        found_program("mariadbd"),
        "--no-defaults",
        "--datadir=" + folder + "/data",
        "--socket=" + folder + "/socket",
        "--pid-file=" + folder + "/pid",
        "--bind-address=127.0.0.1",
        "--port=" + std::to_string(port_),
        "--skip-log-bin",
        "--performance-schema=0",
        "--skip-name-resolve",
        "--innodb-buffer-pool-size=64M"
    };
    if (getuid() == 0)
        server.argv.emplace_back("--user=root");
    server.argv.insert(server.argv.end(), options_.begin(), options_.end());
    server.output = directory_ / "log";
    process_ = load::process{server};
}

void mariadb::wait_until_ready()
{
    const db::mysql_address address{
        "tcp://127.0.0.1:" + std::to_string(port_), "root", "", "mysql"
    };
    std::string last;
    for (int tries = 0; tries < 600; ++tries) {
        if (!process_.is_running())
            break;
        try {
            db::open_mysql(address, db::session::writer);
            return;
        } catch (const problem&) {
            return; // it answers; that its settings are refused is for the test to see
        } catch (const std::exception& failed) {
            last = failed.what();
        }
        std::this_thread::sleep_for(20ms);
    }
    throw std::runtime_error{
        "MariaDB does not start: " + last + "\n" + load::tail_of(directory_ / "log", 2000)
    };
}

std::string mariadb::fresh_database(std::uint16_t port)
{
    const std::string name = "parley_" + std::to_string(++databases_);
    const db::mysql_address address{
        "tcp://127.0.0.1:" + std::to_string(port_), "root", "", "mysql"
    };
    db::open_mysql(address, db::session::writer)->run_once("CREATE DATABASE " + name);
    return "mysql://root@127.0.0.1:" + std::to_string(port == 0 ? port_ : port) + "/" + name;
}

} // namespace crm::test
