#include "gateway/cli/command_line.hpp"

#include "crm/base/problem.hpp"
#include "gateway/cli/commands.hpp"
#include "gateway/cli/manual.hpp"
#include "gateway/pictures/child.hpp"
#include "gateway/process.hpp"
#include "gateway/wire/json_text.hpp"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <iostream>

namespace gateway::cli {

namespace {

void add_common(CLI::App& to, common_options& into)
{
    to.add_option("--config", into.config, "Settings file (TOML)")->type_name("FILE");
    to.add_option("--data", into.data, "Data directory")->type_name("DIR");
    to.add_flag("--json", into.json, "Answer in JSON");
}

/// Everything that is parsed into; lives as long as the parse.
struct parsed
{
    common_options common;
    demo_options demo;
    std::string port_file;
    std::string email;
    std::string name;
    std::string role;
    std::string password;
    std::string id;
    std::string origin;
    std::string to;
    std::vector<std::string> scopes;
    int per_minute = 6;
    bool is_demo = false;
    bool burst = false;
    bool as_manual = false;
    bool as_completion = false;
};

std::string request_text(std::string_view what, const parsed& from)
{
    wire::json_text text;
    text.open_object().member("do", what);
    const auto add = [&](std::string_view name, const std::string& value) {
        if (!value.empty())
            text.member(name, value);
    };
    add("email", from.email);
    add("name", from.name);
    add("role", from.role);
    add("password", from.password);
    add("id", from.id);
    add("to", from.to.empty() ? std::string{} : std::filesystem::absolute(from.to).string());
    if (!from.scopes.empty()) {
        text.key("scopes").open_list();
        for (const auto& each : from.scopes)
            text.value(each);
        text.close_list();
    }
    text.close_object();
    return text.take();
}

void add_serve(CLI::App& app, parsed& into, int& status)
{
    auto* serve = app.add_subcommand("serve", "Serve console, widget, API and sockets");
    add_common(*serve, into.common);
    serve->add_option("--listen", into.common.listen, "HOST:PORT; port 0 picks one");
    serve->add_option("--metrics", into.common.metrics, "Loopback HOST:PORT of /metrics");
    serve->add_option("--web", into.common.web, "Directory with the built pages")->type_name("DIR");
    serve->add_option("--port-file", into.port_file, "Write the port here once ready")
        ->type_name("FILE");
    serve->add_flag(
        "--insecure-http", into.common.insecure_http, "Allow plain HTTP beyond this machine"
    );
    serve->add_flag(
        "--demo", into.is_demo, "Seed demo data and serve the demo shop; loopback only"
    );
    serve->callback([&] {
        serve_options how;
        how.config = load(into.common).values;
        how.port_file = into.port_file;
        how.is_demo = into.is_demo;
        if (how.is_demo && !is_loopback(read_listen(how.config.http.listen).host))
            throw crm::problem{crm::errc::invalid, "The demo listens on this machine only."};
        status = gateway::serve(how);
    });
}

void add_demo(CLI::App& app, parsed& into, int& status)
{
    auto* demo = app.add_subcommand(
        "demo", "A throw-away instance with believable data, on this machine only"
    );
    demo->add_option(
            "--data", into.demo.data, "Data directory (default: $XDG_STATE_HOME/parley-demo)"
    )
        ->type_name("DIR");
    demo->add_option("--port", into.demo.port, "Port; 0 picks one");
    demo->add_option("--metrics-port", into.demo.metrics_port, "Port of /metrics; 0 picks one");
    demo->add_option(
        "--visitors", into.demo.visitors, "Messages of simulated visitors a minute; 0 = none"
    );
    demo->add_option("--web", into.demo.web, "Directory with the built pages")->type_name("DIR");
    demo->add_flag("--reset", into.demo.reset, "Begin with fresh data");
    demo->add_flag("--ephemeral", into.demo.ephemeral, "Keep nothing");
    demo->add_flag("--json", into.demo.json, "Print one JSON line when ready, and take no keys");
    demo->callback([&] { status = cli::demo(into.demo); });
    auto* redraw = app.add_subcommand("redraw", "Draw a picture from standard input anew");
    redraw->group("");
    redraw->callback([] { pictures::run_child(); });
    auto* visitors = app.add_subcommand("visitors", "Simulated visitors against a demo");
    visitors->group("");
    visitors->add_option("--origin", into.origin, "http://127.0.0.1:PORT")->required();
    visitors->add_option("--per-minute", into.per_minute, "Messages a minute");
    visitors->add_flag("--burst", into.burst, "200 messages at once, then end");
    visitors->callback([&] { status = cli::visitors(into.origin, into.per_minute, into.burst); });
}

void add_config(CLI::App& app, parsed& into, int& status)
{
    auto* config = app.add_subcommand("config", "Check, show or explain the settings");
    config->require_subcommand(1);
    auto* check = config->add_subcommand("check", "Say whether the settings are right");
    auto* show =
        config->add_subcommand("show", "Show the effective settings and where each comes from");
    auto* docs = config->add_subcommand("docs", "Explain every setting");
    add_common(*check, into.common);
    add_common(*show, into.common);
    check->callback([&] { status = check_config(into.common); });
    show->callback([&] { status = show_config(into.common, true); });
    docs->callback([&] { status = print_config_docs(); });
}

/// A command that a running server may do.
CLI::App* add_control(
    CLI::App& to, parsed& into, int& status, const char* name, const char* help, const char* what
)
{
    auto* made = to.add_subcommand(name, help);
    add_common(*made, into.common);
    made->callback([&into, &status, what] {
        status = control(into.common, request_text(what, into));
    });
    return made;
}

void add_people(CLI::App& app, parsed& into, int& status)
{
    auto* setup = add_control(
        app, into, status, "setup", "Print the one-time link that makes the owner", "setup"
    );
    setup->add_option("--owner", into.email, "E-mail address of the owner")->required();
    setup->add_option("--name", into.name, "Name of the owner");
    auto* user = app.add_subcommand("user", "Add, list, reset or deactivate people");
    user->require_subcommand(1);
    auto* add = add_control(
        *user,
        into,
        status,
        "add",
        "Add somebody; without a password prints an invite link",
        "user.add"
    );
    add->add_option("email", into.email, "E-mail address")->required();
    add->add_option("--name", into.name, "Name");
    add->add_option(
        "--role", into.role, "owner, admin, supervisor, lead, agent, analyst or auditor"
    );
    add->add_option("--password", into.password, "Password, for automation");
    add_control(*user, into, status, "list", "List people", "user.list");
    add_control(*user, into, status, "reset", "Print a link to set a new password", "user.reset")
        ->add_option("email", into.email, "E-mail address")
        ->required();
    add_control(
        *user,
        into,
        status,
        "deactivate",
        "End sessions and take away every right",
        "user.deactivate"
    )
        ->add_option("email", into.email, "E-mail address")
        ->required();
    auto* token = app.add_subcommand("token", "Create, list or revoke API tokens");
    token->require_subcommand(1);
    auto* create = add_control(
        *token, into, status, "create", "Create a token; it is printed once", "token.create"
    );
    create->add_option("--name", into.name, "What it is for")->required();
    create->add_option("--scope", into.scopes, "Permission, may be repeated: orders:write")
        ->required();
    add_control(*token, into, status, "list", "List tokens", "token.list");
    add_control(*token, into, status, "revoke", "Revoke a token", "token.revoke")
        ->add_option("id", into.id, "Id of the token")
        ->required();
}

void add_upkeep(CLI::App& app, parsed& into, int& status)
{
    auto* migrate = app.add_subcommand("migrate", "Bring the database to this version's schema");
    add_common(*migrate, into.common);
    migrate->callback([&] { status = cli::migrate(into.common); });
    auto* doctor = app.add_subcommand("doctor", "Look for what would keep the server from working");
    add_common(*doctor, into.common);
    doctor->callback([&] { status = cli::doctor(into.common); });
    add_control(
        app, into, status, "backup", "Copy database and files while the server runs", "backup"
    )
        ->add_option("--to", into.to, "Directory to make")
        ->type_name("DIR")
        ->required();
    auto* openapi = app.add_subcommand("openapi", "Print the OpenAPI document");
    openapi->callback([&] { status = print_openapi(); });
    auto* help = app.add_subcommand("help", "Explain the commands");
    help->add_flag("--man", into.as_manual, "As a manual page, for man");
    help->add_flag("--completion", into.as_completion, "As a completion script for bash");
    help->callback([&] {
        std::cout
            << (into.as_manual       ? manual_page(app, PARLEY_VERSION)
                : into.as_completion ? bash_completion(app)
                                     : app.help("", CLI::AppFormatMode::All));
        status = 0;
    });
}

} // namespace

int run(int count, char** words)
{
    CLI::App app{"Parley, a contact center server", "parley"};
    app.set_version_flag("--version", PARLEY_VERSION);
    app.require_subcommand(1);
    parsed into;
    int status = 0;
    add_serve(app, into, status);
    add_demo(app, into, status);
    add_people(app, into, status);
    add_config(app, into, status);
    add_upkeep(app, into, status);
    try {
        app.parse(count, words);
        return status;
    } catch (const CLI::ParseError& why) {
        return app.exit(why) == 0 ? 0 : 2;
    } catch (const crm::problem& why) {
        std::fprintf(stderr, "parley: %s\n", why.what());
        return 1;
    } catch (const std::exception& why) {
        std::fprintf(stderr, "parley: %s\n", why.what());
        return 1;
    }
}

} // namespace gateway::cli
