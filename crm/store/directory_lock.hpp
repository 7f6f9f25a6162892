// One process owns a data directory. Any thread.
#pragma once

#include <filesystem>
#include <optional>

namespace crm {

/// Holds the directory's lock (flock on its file "parley.lock") until it is destroyed or the
/// process ends, however it ends.
class directory_lock
{
public:
    /// Makes the directory (mode 0700) where it is missing, and takes the lock. Throws
    /// problem{unavailable} naming the process that holds it.
    explicit directory_lock(const std::filesystem::path& directory);
    /// Nothing when another process holds it.
    static std::optional<directory_lock> attempt(const std::filesystem::path& directory);

    ~directory_lock();
    directory_lock(directory_lock&& other) noexcept;
    directory_lock& operator=(directory_lock&&) = delete;

private:
    explicit directory_lock(int descriptor) : descriptor_{descriptor} {}
    int descriptor_ = -1;
};

} // namespace crm
