#include "tests/support/load_process.hpp"

#include <arpa/inet.h>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <netinet/in.h>
#include <sstream>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace load {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

temp_dir::temp_dir(const std::string& stem)
{
    std::string pattern = (fs::temp_directory_path() / (stem + "-XXXXXX")).string();
    if (::mkdtemp(pattern.data()) == nullptr)
        throw std::system_error{errno, std::generic_category(), "mkdtemp " + pattern};
    path_ = pattern;
}

temp_dir::~temp_dir()
{
    std::error_code ignored;
    fs::remove_all(path_, ignored);
}

usage usage_of(pid_t pid)
{
    usage used;
    const fs::path proc = "/proc/" + std::to_string(pid);
    const std::string stat = read_text(proc / "stat");
    // The name stands in brackets and may hold anything, so reading starts behind the last one.
    const auto bracket = stat.rfind(')');
    if (bracket == std::string::npos)
        return used;
    std::istringstream fields{stat.substr(bracket + 2)};
    std::vector<std::string> words;
    for (std::string word; fields >> word;)
        words.push_back(word);
    if (words.size() < 22)
        return used;
    const auto ticks = std::stod(words[11]) + std::stod(words[12]);
    used.cpu_s = ticks / static_cast<double>(::sysconf(_SC_CLK_TCK));
    used.threads = std::stoi(words[17]);
    used.rss_bytes = std::stoll(words[21]) * ::sysconf(_SC_PAGESIZE);
    std::error_code gone;
    for (fs::directory_iterator at{proc / "fd", gone}, end; !gone && at != end; at.increment(gone))
        ++used.open_files;
    return used;
}

namespace {

[[noreturn]] void become(const launch& what, pid_t parent)
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent)
        ::_exit(127);
    const int in = ::open("/dev/null", O_RDONLY);
    const std::string name = what.output.empty() ? "/dev/null" : what.output.string();
    const int out = ::open(name.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
    if (in < 0 || out < 0)
        ::_exit(126);
    ::dup2(in, 0);
    ::dup2(out, 1);
    ::dup2(out, 2);
    // Sockets and files of the driver are none of the child's business.
    ::close_range(3, ~0U, 0);
    if (!what.directory.empty() && ::chdir(what.directory.c_str()) != 0)
        ::_exit(126);
    if (what.user != 0 && (::setgid(what.group) != 0 || ::setuid(what.user) != 0))
        ::_exit(126);
    // setuid clears the death signal.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (const auto& pair : what.environment)
        ::putenv(const_cast<char*>(pair.c_str()));
    std::vector<char*> argv;
    for (const auto& word : what.argv)
        argv.push_back(const_cast<char*>(word.c_str()));
    argv.push_back(nullptr);
    ::execvp(argv[0], argv.data());
    ::_exit(127);
}

} // namespace

process::process(const launch& what)
{
    const pid_t parent = ::getpid();
    pid_ = ::fork();
    if (pid_ < 0)
        throw std::system_error{errno, std::generic_category(), "fork"};
    if (pid_ == 0)
        become(what, parent);
}

process::~process()
{
    kill_now();
}

process::process(process&& other) noexcept : pid_{std::exchange(other.pid_, -1)}, code_{other.code_}
{
}

process& process::operator=(process&& other) noexcept
{
    if (this != &other) {
        kill_now();
        pid_ = std::exchange(other.pid_, -1);
        code_ = other.code_;
    }
    return *this;
}

bool process::collect(bool block)
{
    if (pid_ < 0)
        return true;
    int status = 0;
    pid_t got = 0;
    do {
        got = ::waitpid(pid_, &status, block ? 0 : WNOHANG);
    } while (got < 0 && errno == EINTR);
    if (got == 0)
        return false;
    code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    pid_ = -1;
    return true;
}

bool process::is_running()
{
    return pid_ >= 0 && !collect(false);
}

void process::kill_now()
{
    if (pid_ < 0)
        return;
    ::kill(pid_, SIGKILL);
    collect(true);
}

int process::wait(std::chrono::milliseconds patience)
{
    const auto deadline = std::chrono::steady_clock::now() + patience;
    while (!collect(false)) {
        if (std::chrono::steady_clock::now() > deadline)
            throw std::runtime_error{"process " + std::to_string(pid_) + " did not end in time"};
        std::this_thread::sleep_for(2ms);
    }
    return code_;
}

int process::stop(std::chrono::milliseconds patience)
{
    if (pid_ < 0)
        return code_;
    ::kill(pid_, SIGTERM);
    try {
        return wait(patience);
    } catch (const std::runtime_error&) {
        kill_now();
        return code_;
    }
}

std::string run_and_read(const launch& what, std::chrono::milliseconds patience)
{
    const temp_dir place{"parley-run"};
    launch with = what;
    with.output = place.path() / "output";
    process running{with};
    const int code = running.wait(patience);
    std::string said = read_text(with.output);
    if (code != 0)
        throw std::runtime_error{
            what.argv.front() + " ended with " + std::to_string(code) + ": " + said
        };
    return said;
}

std::uint16_t wait_for_port(
    const fs::path& file, process& server, const fs::path& log, std::chrono::milliseconds patience
)
{
    const auto deadline = std::chrono::steady_clock::now() + patience;
    for (;;) {
        const std::string text = read_text(file);
        if (!text.empty() && text.back() == '\n')
            return static_cast<std::uint16_t>(std::stoi(text));
        if (!server.is_running())
            throw std::runtime_error{"the server ended at start: " + tail_of(log, 2000)};
        if (std::chrono::steady_clock::now() > deadline)
            throw std::runtime_error{"the server was not ready in time: " + tail_of(log, 2000)};
        std::this_thread::sleep_for(1ms);
    }
}

std::uint16_t free_port()
{
    const int probe = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in at{};
    at.sin_family = AF_INET;
    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof at;
    const bool bound = ::bind(probe, reinterpret_cast<const sockaddr*>(&at), size) == 0 &&
                       ::getsockname(probe, reinterpret_cast<sockaddr*>(&at), &size) == 0;
    ::close(probe);
    if (!bound)
        throw std::system_error{errno, std::generic_category(), "looking for a free port"};
    return ntohs(at.sin_port);
}

std::string read_text(const fs::path& file)
{
    std::ifstream in{file, std::ios::binary};
    std::ostringstream all;
    all << in.rdbuf();
    return std::move(all).str();
}

void write_text(const fs::path& file, const std::string& text)
{
    const fs::path draft = file.string() + ".new";
    std::ofstream out{draft, std::ios::binary | std::ios::trunc};
    out << text;
    out.close();
    if (!out)
        throw std::runtime_error{"cannot write " + draft.string()};
    fs::rename(draft, file);
}

std::string tail_of(const fs::path& file, std::size_t bytes)
{
    std::string all = read_text(file);
    return all.size() > bytes ? all.substr(all.size() - bytes) : all;
}

} // namespace load
