// Files that are on disk when we say so. Blocking.
#pragma once

#include <filesystem>
#include <string_view>

namespace crm {

/// Writes a new file and syncs it; it must not exist. Throws problem{unavailable} with the system's
/// words; nothing is left behind then.
void write_durably(const std::filesystem::path& file, std::string_view bytes);

/// Makes renames and removals in a directory durable. Throws problem{unavailable}.
void sync_directory(const std::filesystem::path& directory);

/// Makes an existing file's content durable. Throws problem{unavailable}.
void sync_file(const std::filesystem::path& file);

/// Renames within one file system and syncs the target's directory. Throws problem{unavailable}.
void rename_durably(const std::filesystem::path& from, const std::filesystem::path& to);

} // namespace crm
