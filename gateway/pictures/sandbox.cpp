#include "gateway/pictures/sandbox.hpp"

#include <array>
#include <csignal>
#include <cstddef>
#include <cstdint>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>

namespace gateway::pictures {

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool is_sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool is_sanitized = true;
#else
constexpr bool is_sanitized = false;
#endif
#else
constexpr bool is_sanitized = false;
#endif

// 50 million pixels decoded, turned, and a progressive JPEG's coefficients.
constexpr rlim_t most_memory = 1'280ULL * 1024 * 1024;
constexpr rlim_t most_cpu_s = 15;

bool limit(int what, rlim_t most)
{
    const rlimit both{most, most};
    return setrlimit(static_cast<__rlimit_resource>(what), &both) == 0;
}

bool limit_resources()
{
    // The sanitizers reserve terabytes of addresses that they never touch.
    const bool memory = is_sanitized || limit(RLIMIT_AS, most_memory);
    return memory && limit(RLIMIT_CPU, most_cpu_s) && limit(RLIMIT_FSIZE, 0) &&
           limit(RLIMIT_NOFILE, 0) && limit(RLIMIT_NPROC, 0) && limit(RLIMIT_CORE, 0);
}

#if defined(__x86_64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
constexpr std::uint32_t architecture = AUDIT_ARCH_AARCH64;
#else
constexpr std::uint32_t architecture = 0; // limits only
#endif

/// Any other call ends the process.
bool limit_calls()
{
    if (architecture == 0)
        return true;
    // The last three are for the sanitizers: their own thread sleeps, and they look at signal
    // stacks.
    constexpr std::array allowed{
        SYS_read,          SYS_write,     SYS_exit,         SYS_exit_group,     SYS_brk,
        SYS_mmap,          SYS_munmap,    SYS_mremap,       SYS_mprotect,       SYS_madvise,
        SYS_futex,         SYS_getrandom, SYS_rt_sigreturn, SYS_rt_sigprocmask, SYS_getpid,
        SYS_clock_gettime, SYS_gettid,    SYS_sched_yield,  SYS_nanosleep,      SYS_clock_nanosleep,
        SYS_sigaltstack
    };
    const auto load = [](std::size_t offset) {
        return sock_filter(BPF_STMT(BPF_LD | BPF_W | BPF_ABS, static_cast<std::uint32_t>(offset)));
    };
    const auto answer = [](std::uint32_t what) {
        return sock_filter(BPF_STMT(BPF_RET | BPF_K, what));
    };
    const auto skip_unless = [](std::uint32_t value) {
        return sock_filter(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, 0, 1));
    };
    std::array<sock_filter, 5 + 2 * allowed.size()> filter{};
    std::size_t size = 0;
    filter[size++] = load(offsetof(seccomp_data, arch));
    filter[size++] = sock_filter(BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, architecture, 1, 0));
    filter[size++] = answer(SECCOMP_RET_KILL_PROCESS);
    filter[size++] = load(offsetof(seccomp_data, nr));
    for (const auto each : allowed) {
        filter[size++] = skip_unless(static_cast<std::uint32_t>(each));
        filter[size++] = answer(SECCOMP_RET_ALLOW);
    }
    filter[size++] = answer(SECCOMP_RET_KILL_PROCESS);
    const sock_fprog program{static_cast<unsigned short>(size), filter.data()};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

} // namespace

bool lock_in()
{
    // Without its parent nobody waits for the picture.
    return prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && prctl(PR_SET_DUMPABLE, 0) == 0 &&
           limit_resources() && limit_calls();
}

} // namespace gateway::pictures
