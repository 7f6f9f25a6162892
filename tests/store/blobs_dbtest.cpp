// Bytes outside the database: durable before they are named, removed when nobody names them.
#include "tests/store/notes.hpp"
#include "tests/support/store_fixture.hpp"

#include "crm/base/hash.hpp"
#include "crm/store/blobs.hpp"

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <fstream>
#include <sys/mount.h>
#include <sys/stat.h>

using namespace crm;
using namespace crm::test;

namespace {

constexpr std::int64_t day_us = 86'400'000'000;

void make_old(const std::filesystem::path& file, instant at)
{
    const timespec when{at.us / 1'000'000, 0};
    const timespec both[2] = {when, when};
    REQUIRE(utimensat(AT_FDCWD, file.c_str(), both, 0) == 0);
}

template <class T>
T await(store_fixture& on, boost::asio::awaitable<T> work)
{
    auto kept = std::make_shared<outcome<T>>();
    boost::asio::co_spawn(
        on.io,
        [](boost::asio::awaitable<T> running,
           std::shared_ptr<outcome<T>> to) -> boost::asio::awaitable<void> {
            try {
                to->value = co_await std::move(running);
            } catch (...) {
                to->failed = std::current_exception();
            }
        }(std::move(work), kept),
        [](std::exception_ptr) {}
    );
    on.run_until([&] { return kept->is_done(); });
    if (kept->failed)
        std::rethrow_exception(kept->failed);
    return std::move(*kept->value);
}

} // namespace

TEST_CASE("a blob comes back whole and in pieces, under a name nobody can guess")
{
    const load::temp_dir place{"parley-blobs"};
    blob_directory where{place.path() / "blobs", 1'000};
    const std::string bytes{"\x00\x01picture\xFF", 10};
    const stored_blob kept = where.put(bytes);
    CHECK(kept.name.size() == 32);
    CHECK(kept.size == 10);
    CHECK(kept.sha256 == to_hex(sha256(bytes)));
    CHECK(where.read(kept.name, 0, 100) == bytes);
    CHECK(where.read(kept.name, 2, 3) == "pic");
    CHECK(where.read(kept.name, 50, 3).empty());
    CHECK(where.put(bytes).name != kept.name);
    struct stat about{};
    REQUIRE(stat(where.path_of(kept.name).c_str(), &about) == 0);
    CHECK((about.st_mode & 0777) == 0600);
    where.remove(kept.name);
    where.remove(kept.name);
    CHECK_THROWS_AS(where.read(kept.name, 0, 1), problem);
}

TEST_CASE("only names of blobs lead to files")
{
    const load::temp_dir place{"parley-blobs"};
    const blob_directory where{place.path()};
    for (const char* wrong :
         {"", "../../etc/passwd", "unfinished", "ABCDEF00112233445566778899aabbcc", "00"})
        CHECK_THROWS_AS(where.path_of(wrong), problem);
}

TEST_CASE("too large a blob and a full disk are refused and leave nothing")
{
    const load::temp_dir place{"parley-blobs"};
    blob_directory where{place.path() / "blobs", 1'000};
    CHECK_THROWS_WITH(
        where.put(std::string(1'001, 'x')), Catch::Matchers::Contains("at most 1000")
    );
    CHECK(std::filesystem::is_empty(place.path() / "blobs" / "unfinished"));
    const auto small = place.path() / "small";
    std::filesystem::create_directory(small);
    if (mount("tmpfs", small.c_str(), "tmpfs", 0, "size=1m") != 0) {
        WARN("skipped: mounting a small disk needs root");
        return;
    }
    {
        blob_directory full{small / "blobs"};
        CHECK_THROWS_WITH(
            full.put(std::string(2'000'000, 'x')), Catch::Matchers::Contains("disk is full")
        );
        CHECK(std::filesystem::is_empty(small / "blobs" / "unfinished"));
        CHECK(full.read(full.put("fits").name, 0, 10) == "fits");
    }
    umount2(small.c_str(), MNT_DETACH);
}

TEST_CASE("what no row names a day later is removed, and nothing else")
{
    store_fixture base{backend::sqlite};
    blob_directory files{base.directory() / "blobs"};
    const std::string named = files.put("named").name;
    const std::string orphan = files.put("orphan").name;
    const std::string fresh = files.put("fresh").name;
    base.write([named](transaction& in) { put(in, named); });
    const instant now = base.time.now();
    make_old(files.path_of(named), {now.us - 2 * day_us});
    make_old(files.path_of(orphan), {now.us - 2 * day_us});
    const auto half = base.directory() / "blobs" / "unfinished" / orphan;
    std::ofstream{half} << "half";
    make_old(half, {now.us - 2 * day_us});

    blobs kept{files};
    const auto find = [](db::connection& on, std::span<const std::string> names) {
        std::vector<std::string> missing;
        for (const std::string& one : names)
            if (!stands(on, one))
                missing.push_back(one);
        return missing;
    };
    int removed = 0;
    for (int shard = 0; shard < blob_directory::shards; ++shard)
        removed += await(base, kept.collect_orphans(base.store(), find, now, shard));
    CHECK(removed == 2);
    CHECK(std::filesystem::exists(files.path_of(named)));
    CHECK(std::filesystem::exists(files.path_of(fresh)));
    CHECK_FALSE(std::filesystem::exists(files.path_of(orphan)));
    CHECK_FALSE(std::filesystem::exists(half));
}

TEST_CASE("blobs are written and read beside the io thread")
{
    store_fixture base{backend::sqlite};
    blobs kept{blob_directory{base.directory() / "blobs", 200'000'000}};
    const stored_blob one = await(base, kept.put("bytes"));
    CHECK(await(base, kept.read(one.name, 1, 2)) == "yt");
    CHECK_THROWS_AS(await(base, kept.read(std::string(32, '0'), 0, 1)), problem);
    CHECK_THROWS_WITH(
        await(base, kept.put(std::string(140'000'000, 'x'))),
        Catch::Matchers::Contains("too many files")
    );
}
