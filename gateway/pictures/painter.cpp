#include "gateway/pictures/painter.hpp"

#include "crm/base/log.hpp"
#include "crm/base/problem.hpp"
#include "gateway/pictures/redraw.hpp"

#include <array>
#include <boost/asio/async_result.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <utility>

namespace gateway::pictures {

namespace asio = boost::asio;
using clock_type = std::chrono::steady_clock;

namespace {

constexpr int longest_queue = 32;
constexpr int most_looks = 500;
constexpr std::chrono::milliseconds between_looks{2};

crm::problem cannot_start()
{
    return crm::problem{
        crm::errc::unavailable, "Pictures cannot be taken right now; try again in a moment."
    };
}

crm::problem takes_too_much()
{
    return crm::problem{
        crm::errc::too_large, "This picture takes too much to open; make it smaller and retry."
    };
}

/// A running child and our end of the line to it; killed with this unless it was waited for.
class running
{
public:
    explicit running(const std::string& program)
    {
        std::array<int, 2> ends{};
        if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0)
            throw cannot_start();
        line_ = ends[0];
        posix_spawn_file_actions_t files{};
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_adddup2(&files, ends[1], STDIN_FILENO);
        posix_spawn_file_actions_adddup2(&files, ends[1], STDOUT_FILENO);
        posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
        std::string name = "parley";
        std::string command = "redraw";
        std::array<char*, 3> words{name.data(), command.data(), nullptr};
        std::array<char*, 1> nothing{nullptr}; // the environment may hold secrets
        const int failed =
            posix_spawn(&id_, program.c_str(), &files, nullptr, words.data(), nothing.data());
        posix_spawn_file_actions_destroy(&files);
        close(ends[1]);
        if (failed == 0)
            return;
        close(line_);
        throw cannot_start();
    }
    running(const running&) = delete;
    running& operator=(const running&) = delete;
    ~running()
    {
        close(line_);
        if (id_ > 0) {
            kill(id_, SIGKILL);
            reap();
        }
    }

    [[nodiscard]] int line() const { return line_; }

    /// The child's wait status. It has said its last word; one that stays nevertheless is killed.
    int end()
    {
        int status = 0;
        for (int looks = 0; looks < most_looks; ++looks) {
            if (waitpid(id_, &status, WNOHANG) == id_) {
                id_ = 0;
                return status;
            }
            std::this_thread::sleep_for(between_looks);
        }
        kill(id_, SIGKILL);
        return reap();
    }

private:
    int reap()
    {
        int status = 0;
        while (waitpid(id_, &status, 0) < 0 && errno == EINTR) {
        }
        id_ = 0;
        return status;
    }

    pid_t id_ = 0;
    int line_ = -1;
};

/// Writes the picture and reads what comes back, until the child has said everything.
std::string exchange(const running& with, std::string_view bytes, clock_type::time_point until)
{
    std::string answer;
    std::array<char, 64 * 1024> piece{};
    bool said = false;
    for (;;) {
        const auto left =
            std::chrono::duration_cast<std::chrono::milliseconds>(until - clock_type::now());
        pollfd line{with.line(), static_cast<short>(said ? POLLIN : POLLIN | POLLOUT), 0};
        if (left.count() <= 0 || poll(&line, 1, static_cast<int>(left.count())) == 0)
            throw takes_too_much();
        if (!said && (line.revents & POLLOUT) != 0) {
            const auto put =
                send(with.line(), bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
            if (put > 0)
                bytes.remove_prefix(static_cast<std::size_t>(put));
            said = bytes.empty() || (put < 0 && errno != EAGAIN && errno != EINTR);
            if (said)
                shutdown(with.line(), SHUT_WR);
        }
        if ((line.revents & (POLLIN | POLLHUP | POLLERR)) == 0)
            continue;
        const auto got = recv(with.line(), piece.data(), piece.size(), MSG_DONTWAIT);
        if (got > 0)
            answer.append(piece.data(), static_cast<std::size_t>(got));
        else if (got == 0 || (errno != EAGAIN && errno != EINTR))
            return answer;
        if (answer.size() > most_bytes)
            throw takes_too_much();
    }
}

std::string redraw_now(const painter_settings& how, const std::string& bytes)
{
    running child{how.program};
    auto made = exchange(child, bytes, clock_type::now() + how.patience);
    const int status = child.end();
    if (WIFSIGNALED(status)) {
        const int by = WTERMSIG(status);
        crm::logging::warning("picture.killed", {{"signal", by}, {"bytes", bytes.size()}});
        if (by == SIGXCPU || by == SIGKILL)
            throw takes_too_much();
    }
    const auto end = WIFEXITED(status) ? static_cast<ending>(WEXITSTATUS(status)) : ending::damaged;
    switch (end) {
    case ending::drawn:
        return made;
    case ending::too_large:
        throw takes_too_much();
    case ending::damaged:
        throw crm::problem{crm::errc::invalid, "This picture is damaged; save it again and retry."};
    case ending::unlocked:
        break;
    }
    crm::logging::error("picture.not_drawn", {{"status", status}});
    throw cannot_start();
}

} // namespace

painter::painter(asio::io_context& io, painter_settings how) : io_{io}, how_{std::move(how)} {}

painter::~painter()
{
    thread_.join();
}

asio::awaitable<std::string> painter::redraw(std::string bytes)
{
    if (waiting_ >= longest_queue)
        throw crm::problem{crm::errc::busy, "Many pictures arrive right now; try again soon."}
            .retry_after(std::chrono::seconds{5});
    ++waiting_;
    auto start = [this, &bytes](auto handler) {
        auto done = std::make_shared<decltype(handler)>(std::move(handler));
        asio::post(thread_, [this, kept = std::move(bytes), done] {
            std::exception_ptr failed;
            std::string made;
            try {
                made = redraw_now(how_, kept);
            } catch (...) {
                failed = std::current_exception();
            }
            // Moved, so that the caller is the last one to hold the error.
            asio::post(
                io_,
                [this, done, failed = std::move(failed), made = std::move(made)]() mutable {
                    --waiting_;
                    (*done)(std::move(failed), std::move(made));
                }
            );
        });
    };
    co_return co_await asio::async_initiate<
        const asio::use_awaitable_t<>,
        void(std::exception_ptr, std::string)>(start, asio::use_awaitable);
}

} // namespace gateway::pictures
