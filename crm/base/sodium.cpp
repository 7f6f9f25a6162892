#include "crm/base/sodium.hpp"

#include <sodium.h>
#include <stdexcept>

namespace crm {

void ensure_sodium()
{
    static const bool ready = sodium_init() >= 0;
    if (!ready)
        throw std::runtime_error{"libsodium found no source of randomness on this machine"};
}

} // namespace crm
