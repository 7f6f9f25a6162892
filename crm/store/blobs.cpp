#include "crm/store/blobs.hpp"

#include "crm/base/problem.hpp"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <memory>

namespace crm {

namespace {

constexpr std::int64_t most_waiting_bytes = 128LL * 1024 * 1024;
// Names in one question, well under what a statement takes as parameters.
constexpr std::size_t names_at_once = 200;

/// Counts bytes as waiting while it lives.
class reserved_bytes
{
public:
    reserved_bytes(std::int64_t& counter, std::int64_t size) : counter_{counter}, size_{size}
    {
        if (counter_ + size_ > most_waiting_bytes)
            throw problem{errc::busy, "too many files are being stored; try again in a moment"};
        counter_ += size_;
    }
    reserved_bytes(const reserved_bytes&) = delete;
    reserved_bytes& operator=(const reserved_bytes&) = delete;
    ~reserved_bytes() { counter_ -= size_; }

private:
    std::int64_t& counter_;
    std::int64_t size_;
};

} // namespace

blobs::blobs(blob_directory where) : where_{std::move(where)} {}

blobs::~blobs()
{
    worker_.join();
}

template <class Work>
boost::asio::awaitable<std::invoke_result_t<Work&>> blobs::on_worker(Work work)
{
    using result = std::invoke_result_t<Work&>;
    auto task = [](Work run) -> boost::asio::awaitable<result> { co_return run(); };
    boost::asio::awaitable<result> started =
        boost::asio::co_spawn(worker_, task(std::move(work)), boost::asio::use_awaitable);
    co_return co_await std::move(started);
}

boost::asio::awaitable<stored_blob> blobs::put(std::string bytes)
{
    const reserved_bytes held{waiting_bytes_, static_cast<std::int64_t>(bytes.size())};
    auto work = [this, kept = std::move(bytes)] { return where_.put(kept); };
    co_return co_await on_worker(std::move(work));
}

boost::asio::awaitable<std::string>
blobs::read(std::string name, std::int64_t offset, std::int64_t size)
{
    auto work = [this, name = std::move(name), offset, size] {
        return where_.read(name, offset, size);
    };
    co_return co_await on_worker(std::move(work));
}

boost::asio::awaitable<void> blobs::remove(std::string name)
{
    auto work = [this, name = std::move(name)] { where_.remove(name); };
    co_await on_worker(std::move(work));
}

boost::asio::awaitable<int>
blobs::collect_orphans(store& rows, const orphan_finder& find, instant now, int shard)
{
    const instant before = now - orphan_age;
    auto list = [this, before, shard] { return where_.older_than(before, shard); };
    const std::vector<std::string> names = co_await on_worker(std::move(list));
    int removed = 0;
    for (std::size_t at = 0; at < names.size(); at += names_at_once) {
        const auto end = std::min(at + names_at_once, names.size());
        auto ask = [find,
                    some = std::vector<std::string>(
                        names.begin() + static_cast<std::ptrdiff_t>(at),
                        names.begin() + static_cast<std::ptrdiff_t>(end)
                    )](db::connection& on) { return find(on, some); };
        const std::vector<std::string> orphans = co_await rows.read(std::move(ask));
        for (const std::string& orphan : orphans) {
            co_await remove(orphan);
            ++removed;
        }
    }
    if (shard == 0) {
        auto tidy = [this, before] { return where_.remove_unfinished(before); };
        const int unfinished = co_await on_worker(std::move(tidy));
        removed += unfinished;
    }
    co_return removed;
}

} // namespace crm
