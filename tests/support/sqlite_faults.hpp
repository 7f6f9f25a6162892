// Disk trouble for SQLite, as a layer between it and the operating system: writes that find the
// disk full, syncs that fail. Any thread.
#pragma once

#include <atomic>

namespace crm::test {

struct disk_trouble
{
    std::atomic<bool> is_full{false};     // writes answer "no space"
    std::atomic<bool> sync_fails{false};  // fsync answers an I/O error
    std::atomic<bool> write_fails{false}; // writes answer an I/O error
    std::atomic<int> writes{0};           // how many there were, those that failed included
};

/// Puts the layer under every database opened from now on, and returns its switches.
disk_trouble& install_disk_trouble();

} // namespace crm::test
