// Bytes too large for the database, as files of random names in a directory. A file is whole and
// durable before its name is handed out: temp file, fsync, rename, fsync of the directory.
// Blocking: called on the worker's thread (crm/store/blobs.hpp), by the command line and by tests.
#pragma once

#include "crm/base/time.hpp"

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace crm {

/// What a row keeps of a blob.
struct stored_blob
{
    std::string name;   // 32 hexadecimal digits
    std::string sha256; // hexadecimal
    std::int64_t size = 0;
};

class blob_directory
{
public:
    /// Blobs are spread over this many subdirectories, by the first two digits of their names.
    static constexpr int shards = 256;

    /// Makes the directory (mode 0700) where it is missing. `most_bytes`: the largest blob taken.
    explicit blob_directory(std::filesystem::path root, std::int64_t most_bytes = 25'000'000);

    /// Throws problem{too_large}, or problem{unavailable} when the disk is full or fails.
    stored_blob put(std::string_view bytes);
    /// At most `size` bytes from `offset`. Throws problem{not_found}.
    [[nodiscard]] std::string
    read(const std::string& name, std::int64_t offset, std::int64_t size) const;
    /// Does nothing when it is gone already.
    void remove(const std::string& name);
    /// The file, for serving it; throws problem{not_found} for anything that is not a blob's name.
    [[nodiscard]] std::filesystem::path path_of(const std::string& name) const;

    /// Names in one shard (0..255) whose files were last written before `before`.
    [[nodiscard]] std::vector<std::string> older_than(instant before, int shard) const;
    /// Removes what a crash left half-written before `before`; returns how many files.
    int remove_unfinished(instant before);

    [[nodiscard]] const std::filesystem::path& root() const { return root_; }

private:
    std::filesystem::path root_;
    std::int64_t most_bytes_;
};

} // namespace crm
