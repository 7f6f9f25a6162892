#include "crm/store/backup.hpp"

#include "crm/base/problem.hpp"
#include "crm/store/durable_file.hpp"
#include "crm/store/sqlite.hpp"

#include <fmt/format.h>
#include <unistd.h>

namespace crm {

namespace {

constexpr std::string_view select_head = "SELECT at FROM log_head WHERE id = 1";
constexpr std::string_view blank_epoch = "UPDATE log_head SET epoch = '' WHERE id = 1";
constexpr std::string_view check = "PRAGMA quick_check(1)";
constexpr std::string_view one_file = "PRAGMA journal_mode=DELETE";

std::int64_t finish_copy(db::connection& copy)
{
    {
        db::rows sound = copy.query(check);
        if (!sound.next() || sound.text(0) != "ok")
            throw problem{
                errc::unavailable,
                "the copy is not sound; check the disks, and the database with parley doctor"
            };
    }
    copy.begin_write();
    copy.exec(blank_epoch);
    copy.commit();
    copy.run_once(one_file);
    db::rows head = copy.query(select_head);
    return head.next() ? head.integer(0) : 0;
}

/// A second name for the same bytes where the file system allows it (a blob never changes),
/// otherwise a copy.
void bring_over(const std::filesystem::path& from, const std::filesystem::path& to)
{
    if (link(from.c_str(), to.c_str()) == 0)
        return;
    std::error_code failed;
    std::filesystem::copy_file(from, to, failed);
    // Erased since the listing: what was erased shall not come back with a backup.
    if (failed == std::errc::no_such_file_or_directory)
        return;
    if (failed)
        throw problem{
            errc::unavailable, fmt::format("{} can't be copied: {}", to.string(), failed.message())
        };
    sync_file(to);
}

void copy_blobs(
    const std::filesystem::path& from, const std::filesystem::path& to, backup_report& report
)
{
    std::filesystem::create_directories(to);
    for (const auto& shard : std::filesystem::directory_iterator{from}) {
        // Two hexadecimal digits; what is unfinished is nobody's yet.
        if (!shard.is_directory() || shard.path().filename().string().size() != 2)
            continue;
        const std::filesystem::path target = to / shard.path().filename();
        std::filesystem::create_directories(target);
        for (const auto& blob : std::filesystem::directory_iterator{shard}) {
            std::error_code gone;
            const auto size = blob.file_size(gone);
            bring_over(blob.path(), target / blob.path().filename());
            ++report.blobs;
            report.blob_bytes += gone ? 0 : static_cast<std::int64_t>(size);
        }
        sync_directory(target);
    }
    sync_directory(to);
}

} // namespace

backup_report make_backup(
    const std::filesystem::path& database,
    const std::filesystem::path& blobs,
    const std::filesystem::path& target
)
{
    if (std::filesystem::exists(target) && !std::filesystem::is_empty(target))
        throw problem{
            errc::conflict, fmt::format("{} is not empty; name a new directory", target.string())
        };
    std::filesystem::create_directories(target);
    std::filesystem::permissions(target, std::filesystem::perms::owner_all);
    backup_report report;
    const std::filesystem::path unfinished = target / "unfinished.db";
    const std::filesystem::path copy = target / database.filename();
    try {
        {
            const auto from = db::open_sqlite(database.string(), db::access::read_only);
            const auto to = db::open_sqlite(unfinished.string(), db::access::read_write);
            db::copy_sqlite(*from, *to);
            report.position = finish_copy(*to);
        }
        sync_file(unfinished);
        report.database_bytes = static_cast<std::int64_t>(std::filesystem::file_size(unfinished));
        if (std::filesystem::is_directory(blobs))
            copy_blobs(blobs, target / blobs.filename(), report);
        // Last: a directory with the database in it is a whole backup.
        rename_durably(unfinished, copy);
    } catch (const db::failure& failed) {
        throw problem{errc::unavailable, fmt::format("the backup failed: {}", failed.what())};
    }
    return report;
}

} // namespace crm
