#include "gateway/cli/commands.hpp"

#include "crm/base/problem.hpp"
#include "crm/staff.hpp"
#include "gateway/api/openapi.hpp"
#include "gateway/control/commands.hpp"
#include "gateway/control/socket.hpp"
#include "gateway/process.hpp"
#include "gateway/static_files.hpp"
#include "gateway/wire/json_text.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>
#include <cstdlib>
#include <iostream>
#include <sys/statvfs.h>

extern char** environ;

namespace gateway::cli {

namespace fs = std::filesystem;

namespace {

std::vector<std::string> environment_names()
{
    std::vector<std::string> made;
    for (char** each = environ; each && *each; ++each) {
        const std::string_view one{*each};
        made.emplace_back(one.substr(0, one.find('=')));
    }
    return made;
}

std::string pretty(const std::string& json)
{
    std::string made;
    const auto value = boost::json::parse(json);
    if (const auto* object = value.if_object())
        for (const auto& [key, member] : *object) {
            if (const auto* list = member.if_array()) {
                for (const auto& each : *list)
                    made += boost::json::serialize(each) + "\n";
                continue;
            }
            made += std::string{key} + ": ";
            made += member.is_string() ? std::string{member.get_string()}
                                       : boost::json::serialize(member);
            made += "\n";
        }
    return made;
}

void print(const common_options& how, const std::string& json)
{
    std::cout << (how.json ? json + "\n" : pretty(json));
}

} // namespace

loaded_settings load(const common_options& from)
{
    const auto look_up = [](const char* name) -> const char* { return std::getenv(name); };
    auto made = load_settings(from.config, environment_names(), look_up);
    const auto set = [&](const char* name, const std::string& text) {
        if (!text.empty())
            set_setting(made, name, text, "command line");
    };
    set("data.directory", from.data);
    set("http.listen", from.listen);
    set("metrics.listen", from.metrics);
    set("http.web", from.web);
    if (from.insecure_http)
        set("http.insecure_http", "true");
    return made;
}

int show_config(const common_options& from, bool with_sources)
{
    auto loaded = load(from);
    wire::json_text text;
    text.open_object();
    for (const auto& each : all_settings(loaded.values)) {
        const auto& source = loaded.sources.find(each.name)->second;
        if (from.json)
            text.key(each.name)
                .open_object()
                .member("value", setting_text(each))
                .member("source", source)
                .close_object();
        else
            std::cout << each.name << " = " << setting_text(each)
                      << (with_sources ? "    # " + source : "") << "\n";
    }
    text.close_object();
    if (from.json)
        std::cout << text.text() << "\n";
    return 0;
}

int check_config(const common_options& from)
{
    check_settings(load(from).values);
    std::cout << (from.json ? "{\"ok\":true}\n" : "The settings are right.\n");
    return 0;
}

int print_config_docs()
{
    settings defaults;
    std::string section;
    for (const auto& each : all_settings(defaults)) {
        const auto dot = each.name.find('.');
        if (each.name.substr(0, dot) != section) {
            section = each.name.substr(0, dot);
            std::cout << "\n[" << section << "]\n";
        }
        const auto text = setting_text(each);
        const bool quoted = std::holds_alternative<std::string*>(each.at);
        const bool list = std::holds_alternative<std::vector<std::string>*>(each.at);
        std::cout << "# " << each.meaning << "\n"
                  << each.name.substr(dot + 1) << " = "
                  << (list     ? "[]"
                      : quoted ? "\"" + text + "\""
                               : text)
                  << "\n";
    }
    return 0;
}

int migrate(const common_options& from)
{
    const auto how = load(from).values;
    boost::asio::io_context io{1};
    const crm::system_clock time;
    crm::store_settings store;
    store.url = store_url(how);
    fs::create_directories(how.data.directory);
    const auto opened = crm::store::open(io, time, store); // opening migrates
    std::cout << (from.json ? "{\"ok\":true}\n" : "The database is at this version's schema.\n");
    return 0;
}

namespace {

/// One finding of the doctor: empty when all is well.
struct finding
{
    std::string what;
    std::string trouble;
};

finding check_disk(const settings& how)
{
    struct statvfs disk = {};
    if (statvfs(how.data.directory.c_str(), &disk) != 0)
        return {"data directory", how.data.directory + " does not exist yet; serve makes it"};
    const auto free_bytes = static_cast<std::uint64_t>(disk.f_bavail) * disk.f_frsize;
    constexpr std::uint64_t reserve = 256ULL * 1024 * 1024;
    return {
        "disk", free_bytes < reserve ? "less than 256 MiB are free in " + how.data.directory : ""
    };
}

finding check_pages(const settings& how)
{
    const auto root = find_web(how.http.web);
    std::error_code failed;
    return {
        "web pages",
        fs::exists(root / "console" / "index.html", failed)
            ? ""
            : "no console in " + root.string() + "; run \"make build\" or set http.web"
    };
}

finding check_store(const common_options& from, const settings& how)
{
    if (control::ask(how.data.directory, R"({"do":"user.list"})"))
        return {"store", ""};
    boost::asio::io_context io{1};
    const crm::system_clock time;
    crm::store_settings store;
    store.url = store_url(how);
    try {
        if (fs::exists(how.data.directory) || !how.store.url.empty())
            crm::store::open(io, time, store);
    } catch (const crm::problem& why) {
        return {"store", why.what()};
    }
    static_cast<void>(from);
    return {"store", ""};
}

} // namespace

int doctor(const common_options& from)
{
    const auto how = load(from).values;
    std::vector<finding> all;
    try {
        check_settings(how);
        all.push_back({"settings", ""});
    } catch (const crm::problem& why) {
        all.push_back({"settings", why.what()});
    }
    all.push_back(check_disk(how));
    all.push_back(check_pages(how));
    all.push_back(check_store(from, how));
    bool well = true;
    wire::json_text text;
    text.open_object().key("findings").open_list();
    for (const auto& each : all) {
        well = well && each.trouble.empty();
        text.open_object().member("what", each.what).member("trouble", each.trouble).close_object();
        if (!from.json)
            std::cout << (each.trouble.empty() ? "ok       " : "trouble  ") << each.what
                      << (each.trouble.empty() ? "" : ": " + each.trouble) << "\n";
    }
    text.close_list().close_object();
    if (from.json)
        std::cout << text.text() << "\n";
    return well ? 0 : 1;
}

int control(const common_options& from, const std::string& request)
{
    const auto how = load(from).values;
    if (const auto answer = control::ask(how.data.directory, request)) {
        print(from, *answer);
        return 0;
    }
    fs::create_directories(how.data.directory);
    boost::asio::io_context io{1};
    const crm::system_clock time;
    crm::id_source ids{time, static_cast<int>(how.store.node)};
    crm::store_settings settings_of_store;
    settings_of_store.url = store_url(how);
    const auto store = crm::store::open(io, time, settings_of_store);
    crm::session_limits limits;
    const auto origin =
        how.http.public_url.empty() ? "http://" + how.http.listen : how.http.public_url;
    std::optional<std::string> outcome;
    std::exception_ptr failed;
    boost::asio::co_spawn(
        io,
        control::run(
            {*store, time, ids, limits, origin, settings_of_store.url, how.data.directory},
            boost::json::parse(request).as_object()
        ),
        [&](std::exception_ptr why, std::string text) {
            failed = why;
            outcome = std::move(text);
            io.stop();
        }
    );
    io.run();
    store->drain();
    if (failed)
        std::rethrow_exception(failed);
    print(from, *outcome);
    return 0;
}

int print_openapi()
{
    std::cout << api::openapi_document();
    return 0;
}

} // namespace gateway::cli
