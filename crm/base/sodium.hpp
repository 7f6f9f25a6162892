// Starts libsodium once, whoever comes first. Any thread.
#pragma once

namespace crm {

/// Makes libsodium usable. Throws std::runtime_error when the machine has no source of randomness.
void ensure_sodium();

} // namespace crm
