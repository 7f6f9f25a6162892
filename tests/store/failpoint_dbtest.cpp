// The moments around a commit at which a torture run makes the store fail.
#include "crm/store/failpoint.hpp"

#if PARLEY_HAS_FAILPOINTS

#include "tests/store/notes.hpp"
#include "tests/support/store_fixture.hpp"

#include <catch2/catch.hpp>
#include <csignal>
#include <cstdlib>

using namespace crm;
using namespace crm::test;
using namespace std::chrono_literals;

TEST_CASE("child: killed at the second pass of a failpoint", "[.child]")
{
    const char* url = std::getenv("PARLEY_TEST_DATABASE");
    REQUIRE(url != nullptr);
    store_fixture base{std::string{url}};
    base.write([](transaction& in) { put(in, "answered"); });
    base.write([](transaction& in) { put(in, "in doubt"); });
}

TEST_CASE("a process killed around a commit keeps what it answered and doubles nothing")
{
    const std::string place = GENERATE("store.before_commit", "store.after_commit");
    INFO(place);
    const load::temp_dir directory{"parley-kill"};
    const std::string url = "sqlite:" + (directory.path() / "parley.db").string();
    load::launch child;
    child.argv = {
        std::filesystem::read_symlink("/proc/self/exe").string(),
        "child: killed at the second pass of a failpoint"
    };
    child.environment = {"PARLEY_TEST_DATABASE=" + url, "PARLEY_FAILPOINT=" + place + ":kill:2"};
    child.output = directory.path() / "output";
    load::process running{child};
    CHECK(running.wait(30s) == 128 + SIGKILL);
    store_fixture base{url};
    const bool was_committed = place == "store.after_commit";
    CHECK(base.read([](db::connection& from) { return stands(from, "answered"); }));
    CHECK(base.read([](db::connection& from) {
        return stands(from, "in doubt");
    }) == was_committed);
    CHECK(base.read([](db::connection& from) {
        return positions(from);
    }) == one_to(was_committed ? 2 : 1));
}

TEST_CASE("a batch that fails just before its commit runs again")
{
    const backend on = GENERATE(from_range(backends()));
    INFO(name_of(on));
    store_fixture base{on};
    set_failpoint("store.before_commit:error:1");
    base.write([](transaction& in) { put(in, "a"); });
    set_failpoint("");
    CHECK(base.store().health().reruns >= 1);
    CHECK(base.news.size() == 1);
    CHECK(base.read([](db::connection& from) { return positions(from); }) == one_to(1));
}

#endif
