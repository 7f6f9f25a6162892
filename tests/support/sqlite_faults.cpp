#include "tests/support/sqlite_faults.hpp"

#include <sqlite3.h>

namespace crm::test {

namespace {

disk_trouble trouble;

/// The file that SQLite sees; the real one lies behind it in the same block of memory.
struct troubled_file
{
    sqlite3_file base;
    sqlite3_file* real;
};

sqlite3_file* real_of(sqlite3_file* file)
{
    return reinterpret_cast<troubled_file*>(file)->real;
}

int close_file(sqlite3_file* file)
{
    sqlite3_file* real = real_of(file);
    return real->pMethods != nullptr ? real->pMethods->xClose(real) : SQLITE_OK;
}

int write_file(sqlite3_file* file, const void* data, int size, sqlite3_int64 at)
{
    ++trouble.writes;
    if (trouble.is_full)
        return SQLITE_FULL;
    if (trouble.write_fails)
        return SQLITE_IOERR_WRITE;
    return real_of(file)->pMethods->xWrite(real_of(file), data, size, at);
}

int sync_file(sqlite3_file* file, int flags)
{
    if (trouble.sync_fails)
        return SQLITE_IOERR_FSYNC;
    return real_of(file)->pMethods->xSync(real_of(file), flags);
}

/// Passes a call on to the real file's method of the same place.
template <auto Method>
struct passed;

template <class... Args, int (*sqlite3_io_methods::*Method)(sqlite3_file*, Args...)>
struct passed<Method>
{
    static int call(sqlite3_file* file, Args... args)
    {
        sqlite3_file* real = real_of(file);
        return (real->pMethods->*Method)(real, args...);
    }
};

void unmap_barrier(sqlite3_file* file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

const sqlite3_io_methods methods = {
    3,
    close_file,
    passed<&sqlite3_io_methods::xRead>::call,
    write_file,
    passed<&sqlite3_io_methods::xTruncate>::call,
    sync_file,
    passed<&sqlite3_io_methods::xFileSize>::call,
    passed<&sqlite3_io_methods::xLock>::call,
    passed<&sqlite3_io_methods::xUnlock>::call,
    passed<&sqlite3_io_methods::xCheckReservedLock>::call,
    passed<&sqlite3_io_methods::xFileControl>::call,
    passed<&sqlite3_io_methods::xSectorSize>::call,
    passed<&sqlite3_io_methods::xDeviceCharacteristics>::call,
    passed<&sqlite3_io_methods::xShmMap>::call,
    passed<&sqlite3_io_methods::xShmLock>::call,
    unmap_barrier,
    passed<&sqlite3_io_methods::xShmUnmap>::call,
    passed<&sqlite3_io_methods::xFetch>::call,
    passed<&sqlite3_io_methods::xUnfetch>::call
};

int open_file(sqlite3_vfs* self, const char* name, sqlite3_file* file, int flags, int* got)
{
    auto* original = static_cast<sqlite3_vfs*>(self->pAppData);
    auto* made = reinterpret_cast<troubled_file*>(file);
    made->base.pMethods = nullptr;
    made->real = reinterpret_cast<sqlite3_file*>(made + 1);
    const int code = original->xOpen(original, name, made->real, flags, got);
    if (made->real->pMethods != nullptr)
        made->base.pMethods = &methods;
    return code;
}

} // namespace

disk_trouble& install_disk_trouble()
{
    static sqlite3_vfs layer = [] {
        sqlite3_vfs* original = sqlite3_vfs_find(nullptr);
        sqlite3_vfs made = *original;
        made.szOsFile = static_cast<int>(sizeof(troubled_file)) + original->szOsFile;
        made.zName = "parley-trouble";
        made.pNext = nullptr;
        made.pAppData = original;
        made.xOpen = open_file;
        return made;
    }();
    static const bool installed = sqlite3_vfs_register(&layer, 1) == SQLITE_OK;
    static_cast<void>(installed);
    return trouble;
}

} // namespace crm::test
