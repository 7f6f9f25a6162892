// Uploads: telling a type by its bytes, and taking hidden data out of pictures.
#include "gateway/media.hpp"
#include "crm/base/problem.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const std::string_view bytes{reinterpret_cast<const char*>(data), size};
    try {
        const auto what = gateway::look_at(bytes, "image/png", "a.png");
        const auto clean = gateway::without_hidden_data(bytes, what);
        // Cleaning adds at most one small segment, and what is clean stays the same kind of thing.
        if (clean.size() > bytes.size() + 64)
            std::abort();
        if (what.is_picture && gateway::look_at(clean, "", "a.png").type != what.type)
            std::abort();
    } catch (const crm::problem&) {
        return 0;
    }
    return 0;
}
