// A child process of the demo's supervisor. It dies with its parent, however that ends.
#pragma once

#include <chrono>
#include <string>
#include <sys/types.h>
#include <vector>

namespace gateway::demo {

class child
{
public:
    child() = default;
    /// Starts this program again with these words, the first being its name. Its standard output
    /// goes to standard error.
    static child start(const std::vector<std::string>& words);
    child(child&& other) noexcept;
    child& operator=(child&& other) noexcept;
    /// Ends it (TERM, after 10 s KILL) and waits.
    ~child();

    [[nodiscard]] pid_t id() const { return id_; }
    [[nodiscard]] bool is_running();
    void signal(int number) const;
    /// Waits until it has ended.
    void wait();
    void end();

private:
    pid_t id_ = 0;
};

} // namespace gateway::demo
