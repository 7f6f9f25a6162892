// What was erased is nowhere in the bytes of SQLite's index, neither in its tables nor in the file.
#include "tests/store/search_fixture.hpp"
#include "tests/support/store_fixture.hpp"

#include "crm/store/backend.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>

using namespace crm;
using namespace crm::test;

namespace {

constexpr std::string_view redact_all = "UPDATE entries SET content = '', redacted_at = 1"
                                        " WHERE customer_id = 7";
constexpr std::string_view parts_with_word =
    "SELECT COUNT(*) FROM search_index_data WHERE instr(block, CAST(? AS BLOB)) > 0";

std::int64_t parts_with(store_fixture& base, const std::string& bytes)
{
    return base.read([bytes](db::connection& on) {
        db::rows row = on.query(parts_with_word, {bytes});
        row.next();
        return row.integer(0);
    });
}

std::string bytes_of(const std::filesystem::path& directory)
{
    std::string all;
    for (const auto& each : std::filesystem::recursive_directory_iterator{directory})
        if (each.is_regular_file()) {
            std::ifstream from{each.path(), std::ios::binary};
            all.append(std::istreambuf_iterator<char>{from}, {});
        }
    return all;
}

/// Steps of the index until it has nothing to do.
int settle(store_fixture& base)
{
    int steps = 0;
    while (base.write([](transaction& in) { return search::follow(in, 100); }))
        if (++steps > 1'000)
            FAIL("the index does not come to rest");
    return steps;
}

} // namespace

TEST_CASE("[M23] after an erasure the search index's own bytes hold no erased word")
{
    store_fixture base{backend::sqlite};
    {
        const auto database = db::make_backend(base.url(), 99);
        const db::on_thread scope{*database};
        search::prepare(*database->open_writer());
    }
    // Word by word, so that the index has many parts; the word of one stands between others'.
    for (int i = 0; i < 40; ++i) {
        base.write([i](transaction& in) {
            const auto number = std::to_string(i);
            write_entry(in, 1'000 + 2 * i, "The quokka" + number + " slept", 1, 7);
            write_entry(in, 1'001 + 2 * i, "A walrus" + number + " slept", 1, 8);
        });
        settle(base);
    }
    REQUIRE(parts_with(base, "quokka") > 0);
    base.write([](transaction& in) {
        in.exec(redact_all);
        for (int i = 0; i < 40; ++i)
            in.append(
                {.what = happening::entry_redacted,
                 .customer = customer_id{7},
                 .inbox = inbox_id{1},
                 .entry_ref = entry_id{1'000 + 2 * i}}
            );
        in.append({.what = happening::customer_erased, .customer = customer_id{7}, .number = 1});
    });
    settle(base);
    CHECK(parts_with(base, "quokka") == 0);
    CHECK(parts_with(base, "walrus") > 0);
    const auto left = base.read([](db::connection& on) {
        return search::find(on, {.words = "walrus3"}).size() +
               search::find(on, {.words = "quokka3"}).size();
    });
    CHECK(left == 11); // walrus3, walrus30 to walrus39
    // Closing brings the file up to date; cleared pages are overwritten with zeros.
    base.reopen();
    CHECK(bytes_of(base.directory()).find("quokka") == std::string::npos);
    CHECK(bytes_of(base.directory()).find("walrus") != std::string::npos);
}
