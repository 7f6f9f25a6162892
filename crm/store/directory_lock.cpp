#include "crm/store/directory_lock.hpp"

#include "crm/base/problem.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

namespace crm {

namespace {

constexpr int refused = -1;

/// The descriptor of the lock file, locked; `refused` when another process has it.
int take(const std::filesystem::path& directory)
{
    std::error_code failed;
    if (!std::filesystem::exists(directory, failed)) {
        std::filesystem::create_directories(directory, failed);
        std::filesystem::permissions(directory, std::filesystem::perms::owner_all, failed);
    }
    const std::filesystem::path file = directory / "parley.lock";
    const int descriptor = open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (descriptor < 0)
        throw problem{
            errc::unavailable,
            fmt::format("{} can't be written: {}", file.string(), std::strerror(errno))
        };
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0) {
        close(descriptor);
        return refused;
    }
    // The number is for people and for the message below; the lock itself is what counts.
    const std::string pid = std::to_string(getpid()) + "\n";
    if (ftruncate(descriptor, 0) != 0 || write(descriptor, pid.data(), pid.size()) < 0) {
        const int error = errno;
        close(descriptor);
        throw problem{
            errc::unavailable,
            fmt::format("{} can't be written: {}", file.string(), std::strerror(error))
        };
    }
    return descriptor;
}

std::string holder(const std::filesystem::path& directory)
{
    std::array<char, 32> text{};
    const int descriptor = open((directory / "parley.lock").c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return "unknown";
    const ssize_t length = read(descriptor, text.data(), text.size() - 1);
    close(descriptor);
    std::string pid{text.data(), static_cast<std::size_t>(std::max<ssize_t>(length, 0))};
    while (!pid.empty() && pid.back() == '\n')
        pid.pop_back();
    return pid.empty() ? "unknown" : pid;
}

} // namespace

directory_lock::directory_lock(const std::filesystem::path& directory)
    : descriptor_{take(directory)}
{
    if (descriptor_ == refused)
        throw problem{
            errc::unavailable,
            fmt::format(
                "{} is in use by process {}; stop that one, or give this one another directory",
                directory.string(),
                holder(directory)
            )
        };
}

std::optional<directory_lock> directory_lock::attempt(const std::filesystem::path& directory)
{
    const int descriptor = take(directory);
    if (descriptor == refused)
        return std::nullopt;
    return directory_lock{descriptor};
}

directory_lock::directory_lock(directory_lock&& other) noexcept
    : descriptor_{std::exchange(other.descriptor_, -1)}
{
}

directory_lock::~directory_lock()
{
    if (descriptor_ >= 0)
        close(descriptor_);
}

} // namespace crm
