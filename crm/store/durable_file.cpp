#include "crm/store/durable_file.hpp"

#include "crm/base/problem.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

namespace crm {

namespace {

[[noreturn]] void refuse(const std::filesystem::path& file, int error)
{
    const bool full = error == ENOSPC || error == EDQUOT;
    throw problem{
        errc::unavailable,
        full ? std::string{"the disk is full; nothing was stored"}
             : fmt::format("{} can't be written: {}", file.string(), std::strerror(error))
    };
}

class descriptor
{
public:
    descriptor(const std::filesystem::path& file, int flags)
        : number_{open(file.c_str(), flags | O_CLOEXEC, S_IRUSR | S_IWUSR)}
    {
        if (number_ < 0)
            refuse(file, errno);
    }
    descriptor(const descriptor&) = delete;
    descriptor& operator=(const descriptor&) = delete;
    ~descriptor() { close(number_); }
    [[nodiscard]] int number() const { return number_; }

private:
    int number_;
};

void write_all(int to, const std::filesystem::path& file, std::string_view bytes)
{
    while (!bytes.empty()) {
        const ssize_t written = write(to, bytes.data(), bytes.size());
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            refuse(file, errno);
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

void sync(const std::filesystem::path& what, int flags)
{
    const descriptor opened{what, flags};
    if (fsync(opened.number()) != 0)
        refuse(what, errno);
}

} // namespace

void write_durably(const std::filesystem::path& file, std::string_view bytes)
{
    const descriptor made{file, O_WRONLY | O_CREAT | O_EXCL};
    try {
        write_all(made.number(), file, bytes);
        if (fsync(made.number()) != 0)
            refuse(file, errno);
    } catch (...) {
        unlink(file.c_str());
        throw;
    }
}

void sync_directory(const std::filesystem::path& directory)
{
    sync(directory, O_RDONLY | O_DIRECTORY);
}

void sync_file(const std::filesystem::path& file)
{
    sync(file, O_RDONLY);
}

void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to)
{
    if (rename(from.c_str(), to.c_str()) != 0)
        refuse(to, errno);
    sync_directory(to.parent_path());
}

} // namespace crm
