// The cell in which pictures are decoded. Each case runs in a child of the test, which stays locked
// in until its end.
#include "gateway/pictures/sandbox.hpp"

#include <catch2/catch.hpp>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <functional>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

constexpr int locked_in = 10;

/// The wait status of a child that is locked in, does this and leaves.
int after(const std::function<int()>& what)
{
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0)
        _exit(gateway::pictures::lock_in() ? what() : 99);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    return status;
}

bool was_killed(int status)
{
    return WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
}

} // namespace

TEST_CASE("a process that is locked in still computes and leaves")
{
#if defined(__has_feature)
#if __has_feature(thread_sanitizer)
    return; // after a fork this sanitizer starts a thread of its own, which the cell rightly ends
#endif
#endif
    const int status = after([] {
        const std::vector<char> some(1'000'000, 'x');
        return some[999'999] == 'x' ? locked_in : 1;
    });
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == locked_in);
}

TEST_CASE("a process that is locked in reaches neither network, files nor other processes")
{
    CHECK(was_killed(after([] { return socket(AF_INET, SOCK_STREAM, 0) >= 0 ? 1 : 2; })));
    CHECK(was_killed(after([] { return open("/etc/passwd", O_RDONLY) >= 0 ? 1 : 2; })));
    CHECK(was_killed(after([] { return fork() >= 0 ? 1 : 2; })));
    CHECK(was_killed(after([] { return execl("/bin/true", "true", nullptr); })));
    CHECK(was_killed(after([] { return kill(getppid(), 0) == 0 ? 1 : 2; })));
}

TEST_CASE("a process that is locked in gets no more memory than decoding needs")
{
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
    return; // the sanitizers' own address space leaves no room for this limit
#endif
#endif
    const int status = after([] {
        constexpr std::size_t too_much = 1'400ULL * 1024 * 1024;
        void* got =
            mmap(nullptr, too_much, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        return got == MAP_FAILED && errno == ENOMEM ? locked_in : 1;
    });
    REQUIRE(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == locked_in);
}
