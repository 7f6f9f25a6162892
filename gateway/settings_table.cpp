// The table of all settings: name, place and meaning. "parley config docs" prints it.
#include "gateway/settings.hpp"

namespace gateway {

std::vector<setting> all_settings(settings& of)
{
    auto& [http, metrics, data, store, limits, rates, sessions, attachments, retention, routing, log] =
        of;
    return {
        {"http.listen",
         &http.listen,
         "Address and port of console, API and widget; port 0 picks one"},
        {"http.public_url",
         &http.public_url,
         "How browsers reach this server, such as https://chat.example.com; empty: from the Host "
         "header"},
        {"http.web",
         &http.web,
         "Directory with the built console, widget and shop; empty: found beside the program"},
        {"http.insecure_http",
         &http.insecure_http,
         "Allow plain HTTP on other than loopback addresses"},
        {"http.tls_certificate",
         &http.tls_certificate,
         "PEM chain; with it HTTPS is spoken. SIGHUP reads it again"},
        {"http.tls_key", &http.tls_key, "PEM private key of the certificate"},
        {"http.trusted_proxies",
         &http.trusted_proxies,
         "Addresses or CIDR ranges whose X-Forwarded-For and -Proto are believed"},
        {"http.origins",
         &http.origins,
         "Further origins of the console, beside the one it is served from"},
        {"metrics.listen", &metrics.listen, "Loopback address of /metrics"},
        {"data.directory", &data.directory, "Where database, attachments and secrets live"},
        {"store.url",
         &store.url,
         "sqlite:PATH or mysql://user:password@host:port/name; empty: SQLite in the data "
         "directory. "
         "For MySQL add ?tls=required to encrypt, ?ca=FILE (PEM) to check the server's "
         "certificate, too",
         true},
        {"store.readers", &store.readers, "Read connections, one thread each"},
        {"store.batch_jobs", &store.batch_jobs, "Most jobs in one commit"},
        {"store.queue_jobs", &store.queue_jobs, "Queued jobs before the answer is busy"},
        {"store.linger_us",
         &store.linger_us,
         "Wait for company before a commit, microseconds; 0 = none"},
        {"store.node", &store.node, "Number of this node, 0 to 255, unique in an installation"},
        {"limits.connections", &limits.connections, "Open connections, all clients"},
        {"limits.connections_per_address",
         &limits.connections_per_address,
         "Open connections from one address"},
        {"limits.queue_bytes",
         &limits.queue_bytes,
         "Bytes waiting for one socket before it is closed as too slow"},
        {"limits.replay_entries",
         &limits.replay_entries,
         "Missed log entries replayed; more bring a snapshot"},
        {"limits.backlog_entries",
         &limits.backlog_entries,
         "Log entries that may wait while the database does not answer, before all sockets are "
         "told "
         "to load again"},
        {"limits.drain_ms", &limits.drain_ms, "Longest time from SIGTERM to the end"},
        {"limits.drain_spread_ms",
         &limits.drain_spread_ms,
         "Sockets are closed spread over this time"},
        {"rates.logins_per_account",
         &rates.logins_per_account,
         "Failed log-ins of one account in 15 minutes"},
        {"rates.logins_per_address",
         &rates.logins_per_address,
         "Failed log-ins from one address in an hour"},
        {"rates.visitor_messages", &rates.visitor_messages, "Messages of one visitor in a minute"},
        {"rates.visitor_frames", &rates.visitor_frames, "Frames of one visitor's socket in a minute"
        },
        {"rates.visitor_conversations",
         &rates.visitor_conversations,
         "New visitors who write from one address in an hour"},
        {"rates.visitor_uploads", &rates.visitor_uploads, "Uploads of one visitor in an hour"},
        {"rates.uploads_per_address",
         &rates.uploads_per_address,
         "Visitors' uploads from one address in an hour"},
        {"rates.visitor_sockets",
         &rates.visitor_sockets,
         "New visitor sockets from one address in a minute"},
        {"rates.agent_frames", &rates.agent_frames, "Frames of one agent's socket in a minute"},
        {"rates.api_requests",
         &rates.api_requests,
         "API requests of one session or token in a minute"},
        {"sessions.idle_hours", &sessions.idle_hours, "A session ends when unused for so long"},
        {"sessions.absolute_hours",
         &sessions.absolute_hours,
         "A session ends after so long in any case"},
        {"sessions.invite_hours", &sessions.invite_hours, "An invite link is good for so long"},
        {"sessions.reset_minutes", &sessions.reset_minutes, "A reset link is good for so long"},
        {"attachments.bytes", &attachments.bytes, "Largest attachment"},
        {"attachments.visitor_link_minutes",
         &attachments.visitor_link_minutes,
         "A visitor's address of an attachment is good for so long"},
        {"retention.log_days",
         &retention.log_days,
         "Days that the log (audit trail, resume) is kept; 0 for ever. What "
         "people wrote is not "
         "touched"},
        {"routing.transfer_hold_seconds",
         &routing.transfer_hold_seconds,
         "A customer handed on to a colleague waits for that one alone so long, then for whoever "
         "is "
         "free; 0 asks everybody at once"},
        {"log.level", &log.level, "debug, info, warning or error"},
    };
}

} // namespace gateway
