#include "gateway/pictures/child.hpp"

#include "gateway/pictures/redraw.hpp"
#include "gateway/pictures/sandbox.hpp"

#include <array>
#include <new>
#include <unistd.h>

namespace gateway::pictures {

namespace {

std::string read_all()
{
    std::string made;
    std::array<char, 64 * 1024> piece{};
    for (;;) {
        const auto got = read(STDIN_FILENO, piece.data(), piece.size());
        if (got < 0 || made.size() > most_bytes)
            leave(ending::too_large);
        if (got == 0)
            return made;
        made.append(piece.data(), static_cast<std::size_t>(got));
    }
}

void write_all(std::string_view bytes)
{
    if (bytes.size() > most_bytes)
        leave(ending::too_large);
    while (!bytes.empty()) {
        const auto put = write(STDOUT_FILENO, bytes.data(), bytes.size());
        if (put <= 0)
            leave(ending::too_large);
        bytes.remove_prefix(static_cast<std::size_t>(put));
    }
}

} // namespace

void run_child()
{
    if (!lock_in())
        leave(ending::unlocked);
    try {
        const auto bytes = read_all();
        write_all(redraw(bytes));
    } catch (const std::bad_alloc&) {
        leave(ending::too_large);
    } catch (...) {
        leave(ending::damaged);
    }
    leave(ending::drawn);
}

} // namespace gateway::pictures
