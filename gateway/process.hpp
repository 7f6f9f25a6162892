// The serving process: wires the house from its settings, serves until it is told to stop, drains.
// Built and run on the main thread, which becomes the io thread.
#pragma once

#include "gateway/settings.hpp"

#include <functional>
#include <memory>
#include <string>

namespace gateway {

/// What is up, for whoever started the process.
struct serving
{
    unsigned short port = 0;
    unsigned short metrics_port = 0;
    std::string origin; // "http://127.0.0.1:8080"
};

struct serve_options
{
    settings config;
    std::string port_file; // the port is written here once ready; empty: nowhere
    bool is_demo = false;  // serves the shop too
    std::function<void(const serving&)> ready; // called once it takes requests
};

/// Serves until SIGTERM or SIGINT. Returns the exit status. Throws problem when it cannot start.
int serve(const serve_options& how);

/// The effective store url: SQLite in the data directory unless set otherwise.
std::string store_url(const settings& how);

} // namespace gateway
