// Processes that a torture driver or a benchmark starts, measures and ends: by pid, never by name.
// A child dies with the program that started it. Any one thread.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace load {

/// A directory of its own below the system's temporary one; removed with all it holds at the end.
class temp_dir
{
public:
    explicit temp_dir(const std::string& stem);
    ~temp_dir();
    temp_dir(const temp_dir&) = delete;
    temp_dir& operator=(const temp_dir&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }

private:
    std::filesystem::path path_;
};

/// What a process has used so far, from /proc; zeroes once it is gone.
struct usage
{
    double cpu_s = 0;            // user + system, all threads
    std::int64_t rss_bytes = 0;  // resident now
    std::int64_t open_files = 0; // descriptors
    int threads = 0;
};

/// Reads the usage of a process. CPU has the grain of the kernel's clock tick (10 ms).
usage usage_of(pid_t pid);

/// What to start.
struct launch
{
    std::vector<std::string> argv;        // argv[0] is found through PATH when it has no slash
    std::filesystem::path output;         // stdout and stderr are appended here; empty = /dev/null
    std::vector<std::string> environment; // "KEY=VALUE", added to ours
    std::filesystem::path directory;      // working directory; empty = ours
    uid_t user = 0;                       // 0 = stay who we are; else setuid/setgid before exec
    gid_t group = 0;
};

/// A running program. Its destructor kills it (SIGKILL) and collects it.
class process
{
public:
    process() = default;
    /// Starts it; throws std::system_error when fork or exec fails.
    explicit process(const launch& what);
    ~process();
    process(process&& other) noexcept;
    process& operator=(process&& other) noexcept;
    process(const process&) = delete;
    process& operator=(const process&) = delete;

    [[nodiscard]] pid_t pid() const { return pid_; }
    [[nodiscard]] bool is_running();
    /// SIGKILL, then waits until the kernel has taken it away.
    void kill_now();
    /// SIGTERM, then waits; SIGKILL when it is still there after `patience`. Returns its exit code,
    /// 128 + n when signal n ended it.
    int stop(std::chrono::milliseconds patience);
    /// Waits for it to end by itself; throws std::runtime_error after `patience`.
    int wait(std::chrono::milliseconds patience);

private:
    bool collect(bool block);
    pid_t pid_ = -1;
    int code_ = 0;
};

/// Runs a program to its end and returns what it printed on stdout and stderr together; throws
/// std::runtime_error with that text when it fails or takes longer than `patience`.
std::string run_and_read(const launch& what, std::chrono::milliseconds patience);

/// Waits until `file` holds a port number and returns it. Throws std::runtime_error when `server`
/// ends or `patience` passes first; the message shows the end of `log`.
std::uint16_t wait_for_port(
    const std::filesystem::path& file,
    process& server,
    const std::filesystem::path& log,
    std::chrono::milliseconds patience
);

/// A port that was free a moment ago, for programs that cannot pick one themselves.
std::uint16_t free_port();

/// The whole of a file; empty when there is none.
std::string read_text(const std::filesystem::path& file);
/// Writes a file whole, by rename, so that a reader never sees half of it.
void write_text(const std::filesystem::path& file, const std::string& text);
/// The last `bytes` of a file, for messages.
std::string tail_of(const std::filesystem::path& file, std::size_t bytes);

} // namespace load
