#include "crm/store/blob_directory.hpp"

#include "crm/base/hash.hpp"
#include "crm/base/problem.hpp"
#include "crm/base/random.hpp"
#include "crm/store/durable_file.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <sys/stat.h>

namespace crm {

namespace {

constexpr std::size_t name_digits = 32;
constexpr std::size_t name_bytes = name_digits / 2;
constexpr std::string_view unfinished = "unfinished";

bool is_name(std::string_view name)
{
    return name.size() == name_digits && std::ranges::all_of(name, [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
           });
}

void make_directory(const std::filesystem::path& directory)
{
    std::error_code failed;
    std::filesystem::create_directories(directory, failed);
    if (failed)
        throw problem{
            errc::unavailable,
            fmt::format("{} can't be made: {}", directory.string(), failed.message())
        };
    std::filesystem::permissions(directory, std::filesystem::perms::owner_all, failed);
}

bool written_before(const std::filesystem::path& file, instant before)
{
    struct stat about{};
    if (stat(file.c_str(), &about) != 0)
        return false; // gone meanwhile
    return about.st_mtim.tv_sec < before.us / 1'000'000;
}

/// Calls `visit(path)` for each file of a directory; none when it does not exist.
template <class Visit>
void each_file(const std::filesystem::path& directory, Visit visit)
{
    std::error_code failed;
    std::filesystem::directory_iterator files{directory, failed};
    const std::filesystem::directory_iterator end;
    for (; !failed && files != end; files.increment(failed))
        visit(files->path());
}

} // namespace

blob_directory::blob_directory(std::filesystem::path root, std::int64_t most_bytes)
    : root_{std::move(root)}, most_bytes_{most_bytes}
{
    make_directory(root_);
    make_directory(root_ / unfinished);
}

stored_blob blob_directory::put(std::string_view bytes)
{
    if (static_cast<std::int64_t>(bytes.size()) > most_bytes_)
        throw problem{
            errc::too_large,
            fmt::format("this file has {} bytes; at most {} are taken", bytes.size(), most_bytes_)
        };
    stored_blob made;
    made.name = to_hex(random_bytes(name_bytes));
    made.sha256 = to_hex(sha256(bytes));
    made.size = static_cast<std::int64_t>(bytes.size());
    const std::filesystem::path shard = root_ / made.name.substr(0, 2);
    if (!std::filesystem::exists(shard)) {
        make_directory(shard);
        sync_directory(root_);
    }
    const std::filesystem::path temporary = root_ / unfinished / made.name;
    write_durably(temporary, bytes);
    rename_durably(temporary, shard / made.name);
    return made;
}

std::filesystem::path blob_directory::path_of(const std::string& name) const
{
    if (!is_name(name))
        throw problem{errc::not_found, "there is no such file"};
    return root_ / name.substr(0, 2) / name;
}

std::string
blob_directory::read(const std::string& name, std::int64_t offset, std::int64_t size) const
{
    std::ifstream file{path_of(name), std::ios::binary};
    if (!file || offset < 0 || size < 0)
        throw problem{errc::not_found, "there is no such file"};
    file.seekg(0, std::ios::end);
    const auto length = static_cast<std::int64_t>(file.tellg());
    const std::int64_t wanted = std::clamp<std::int64_t>(length - offset, 0, size);
    std::string bytes(static_cast<std::size_t>(wanted), '\0');
    file.seekg(offset);
    file.read(bytes.data(), wanted);
    if (file.gcount() != wanted)
        throw problem{errc::unavailable, "this file can't be read now; try again"};
    return bytes;
}

void blob_directory::remove(const std::string& name)
{
    const std::filesystem::path file = path_of(name);
    std::error_code failed;
    if (std::filesystem::remove(file, failed))
        sync_directory(file.parent_path());
    if (failed)
        throw problem{
            errc::unavailable, fmt::format("a file can't be removed: {}", failed.message())
        };
}

std::vector<std::string> blob_directory::older_than(instant before, int shard) const
{
    std::vector<std::string> found;
    each_file(root_ / fmt::format("{:02x}", shard), [&](const std::filesystem::path& file) {
        const std::string name = file.filename().string();
        if (is_name(name) && written_before(file, before))
            found.push_back(name);
    });
    return found;
}

int blob_directory::remove_unfinished(instant before)
{
    int removed = 0;
    each_file(root_ / unfinished, [&](const std::filesystem::path& file) {
        std::error_code failed;
        if (written_before(file, before) && std::filesystem::remove(file, failed))
            ++removed;
    });
    return removed;
}

} // namespace crm
