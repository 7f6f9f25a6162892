// The command line: its manual, backups and what becomes of them.
#include "tests/support/load_process.hpp"
#include "tests/support/mariadb.hpp"
#include "tests/support/server_people.hpp"

#include <catch2/catch.hpp>

using namespace tests;
using namespace std::chrono_literals;
namespace json = boost::json;
namespace fs = std::filesystem;

namespace {

std::string output_of(const std::vector<std::string>& words)
{
    load::launch what;
    what.argv = {program().string()};
    what.argv.insert(what.argv.end(), words.begin(), words.end());
    return load::run_and_read(what, 30s);
}

/// What a command says that must fail.
std::string refusal_of(const std::vector<std::string>& words)
{
    try {
        output_of(words);
    } catch (const std::runtime_error& why) {
        return why.what();
    }
    return {};
}

} // namespace

TEST_CASE("the manual page names every command and option, and none that is hidden")
{
    const auto page = output_of({"help", "--man"});
    for (const char* part :
         {".TH PARLEY 1",
          ".SS serve\n",
          ".SS user add EMAIL\n",
          ".SS user reset EMAIL\n",
          ".SS token create \\-\\-name TEXT \\-\\-scope TEXT\n",
          ".SS backup \\-\\-to DIR\n",
          ".B \\-\\-port\\-file FILE\n"})
        CHECK(page.find(part) != std::string::npos);
    CHECK(page.find(".SS visitors") == std::string::npos);
    CHECK(page.find(".SS redraw") == std::string::npos);
    CHECK(page.find(".SS user\n") == std::string::npos);
}

TEST_CASE("the shell completes commands, their commands, options and files")
{
    const auto completed = [](const std::string& typed) {
        load::launch bash;
        const std::string words =
            "COMP_WORDS=(parley " + typed + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); ";
        bash.argv = {
            "bash",
            "-c",
            "source <('" + program().string() + "' help --completion) && " + words +
                "_parley && echo ${COMPREPLY[*]}"
        };
        return load::run_and_read(bash, 30s);
    };
    CHECK(completed("ba") == "backup\n");
    CHECK(completed("user ''").starts_with("add list reset deactivate"));
    CHECK(completed("token create --sc") == "--scope\n");
    CHECK(completed("user add --ro") == "--role\n");
    CHECK(completed("backup --to /etc/passw").find("/etc/passwd") != std::string::npos);
}

TEST_CASE("a backup that is put back holds what was said before it, and clients load afresh")
{
    running_server server;
    auto admin = server.log_in(server.add_agent("owner"));
    add_inbox(admin, "web");
    auto visitor = visitor_on(server, "web");
    const auto epoch = text_at(visitor.welcome, "epoch");
    REQUIRE(text_at(say(visitor.socket, "c1", "before the backup"), "op") == "ok");
    const load::temp_dir place{"parley-backup"};
    const auto copy = place.path() / "copy";
    const auto told = json::parse(server.command({"backup", "--to", copy.string()}));
    CHECK(text_at(told.as_object(), "to") == copy.string());
    REQUIRE(text_at(say(visitor.socket, "c2", "after the backup"), "op") == "ok");
    server.restore(copy);
    auto again = visitor_on(server, "web", {{"token", visitor.token}, {"epoch", epoch}});
    const auto& entries = again.welcome.at("entries").as_array();
    REQUIRE(entries.size() == 1);
    CHECK(entries.front().at("text") == "before the backup");
    CHECK(text_at(again.welcome, "resume") == "snapshot");
    CHECK(text_at(again.welcome, "epoch") != epoch);
    // What the copy does not hold is sent again under its cid, and stored once.
    REQUIRE(text_at(say(again.socket, "c2", "after the backup"), "op") == "ok");
    auto last = visitor_on(server, "web", {{"token", visitor.token}});
    CHECK(last.welcome.at("entries").as_array().size() == 2);
}

TEST_CASE("on MySQL a backup says which programs make it")
{
    if (!crm::test::mariadb::is_installed())
        return;
    const auto url = crm::test::mariadb::shared().fresh_database();
    running_server server{{.environment = {{"PARLEY_STORE__URL", url}}, .words = {}}};
    const load::temp_dir place{"parley-backup"};
    const auto why = refusal_of(
        {"backup", "--data", server.data().string(), "--to", (place.path() / "copy").string()}
    );
    CHECK(why.find("mysqldump --single-transaction") != std::string::npos);
    CHECK(why.find("blobs") != std::string::npos);
    CHECK_FALSE(fs::exists(place.path() / "copy"));
}
