#include "crm/store/sqlite_wal.hpp"

#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <new>
#include <sqlite3.h>
#include <vector>

namespace crm::db {

namespace {

/// The layer, with the one it stands on.
struct layer : sqlite3_vfs
{
    sqlite3_vfs* below = nullptr;
    std::string name;
};

/// Bytes that belong to the file from `at` on and are not in it yet.
struct waiting
{
    std::vector<char> bytes;
    sqlite3_int64 at = 0;

    [[nodiscard]] sqlite3_int64 end() const { return at + std::ssize(bytes); }
};

/// The log as SQLite sees it; the real file lies behind it in the same block of memory.
struct log_file
{
    sqlite3_file base;
    waiting* kept;

    sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

log_file& ours(sqlite3_file* file)
{
    return *reinterpret_cast<log_file*>(file);
}

/// Writes what waits. What could not be written is dropped: SQLite rolls back after an error.
int flush(log_file& file)
{
    waiting& kept = *file.kept;
    if (kept.bytes.empty())
        return SQLITE_OK;
    sqlite3_file* real = file.real();
    const int size = static_cast<int>(kept.bytes.size());
    const int code = real->pMethods->xWrite(real, kept.bytes.data(), size, kept.at);
    kept.bytes.clear();
    return code;
}

int close_log(sqlite3_file* file)
{
    log_file& log = ours(file);
    const int flushed = flush(log);
    delete log.kept;
    const int closed = log.real()->pMethods->xClose(log.real());
    return flushed != SQLITE_OK ? flushed : closed;
}

int write_log(sqlite3_file* file, const void* data, int size, sqlite3_int64 at)
{
    log_file& log = ours(file);
    waiting& kept = *log.kept;
    const bool follows = kept.bytes.empty() || kept.end() == at;
    const bool fits = std::ssize(kept.bytes) + size <= wal_gathered_bytes;
    if (!follows || !fits)
        if (const int code = flush(log); code != SQLITE_OK)
            return code;
    if (size > wal_gathered_bytes)
        return log.real()->pMethods->xWrite(log.real(), data, size, at);
    try {
        kept.bytes.reserve(wal_gathered_bytes);
    } catch (const std::bad_alloc&) {
        return SQLITE_IOERR_NOMEM;
    }
    if (kept.bytes.empty())
        kept.at = at;
    const char* first = static_cast<const char*>(data);
    kept.bytes.insert(kept.bytes.end(), first, first + size);
    return SQLITE_OK;
}

/// Any other call: first what waits, then the real file's method of the same place.
template <auto Method>
struct after_flush;

template <class... Args, int (*sqlite3_io_methods::*Method)(sqlite3_file*, Args...)>
struct after_flush<Method>
{
    static int call(sqlite3_file* file, Args... args)
    {
        log_file& log = ours(file);
        if (const int code = flush(log); code != SQLITE_OK)
            return code;
        return (log.real()->pMethods->*Method)(log.real(), args...);
    }
};

/// Questions about the device, which do not look at the bytes.
template <auto Method>
int asked(sqlite3_file* file)
{
    sqlite3_file* real = ours(file).real();
    return (real->pMethods->*Method)(real);
}

// Version 1: the log has neither shared memory nor a mapping of its own.
const sqlite3_io_methods log_methods = {
    .iVersion = 1,
    .xClose = close_log,
    .xRead = after_flush<&sqlite3_io_methods::xRead>::call,
    .xWrite = write_log,
    .xTruncate = after_flush<&sqlite3_io_methods::xTruncate>::call,
    .xSync = after_flush<&sqlite3_io_methods::xSync>::call,
    .xFileSize = after_flush<&sqlite3_io_methods::xFileSize>::call,
    .xLock = after_flush<&sqlite3_io_methods::xLock>::call,
    .xUnlock = after_flush<&sqlite3_io_methods::xUnlock>::call,
    .xCheckReservedLock = after_flush<&sqlite3_io_methods::xCheckReservedLock>::call,
    .xFileControl = after_flush<&sqlite3_io_methods::xFileControl>::call,
    .xSectorSize = asked<&sqlite3_io_methods::xSectorSize>,
    .xDeviceCharacteristics = asked<&sqlite3_io_methods::xDeviceCharacteristics>,
    .xShmMap = nullptr,
    .xShmLock = nullptr,
    .xShmBarrier = nullptr,
    .xShmUnmap = nullptr,
    .xFetch = nullptr,
    .xUnfetch = nullptr,
};

int open_file(sqlite3_vfs* vfs, const char* path, sqlite3_file* file, int flags, int* out_flags)
{
    sqlite3_vfs* below = static_cast<layer*>(vfs)->below;
    if ((flags & SQLITE_OPEN_WAL) == 0)
        return below->xOpen(below, path, file, flags, out_flags);
    log_file& log = ours(file);
    log.base.pMethods = nullptr; // not open, should this fail
    auto kept = std::unique_ptr<waiting>{new (std::nothrow) waiting};
    if (kept == nullptr)
        return SQLITE_NOMEM;
    const int code = below->xOpen(below, path, log.real(), flags, out_flags);
    if (code != SQLITE_OK) {
        // A VFS may want its file closed although it could not be opened.
        if (log.real()->pMethods != nullptr)
            log.real()->pMethods->xClose(log.real());
        return code;
    }
    log.kept = kept.release();
    log.base.pMethods = &log_methods;
    return SQLITE_OK;
}

} // namespace

std::string gathering_vfs()
{
    static std::mutex guard;
    static std::map<sqlite3_vfs*, std::unique_ptr<layer>> made;
    const std::scoped_lock held{guard};
    sqlite3_vfs* below = sqlite3_vfs_find(nullptr);
    auto& one = made[below];
    if (one == nullptr) {
        one = std::make_unique<layer>();
        // Everything but opening is the lower one's, which knows itself by its data, not its
        // address.
        static_cast<sqlite3_vfs&>(*one) = *below;
        one->below = below;
        one->name = "gathering-" + std::string{below->zName};
        one->zName = one->name.c_str();
        one->pNext = nullptr;
        one->szOsFile = below->szOsFile + static_cast<int>(sizeof(log_file));
        one->xOpen = open_file;
        sqlite3_vfs_register(one.get(), 0);
    }
    return one->name;
}

} // namespace crm::db
