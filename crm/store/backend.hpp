// What the store needs of a kind of database beyond statements: connections, upkeep, and what a
// failure means. The connections belong to the threads that opened them.
#pragma once

#include "crm/store/connection.hpp"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace crm::db {

class backend
{
public:
    virtual ~backend() = default;

    /// A connection for the writer; one at a time. Throws failure or problem.
    virtual std::unique_ptr<connection> open_writer() = 0;
    /// A connection whose transactions see one moment and end after 2 s. Throws failure or problem.
    virtual std::unique_ptr<connection> open_reader() = 0;

    [[nodiscard]] virtual dialect speaks() const = 0;

    /// Upkeep after a commit whose callers were answered. `idle`: nothing waits. Throws failure
    /// when the disk can't be trusted any more. True: worth calling again soon although nothing is
    /// written.
    virtual bool tidy(connection& writer, bool idle) = 0;
    /// Bytes that a checkpoint has still to bring home; 0 where there is no such thing.
    [[nodiscard]] virtual std::int64_t wal_bytes() const = 0;

    /// A server's word for this run of it; differs after a restart of the database. Empty for a
    /// file.
    [[nodiscard]] virtual std::string run_of_server(connection& on) = 0;

    /// Called at both ends of each thread that uses connections.
    virtual void thread_begins() = 0;
    virtual void thread_ends() = 0;
};

/// The path in "sqlite:PATH"; empty for another kind of url.
std::optional<std::filesystem::path> sqlite_path(std::string_view url);

/// The backend of a url. Throws problem{invalid} with the accepted forms.
std::unique_ptr<backend> make_backend(const std::string& url, int node);

std::unique_ptr<backend> make_sqlite_backend(const std::filesystem::path& file);
std::unique_ptr<backend> make_mysql_backend(const std::string& url, int node);

/// Calls thread_begins and thread_ends around a scope.
class on_thread
{
public:
    explicit on_thread(backend& of) : of_{of} { of_.thread_begins(); }
    on_thread(const on_thread&) = delete;
    on_thread& operator=(const on_thread&) = delete;
    ~on_thread() { of_.thread_ends(); }

private:
    backend& of_;
};

} // namespace crm::db
