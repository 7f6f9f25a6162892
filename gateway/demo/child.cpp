#include "gateway/demo/child.hpp"

#include "crm/base/problem.hpp"

#include <csignal>
#include <cstdlib>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace gateway::demo {

namespace {

constexpr std::chrono::seconds patience{10};

} // namespace

child child::start(const std::vector<std::string>& words)
{
    std::vector<char*> list;
    std::vector<std::string> copy = words;
    for (auto& each : copy)
        list.push_back(each.data());
    list.push_back(nullptr);
    const pid_t parent = getpid();
    child made;
    made.id_ = fork();
    if (made.id_ < 0)
        throw crm::problem{
            crm::errc::unavailable, "Cannot start another process; the system has too many."
        };
    if (made.id_ == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        setpgid(0, 0); // keys such as Ctrl+C are the supervisor's to handle
        if (getppid() == parent) {
            dup2(STDERR_FILENO, STDOUT_FILENO);
            execv("/proc/self/exe", list.data());
        }
        _exit(127);
    }
    return made;
}

child::child(child&& other) noexcept : id_{std::exchange(other.id_, 0)} {}

child& child::operator=(child&& other) noexcept
{
    if (this != &other) {
        end();
        id_ = std::exchange(other.id_, 0);
    }
    return *this;
}

child::~child()
{
    end();
}

bool child::is_running()
{
    if (id_ == 0)
        return false;
    if (waitpid(id_, nullptr, WNOHANG) == 0)
        return true;
    id_ = 0;
    return false;
}

void child::signal(int number) const
{
    if (id_ != 0)
        kill(id_, number);
}

void child::wait()
{
    if (id_ != 0)
        waitpid(id_, nullptr, 0);
    id_ = 0;
}

void child::end()
{
    if (id_ == 0)
        return;
    signal(SIGTERM);
    const auto until = std::chrono::steady_clock::now() + patience;
    while (is_running() && std::chrono::steady_clock::now() < until)
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    signal(SIGKILL);
    wait();
}

} // namespace gateway::demo
