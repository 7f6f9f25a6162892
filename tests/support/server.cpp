#include "tests/support/server.hpp"

#include "tests/support/slowness.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace tests {

namespace fs = std::filesystem;

namespace {

constexpr std::chrono::seconds start_patience{30 * slowness};

unsigned short read_port(const fs::path& file)
{
    unsigned port = 0;
    std::ifstream{file} >> port;
    return static_cast<unsigned short>(port);
}

} // namespace

fs::path program()
{
    return fs::read_symlink("/proc/self/exe").parent_path().parent_path() / "parley";
}

running_server::running_server(server_options how) : how_{std::move(how)}
{
    auto name = (fs::temp_directory_path() / "parley-test-XXXXXX").string();
    if (!mkdtemp(name.data()))
        throw std::runtime_error{"cannot make a temporary directory"};
    data_ = name;
    start(0);
}

running_server::~running_server()
{
    stop();
    std::error_code ignored;
    fs::remove_all(data_, ignored);
}

void running_server::start(unsigned short port)
{
    const auto port_file = data_ / "port";
    std::error_code ignored;
    fs::remove(port_file, ignored);
    std::vector<std::string> words{
        program().string(),
        "serve",
        "--data",
        data_.string(),
        "--listen",
        "127.0.0.1:" + std::to_string(port),
        "--metrics",
        "127.0.0.1:0",
        "--port-file",
        port_file.string()
    };
    words.insert(words.end(), how_.words.begin(), how_.words.end());
    std::vector<char*> list;
    for (auto& each : words)
        list.push_back(each.data());
    list.push_back(nullptr);
    const auto parent = getpid();
    pid_ = fork();
    if (pid_ == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent)
            _exit(1);
        for (const auto& [key, value] : how_.environment)
            setenv(key.c_str(), value.c_str(), 1);
        setenv("PARLEY_LOG__LEVEL", "error", 0);
        execv(list[0], list.data());
        _exit(127);
    }
    const auto until = std::chrono::steady_clock::now() + start_patience;
    while (!fs::exists(port_file)) {
        if (waitpid(pid_, nullptr, WNOHANG) != 0 || std::chrono::steady_clock::now() > until)
            throw std::runtime_error{"the server did not start: " + program().string()};
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    port_ = read_port(port_file);
    metrics_port_ = read_port(port_file.string() + ".metrics");
}

void running_server::stop()
{
    if (pid_ == 0)
        return;
    signal(SIGTERM);
    signal(SIGTERM); // at once: nobody waits for sockets to be drained
    const int status = wait(10'000 * slowness);
    if (status < 0) {
        kill();
    }
    // Also how a sanitizer says that it found something: leaks, when all else is done.
    if (status != 0)
        FAIL_CHECK("the server did not end well: status " << status << " (-1: not at all)");
}

int running_server::wait(int patience_ms)
{
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds{patience_ms};
    int status = 0;
    while (std::chrono::steady_clock::now() < until) {
        if (pid_ != 0 && waitpid(pid_, &status, WNOHANG) == pid_) {
            pid_ = 0;
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        }
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    return -1;
}

void running_server::signal(int number) const
{
    if (pid_ != 0)
        ::kill(pid_, number);
}

void running_server::kill()
{
    if (pid_ == 0)
        return; // it ended by itself, and its exit was waited for
    signal(SIGKILL);
    waitpid(pid_, nullptr, 0);
    pid_ = 0;
}

void running_server::kill_and_restart()
{
    kill();
    start(port_);
}

void running_server::kill_and_restart(const std::map<std::string, std::string>& environment)
{
    for (const auto& [name, text] : environment)
        how_.environment[name] = text;
    kill_and_restart();
}

void running_server::restore(const fs::path& backup)
{
    kill();
    fs::remove_all(data_);
    fs::copy(backup, data_, fs::copy_options::recursive);
    fs::permissions(data_, fs::perms::owner_all);
    start(port_);
}

std::string running_server::command(const std::vector<std::string>& words) const
{
    std::string line = "'" + program().string() + "'";
    for (const auto& each : words)
        line += " '" + each + "'";
    line += " --data '" + data_.string() + "' --json";
    FILE* out = popen(line.c_str(), "r");
    if (!out)
        throw std::runtime_error{"cannot run " + line};
    std::string text;
    std::array<char, 4096> part{};
    for (auto size = fread(part.data(), 1, part.size(), out); size > 0;
         size = fread(part.data(), 1, part.size(), out))
        text.append(part.data(), size);
    if (pclose(out) != 0)
        throw std::runtime_error{"failed: " + line + "\n" + text};
    return text;
}

staff_login running_server::add_agent(const std::string& role, const std::string& name)
{
    staff_login made;
    made.email = role + std::to_string(++made_) + "@example.com";
    made.password = "correct horse battery " + std::to_string(made_);
    made.role = role;
    const auto text = command(
        {"user", "add", made.email, "--name", name, "--role", role, "--password", made.password}
    );
    made.id = std::string{boost::json::parse(text).at("id").as_string()};
    return made;
}

std::string running_server::add_token(const std::vector<std::string>& scopes)
{
    std::vector<std::string> words{"token", "create", "--name", "test"};
    for (const auto& each : scopes) {
        words.emplace_back("--scope");
        words.push_back(each);
    }
    return std::string{boost::json::parse(command(words)).at("token").as_string()};
}

http_client running_server::log_in(const staff_login& who) const
{
    http_client made{port_};
    const auto answer =
        made.post("/api/v1/session", {{"email", who.email}, {"password", who.password}});
    if (answer.status != 200)
        throw std::runtime_error{"log-in failed: " + answer.body};
    const auto cookie = answer.header("set-cookie");
    made.use_session(
        cookie.substr(0, cookie.find(';')), std::string{answer.json().at("csrf").as_string()}
    );
    return made;
}

std::string add_inbox(http_client& admin, const std::string& slug)
{
    const auto made = admin.post("/api/v1/inboxes", {{"name", slug}, {"slug", slug}});
    if (made.status != 201)
        throw std::runtime_error{"no inbox: " + made.body};
    return std::string{made.json().at("id").as_string()};
}

} // namespace tests
