// A backup taken under load is one moment of the database, and clients of a restored one load
// afresh.
#include "tests/store/notes.hpp"
#include "tests/support/store_fixture.hpp"

#include "crm/store/backup.hpp"
#include "crm/store/blob_directory.hpp"

#include <catch2/catch.hpp>

using namespace crm;
using namespace crm::test;

TEST_CASE("a backup under load holds a gapless log and every blob its rows name")
{
    store_fixture base{backend::sqlite};
    blob_directory files{base.directory() / "blobs"};
    std::vector<std::shared_ptr<outcome<void>>> all;
    for (int i = 0; i < 200; ++i) {
        const std::string blob = i % 10 == 0 ? files.put("bytes").name : std::to_string(i);
        all.push_back(base.start([blob](transaction& in) { put(in, blob); }));
    }
    const auto target = base.directory() / "copies" / "monday";
    const backup_report report =
        make_backup(base.directory() / "parley.db", base.directory() / "blobs", target);
    base.run_until([&] { return all.back()->is_done(); });
    CHECK(report.database_bytes > 0);
    CHECK(report.blobs == 20);

    const std::string before = base.store().epoch();
    store_fixture restored{"sqlite:" + (target / "parley.db").string()};
    const auto found = restored.read([](db::connection& from) { return notes(from); });
    CHECK(static_cast<std::int64_t>(found.size()) == report.position);
    CHECK(restored.store().position() == report.position);
    const blob_directory copied{target / "blobs"};
    for (const std::string& one : found)
        if (one.size() == 32)
            CHECK(copied.read(one, 0, 10) == "bytes");
    CHECK(restored.store().epoch() != before);
    CHECK(restored.store().epoch().size() == 22);
    // The original goes on as it was.
    base.write([](transaction& in) { put(in, "later"); });
    CHECK(base.store().epoch() == before);
}

TEST_CASE("a backup never mixes with what is in its place already")
{
    store_fixture base{backend::sqlite};
    const auto target = base.directory() / "copy";
    make_backup(base.directory() / "parley.db", base.directory() / "blobs", target);
    CHECK_THROWS_WITH(
        make_backup(base.directory() / "parley.db", base.directory() / "blobs", target),
        Catch::Matchers::Contains("not empty")
    );
    CHECK_THROWS_AS(
        make_backup(base.directory() / "nothing.db", {}, base.directory() / "other"), problem
    );
}
