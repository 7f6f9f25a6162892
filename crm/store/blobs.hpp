// The one seam for bytes outside the database, with a worker thread of its own. Call from the io
// thread; results come back on it. A job stores the reference after put() has returned; what no row
// refers to a day later is removed.
#pragma once

#include "crm/base/time.hpp"
#include "crm/store/blob_directory.hpp"
#include "crm/store/store.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace crm {

/// How long a blob may be without a row: an upload that is still being written about.
inline constexpr std::chrono::hours orphan_age{24};

class blobs
{
public:
    explicit blobs(blob_directory where);
    /// Finishes what is queued.
    ~blobs();
    blobs(const blobs&) = delete;
    blobs& operator=(const blobs&) = delete;

    /// Durable when it returns. Throws problem{too_large}, problem{unavailable}, or problem{busy}
    /// when over 128 MiB wait to be written.
    boost::asio::awaitable<stored_blob> put(std::string bytes);
    /// At most `size` bytes from `offset`. Throws problem{not_found}.
    boost::asio::awaitable<std::string>
    read(std::string name, std::int64_t offset, std::int64_t size);
    /// For a row that was erased, after the commit of its erasure.
    boost::asio::awaitable<void> remove(std::string name);

    /// Which of these names no row refers to; runs on a reader.
    using orphan_finder =
        std::function<std::vector<std::string>(db::connection&, std::span<const std::string>)>;
    /// Removes the orphans of one shard (0..255) and, with shard 0, what crashes left unfinished.
    /// Returns how many files went. A timer walks the shards.
    boost::asio::awaitable<int>
    collect_orphans(store& rows, const orphan_finder& find, instant now, int shard);

private:
    template <class Work>
    boost::asio::awaitable<std::invoke_result_t<Work&>> on_worker(Work work);

    blob_directory where_;
    std::int64_t waiting_bytes_ = 0; // io thread
    boost::asio::thread_pool worker_{1};
};

} // namespace crm
