// What the subcommands do, apart from how they are spelt. Main thread.
#pragma once

#include "gateway/settings.hpp"

#include <string>
#include <vector>

namespace gateway::cli {

/// Options that most commands share.
struct common_options
{
    std::string config; // file; empty: none
    std::string data;
    std::string listen;
    std::string metrics;
    std::string web;
    bool insecure_http = false;
    bool json = false;
};

/// Settings from file, environment and command line, in this order.
loaded_settings load(const common_options& from);

struct demo_options
{
    std::string data;
    int port = 8080;
    int metrics_port = -1; // -1: 9090, or any with port 0
    int visitors = -1;     // messages of simulated visitors a minute; -1: by what runs it
    bool reset = false;
    bool ephemeral = false;
    bool json = false;
    std::string web;
};

int show_config(const common_options& from, bool with_sources);
int check_config(const common_options& from);
int print_config_docs();
int migrate(const common_options& from);
int doctor(const common_options& from);
/// Asks the running server, else works on the store itself.
int control(const common_options& from, const std::string& request);
/// The supervisor of a demo: serving process, simulated visitors, keys.
int demo(const demo_options& how);
/// Simulated visitors against a running server.
int visitors(const std::string& origin, int per_minute, bool burst);
int print_openapi();

} // namespace gateway::cli
