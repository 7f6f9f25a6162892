#include "gateway/settings.hpp"

#include "crm/base/problem.hpp"

#include <catch2/catch.hpp>
#include <map>

namespace {

gateway::loaded_settings from_toml(const std::string& text)
{
    gateway::loaded_settings made;
    gateway::read_toml(made, text, "parley.toml");
    return made;
}

std::string complaint(const std::string& text)
{
    try {
        from_toml(text);
    } catch (const crm::problem& why) {
        return why.what();
    }
    return "none";
}

gateway::loaded_settings from_environment(const std::map<std::string, std::string>& variables)
{
    std::vector<std::string> names;
    for (const auto& [name, value] : variables)
        names.push_back(name);
    return gateway::load_settings({}, names, [&](const char* name) -> const char* {
        const auto found = variables.find(name);
        return found == variables.end() ? nullptr : found->second.c_str();
    });
}

} // namespace

TEST_CASE("a settings file sets what it names and leaves the rest at its default")
{
    const auto read = from_toml("[http]\nlisten = \"127.0.0.1:9\"\ntrusted_proxies = "
                                "[\"10.0.0.0/8\"]\n[store]\nbatch_jobs = 7\n");
    CHECK(read.values.http.listen == "127.0.0.1:9");
    CHECK(read.values.http.trusted_proxies == std::vector<std::string>{"10.0.0.0/8"});
    CHECK(read.values.store.batch_jobs == 7);
    CHECK(read.values.store.readers == 2);
    CHECK(read.sources.at("store.batch_jobs") == "parley.toml:5:14");
}

TEST_CASE("an unknown key is an error that names the nearest known one and the place")
{
    CHECK(
        complaint("[http]\nlissten = \"x\"\n") ==
        "parley.toml:2:11: there is no setting http.lissten; did you mean http.listen?"
    );
    CHECK(complaint("[zebra]\nquux = 1\n") == "parley.toml:2:8: there is no setting zebra.quux");
}

TEST_CASE("a value of the wrong type is an error that says what is wanted")
{
    CHECK(complaint("[http]\nlisten = 8080\n").find("wants a text") != std::string::npos);
    CHECK(
        complaint("[http]\ninsecure_http = \"yes\"\n").find("true or false") != std::string::npos
    );
    CHECK(complaint("[store]\nreaders = \"2\"\n").find("whole number") != std::string::npos);
    CHECK(complaint("[store]\nreaders = = 2\n").find("parley.toml:2:") == 0);
    CHECK(complaint("readers = 2\n").find("outside a section") != std::string::npos);
}

TEST_CASE("the environment goes before the file, and an unknown variable is refused")
{
    const auto read = from_environment(
        {{"PARLEY_HTTP__LISTEN", "127.0.0.1:7"}, {"PARLEY_RATES__AGENT_FRAMES", "9"}}
    );
    CHECK(read.values.http.listen == "127.0.0.1:7");
    CHECK(read.values.rates.agent_frames == 9);
    CHECK(read.sources.at("http.listen") == "PARLEY_HTTP__LISTEN");
    CHECK_THROWS_AS(from_environment({{"PARLEY_HTTP__LISTEM", "x"}}), crm::problem);
    CHECK_THROWS_AS(from_environment({{"PARLEY_RATES__AGENT_FRAMES", "many"}}), crm::problem);
    CHECK_NOTHROW(from_environment({{"PARLEY_SOMETHING", "of somebody else"}}));
}

TEST_CASE("passwords are not sent in the clear beyond this machine")
{
    gateway::settings wanted;
    CHECK_NOTHROW(gateway::check_settings(wanted));
    wanted.http.listen = "0.0.0.0:8080";
    CHECK_THROWS_AS(gateway::check_settings(wanted), crm::problem);
    wanted.http.insecure_http = true;
    CHECK_NOTHROW(gateway::check_settings(wanted));
    wanted.http.insecure_http = false;
    wanted.http.tls_certificate = "chain.pem";
    CHECK_THROWS_AS(gateway::check_settings(wanted), crm::problem);
    wanted.http.tls_key = "key.pem";
    CHECK_NOTHROW(gateway::check_settings(wanted));
    wanted.metrics.listen = "0.0.0.0:9090";
    CHECK_THROWS_AS(gateway::check_settings(wanted), crm::problem);
}

TEST_CASE("listen addresses are read with and without brackets")
{
    CHECK(gateway::read_listen("[::1]:80").host == "::1");
    CHECK(gateway::read_listen("127.0.0.1:0").port == 0);
    CHECK(gateway::read_listen(":80").host == "0.0.0.0");
    CHECK_THROWS_AS(gateway::read_listen("localhost"), crm::problem);
    CHECK_THROWS_AS(gateway::read_listen("a:70000"), crm::problem);
}

TEST_CASE("every setting has a meaning, and a secret is not shown")
{
    gateway::settings some;
    some.store.url = "mysql://u:secret@host/db";
    for (const auto& each : gateway::all_settings(some)) {
        CHECK_FALSE(each.meaning.empty());
        if (each.name == "store.url")
            CHECK(gateway::setting_text(each) == "***");
    }
}
