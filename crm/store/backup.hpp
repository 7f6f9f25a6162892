// A backup of a SQLite installation while it runs: the database as of one moment, then the blobs,
// in that order, so that every blob that a row of the copy names is there. Restoring is putting the
// copy in the data directory's place: the copy's epoch is blank, so the first start makes a new one
// and every client loads afresh. Blocking; any process, also beside a running server.
#pragma once

#include <cstdint>
#include <filesystem>

namespace crm {

struct backup_report
{
    std::int64_t position = 0; // the log's head in the copy
    std::int64_t database_bytes = 0;
    std::int64_t blobs = 0;
    std::int64_t blob_bytes = 0;
};

/// Copies `database` (the .db file) and, when the directory exists, `blobs` into `target`, which
/// must not exist or be empty. The copy is checked and synced. Throws problem{conflict} when target
/// holds something, problem{unavailable} when the disk fails or the copy is not sound.
backup_report make_backup(
    const std::filesystem::path& database,
    const std::filesystem::path& blobs,
    const std::filesystem::path& target
);

} // namespace crm
