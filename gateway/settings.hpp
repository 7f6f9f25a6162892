// Every setting, in one tree: default, meaning, where it came from. TOML file < PARLEY_SECTION__KEY
// in the environment (PARLEY_SECTION__KEY_FILE reads it from a file) < command line. Read once,
// before threads.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace gateway {

struct settings
{
    struct
    {
        std::string listen = "127.0.0.1:8080";
        std::string public_url;
        std::string web;
        bool insecure_http = false;
        std::string tls_certificate;
        std::string tls_key;
        std::vector<std::string> trusted_proxies;
        std::vector<std::string> origins;
    } http;
    struct
    {
        std::string listen = "127.0.0.1:9090";
    } metrics;
    struct
    {
        std::string directory = "data";
    } data;
    struct
    {
        std::string url;
        std::int64_t readers = 2;
        std::int64_t batch_jobs = 256;
        std::int64_t queue_jobs = 20'000;
        std::int64_t linger_us = 0;
        std::int64_t node = 0;
    } store;
    struct
    {
        std::int64_t connections = 20'000;
        std::int64_t connections_per_address = 500;
        std::int64_t queue_bytes = 1024 * 1024;
        std::int64_t replay_entries = 5'000;
        std::int64_t backlog_entries = 50'000; // some 20 MiB
        std::int64_t drain_ms = 25'000;
        std::int64_t drain_spread_ms = 2'000;
    } limits;
    struct
    {
        std::int64_t logins_per_account = 5;    // in 15 minutes
        std::int64_t logins_per_address = 50;   // in an hour
        std::int64_t visitor_messages = 20;     // in a minute
        std::int64_t visitor_frames = 240;      // in a minute, of one socket
        std::int64_t visitor_conversations = 5; // in an hour, from one address
        std::int64_t visitor_uploads = 20;      // in an hour
        std::int64_t uploads_per_address = 100; // of visitors, in an hour
        std::int64_t visitor_sockets = 60;      // new ones in a minute, from one address
        std::int64_t agent_frames = 600;        // in a minute
        std::int64_t api_requests = 1'200;      // in a minute, one token or session
    } rates;
    struct
    {
        std::int64_t idle_hours = 12;
        std::int64_t absolute_hours = 24 * 7;
        std::int64_t invite_hours = 72;
        std::int64_t reset_minutes = 30;
    } sessions;
    struct
    {
        std::int64_t bytes = 10 * 1024 * 1024;
        std::int64_t visitor_link_minutes = 5;
    } attachments;
    struct
    {
        std::int64_t log_days = 0;
    } retention;
    struct
    {
        std::int64_t transfer_hold_seconds = 5 * 60;
    } routing;
    struct
    {
        std::string level = "info";
    } log;
};

/// Where one setting lives, and what it means.
struct setting
{
    using place = std::variant<std::string*, bool*, std::int64_t*, std::vector<std::string>*>;
    std::string_view name; // "http.listen"
    place at;
    std::string_view meaning;
    bool secret = false;
};

/// All settings of a tree, in the order of the documentation.
std::vector<setting> all_settings(settings& of);

/// The effective settings and where each came from ("default", a file, a variable, "command line").
struct loaded_settings
{
    settings values;
    std::map<std::string, std::string, std::less<>> sources;
};

using environment = std::function<const char*(const char*)>;

/// Reads file (may be empty) and environment. Throws problem{invalid} naming the key, the place,
/// and for an unknown key the nearest known one. `variables` are the names set in the environment.
loaded_settings load_settings(
    const std::filesystem::path& file,
    const std::vector<std::string>& variables,
    const environment& look_up
);

/// Sets one value from text ("true", "5", "a,b"). Throws problem{invalid}.
void set_setting(
    loaded_settings& in, std::string_view name, std::string_view text, std::string source
);

/// Throws problem{invalid} when values contradict each other: a public address without TLS, for
/// instance.
void check_settings(const settings& what);

/// The value as text; a secret that is set shows as "***".
std::string setting_text(const setting& one);

/// Reads TOML text into `into`; `source` names the file in messages. The home of toml++.
void read_toml(loaded_settings& into, const std::string& text, const std::string& source);

/// The known name nearest to a misspelt one; empty when none is near.
std::string nearest_setting(std::string_view misspelt);

/// "host:port", "[::1]:port" or ":port" split. Throws problem{invalid}.
struct host_port
{
    std::string host;
    unsigned short port = 0;
};
host_port read_listen(std::string_view text);

/// True for loopback addresses and "localhost".
bool is_loopback(std::string_view host);

} // namespace gateway
