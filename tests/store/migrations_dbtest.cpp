// The schema's history: forward only, recorded, refused when it is not ours.
#include "tests/store/notes.hpp"
#include "tests/support/store_fixture.hpp"

#include "crm/store/backend.hpp"
#include "crm/store/migrations.hpp"

#include <catch2/catch.hpp>

using namespace crm;
using namespace crm::test;

namespace {

/// A bare connection to a database of its own.
struct bare
{
    explicit bare(backend on)
        : place{"parley-bare"},
          database{db::make_backend(
              on == backend::sqlite ? "sqlite:" + (place.path() / "parley.db").string()
                                    : mariadb::shared().fresh_database(),
              0
          )},
          scope{*database}, connection{database->open_writer()}
    {
    }

    void migrate(std::vector<db::migration> product)
    {
        db::migrate(*connection, {1}, db::store_migrations(), product);
    }

    load::temp_dir place;
    std::unique_ptr<db::backend> database;
    db::on_thread scope;
    std::unique_ptr<db::connection> connection;
};

constexpr db::migration first{1, "CREATE TABLE plants (id {id}, name {key} NOT NULL)"};
constexpr db::migration second{2, "CREATE INDEX plants_by_name ON plants (name)"};

} // namespace

TEST_CASE("each step runs once, and later ones are added")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    bare base{on};
    base.migrate({first});
    base.migrate({first});
    base.migrate({first, second});
    base.connection->begin_write();
    CHECK(base.connection->exec("INSERT INTO plants (id, name) VALUES (?, ?)", {1, "fern"}) == 1);
    base.connection->commit();
    db::rows found =
        base.connection->query("SELECT COUNT(*) FROM schema_migrations WHERE part = 'product'");
    REQUIRE(found.next());
    CHECK(found.integer(0) == 2);
}

TEST_CASE("a database newer than the program is refused")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    bare base{on};
    base.migrate({first, second});
    CHECK_THROWS_WITH(base.migrate({first}), Catch::Matchers::Contains("newer than this program"));
}

TEST_CASE("a step that was changed after its release is refused")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    bare base{on};
    base.migrate({first});
    const db::migration changed{1, "CREATE TABLE plants (id {id}, title {key} NOT NULL)"};
    CHECK_THROWS_WITH(base.migrate({changed}), Catch::Matchers::Contains("step 1"));
}

TEST_CASE("a step that fails is named, and what ran before it stays usable")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    bare base{on};
    const db::migration broken{2, "CREATE INDEX nothing ON no_such_table (name)"};
    CHECK_THROWS_WITH(
        base.migrate({first, broken}), Catch::Matchers::Contains("step 2 of the product schema")
    );
    base.migrate({first, second});
    CHECK(base.connection->exec("DELETE FROM plants") == 0);
}

TEST_CASE("lists with gaps and unknown words are a programmer's error")
{
    bare base{backend::sqlite};
    CHECK_THROWS_AS(base.migrate({second}), std::logic_error);
    CHECK_THROWS_AS(
        db::in_dialect("CREATE TABLE t (x {txet})", db::dialect::sqlite), std::logic_error
    );
}

TEST_CASE("keys compare by their exact bytes in both databases")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    store_fixture base{on};
    base.write([](transaction& in) {
        put(in, "a");
        put(in, "A");
        put(in, "a ");
        put(in, "\xC3\xA4");
        put(in, "\xF0\x9F\x8C\xBF");
    });
    CHECK(base.read([](db::connection& from) { return notes(from); }).size() == 5);
    CHECK_FALSE(base.read([](db::connection& from) { return stands(from, "\xC3\x84"); }));
}

TEST_CASE("every kind of value comes back as it went in")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    bare base{on};
    base.migrate({{1, "CREATE TABLE things (id {id}, real_one {real}, words {text}, raw {bytes})"}}
    );
    const std::string words = "na\xC3\xAFve \xE4\xBD\xA0\xE5\xA5\xBD "
                              "\xF0\x9F\x91\xA9\xE2\x80\x8D\xF0\x9F\x9A\x80 'quoted' \\ %";
    const std::string raw{"\x00\x01\xFF\xFE\x00", 5};
    db::connection& in = *base.connection;
    in.begin_write();
    in.exec(
        "INSERT INTO things (id, real_one, words, raw) VALUES (?, ?, ?, ?)",
        {INT64_MIN, 0.1, words, db::value::bytes_view{raw}}
    );
    in.exec(
        "INSERT INTO things (id, real_one, words, raw) VALUES (?, ?, ?, ?)",
        {INT64_MAX, nullptr, "", nullptr}
    );
    in.commit();
    db::rows found = in.query("SELECT id, real_one, words, raw FROM things ORDER BY id");
    REQUIRE(found.next());
    CHECK(found.integer(0) == INT64_MIN);
    CHECK(found.real(1) == 0.1);
    CHECK(found.text(2) == words);
    CHECK(found.text(3) == raw);
    REQUIRE(found.next());
    CHECK(found.integer(0) == INT64_MAX);
    CHECK(found.is_null(1));
    CHECK_FALSE(found.is_null(2));
    CHECK(found.text(2).empty());
    CHECK(found.is_null(3));
    CHECK_FALSE(found.next());
    CHECK(in.exec("UPDATE things SET words = words WHERE id > ?", {0}) == 1);
}
